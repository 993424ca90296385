// A small map opens on a tap, once.
document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-show-map]");
  if (!button) return;
  const box = document.getElementById(button.dataset.showMap);
  button.hidden = true;
  box.hidden = false;
  const { showMap } = await import("./map.js");
  await showMap(box);
});
