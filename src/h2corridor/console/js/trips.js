// The page of trips: each opens to the frames it was measured from.

import { showTripRows } from "./trip_rows.js";

for (const place of document.querySelectorAll("[data-trip-frames]")) {
  const button = place.querySelector("button");
  button.addEventListener("click", () => showTripRows(place, place.dataset.tripFrames));
  button.disabled = false;
}
