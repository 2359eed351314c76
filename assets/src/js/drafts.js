// What was typed survives a session that ended meanwhile: kept in this tab when a form is sent, given back to the same
// person on the same page if the answer was the sign-in page, forgotten as soon as any other page answers.
import { say } from "./words.js";
import { toast } from "./toasts.js";

const KEY = "pavillon.draft";
const TYPED = "textarea, input:not([type=password], [type=hidden], [type=file], [type=checkbox], [type=radio]), select";
const named = (form) => form.getAttribute("action") || form.getAttribute("hx-post") || location.pathname;

document.addEventListener(
  "submit",
  (event) => {
    const form = event.target;
    const person = document.body.dataset.person;
    if (!person || form.method !== "post" || form.matches("[data-no-draft]")) return;
    const typed = [...form.elements].filter((field) => field.name && field.matches(TYPED)).map((field) => [field.name, field.value]);
    if (!typed.length) return;
    sessionStorage.setItem(KEY, JSON.stringify({ person, page: location.pathname, form: named(form), typed }));
  },
  true,
);

// htmx answers without loading a page: whatever it got, the form was heard.
document.addEventListener("htmx:after:swap", () => sessionStorage.removeItem(KEY));

function giveBack() {
  const kept = JSON.parse(sessionStorage.getItem(KEY) || "null");
  // On the way through the sign-in pages nobody is signed in.
  if (!kept || !document.body.dataset.person) {
    if (kept) sessionStorage.setItem(KEY, JSON.stringify({ ...kept, lost: true }));
    return;
  }
  if (!kept.lost) {
    sessionStorage.removeItem(KEY);
    return;
  }
  const form = [...document.forms].find((found) => found.method === "post" && named(found) === kept.form);
  if (kept.person !== document.body.dataset.person) sessionStorage.removeItem(KEY);
  if (!form || kept.person !== document.body.dataset.person) return;
  for (const [name, value] of kept.typed) {
    const field = form.elements[name];
    if (field instanceof HTMLElement) field.value = value;
  }
  sessionStorage.removeItem(KEY);
  form.scrollIntoView({ block: "center" });
  toast({ text: say("kept"), level: "info" });
}

giveBack();
