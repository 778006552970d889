// The shell (外壳) without a network: exactly the files of VERSION, each believed only with its digest. No answer of a service is kept.
const CACHE = `xieli-m-${VERSION}`;
const SHELL = "/m/";

self.addEventListener("install", (event) => event.waitUntil(fill()));
self.addEventListener("activate", (event) => event.waitUntil(takeOver()));
self.addEventListener("message", (event) => event.data === "take over" && self.skipWaiting());

async function fill() {
  const cache = await caches.open(CACHE);
  const asked = Object.entries(FILES).map(([address, integrity]) => new Request(address, { integrity, cache: "no-cache" }));
  await cache.addAll([...asked, new Request(SHELL, { cache: "no-store" }), new Request("/m/manifest.webmanifest", { cache: "no-store" })]);
}

async function takeOver() {
  const old = (await caches.keys()).filter((name) => name.startsWith("xieli-m-") && name !== CACHE);
  await Promise.all(old.map((name) => caches.delete(name)));
  await self.clients.claim();
}

self.addEventListener("fetch", (event) => {
  const { pathname, origin } = new URL(event.request.url);
  const mine = event.request.method === "GET" && origin === location.origin;
  if (!mine || !(pathname === SHELL || pathname === "/m/manifest.webmanifest" || pathname.startsWith("/m/app/"))) return;
  event.respondWith(kept(event.request, pathname));
});

/** From this version's cache; what is not in it, from the network. */
async function kept(request, pathname) {
  return (await (await caches.open(CACHE)).match(pathname)) ?? fetch(request);
}
