// What every citizen page runs: times that go on, copying a code, and reports kept on the phone that wait for a network.
import "./live.js";
import { sendWaiting } from "./outbox.js";

document.documentElement.classList.add("js");
document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  await navigator.clipboard?.writeText(button.dataset.copy);
  button.textContent = "Đã chép";
});

async function announce() {
  const sent = await sendWaiting();
  const box = document.getElementById("da-tu-gui");
  if (!box || !sent.length) return;
  const last = sent[sent.length - 1];
  box.querySelector("a").href = last;
  box.hidden = false;
}
window.addEventListener("online", announce);
window.addEventListener("pageshow", announce);

if ("serviceWorker" in navigator && window.isSecureContext) {
  navigator.serviceWorker.register("/sw.js").catch(() => undefined);
}
