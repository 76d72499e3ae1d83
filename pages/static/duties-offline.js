"use strict";
/* Keeps the pages of visits that asked for it, with what they are made of, for when there is no connection.
   The server is always asked first. Signing out, or being met as a stranger, empties it: see app.js. */

const KEPT = "jidi-duties";

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

self.addEventListener("message", (event) => {
  const { keep, needed } = event.data ?? {};
  if (!keep) return;
  event.waitUntil(
    (async () => {
      const kept = await caches.open(KEPT);
      await Promise.allSettled(needed.map((one) => kept.add(one)));
      const answer = await fetch(keep, { credentials: "same-origin" });
      if (answer.ok && !answer.redirected) await kept.put(keep, answer);
      for (const client of await self.clients.matchAll()) client.postMessage({ kept: keep });
    })(),
  );
});

self.addEventListener("fetch", (event) => {
  if (event.request.method !== "GET" || new URL(event.request.url).origin !== self.location.origin) return;
  event.respondWith(
    (async () => {
      try {
        const answer = await fetch(event.request);
        /* The duty is done, or not this person's any more: the page that was kept is not shown again. */
        if (event.request.mode === "navigate" && !answer.ok) await (await caches.open(KEPT)).delete(event.request);
        return answer;
      } catch (lost) {
        const kept = await caches.match(event.request, { cacheName: KEPT });
        if (kept) return kept;
        throw lost;
      }
    })(),
  );
});
