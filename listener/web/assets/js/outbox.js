// Reports on the phone: drafts and what waits to be sent, in IndexedDB; each carries the key that makes sending twice harmless.
import { lasts, prove } from "./proof.js";

const NAME = "phan-anh";

function open() {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(NAME, 1);
    request.onupgradeneeded = () => request.result.createObjectStore("reports", { keyPath: "key" });
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

async function store(mode, work) {
  const database = await open();
  return new Promise((resolve, reject) => {
    const transaction = database.transaction("reports", mode);
    const request = work(transaction.objectStore("reports"));
    transaction.oncomplete = () => { database.close(); resolve(request.result); };
    transaction.onerror = () => { database.close(); reject(transaction.error); };
  });
}

/** Keeps a report: {key, state: "draft"|"waiting", fields, photos, at}, or {key, state: "sent", url, at}. Private windows may refuse; then nothing is kept. */
export async function keep(report) {
  try {
    await store("readwrite", (box) => box.put(report));
    return true;
  } catch {
    return false;
  }
}

export async function all() {
  try {
    return await store("readonly", (box) => box.getAll());
  } catch {
    return [];
  }
}

export async function forget(key) {
  try {
    await store("readwrite", (box) => box.delete(key));
  } catch { /* nothing was kept */ }
}

export function formOf(report) {
  const form = new FormData();
  for (const [name, value] of Object.entries(report.fields)) form.append(name, value);
  for (const photo of report.photos) form.append("photos", photo.blob, photo.name);
  form.append("key", report.key);
  return form;
}

/** Sends a report with a proof of work: the one the page has found, or a fresh one. No network throws, as fetch does. */
export async function post(report, found = "") {
  const body = formOf(report);
  body.set("proof", lasts(found) ? found : await prove());
  return fetch("/gui-phan-anh", { method: "POST", body, credentials: "same-origin" });
}

/** What the server answered decides: sent, not acceptable as it is (a draft again), or to be tried later. */
async function settle(report, answer) {
  const left = (await all()).some((one) => one.key === report.key && one.state === "waiting");
  if (!left) return; // a page and the service worker may both have sent it; the key made it one report
  if (answer.ok) await keep({ key: report.key, state: "sent", url: answer.url, at: Date.now() });
  else if ([413, 422].includes(answer.status)) await keep({ ...report, state: "draft" });
}

let sending = false;

/** Sends what waits. */
export async function sendWaiting() {
  if (sending || !navigator.onLine || !("indexedDB" in self)) return;
  sending = true;
  try {
    for (const report of await all()) if (report.state === "waiting") await settle(report, await post(report));
  } catch { /* still no network: they wait on */ } finally {
    sending = false;
  }
}

/** Receipts of what was sent without its sender looking on, oldest first; kept until they are opened. */
export async function receipts() {
  return (await all()).filter((one) => one.state === "sent").sort((a, b) => a.at - b.at);
}
