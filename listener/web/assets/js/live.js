// Times that go on: "12 phút trước" grows by itself, and parts that ask for a beat get one a minute while the page is seen.
const MINUTE = 60000;

function pad(number) {
  return String(number).padStart(2, "0");
}

/** The words for an age under an hour, and "hôm nay 08:12" right after; null leaves the server's words. */
export function ago(then, now) {
  const minutes = Math.floor((now - then) / MINUTE);
  if (minutes < 0) return null;
  if (minutes < 1) return "vừa xong";
  if (minutes < 60) return `${minutes} phút trước`;
  return then.toDateString() === now.toDateString() ? `hôm nay ${pad(then.getHours())}:${pad(then.getMinutes())}` : null;
}

function refresh() {
  const now = new Date();
  document.querySelectorAll("time[data-live]").forEach((element) => {
    const words = /(vừa xong|phút trước)$/.test(element.textContent) && ago(new Date(element.dateTime), now);
    if (words) element.textContent = words;
  });
  document.querySelectorAll("time.due").forEach((element) => {
    if (!/^còn \d+ phút$/.test(element.textContent)) return;
    // The server counts office hours only, so the clock may say more than it did; never show more than it said.
    const said = Number(/\d+/.exec(element.textContent)[0]);
    const left = Math.min(said, Math.floor((new Date(element.dateTime) - now) / MINUTE));
    element.textContent = left > 0 ? `còn ${left} phút` : "vừa quá hạn";
    element.classList.toggle("over", left <= 0);
  });
}

function beat() {
  if (document.visibilityState !== "visible") return;
  refresh();
  document.body.dispatchEvent(new Event("nhip"));
}

setInterval(beat, MINUTE);
window.addEventListener("pageshow", (event) => { if (event.persisted) beat(); else refresh(); });
