// The page of one received row; the address follows the row that is shown.

import { showRows } from "./row.js";

const place = document.querySelector("[data-file]");
const { file, row } = place.dataset;

showRows(place, file, Number(row) || 1, (number) => {
  history.replaceState(null, "", `?${new URLSearchParams({ file, row: number })}`);
});
