// The map: one trip, or the trips of one shipment, stand out; picked in the list, on the map or in the select,
// which also brings them closer.

const map = document.querySelector(".map > svg");
const picker = document.querySelector("[data-pick-list]");
const lines = map ? [...map.querySelectorAll("[data-trip]")] : [];
const whole = map?.getAttribute("viewBox").split(" ").map(Number);
const AROUND = 1.9;
const CLOSEST = 12;
const cards = [...document.querySelectorAll("[data-pick]")];

function option(pick) {
  return pick ? [...picker.options].find((each) => each.value === pick) : undefined;
}

/** Let the trips of a pick stand out; nothing picked shows all alike. */
function highlight(pick) {
  const trips = new Set((option(pick)?.dataset.trips ?? "").split(" ").filter(Boolean));
  map.classList.toggle("picking", trips.size > 0);
  for (const line of lines) line.classList.toggle("chosen", trips.has(line.dataset.trip));
}

/** Show the part of the map that holds the lines that stand out, never closer than CLOSEST times; or all of it. */
function zoom() {
  const boxes = lines.filter((line) => line.classList.contains("chosen")).map((line) => line.getBBox());
  const [, , width, height] = whole;
  let view = whole;
  if (boxes.length > 0) {
    const west = Math.min(...boxes.map((box) => box.x));
    const north = Math.min(...boxes.map((box) => box.y));
    const east = Math.max(...boxes.map((box) => box.x + box.width));
    const south = Math.max(...boxes.map((box) => box.y + box.height));
    const part = Math.max(((east - west) * AROUND) / width, ((south - north) * AROUND) / height, 1 / CLOSEST);
    if (part < 0.9) {
      view = [(west + east - width * part) / 2, (north + south - height * part) / 2, width * part, height * part];
    }
  }
  map.setAttribute("viewBox", view.map((each) => each.toFixed(2)).join(" "));
  map.style.setProperty("--zoom", (width / view[2]).toFixed(3));
  map.classList.toggle("zoomed", view !== whole);
}

/** Keep a pick: its line under the map is shown, its card is marked. */
function keep(pick) {
  picker.value = option(pick) ? pick : "";
  highlight(picker.value);
  zoom();
  for (const each of document.querySelectorAll("[data-picked]")) each.hidden = each.dataset.picked !== picker.value;
  for (const card of cards) card.classList.toggle("chosen", card.dataset.pick === picker.value);
}

if (map && picker) {
  picker.addEventListener("change", () => keep(picker.value));
  map.addEventListener("click", (event) => {
    const line = event.target.closest("[data-trip]");
    keep(line ? `trip:${line.dataset.trip}` : "");
  });
  for (const card of cards) {
    for (const name of ["mouseenter", "focusin"]) card.addEventListener(name, () => highlight(card.dataset.pick));
    for (const name of ["mouseleave", "focusout"]) card.addEventListener(name, () => highlight(picker.value));
    card.addEventListener("click", (event) => {
      if (!event.target.closest("a")) keep(card.dataset.pick);
    });
  }
  keep(picker.value);
}
