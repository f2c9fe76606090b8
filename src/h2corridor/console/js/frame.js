// A frame: its bytes in hexadecimal and its fields in a table, each pointing at the other.

import { made, shown, word } from "./asked.js";

/** The bytes and the field table of a frame as the server gives it. */
export function framePicture(frame) {
  const picture = made("frame");
  const part = (name) => picture.querySelector(`[data-part="${name}"]`);
  part("size").textContent = frame.size ?? "?";
  part("edition").textContent = frame.edition ?? "";
  part("verdict").textContent = frame.error ?? word(frame.verdict);
  part("message").textContent = frame.message ?? "";
  part("hex").append(...frame.fields.map(bytesOf));
  picture.querySelector("table").append(...groups(frame.fields));
  picture.addEventListener("mouseover", (event) => point(picture, event));
  picture.addEventListener("click", (event) => point(picture, event, true));
  return picture;
}

function bytesOf(field, number) {
  const bytes = document.createElement("span");
  bytes.dataset.field = number;
  bytes.title = `${field.offset}: ${field.label}`;
  bytes.className = `group-${groupParity(field)}`;
  bytes.textContent = field.hex.match(/../g)?.join(" ") ?? "";
  return bytes;
}

function groupParity(field) {
  return field.group_number === "" ? "frame" : Number(field.group_number) % 2;
}

function groups(fields) {
  const bodies = [];
  fields.forEach((field, number) => {
    if (number === 0 || field.group !== fields[number - 1].group) bodies.push(groupHead(field));
    bodies.at(-1).append(fieldRow(field, number));
  });
  return bodies;
}

function groupHead(field) {
  const body = document.createElement("tbody");
  const head = document.createElement("th");
  head.colSpan = 5;
  head.scope = "rowgroup";
  head.textContent = field.group_label;
  const row = document.createElement("tr");
  row.append(head);
  body.append(row);
  return body;
}

function fieldRow(field, number) {
  const row = document.createElement("tr");
  row.dataset.field = number;
  const value = field.status && field.value === null ? word(field.status) : shown(field.value);
  const status = field.status && field.value !== null && field.status !== "holds" ? ` (${word(field.status)})` : "";
  const unit = field.unit && value ? ` ${field.unit}` : "";
  row.append(
    cell("td", field.offset, "offset"),
    cell("th", field.label),
    cell("td", spaced(field.hex), "bytes"),
    cell("td", shown(field.raw), "right"),
    cell("td", `${value}${unit}${status}` || (field.status ? word(field.status) : ""), "right"),
  );
  return row;
}

function spaced(hex) {
  const bytes = hex.match(/../g) ?? [];
  return bytes.length > 20 ? `${bytes.slice(0, 20).join(" ")} …` : bytes.join(" ");
}

function cell(kind, words, name = "") {
  const found = document.createElement(kind);
  if (kind === "th") found.scope = "row";
  found.className = name;
  found.textContent = words;
  return found;
}

/** Mark the bytes and the row of the field under the pointer; a click also brings the other one into view. */
function point(picture, event, follow = false) {
  const from = event.target.closest("[data-field]");
  if (!from) return;
  for (const each of picture.querySelectorAll("[data-field].pointed")) each.classList.remove("pointed");
  for (const each of picture.querySelectorAll(`[data-field="${from.dataset.field}"]`)) {
    each.classList.add("pointed");
    if (follow && each !== from) each.scrollIntoView({ block: "nearest" });
  }
}
