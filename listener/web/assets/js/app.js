// The shell: what happens when an answer does not come, dialogs, switches, and where the reader was in a list.
import "./open_map.js";

const bar = () => document.getElementById("mang");

function showBar(text) {
  const box = bar();
  if (!box) return;
  box.textContent = text;
  box.hidden = false;
}

function clock(date = new Date()) {
  return date.toLocaleTimeString("vi-VN", { hour: "2-digit", minute: "2-digit", hour12: false });
}

const opened = clock();
const BUSY = "Máy chủ đang bận, chữ bạn viết còn nguyên. Bấm gửi lại.";
const LOST = () => `Mất mạng – đang xem bản lúc ${opened}. Chữ bạn viết còn nguyên.`;

document.addEventListener("htmx:error", () => showBar(navigator.onLine ? BUSY : LOST()));
document.addEventListener("htmx:response:error", (event) => {
  const status = event.detail.ctx?.response?.status ?? 0;
  if ([502, 503, 504].includes(status)) showBar(BUSY);
});
// A swap is also reported when nothing was swapped (502–504): only a good answer takes the bar away.
document.addEventListener("htmx:after:swap", (event) => {
  if (bar() && (event.detail.ctx?.response?.status ?? 500) < 400) bar().hidden = true;
});
window.addEventListener("offline", () => showBar(LOST()));
window.addEventListener("online", () => { if (bar()) bar().hidden = true; });

// Dialogs: [data-open="id"] opens, [data-close] closes; a menu closes when one clicks beside it.
document.addEventListener("click", (event) => {
  const open = event.target.closest("[data-open]");
  if (open) {
    event.preventDefault();
    document.getElementById(open.dataset.open)?.showModal();
  }
  const close = event.target.closest("[data-close]");
  if (close) {
    event.preventDefault();
    close.closest("dialog")?.close();
  }
  const dismiss = event.target.closest("[data-dismiss]");
  if (dismiss) dismiss.closest(dismiss.dataset.dismiss)?.remove();
  const toggle = event.target.closest("[data-toggle]");
  if (toggle) {
    const box = document.getElementById(toggle.dataset.toggle);
    const isOpen = box?.classList.toggle("open") ?? false;
    toggle.setAttribute("aria-expanded", String(isOpen));
  }
  for (const menu of document.querySelectorAll("details.me[open]")) {
    if (!menu.contains(event.target)) menu.removeAttribute("open");
  }
});
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") document.querySelectorAll("details.me[open]").forEach((menu) => menu.removeAttribute("open"));
});

// One question's evidence at a time: the button names the question, the box shows its marks.
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-question]");
  if (!button) return;
  const group = button.closest(".switch");
  group.querySelectorAll("[data-question]").forEach((one) => one.setAttribute("aria-pressed", String(one === button)));
  const box = document.getElementById(group.dataset.for);
  box?.setAttribute("data-q", button.dataset.question);
  document.querySelectorAll("[data-evidence]").forEach((list) => { list.hidden = list.dataset.evidence !== button.dataset.question; });
});

// The row last opened stays marked when one comes back to the list.
document.addEventListener("click", (event) => {
  const row = event.target.closest("tr[data-item]");
  if (row && event.target.closest("a.words")) sessionStorage.setItem("muc-vua-mo", row.dataset.item);
});
function markLastOpened() {
  const so = sessionStorage.getItem("muc-vua-mo");
  document.querySelectorAll("tr.last-opened").forEach((row) => row.classList.remove("last-opened"));
  if (so) document.getElementById(`m-${so}`)?.classList.add("last-opened");
}
window.addEventListener("pageshow", markLastOpened);
document.addEventListener("htmx:after:swap", markLastOpened);

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  await navigator.clipboard?.writeText(button.dataset.copy);
  button.textContent = "Đã chép";
});
document.documentElement.classList.add("js");

