// Reports on the phone: drafts and what waits to be sent, in IndexedDB; each carries the key that makes sending twice harmless.
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

/** Keeps a report: {key, state: "draft"|"waiting", fields, photos, at}. Private windows may refuse; then nothing is kept. */
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

export async function post(report) {
  return fetch("/gui-phan-anh", { method: "POST", body: formOf(report), credentials: "same-origin" });
}

let sending = false;

/** Sends what waits; answers the receipt addresses of what went through. */
export async function sendWaiting() {
  if (sending || !navigator.onLine || !("indexedDB" in window)) return [];
  sending = true;
  const receipts = [];
  try {
    for (const report of await all()) {
      if (report.state !== "waiting") continue;
      const answer = await post(report);
      if (!answer.ok) continue;
      await forget(report.key);
      receipts.push(answer.url);
    }
  } catch { /* still no network: they wait on */ } finally {
    sending = false;
  }
  return receipts;
}
