// One stream for the page. A message {"topic": "crm.lead", …} becomes the event `live:crm.lead` on <body>,
// so any piece of page refreshes itself: hx-get="…" hx-trigger="live:crm.lead from:body".
import { toast } from "./toasts.js";

const address = document.body.dataset.live;
const FIRST_WAIT = 1000;
const LONGEST_WAIT = 30_000;
let wait = FIRST_WAIT;
let source;
let missed = false;

function announce(topic, detail) {
  document.body.dispatchEvent(new CustomEvent(`live:${topic}`, { detail, bubbles: true }));
}

function receive(event) {
  const message = JSON.parse(event.data);
  if (message.toast) toast(message.toast);
  if (message.topic) announce(message.topic, message);
}

function connect() {
  source = new EventSource(address);
  source.onopen = () => {
    // What happened while the line was cut is fetched again.
    if (missed) announce("reconnected", {});
    missed = false;
    wait = FIRST_WAIT;
    document.documentElement.dataset.live = "on";
  };
  source.onmessage = receive;
  source.onerror = () => {
    source.close();
    missed = true;
    document.documentElement.dataset.live = "off";
    // A random part keeps a thousand browsers from coming back in the same second.
    setTimeout(connect, wait * (0.5 + Math.random()));
    wait = Math.min(wait * 2, LONGEST_WAIT);
  };
}

if (address && "EventSource" in window) {
  connect();
  addEventListener("pagehide", () => source.close());
  addEventListener("pageshow", (event) => {
    // A page that the browser kept is as old as it was when one left it.
    missed = event.persisted;
    if (event.persisted) connect();
  });
}
