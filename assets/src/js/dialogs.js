// Native dialogs: `data-dialog="id"` opens one of the page, `data-modal` loads a page's fragment into the shared one,
// `data-confirm` and `hx-confirm` ask before acting.
import { say } from "./words.js";

const shared = document.getElementById("modal");
const confirming = document.getElementById("confirm");

/** Resolves to true when the person agrees. */
function ask(question) {
  if (!confirming) return Promise.resolve(window.confirm(question));
  confirming.querySelector("[data-question]").textContent = question;
  confirming.returnValue = "";
  confirming.showModal();
  return new Promise((resolve) => {
    confirming.addEventListener("close", () => resolve(confirming.returnValue === "yes"), { once: true });
  });
}

document.addEventListener("click", (event) => {
  const closer = event.target.closest("[data-close]");
  if (closer) closer.closest("dialog")?.close();
  if (event.target.matches?.("dialog.dialog, dialog.palette")) event.target.close(); // the backdrop

  const opener = event.target.closest("[data-dialog]");
  const dialog = opener && document.getElementById(opener.dataset.dialog);
  if (dialog) {
    event.preventDefault();
    dialog.showModal();
  }

  const modal = event.target.closest("a[data-modal]");
  if (modal && shared && !event.ctrlKey && !event.metaKey) {
    event.preventDefault();
    shared.querySelector("[data-title]").textContent = modal.dataset.modal || modal.textContent.trim();
    const body = shared.querySelector("[data-body]");
    body.replaceChildren();
    shared.showModal();
    window.htmx.ajax("GET", modal.href, { target: body, swap: "innerHTML" });
  }
});

// A form of the shared dialog that was accepted says so with HX-Trigger: close-modal.
document.addEventListener("close-modal", () => shared?.close());

document.addEventListener(
  "submit",
  (event) => {
    const question = event.submitter?.dataset.confirm ?? event.target.dataset.confirm;
    if (!question || event.target.dataset.confirmed) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const { target: form, submitter } = event;
    ask(question).then((agreed) => {
      if (!agreed) return;
      form.dataset.confirmed = "yes";
      form.requestSubmit(submitter);
      delete form.dataset.confirmed;
    });
  },
  true,
);

document.addEventListener("htmx:confirm", (event) => {
  event.preventDefault();
  const { ctx, issueRequest, dropRequest } = event.detail;
  ask(ctx.confirm || say("sure")).then((agreed) => (agreed ? issueRequest() : dropRequest()));
});
