// What was typed survives a session that ended meanwhile: kept in this tab as it is typed, given back to the same
// person on the same page if the answer was the sign-in page, a proof asked for or an error, forgotten as soon as any
// other page answers.
// It lies there sealed by a key that the pages of that person bring and nothing keeps: a tab that is left open, and
// whoever sits there next, hold what only the next sign-in of the same person opens.
import { say } from "./words.js";
import { toast } from "./toasts.js";

const KEY = "pavillon.draft";
const SIGNED_IN = "pavillon.signed-in";
const LONGEST = 12 * 3600 * 1000;
const TYPED = "textarea, input:not([type=password], [type=hidden], [type=file], [type=checkbox], [type=radio]), select";
const named = (form) => form.getAttribute("action") || form.getAttribute("hx-post") || location.pathname;
const { person, draftKey, unheard } = document.body.dataset;
// Pages that hear no form: errors, and those on the way of who has to prove himself again. What was typed waits.
const isUnheard = unheard !== undefined;

const bytes = (hex) => Uint8Array.from(hex.match(/../g) ?? [], (pair) => parseInt(pair, 16));
const hex = (buffer) => Array.from(new Uint8Array(buffer), (byte) => byte.toString(16).padStart(2, "0")).join("");
// Browsers lend their ciphers to pages that came by TLS only; without them nothing is kept.
const key = draftKey && !isUnheard && crypto.subtle ? crypto.subtle.importKey("raw", bytes(draftKey), "AES-GCM", false, ["encrypt", "decrypt"]) : null;

let answered = 0;
let newest = 0;
let last = 0;

async function keep(draft) {
  const turn = answered;
  const place = (newest += 1);
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const sealed = await crypto.subtle.encrypt({ name: "AES-GCM", iv }, await key, new TextEncoder().encode(JSON.stringify(draft)));
  // In the order of typing, also when the last one is not sealed in time.
  if (turn !== answered || place < last) return;
  last = place;
  sessionStorage.setItem(KEY, JSON.stringify({ person, at: Date.now(), iv: hex(iv), sealed: hex(sealed) }));
}

async function opened(kept) {
  try {
    const plain = await crypto.subtle.decrypt({ name: "AES-GCM", iv: bytes(kept.iv) }, await key, bytes(kept.sealed));
    return JSON.parse(new TextDecoder().decode(plain));
  } catch {
    return null;
  }
}

// Browsers seal in their own time, and a page that is left waits for nothing: what is typed is sealed as it is typed, and
// once more when the form is sent.
function keepForm(form) {
  if (!key || form?.method !== "post" || form.matches("[data-no-draft]")) return;
  const typed = typedIn(form);
  if (typed.length) keep({ form: named(form), typed });
}

document.addEventListener("input", (event) => event.target.matches(TYPED) && keepForm(event.target.form), true);
document.addEventListener("submit", (event) => keepForm(event.target), true);

const typedIn = (form) => [...form.elements].filter((field) => field.name && field.matches(TYPED)).map((field) => [field.name, field.value]);
const isTouched = (form) => [...form.elements].some((field) => field.matches(TYPED) && "defaultValue" in field && field.value !== field.defaultValue);

// The session ended elsewhere (live.js): what stands on the screen is taken away, what was being typed comes back later.
export async function leave() {
  const form = [...document.forms].find((found) => found.method === "post" && !found.matches("[data-no-draft]") && isTouched(found));
  if (key && form) await keep({ form: named(form), typed: typedIn(form) });
  // Not reload(): the answer to a form would be asked for again by sending it.
  location.replace(location.pathname + location.search);
}

// htmx answers without loading a page: whatever it got, the form was heard. What a page asks for by itself heard none.
document.addEventListener("htmx:after:swap", (event) => {
  if (event.detail?.ctx?.request?.method === "GET") return;
  answered += 1;
  sessionStorage.removeItem(KEY);
});

async function giveBack() {
  const kept = JSON.parse(sessionStorage.getItem(KEY) || "null");
  if (!person || isUnheard) {
    // On the way through the sign-in pages nobody is signed in any more: of the tab's memory the sealed words alone stay.
    // What a visitor's own pages keep, who never signed in, is his.
    if (!person && sessionStorage.getItem(SIGNED_IN)) for (const name of Object.keys(sessionStorage)) if (name !== KEY) sessionStorage.removeItem(name);
    if (kept) sessionStorage.setItem(KEY, JSON.stringify({ ...kept, lost: true }));
    return;
  }
  sessionStorage.setItem(SIGNED_IN, "yes");
  if (!kept) return;
  const isOurs = kept.lost && kept.sealed && kept.person === person && Date.now() - kept.at < LONGEST;
  const draft = isOurs && key ? await opened(kept) : null;
  const form = draft && [...document.forms].find((found) => found.method === "post" && named(found) === draft.form);
  // Another page of his, on the way to the one with the form.
  if (draft && !form) return;
  sessionStorage.removeItem(KEY);
  if (!form) return;
  for (const [name, value] of draft.typed) {
    const field = form.elements[name];
    if (field instanceof HTMLElement) field.value = value;
  }
  form.scrollIntoView({ block: "center" });
  toast({ text: say("kept"), level: "info" });
}

giveBack();
