// The service worker: the report form and its files open without a network; nothing personal is ever cached.
import { sendWaiting } from "./outbox.js";

const CACHE = `khung-${VERSION}`;
const FORM = "/gui-phan-anh";

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(CACHE).then((cache) => cache.addAll(SHELL)).then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  const old = (names) => names.filter((name) => name !== CACHE);
  event.waitUntil(caches.keys().then((names) => Promise.all(old(names).map((name) => caches.delete(name)))).then(() => self.clients.claim()));
});

/** The form as last seen when the network does not answer; a fresh one is kept whenever it does. */
async function form(request) {
  const cache = await caches.open(CACHE);
  try {
    const answer = await fetch(request);
    if (answer.ok) await cache.put(FORM, answer.clone());
    return answer;
  } catch (error) {
    const kept = await cache.match(FORM);
    if (kept) return kept;
    throw error;
  }
}

self.addEventListener("sync", (event) => {
  if (event.tag === "gui-phan-anh") event.waitUntil(sendWaiting());
});

async function file(request) {
  return (await caches.match(request)) ?? fetch(request);
}

self.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  if (event.request.method !== "GET" || url.origin !== location.origin) return;
  if (url.pathname === FORM && event.request.mode === "navigate") event.respondWith(form(event.request));
  else if (SHELL.includes(url.pathname)) event.respondWith(file(event.request));
});
