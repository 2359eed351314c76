// Panels of a page. Those in sight are asked for together in one request; the others when one comes near them, when the
// keyboard passes, before printing and before a search in the page. One that fails leaves the others alone.
import htmx from "htmx.org";
import { markup } from "./trust.js";

const NEAR = "200px 0px";
const SETTLED = 120;
const NAME = "pavillon-panels";
// Heights in rem that a place keeps free until its panel is there (components/feedback.css).
const SIZES = { xs: 1.5, s: 4, m: 9, l: 17, xl: 30, xxl: 50 };
const WAITING = ".panel[data-panel]:has(> .panel-link)";

const near = new Set();
const asked = new WeakSet();
const known = JSON.parse(sessionStorage.getItem(NAME) ?? "{}");
const missing = () => [...document.querySelectorAll(WAITING)];
const waiting = () => missing().filter((panel) => !asked.has(panel));

const grouped = (panels) => Object.values(Object.groupBy(panels, (panel) => panel.dataset.together));
const address = (panels) => `${panels[0].dataset.together}?${new URLSearchParams(panels.map((panel) => ["panel", panel.dataset.panel]))}`;

// What a panel needed last time is kept free for it next time, so that nothing jumps.
function measure(panel) {
  const height = panel.offsetHeight / parseFloat(getComputedStyle(document.documentElement).fontSize);
  const [size] = Object.entries(SIZES).reduce((best, one) => (Math.abs(one[1] - height) < Math.abs(best[1] - height) ? one : best));
  known[panel.dataset.panel] = size;
}

function failed(panel) {
  if (!panel.querySelector(":scope > .panel-link")) return;
  const words = document.getElementById("panel-failed");
  panel.replaceChildren(words.content.cloneNode(true));
}

function settle(panels) {
  for (const panel of panels.filter((one) => one.isConnected)) {
    failed(panel);
    panel.removeAttribute("aria-busy");
    measure(panel);
  }
  sessionStorage.setItem(NAME, JSON.stringify(known));
}

function begin(panels) {
  for (const panel of panels) {
    asked.add(panel);
    near.delete(panel);
    watcher.unobserve(panel);
    panel.setAttribute("aria-busy", "true");
  }
}

async function ask(panels) {
  begin(panels);
  const there = panels.filter((panel) => panel.isConnected);
  const answers = grouped(there).map(async (group) => {
    // Who asks stays on the page until the answer is there, whichever panel may vanish meanwhile.
    const asking = document.body.appendChild(document.createElement("i"));
    asking.hidden = true;
    try {
      await htmx.ajax("GET", address(group), { source: asking, swap: "none" });
    } finally {
      asking.remove();
      settle(group);
    }
  });
  await Promise.all(answers);
}

// A printer does not wait: what is missing is fetched before the page is handed over, even what is on its way.
function askAtOnce() {
  const panels = missing();
  begin(panels);
  for (const group of grouped(panels)) {
    const request = new XMLHttpRequest();
    request.open("GET", address(group), false);
    request.setRequestHeader("HX-Request", "true");
    try {
      request.send();
    } catch {
      // Without a network the sheet says what is missing.
    }
    if (request.status === 200) {
      for (const piece of document.createRange().createContextualFragment(markup(request.responseText)).querySelectorAll("hx-partial")) {
        const panel = document.querySelector(piece.getAttribute("hx-target"));
        if (!panel) continue;
        panel.replaceChildren(...piece.childNodes);
        htmx.process(panel);
      }
    }
    settle(group);
  }
}

let timer;
let isFirst = true;
const watcher = new IntersectionObserver(
  (entries) => {
    for (const { target, isIntersecting } of entries) isIntersecting ? near.add(target) : near.delete(target);
    if (!near.size) return;
    // At first at once; while one scrolls, when one stays, so that what only flew past is not asked for.
    clearTimeout(timer);
    timer = setTimeout(() => ask([...near]), isFirst ? 0 : SETTLED);
    isFirst = false;
  },
  { rootMargin: NEAR },
);

function watch() {
  for (const panel of waiting()) {
    panel.dataset.size = known[panel.dataset.panel] ?? panel.dataset.size;
    watcher.observe(panel);
  }
}

// The way to a part that is not there yet leads through its link: it is met by the keyboard and makes all come.
document.addEventListener("focusin", (event) => {
  const panel = event.target.closest?.(WAITING);
  if (!panel || event.target === panel) return;
  panel.focus({ preventScroll: true });
  ask(waiting());
});
document.addEventListener("keydown", (event) => {
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "f") ask(waiting());
});
document.addEventListener("click", (event) => {
  const panel = event.target.closest?.("[data-again]")?.closest(".panel");
  if (panel) htmx.trigger(panel, "again");
});
// What is not on the page yet needs no news.
document.addEventListener("htmx:before:request", (event) => {
  if (event.target.matches?.(WAITING) && !asked.has(event.target)) event.preventDefault();
});
document.addEventListener("htmx:after:swap", watch);
addEventListener("beforeprint", askAtOnce);
watch();
