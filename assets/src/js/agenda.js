// The week under the mouse and the keys: draw to write an entry, draw one to move it or make it longer. Without script,
// each entry's page has two fields for it.
import { onKey } from "./keys.js";

const STEP = 15;
const QUARTERS = 52;
const board = () => document.querySelector("[data-agenda]");
const first = () => Number(board().dataset.first) * 60;
const isGrid = (list) => getComputedStyle(list).display === "grid";
const two = (n) => String(n).padStart(2, "0");
const hour = (minutes) => `${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;

// Where a point is: the day under it, and the minute of that day in steps of a quarter of an hour.
function placeAt(x, y) {
  for (const day of board().querySelectorAll("[data-day]")) {
    const list = day.querySelector(".lines");
    const box = list.getBoundingClientRect();
    if (x < box.left || x > box.right || !isGrid(list)) continue;
    const quarter = Math.min(Math.max(Math.floor(((y - box.top) / box.height) * QUARTERS), 0), QUARTERS);
    return { day: day.dataset.day, list, minute: first() + quarter * STEP };
  }
  return null;
}

function stateOf(line) {
  const [day, time] = line.dataset.start.split("T");
  const [hours, minutes] = time.split(":").map(Number);
  return { day, minute: hours * 60 + minutes, minutes: Number(line.dataset.minutes) };
}

function show(line, state) {
  const list = board().querySelector(`[data-day="${state.day}"] .lines`);
  if (list && line.parentElement !== list) list.append(line);
  const row = Math.min(Math.max((state.minute - first()) / STEP, 0), QUARTERS - 1);
  line.style.gridRow = `${Math.floor(row) + 1} / span ${Math.max(1, Math.round(state.minutes / STEP))}`;
  line.style.gridColumn = "1 / -1";
  line.classList.add("moving");
  line.querySelector("time").textContent = `${hour(state.minute)}–${hour((state.minute + state.minutes) % 1440)}`;
}

function send(line, state) {
  const form = document.createElement("form");
  form.method = "post";
  form.action = line.dataset.entry;
  const token = document.querySelector("[name=csrfmiddlewaretoken]")?.value ?? "";
  const values = { csrfmiddlewaretoken: token, starts_at: `${state.day}T${hour(state.minute)}`, minutes: state.minutes };
  for (const [name, value] of Object.entries(values)) {
    const field = document.createElement("input");
    Object.assign(field, { type: "hidden", name, value });
    form.append(field);
  }
  document.body.append(form);
  sessionStorage.setItem("agenda-focus", line.dataset.entry);
  form.submit();
}

const changed = (line, state) => JSON.stringify(stateOf(line)) !== JSON.stringify(state);
let held = null;

document.addEventListener("pointerdown", (event) => {
  if (event.button !== 0 || event.pointerType === "touch" || !board()) return;
  const list = event.target.closest?.("[data-agenda] .lines");
  if (!list || !isGrid(list)) return;
  const line = event.target.closest(".line");
  if (line && !line.dataset.entry) return;
  const place = placeAt(event.clientX, event.clientY);
  if (!place || (!line && event.target.closest("a, button"))) return;
  const edge = line && line.getBoundingClientRect().bottom - event.clientY < 8;
  held = { line, edge, from: place, state: line ? stateOf(line) : null, x: event.clientX, y: event.clientY, moved: false };
});

document.addEventListener("pointermove", (event) => {
  if (!held) return;
  if (!held.moved && Math.hypot(event.clientX - held.x, event.clientY - held.y) < 5) return;
  const place = placeAt(event.clientX, event.clientY);
  if (!place) return;
  event.preventDefault();
  held.moved = true;
  held.to = place;
  if (!held.line) {
    held.ghost ??= Object.assign(document.createElement("li"), { className: "line ghost" });
    held.from.list.append(held.ghost);
    const top = (held.from.minute - first()) / STEP;
    held.ghost.style.gridRow = `${top + 1} / span ${Math.max(1, Math.ceil((place.minute - held.from.minute) / STEP))}`;
    return;
  }
  const was = stateOf(held.line);
  const shift = place.minute - held.from.minute;
  held.state = held.edge
    ? { ...was, minutes: Math.max(STEP, was.minutes + shift) }
    : { day: place.day, minute: Math.min(Math.max(was.minute + shift, 0), 1440 - STEP), minutes: was.minutes };
  show(held.line, held.state);
});

document.addEventListener("pointerup", () => {
  const done = held;
  held = null;
  if (!done?.moved) return;
  // The press that ends a draw must not open the entry.
  addEventListener("click", (event) => event.preventDefault(), { capture: true, once: true });
  if (done.line) {
    if (changed(done.line, done.state)) send(done.line, done.state);
    return;
  }
  const minutes = Math.max(STEP, done.to.minute - done.from.minute);
  location.assign(`${board().dataset.create}?start=${done.from.day}T${hour(done.from.minute)}&minutes=${minutes}`);
});
document.addEventListener("dragstart", (event) => event.target.closest?.("[data-entry]") && event.preventDefault());

// Alt and the arrows move the entry that has the focus; it is sent when Alt is let go, Escape puts it back.
let keyed = null;
document.addEventListener("keydown", (event) => {
  const line = event.target.closest?.("[data-agenda] [data-entry]");
  if (keyed && event.key === "Escape") return location.reload();
  if (!line || !event.altKey || !event.key.startsWith("Arrow")) return;
  event.preventDefault();
  keyed = keyed?.line === line ? keyed : { line, state: stateOf(line) };
  const { state } = keyed;
  const days = [...board().querySelectorAll("[data-day]")].map((day) => day.dataset.day);
  const forward = (event.key === "ArrowRight") === (getComputedStyle(board()).direction === "ltr");
  if (event.key === "ArrowUp" || event.key === "ArrowDown") {
    const step = event.key === "ArrowDown" ? STEP : -STEP;
    if (event.shiftKey) state.minutes = Math.max(STEP, state.minutes + step);
    else state.minute = Math.min(Math.max(state.minute + step, 0), 1440 - STEP);
  } else {
    const next = days[days.indexOf(state.day) + (forward ? 1 : -1)];
    if (next) state.day = next;
  }
  show(line, state);
  line.querySelector("a").focus();
});
document.addEventListener("keyup", (event) => {
  if (event.key !== "Alt" || !keyed) return;
  const { line, state } = keyed;
  keyed = null;
  if (changed(line, state)) send(line, state);
});

const back = sessionStorage.getItem("agenda-focus");
if (back && board()) {
  sessionStorage.removeItem("agenda-focus");
  board().querySelector(`[data-entry="${CSS.escape(back)}"] a`)?.focus();
}

const follow = (name) => document.querySelector(`[data-agenda-${name}]`)?.click();
onKey(["n"], () => board() && follow("after"));
onKey(["p"], () => board() && follow("before"));
onKey(["t"], () => board() && follow("today"));
