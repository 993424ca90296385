// What every citizen page runs: times that go on, copying a code, and reports kept on the phone that wait for a network.
import "./live.js";
import "./open_map.js";
import { forget, receipts, sendWaiting } from "./outbox.js";
import { prove } from "./proof.js";

document.documentElement.classList.add("js");
document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  await navigator.clipboard?.writeText(button.dataset.copy);
  button.textContent = "Đã chép";
});

async function announce() {
  await sendWaiting();
  const box = document.getElementById("da-tu-gui");
  for (const one of await receipts()) {
    if (one.url === location.href) await forget(one.key);
    else if (box) { box.querySelector("a").href = one.url; box.hidden = false; }
  }
}

// A form that asks for a proof of work is sent with one; should none be found, it goes without, under the stricter limit.
document.addEventListener("submit", async (event) => {
  const form = event.target.closest("form[data-proof]");
  if (!form || form.elements.proof.value) return;
  event.preventDefault();
  const button = form.querySelector("button");
  button.disabled = true;
  form.elements.proof.value = await prove(form.dataset.worker).catch(() => "");
  form.submit();
  window.addEventListener("pageshow", () => { button.disabled = false; }, { once: true });
});

window.addEventListener("online", announce);
window.addEventListener("pageshow", announce);

if ("serviceWorker" in navigator && window.isSecureContext) {
  navigator.serviceWorker.register("/sw.js").catch(() => undefined);
}
