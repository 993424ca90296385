// The map: opened on demand, panned under a fixed pin by finger or by buttons; ward names as ground where the city hosts no tiles.
import { DomEvent, circleMarker, divIcon, map as leafletMap, marker, tileLayer } from "leaflet/dist/leaflet-src.esm.js";

const STEP = { up: [0, -60], down: [0, 60], left: [-60, 0], right: [60, 0] };

function dataOf(box) {
  const script = document.getElementById(box.dataset.points);
  return script ? JSON.parse(script.textContent) : {};
}

function loadStyles(box) {
  if (document.querySelector("link[data-map]")) return Promise.resolve();
  return new Promise((resolve) => {
    const link = document.createElement("link");
    link.rel = "stylesheet";
    link.href = box.dataset.css;
    link.dataset.map = "";
    link.onload = link.onerror = resolve;
    document.head.append(link);
  });
}

function ground(map, data) {
  if (data.tiles) tileLayer(data.tiles, { maxZoom: 19, attribution: data.credit ?? "" }).addTo(map);
  for (const area of data.areas ?? []) {
    const icon = divIcon({ className: "ward-name", html: "", iconSize: [140, 28] });
    const name = marker([area.lat, area.lng], { icon, interactive: false, keyboard: false }).addTo(map);
    name.getElement().textContent = area.name;
  }
  // From afar the names would lie on one another; their dots stay.
  const thin = () => map.getContainer().classList.toggle("far", map.getZoom() < 12);
  map.on("zoomend", thin);
  thin();
}

/** A map whose centre is the chosen point; `chosen(lat, lng)` hears each move. */
export function pinMap(box, chosen) {
  let map = null;
  return {
    async ready(lat, lng) {
      await loadStyles(box);
      const data = dataOf(box);
      map = leafletMap(box, { zoomControl: false, attributionControl: Boolean(data.credit), keyboard: true });
      map.setView(lat ? [Number(lat), Number(lng)] : data.center, lat ? 17 : 13);
      ground(map, data);
      map.on("moveend", () => { const { lat: y, lng: x } = map.getCenter(); chosen(y, x); });
    },
    center(lat, lng) { map?.setView([lat, lng], 17); },
    pan(direction) {
      if (direction === "in") map?.zoomIn();
      else if (direction === "out") map?.zoomOut();
      else map?.panBy(STEP[direction]);
    },
  };
}

/** A small map that only shows where something is. */
export async function showMap(box) {
  await loadStyles(box);
  const data = dataOf(box);
  const map = leafletMap(box, { scrollWheelZoom: false, attributionControl: Boolean(data.credit) });
  const [first] = data.points;
  map.setView([first.lat, first.lng], 15);
  ground(map, data);
  for (const point of data.points) {
    const style = { radius: 9, weight: 3, color: "#fff", fillColor: "#a8121d", fillOpacity: 1 };
    const dot = circleMarker([point.lat, point.lng], style).addTo(map).bindTooltip(words(point.name));
    if (point.url) dot.on("click", () => location.assign(point.url));
  }
  const all = data.points.map((point) => [point.lat, point.lng]);
  if (all.length > 1) map.fitBounds(all, { padding: [24, 24], maxZoom: 16 });
  DomEvent.disableScrollPropagation(box);
}

function words(plain) {
  const span = document.createElement("span");
  span.textContent = plain;
  return span;
}
