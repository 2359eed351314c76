// Keeps the page of reports, with the style and script that it needs, for when there is no network. Nothing else of the
// platform is kept: its scope is /field/, and signing out empties it (Clear-Site-Data).
const KEPT = "field";
const PAGE = "/field/";

self.addEventListener("install", (event) => event.waitUntil(self.skipWaiting()));
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

// The page names what it was made of; only its own files are taken, and what the last version needed goes.
self.addEventListener("message", (event) => {
  const wanted = event.data.keep.filter((url) => new URL(url).origin === self.location.origin);
  event.waitUntil(
    renew([PAGE, ...wanted])
      .then(() => event.source.postMessage("kept"))
      .catch(() => {}),
  );
});

// The network may go in the middle of it: what was kept stays until everything new is there.
async function renew(files) {
  const kept = await caches.open(KEPT);
  await kept.addAll(files);
  const now = new Set(files.map((file) => new URL(file, self.location.origin).href));
  for (const request of await kept.keys()) if (!now.has(request.url)) await kept.delete(request);
}

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  const isPage = request.mode === "navigate" && url.pathname === PAGE;
  const isPart = ["style", "script", "font", "image"].includes(request.destination);
  if (request.method !== "GET" || url.origin !== self.location.origin || !(isPage || isPart)) return;
  event.respondWith(fetch(request).catch(async (error) => (await caches.match(isPage ? PAGE : request)) ?? Promise.reject(error)));
});
