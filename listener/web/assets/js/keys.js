// Keyboard: buttons and links name their key in data-key. Never Backspace, which Vietnamese input methods send by themselves.
const SPECIAL = { Slash: "/", BracketLeft: "[", BracketRight: "]" };

/** The key a person pressed, by its place on the board, so that an input method does not change it. */
export function keyOf(event) {
  if (event.code.startsWith("Key")) return event.code.slice(3).toLowerCase();
  if (event.code.startsWith("Digit")) return event.code.slice(5);
  if (event.code === "Slash" && event.shiftKey) return "?";
  return SPECIAL[event.code] ?? event.code;
}

function isTyping(target) {
  return target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName) && target.type !== "checkbox";
}

const rows = () => [...document.querySelectorAll("tr[data-item], [data-card]")];
let current = -1;

function move(step) {
  const all = rows();
  if (!all.length) return;
  current = Math.min(Math.max(current + step, 0), all.length - 1);
  all.forEach((row, index) => row.classList.toggle("cursor", index === current));
  all[current].scrollIntoView({ block: "nearest" });
  all[current].querySelector("a.words, a")?.focus({ preventScroll: true });
}

/** A key acts within the marked row first, then anywhere on the page. */
function press(key) {
  const row = rows()[current];
  const selector = `[data-key="${CSS.escape(key)}"]:not([disabled])`;
  const target = row?.querySelector(selector) ?? document.querySelector(`main ${selector}, .undo-bar ${selector}, .bulk-bar:not([hidden]) ${selector}`);
  if (!target) return false;
  if (target.matches("input, textarea")) target.focus();
  else target.click();
  return true;
}

function help() {
  document.getElementById("phim-tat")?.showModal();
}

function act(key) {
  if (key === "j") move(1);
  else if (key === "k") move(-1);
  else if (key === "/") (document.getElementById("tim") ?? document.getElementById("q"))?.focus();
  else if (key === "?") help();
  else if (key === "x") rows()[current]?.querySelector("input[name=ids]")?.click();
  else return press(key);
  return true;
}

document.addEventListener("keydown", (event) => {
  if (document.body.classList.contains("no-keys") || document.querySelector("dialog[open]")) return;
  if (event.isComposing || event.keyCode === 229 || event.ctrlKey || event.altKey || event.metaKey || isTyping(event.target)) return;
  if (act(keyOf(event))) event.preventDefault();
});
