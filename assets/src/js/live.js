// One stream for the page. A message {"topic": "crm.lead", …} becomes the event `live:crm.lead` on <body>,
// so any piece of page refreshes itself: hx-get="…" hx-trigger="live:crm.lead from:body".
import { leave } from "./drafts.js";
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

// An EventSource does not tell why it broke. 401 from the stream, and the page itself leads elsewhere: the session ran
// out or was ended elsewhere. (The stream is also shut to who has yet to set up a second factor: his page stays.)
async function isOver() {
  const asking = new AbortController();
  try {
    const stream = await fetch(address, { signal: asking.signal, headers: { Accept: "text/event-stream" } });
    if (stream.status !== 401) return false;
    const page = await fetch(location.pathname + location.search, { signal: asking.signal, redirect: "manual" });
    return page.type === "opaqueredirect" || page.status === 401;
  } catch {
    return false;
  } finally {
    asking.abort();
  }
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
    setTimeout(async () => ((await isOver()) ? leave() : connect()), wait * (0.5 + Math.random()));
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
