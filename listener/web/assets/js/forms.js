// Forms: one sending per click, counts of ticked rows, drafts that outlive a lost session.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post" || form.hasAttribute("hx-post")) return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "1";
  form.querySelectorAll("button").forEach((button) => button.classList.add("busy"));
});
window.addEventListener("pageshow", () => {
  document.querySelectorAll("form[data-sent]").forEach((form) => {
    delete form.dataset.sent;
    form.querySelectorAll(".busy").forEach((button) => button.classList.remove("busy"));
  });
});

// Rows: the bar appears with the first tick and says how many are ticked.
function ticked() {
  return document.querySelectorAll("input[name=ids]:checked");
}
function countTicked() {
  const bulk = document.querySelector(".bulk-bar");
  if (!bulk) return;
  const count = ticked().length;
  bulk.hidden = count === 0;
  bulk.querySelector("[data-count]").textContent = String(count);
}
document.addEventListener("change", (event) => {
  if (event.target.matches("[data-all]")) {
    const scope = event.target.closest("table") ?? document;
    scope.querySelectorAll("input[name=ids]").forEach((box) => { box.checked = event.target.checked; });
  }
  if (event.target.matches("input[name=ids], [data-all]")) countTicked();
  if (event.target.matches("[data-submits]")) event.target.form?.requestSubmit();
});
document.addEventListener("click", (event) => {
  if (!event.target.closest("[data-untick]")) return;
  document.querySelectorAll("input[name=ids]:checked, [data-all]:checked").forEach((box) => { box.checked = false; });
  countTicked();
});
document.addEventListener("htmx:after:swap", countTicked);
window.addEventListener("pageshow", countTicked);

// Words typed into [data-draft] are kept in this tab until the answer stands; restricted pages never carry it.
document.querySelectorAll("textarea[data-draft]").forEach((area) => {
  const key = `nhap:${area.dataset.draft}`;
  const kept = sessionStorage.getItem(key);
  if (kept && !area.value) area.value = kept;
  area.addEventListener("input", () => sessionStorage.setItem(key, area.value));
});
// Kept even when sending, in case the session has ended; gone once the page shows the answer.
document.querySelectorAll("[data-answered]").forEach((box) => sessionStorage.removeItem(`nhap:${box.dataset.answered}`));

document.addEventListener("input", (event) => {
  const counter = event.target.id && document.querySelector(`[data-counts="${event.target.id}"]`);
  if (counter) counter.textContent = `${event.target.value.length}/${event.target.maxLength}`;
});
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-reveal]");
  if (!button) return;
  const field = document.getElementById(button.dataset.reveal);
  field.type = field.type === "password" ? "text" : "password";
  button.textContent = field.type === "password" ? "Hiện" : "Ẩn";
});

// The search field is searched as one types; its change on leaving would load the list again under the row just ticked.
document.addEventListener("change", (event) => event.target.id === "q" && event.stopPropagation(), true);
