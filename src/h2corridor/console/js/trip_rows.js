// The files and rows a trip was measured from; each opens to its frames.

import { ask, fill, made } from "./asked.js";
import { showRows } from "./row.js";

/** List the rows of a trip in a place; the frames of a file are asked for when it is opened. */
export function showTripRows(place, trip) {
  return fill(place, ask("/api/trip", { trip }), ({ rows }) => {
    const list = document.createElement("ul");
    list.append(...rows.map(fileOfTrip));
    place.append(list);
    list.querySelector("details")?.setAttribute("open", "");
  });
}

function fileOfTrip({ file, row, last_row: last, readings }) {
  const item = made("rows");
  item.querySelector("code").textContent = file;
  item.querySelector(".rows").textContent = document
    .getElementById("rows-said-template")
    .content.textContent.replace("%first%", row)
    .replace("%last%", last)
    .replace("%count%", readings);
  const details = item.querySelector("details");
  const middle = Math.floor((row + last) / 2);
  details.addEventListener("toggle", () => {
    const place = details.querySelector(".below");
    if (details.open && !place.hasChildNodes()) showRows(place, file, middle);
  });
  return item;
}
