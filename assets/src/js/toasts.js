// Short messages. The server writes them in the page, or sends HX-Trigger: {"toast": {text, level, detail, url}}.
const LIFE = 8000;
const place = document.getElementById("toasts");
const model = document.getElementById("toast-model");

function fade(toast) {
  // What carries an action (undo, open) or an error stays until it is closed.
  if (toast.querySelector("form, a") || toast.classList.contains("bad")) return;
  let timer = setTimeout(() => toast.remove(), LIFE);
  toast.addEventListener("pointerenter", () => clearTimeout(timer));
  toast.addEventListener("pointerleave", () => (timer = setTimeout(() => toast.remove(), LIFE)));
}

export function toast({ text, level = "info", detail = "", url = "" }) {
  if (!place || !model || !text) return;
  const piece = model.content.firstElementChild.cloneNode(true);
  piece.classList.add(level);
  const use = piece.querySelector("use");
  const icons = { ok: "circle-check", warn: "triangle-alert", bad: "circle-alert", info: "bell" };
  use.setAttribute("href", use.getAttribute("href").replace(/#.*/, `#${icons[level] ?? "bell"}`));
  piece.querySelector("[data-text]").textContent = text;
  piece.querySelector("[data-detail]").textContent = detail;
  const link = piece.querySelector("[data-link]");
  if (url) link.href = url;
  else link.remove();
  place.append(piece);
  fade(piece);
}

document.addEventListener("click", (event) => event.target.closest("[data-dismiss]")?.closest(".toast, .notice")?.remove());
document.addEventListener("toast", (event) => toast(event.detail));
place?.querySelectorAll(".toast").forEach(fade);
