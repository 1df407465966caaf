export const dynamic = "force-static"

const WORKER = `
const PAGE = new URL("offline.html", self.registration.scope).href
self.addEventListener("install", (event) => {
  event.waitUntil(caches.open("signalbox-offline").then((cache) => cache.add(PAGE)).then(() => self.skipWaiting()))
})
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()))
self.addEventListener("fetch", (event) => {
  if (event.request.mode !== "navigate") return
  event.respondWith(fetch(event.request).catch(async () => (await caches.match(PAGE)) ?? Response.error()))
})
`

/** The service worker: it does nothing but show a page of our own where the browser would show that it is offline. */
export function GET(): Response {
  return new Response(WORKER, {
    headers: { "content-type": "text/javascript; charset=utf-8", "cache-control": "no-cache" },
  })
}
