// The report form with JavaScript: one step at a time, photos made small on the phone, place by a tap, drafts kept, sent once.
import { all, forget, keep, post } from "./outbox.js";
import { fold, isDanger } from "./danger.js";
import { shrink } from "./photos.js";
import { lasts, prove } from "./proof.js";

const form = document.getElementById("bieu-mau");
const steps = [...form.querySelectorAll("fieldset[data-step]")];
const text = form.elements.text;
const status = document.getElementById("da-luu");
const titles = document.title;
let photos = [];
let current = 0;
let key = freshKey();
let proof = null; // the promise of one, from the first letter on
let tapped = null;
let joined = ""; // the matter that the sender also met, once that was tapped

function freshKey() {
  return window.crypto?.randomUUID?.() ?? `${Date.now().toString(36)}-${Math.random().toString(36).slice(2)}${Math.random().toString(36).slice(2)}`;
}

function time() {
  const now = new Date();
  return `${String(now.getHours()).padStart(2, "0")}:${String(now.getMinutes()).padStart(2, "0")}`;
}

// ── steps ──
function show(index, focus = true) {
  current = index;
  steps.forEach((step, at) => { step.hidden = at !== index; });
  document.querySelectorAll("[data-dot]").forEach((dot, at) => {
    if (at === index) dot.setAttribute("aria-current", "step");
    else dot.removeAttribute("aria-current");
    dot.classList.toggle("done", at < index);
  });
  const legend = steps[index].querySelector("legend");
  document.title = `${legend.textContent.trim()} · ${titles}`;
  if (focus) { legend.tabIndex = -1; legend.focus(); window.scrollTo(0, 0); }
  if (index === 2) review();
}

function go(index) {
  if (index > 0 && !text.value.trim()) {
    fail("Viết vài chữ về chuyện bạn gặp, không dấu cũng được.", text);
    return;
  }
  clearFail();
  history.pushState({ step: index }, "");
  show(index);
}

window.addEventListener("popstate", (event) => show(event.state?.step ?? 0));
form.addEventListener("click", (event) => {
  const next = event.target.closest("[data-go]");
  if (!next) return;
  event.preventDefault();
  go(Number(next.dataset.go));
});

function fail(message, field) {
  const box = document.getElementById("loi");
  box.textContent = message;
  box.hidden = false;
  document.title = `Lỗi: ${titles}`;
  field?.setAttribute("aria-invalid", "true");
  (field ?? box).focus();
}
function clearFail() {
  document.getElementById("loi").hidden = true;
  form.querySelectorAll("[aria-invalid]").forEach((field) => field.removeAttribute("aria-invalid"));
}

// ── words ──
text.addEventListener("input", () => {
  document.getElementById("khan-cap").hidden = !isDanger(fold(text.value));
  document.getElementById("dem-chu").textContent = `${text.value.length}/${text.maxLength}`;
  clearFail();
  later();
  if (navigator.onLine) proof ??= prove(form.dataset.worker).catch(() => "");
});

// ── photos ──
const input = form.elements.photos;
const limit = Number(input.dataset.max);
input.addEventListener("change", async () => {
  const chosen = [...input.files];
  input.value = "";
  for (const file of chosen) {
    if (photos.length >= limit) { fail(`Tối đa ${limit} ảnh. Bỏ bớt một ảnh rồi thêm ảnh khác.`); break; }
    const photo = await shrink(file);
    if (photo) photos.push(photo);
    else fail(`Không mở được ảnh “${file.name}”. Chọn ảnh khác, hoặc gửi không cần ảnh.`);
  }
  drawPhotos();
  later();
});

function thumbnail(photo, at) {
  const item = document.createElement("li");
  const image = document.createElement("img");
  image.src = URL.createObjectURL(photo.blob);
  image.alt = `Ảnh ${at + 1}`;
  const remove = document.createElement("button");
  remove.type = "button";
  remove.textContent = "×";
  remove.setAttribute("aria-label", `Bỏ ảnh ${at + 1}`);
  remove.addEventListener("click", () => { photos.splice(at, 1); drawPhotos(); later(); });
  item.append(image, remove);
  return item;
}

function drawPhotos() {
  document.getElementById("anh-da-chon").replaceChildren(...photos.map(thumbnail));
}

// ── place ──
const lat = form.elements.lat;
const lng = form.elements.lng;
const where = document.getElementById("noi-da-chon");

function setPoint(latitude, longitude, words) {
  lat.value = Number(latitude).toFixed(6);
  lng.value = Number(longitude).toFixed(6);
  where.textContent = words;
  document.getElementById("bo-vi-tri").hidden = false;
  later();
}

document.getElementById("bo-vi-tri").addEventListener("click", () => {
  lat.value = lng.value = "";
  where.textContent = "";
  document.getElementById("bo-vi-tri").hidden = true;
  later();
});

const locate = document.getElementById("vi-tri-cua-toi");
locate.addEventListener("click", () => {
  let answered = false;
  const done = (words) => { if (!answered) { answered = true; locate.disabled = false; where.textContent = words; } };
  locate.disabled = true;
  where.textContent = "Đang tìm vị trí…";
  // Web views inside other apps may neither answer nor refuse, so the clock is our own.
  setTimeout(() => done("Máy chưa cho biết vị trí. Gõ tên đường, hẻm, phường xã cũng được."), 8000);
  if (!navigator.geolocation) { done("Máy này không có định vị. Gõ tên đường, hẻm, phường xã cũng được."); return; }
  navigator.geolocation.getCurrentPosition((position) => {
    const { latitude, longitude, accuracy } = position.coords;
    done("");
    setPoint(latitude, longitude, `Đã lấy vị trí, sai số khoảng ${Math.round(accuracy)} m`);
    map?.center(latitude, longitude);
  }, () => done("Máy không cho lấy vị trí. Gõ tên đường, hẻm, phường xã cũng được."), { enableHighAccuracy: true, timeout: 7500, maximumAge: 60000 });
});

let map = null;
const openMap = document.getElementById("mo-ban-do");
openMap?.addEventListener("click", async () => {
  openMap.disabled = true;
  try {
    const { pinMap } = await import("./map.js");
    map = pinMap(document.getElementById("ban-do"), (latitude, longitude) => setPoint(latitude, longitude, "Đã ghim vị trí trên bản đồ"));
    document.getElementById("khung-ban-do").hidden = false;
    map.ready(lat.value, lng.value);
    openMap.hidden = true;
  } catch {
    where.textContent = "Chưa mở được bản đồ. Gõ tên đường, hẻm, phường xã cũng được.";
    openMap.disabled = false;
  }
});
document.getElementById("khung-ban-do")?.addEventListener("click", (event) => {
  const arrow = event.target.closest("[data-pan]");
  if (arrow) map?.pan(arrow.dataset.pan);
});

// ── review ──
function review() {
  document.getElementById("xem-chu").textContent = text.value.trim();
  const gallery = document.getElementById("xem-anh");
  gallery.replaceChildren(...photos.map((photo, at) => {
    const image = document.createElement("img");
    image.src = URL.createObjectURL(photo.blob);
    image.alt = `Ảnh ${at + 1}`;
    return image;
  }));
  const words = [form.elements.place.value.trim(), lat.value ? "có ghim vị trí" : ""].filter(Boolean);
  document.getElementById("xem-noi").textContent = words.join(" · ") || "Chưa rõ nơi, cơ quan xử lý có thể hỏi lại";
  preview();
}

async function preview() {
  const box = document.getElementById("doc-thu");
  if (!form.dataset.preview || !box) return;
  const body = new FormData();
  for (const name of ["text", "place", "lat", "lng", "csrf"]) if (form.elements[name]) body.append(name, form.elements[name].value);
  try {
    const answer = await fetch(form.dataset.preview, { method: "POST", body, credentials: "same-origin" });
    box.innerHTML = answer.ok ? await answer.text() : "";
    const words = form.querySelector("[data-send-words]");
    words.textContent = box.querySelector("[name=join]") ? "Vẫn gửi báo cáo mới" : "Gửi";
  } catch {
    box.textContent = "";
  }
}

// ── keeping and sending ──
function fields() {
  const names = ["text", "place", "lat", "lng", "name", "phone", "email", "website", "csrf"];
  const values = Object.fromEntries(names.filter((name) => form.elements[name]).map((name) => [name, form.elements[name].value]));
  if (form.elements.public.checked) values.public = "1";
  if (joined) values.join = joined;
  return values;
}
function report(state) {
  return { key, state, fields: fields(), photos, at: Date.now() };
}

let timer = 0;
function later() {
  clearTimeout(timer);
  timer = setTimeout(async () => {
    if (text.value.trim() && await keep(report("draft"))) status.textContent = `✓ Đã lưu trên máy ${time()}`;
  }, 700);
}
form.addEventListener("change", later);

async function wait() {
  const kept = await keep(report("waiting"));
  document.getElementById("cho-mang").hidden = !kept;
  if (!kept) { fail("Mất mạng và máy không cho lưu. Đừng đóng trang này; có mạng thì bấm Gửi lại."); return; }
  form.hidden = true;
  const registration = await navigator.serviceWorker?.getRegistration?.();
  registration?.sync?.register("gui-phan-anh").catch(() => undefined);
  document.getElementById("cho-mang").focus();
}

function showAnswer(html) {
  const page = new DOMParser().parseFromString(html, "text/html");
  const summary = page.querySelector(".error-summary, .notice");
  fail(summary ? summary.textContent.trim().replace(/\s+/g, " ") : "Máy chủ đang bận, chữ bạn viết còn nguyên. Bấm gửi lại.");
}

form.addEventListener("click", (event) => { tapped = event.target.closest("button[type=submit]") ?? tapped; }, true);
form.addEventListener("submit", async (event) => {
  event.preventDefault();
  if (!text.value.trim()) { show(0); fail("Viết vài chữ về chuyện bạn gặp, không dấu cũng được.", text); return; }
  const pressed = event.submitter ?? tapped; // older phones do not tell which button it was
  joined = pressed?.name === "join" ? pressed.value : "";
  tapped = null;
  const buttons = form.querySelectorAll("[data-send], [name=join]");
  buttons.forEach((button) => { button.disabled = true; });
  clearTimeout(timer);
  try {
    if (!navigator.onLine) { await wait(); return; }
    const found = await proof;
    if (!lasts(found)) proof = null;
    const answer = await post(report("waiting"), found ?? "");
    if (answer.ok && answer.redirected) { await forget(key); location.assign(answer.url); return; }
    showAnswer(await answer.text());
  } catch {
    await wait();
  } finally {
    buttons.forEach((button) => { button.disabled = false; });
  }
});

async function offerDrafts() {
  const kept = (await all()).filter((one) => one.state === "draft" && one.fields.text.trim()).sort((a, b) => b.at - a.at);
  const box = document.getElementById("ban-nhap");
  if (!kept.length || text.value.trim()) return;
  box.querySelector("[data-words]").textContent = kept[0].fields.text.slice(0, 80);
  box.hidden = false;
  box.querySelector("[data-continue]").addEventListener("click", () => { restore(kept[0]); box.hidden = true; });
  box.querySelector("[data-drop]").addEventListener("click", async () => { await forget(kept[0].key); box.hidden = true; });
}

function restore(kept) {
  key = kept.key;
  photos = kept.photos;
  for (const [name, value] of Object.entries(kept.fields)) {
    const field = form.elements[name];
    if (!field || name === "csrf") continue;
    if (field.type === "checkbox") field.checked = true;
    else field.value = value;
  }
  if (lat.value) setPoint(lat.value, lng.value, "Đã có vị trí");
  drawPhotos();
  text.dispatchEvent(new Event("input"));
}

document.documentElement.classList.add("steps");
history.replaceState({ step: 0 }, "");
show(0, false);
offerDrafts();
