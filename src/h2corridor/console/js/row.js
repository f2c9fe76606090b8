// A received row: its cells or its frame, where it stands, and what rests on it; one row at a time, with its neighbours.

import { ask, fill, made, word } from "./asked.js";
import { framePicture } from "./frame.js";

/** Show rows of a file in a place, beginning with one; `onShown` is told the number of each row that is shown. */
export function showRows(place, file, first, onShown = () => {}) {
  const box = made("row");
  const part = (name) => box.querySelector(`[data-part="${name}"]`);
  let last = first;
  const show = (number) =>
    fill(part("body"), ask("/api/row", { file, row: number, words: document.documentElement.dataset.language }), (row) => {
      last = row.rows;
      part("body").append(row.frame ? framePicture(row.frame) : cellTable(row.cells));
      if (row.frame) part("body").prepend(received(row.cells));
      facts(part, row);
      part("input").value = number;
      part("input").max = last;
      part("previous").disabled = number <= 1;
      part("next").disabled = number >= last;
      onShown(number);
    });
  const move = (number) => show(Math.min(Math.max(1, number || 1), last));
  part("previous").addEventListener("click", () => move(Number(part("input").value) - 1));
  part("next").addEventListener("click", () => move(Number(part("input").value) + 1));
  part("input").addEventListener("change", () => move(Number(part("input").value)));
  part("input").value = first;
  place.replaceChildren(box);
  return show(first);
}

function facts(part, row) {
  part("file").textContent = row.file.path;
  part("number").textContent = `${row.row} ${word("of")} ${row.rows}`;
  part("sha256").textContent = row.file.sha256;
  part("leaf").textContent = row.file.leaf_index ?? word("nothing");
  listed(part("trips"), row.trips, (trip) => link(`/trips#${trip}`, trip));
  listed(part("figures"), row.figures, (figure) =>
    link(`/shipment?id=${encodeURIComponent(figure.consignment_id)}`, figure.consignment_id),
  );
  listed(part("findings"), row.findings, (finding) => link(`/findings#${finding.finding_id}`, finding.check));
}

function listed(place, values, shown) {
  place.replaceChildren();
  if (values.length === 0) place.textContent = word("nothing");
  values.forEach((value, number) => place.append(...(number ? [", "] : []), shown(value)));
}

function link(address, words) {
  const anchor = document.createElement("a");
  anchor.href = address;
  anchor.textContent = words;
  return anchor;
}

function received(cells) {
  const line = document.createElement("p");
  line.className = "small";
  line.textContent = Object.entries(cells).map(([name, cell]) => `${name} ${cell}`).join(" · ");
  return line;
}

function cellTable(cells) {
  const table = made("cells");
  for (const [name, cell] of Object.entries(cells)) {
    const row = table.tBodies[0].insertRow();
    const head = document.createElement("th");
    head.scope = "row";
    head.textContent = name;
    row.append(head);
    row.insertCell().textContent = cell === "" ? "—" : cell;
  }
  return table;
}
