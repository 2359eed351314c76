// Reports written without a network: kept on this device, sent when it is back from whatever page is open, stored once.
// The server knows each by its token; what it does not take stays here with the reason.
import { say } from "./words.js";
import { toast } from "./toasts.js";
import { worker } from "./trust.js";

const KEY = "pavillon.reports";
const AGAIN = 30_000;
const person = document.body.dataset.person;
const place = document.querySelector("[data-field]");

const all = () => JSON.parse(localStorage.getItem(KEY) || "[]");
const mine = () => all().filter((report) => report.person === person);
// What is being changed in the form neither leaves nor is listed, and is there again when the form is left.
const waiting = () => mine().filter((report) => !report.problem && !report.held);
// The report that the form takes the place of.
let replaced = "";
const write = (reports) => {
  if (reports.length) localStorage.setItem(KEY, JSON.stringify(reports));
  else localStorage.removeItem(KEY);
  show();
};
const change = (token, values) => write(all().map((report) => (report.token === token ? { ...report, ...values } : report)));
const drop = (token) => write(all().filter((report) => report.token !== token));

async function ask(url, options) {
  const answer = await fetch(url, { ...options, headers: { Accept: "application/json", ...options?.headers } });
  // A session that ended answers by the page of signing in.
  if (answer.redirected || !answer.headers.get("Content-Type")?.includes("json")) throw new Error("signed out");
  return { status: answer.status, told: await answer.json() };
}

async function sendOne(report, csrf) {
  const body = new URLSearchParams({ ...report.fields, token: report.token, ...(report.despite ? { despite: "on" } : {}) });
  const { status, told } = await ask("/field/store/", { method: "POST", body, headers: { "X-CSRFToken": csrf } });
  if (status === 200) {
    drop(report.token);
    toast({ text: say("sent"), detail: told.company, level: "ok", url: told.address });
  } else if (status === 409) change(report.token, { problem: told.conflict, theirs: told.theirs, address: told.address });
  else if (status === 422) change(report.token, { problem: told.errors.join(" ") });
}

async function send() {
  if (!person || !waiting().length) return;
  try {
    const { told } = await ask("/field/token/");
    if (String(told.person) !== person) return;
    // A report belongs to the role, and so to the organisation, in whose name it was written.
    const ours = waiting().filter(({ fields }) => fields.role === String(told.role));
    let failed;
    for (const report of ours) await sendOne(report, told.csrf).catch((error) => (failed = error));
    if (failed) throw failed;
    show("");
  } catch (error) {
    show(error.message === "signed out" ? "out" : "off");
  }
}

// One tab at a time, so that nobody wonders at two messages; the server takes each report once in any case.
const sendInTurn = () => (navigator.locks ? navigator.locks.request(KEY, send) : send());

function line(report) {
  const item = place.querySelector("template").content.firstElementChild.cloneNode(true);
  const put = (name, text) => (item.querySelector(`[data-${name}]`).textContent = text);
  put("company", report.company);
  put("when", new Date(report.fields.happened_at || report.written).toLocaleString(document.documentElement.lang, { dateStyle: "medium", timeStyle: "short" }));
  put("summary", report.fields.summary);
  const isOfOther = report.fields.role !== place.querySelector("form").elements.role.value;
  item.querySelector("[data-waits]").hidden = Boolean(report.problem) || isOfOther;
  item.querySelector("[data-role]").hidden = !isOfOther;
  item.querySelector("[data-problem]").hidden = !report.problem;
  put("why", report.problem ?? "");
  item.querySelector("[data-other]").hidden = !report.theirs;
  put("theirs", report.theirs ?? "");
  const link = item.querySelector("[data-open]");
  if (report.address) link.href = report.address;
  link.hidden = !report.address;
  const both = item.querySelector("[data-both]");
  both.hidden = !report.theirs || isOfOther;
  both.addEventListener("click", () => {
    change(report.token, { problem: "", theirs: "", despite: true });
    sendInTurn();
  });
  const edit = item.querySelector("[data-edit]");
  edit.hidden = isOfOther;
  edit.addEventListener("click", () => {
    letGo();
    giveBack(report);
    replaced = report.token;
    change(replaced, { held: true });
  });
  item.querySelector("[data-drop]").addEventListener("click", (event) => {
    // Thrown away by a second press only.
    if (event.target.dataset.asked) drop(report.token);
    else {
      event.target.dataset.asked = "yes";
      event.target.textContent = say("sure");
    }
  });
  return item;
}

function show(state) {
  if (!place) return;
  const reports = mine().filter((report) => !report.held);
  place.querySelector("[data-list]").replaceChildren(...reports.map(line));
  place.querySelector("[data-none]").hidden = reports.length > 0;
  if (state === undefined) return;
  place.querySelector("[data-off]").hidden = state !== "off" && navigator.onLine;
  place.querySelector("[data-out]").hidden = state !== "out";
}

function letGo() {
  if (all().some((report) => report.held)) write(all().map(({ held, ...report }) => report));
  replaced = "";
}

// The hour as a field of day and time has it, by the clock of this device.
const clock = (moment) => new Date(moment - moment.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);

function giveBack(report) {
  const form = place.querySelector("form");
  for (const [name, value] of Object.entries(report.fields)) {
    const field = form.elements[name];
    if (field) field.value = value.endsWith("Z") && name === "happened_at" ? clock(new Date(value)) : value;
  }
  beginAt(form);
}

function beginAt(form) {
  form.scrollIntoView({ block: "start" });
  form.elements.summary.focus();
}

// From the sheet of a company to the report about it.
function offerReports(form) {
  const { company } = form.elements;
  for (const button of place.querySelectorAll("[data-report]")) {
    button.hidden = ![...company.options].some(({ value }) => value === button.dataset.report);
    button.addEventListener("click", () => {
      company.value = button.dataset.report;
      beginAt(form);
    });
  }
}

function keep(event) {
  const form = event.target;
  const fields = Object.fromEntries([...new FormData(form)].filter(([name]) => !["csrfmiddlewaretoken", "token", "despite"].includes(name)));
  // The moment at which it was written, not the one at which a network is found; the same whatever clock reads it.
  fields.happened_at ||= new Date().toISOString();
  const company = form.elements.company.selectedOptions[0].textContent;
  const others = all().filter((report) => report.token !== replaced);
  try {
    write([...others, { token: crypto.randomUUID(), person, written: Date.now(), company, fields }]);
  } catch {
    return; // No room on this device: it goes as any form does.
  }
  event.preventDefault();
  replaced = "";
  form.reset();
  sendInTurn();
}

async function keepThePage() {
  if (!navigator.serviceWorker) return;
  await navigator.serviceWorker.register(worker(), { scope: "/field/" });
  const { active } = await navigator.serviceWorker.ready;
  navigator.serviceWorker.addEventListener("message", () => (place.dataset.kept = "yes"));
  const parts = performance.getEntriesByType("resource").map(({ name }) => name.split("#")[0]);
  const files = parts.filter((name) => name.startsWith(location.origin) && /\.(css|js|woff2|svg)$/.test(name));
  active.postMessage({ keep: [...new Set(files)] });
}

// What the device kept is told as such; after a week nobody should trust it, nor find it here.
function showItsAge() {
  const kept = place.querySelector("[data-made]");
  const hours = (Date.now() - new Date(kept?.dataset.made)) / 3_600_000;
  if (hours > 1) kept.querySelector("[data-old]").hidden = false;
  if (hours > 7 * 24) kept.remove();
}

if (place) {
  letGo();
  showItsAge();
  place.querySelector("form").addEventListener("submit", keep);
  offerReports(place.querySelector("form"));
  addEventListener("pagehide", letGo);
  addEventListener("offline", () => show("off"));
  show("");
  if (navigator.onLine) keepThePage();
}
if (person) {
  addEventListener("online", sendInTurn);
  setInterval(sendInTurn, AGAIN);
  sendInTurn();
}

document.addEventListener("submit", (event) => {
  const leaves = new URL(event.target.action, location.href).pathname === "/account/logout/";
  if (leaves && mine().length && !confirm(say("unsent"))) event.preventDefault();
}, true);
