// What htmx must not do alone: swap an error page into a fragment, or a sign-in page when the session has ended.
import { say } from "./words.js";
import { toast } from "./toasts.js";

document.addEventListener("htmx:before:response", (event) => {
  const { raw, status } = event.detail.ctx.response;
  const entrance = document.querySelector("meta[name=sign-in]")?.content;
  if (raw.redirected && entrance && new URL(raw.url).pathname === entrance) {
    event.preventDefault();
    location.reload();
    return;
  }
  // 422 carries a form with its errors and 409 a conflict explained: both are meant to be shown.
  if (status < 400 || status === 422 || status === 409) return;
  event.preventDefault();
  // Only a gesture deserves an answer: pieces that refresh themselves fail in silence and try again.
  if (!event.detail.ctx.sourceEvent?.isTrusted) return;
  toast({ text: say(status === 403 ? "refused" : status === 404 ? "gone" : "failed"), level: "bad" });
});

document.addEventListener("htmx:error", (event) => {
  if (!event.detail.ctx?.sourceEvent?.isTrusted) return;
  if (event.detail.error instanceof TypeError || event.detail.error?.name === "TimeoutError") toast({ text: say("offline"), level: "bad" });
});
