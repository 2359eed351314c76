// Keeps the page of reports and of the next days, with the style and script that it needs, for when there is no network.
// Nothing else of the platform is kept: its scope is /field/, and signing out empties it (Clear-Site-Data).
// The page lies sealed by a key that this browser made and lends to nobody: copied elsewhere it does not open, and once the
// key is gone nothing of it is left.
const KEPT = "field";
const PAGE = "/field/";
const AES = "AES-GCM";

self.addEventListener("install", (event) => event.waitUntil(self.skipWaiting()));
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

// The page names what it was made of; only its own files are taken, and what the last version needed goes.
self.addEventListener("message", (event) => {
  const wanted = event.data.keep.filter((url) => new URL(url).origin === self.location.origin);
  event.waitUntil(
    renew(wanted)
      .then(() => event.source.postMessage("kept"))
      .catch(() => {}),
  );
});

const answered = (ask) =>
  new Promise((resolve, reject) => {
    ask.onsuccess = () => resolve(ask.result);
    ask.onerror = () => reject(ask.error);
  });

async function key() {
  const opening = indexedDB.open(KEPT, 1);
  opening.onupgradeneeded = () => opening.result.createObjectStore("keys");
  const store = await answered(opening);
  const keys = (mode) => store.transaction("keys", mode).objectStore("keys");
  const known = await answered(keys("readonly").get(PAGE));
  if (known) return known;
  const made = await crypto.subtle.generateKey({ name: AES, length: 256 }, false, ["encrypt", "decrypt"]);
  await answered(keys("readwrite").put(made, PAGE));
  return made;
}

async function sealed(response) {
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const body = await crypto.subtle.encrypt({ name: AES, iv }, await key(), await response.arrayBuffer());
  return new Response(new Blob([iv, body]), { headers: response.headers });
}

async function opened(kept) {
  const body = await kept.arrayBuffer();
  const plain = await crypto.subtle.decrypt({ name: AES, iv: body.slice(0, 12) }, await key(), body.slice(12));
  return new Response(plain, { headers: kept.headers });
}

// The network may go in the middle of it: what was kept stays until everything new is there.
async function renew(files) {
  const page = await fetch(PAGE);
  if (!page.ok || page.redirected) return;
  const kept = await caches.open(KEPT);
  await kept.addAll(files);
  await kept.put(PAGE, await sealed(page));
  const now = new Set([PAGE, ...files].map((file) => new URL(file, self.location.origin).href));
  for (const request of await kept.keys()) if (!now.has(request.url)) await kept.delete(request);
}

async function fromDevice(request, isPage) {
  const kept = await caches.match(isPage ? PAGE : request);
  return kept && isPage ? opened(kept) : kept;
}

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  const isPage = request.mode === "navigate" && url.pathname === PAGE;
  const isPart = ["style", "script", "font", "image"].includes(request.destination);
  if (request.method !== "GET" || url.origin !== self.location.origin || !(isPage || isPart)) return;
  event.respondWith(fetch(request).catch(async (error) => (await fromDevice(request, isPage).catch(() => {})) ?? Promise.reject(error)));
});
