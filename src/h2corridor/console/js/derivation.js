// The derivation of a figure as a tree: each step opens to what it was computed from, leaves to rows, rows to frames.

import { ask, fill, made, shown } from "./asked.js";
import { showRows } from "./row.js";
import { showTripRows } from "./trip_rows.js";

const DEPTH_MAX = 40;
const DIGITS_MAX = 10;
const BUTTONS_MAX = 40;
const HEADLINE = "wtw_kgco2e[chain]";
const MEASURED = /^(hydrogen_kg|baseline_distance_km)\[/;
const chinese = document.documentElement.dataset.language === "zh";
const place = document.querySelector("[data-figure]");
const opening = place?.querySelector("[data-open-derivation]");

if (opening) {
  opening.addEventListener("click", () =>
    fill(place, ask("/api/derivation", { figure: place.dataset.figure }), showFigure),
  );
  opening.disabled = false;
}

function showFigure(figure) {
  const steps = new Map((figure.steps ?? []).map((step) => [step.id, step]));
  place.append(tree(figure.steps ?? [], steps));
  for (const comparison of figure.comparisons ?? []) {
    const own = new Map([...steps, ...(comparison.steps ?? []).map((step) => [step.id, step])]);
    const head = made("method");
    head.querySelector("span").textContent = methodName(comparison.method);
    place.append(head, tree(comparison.steps ?? [], own));
  }
  place.querySelector("details")?.setAttribute("open", "");
  place.querySelector("summary")?.focus();
}

function methodName(method) {
  const names = new Map((place.dataset.names ?? "").split("|").map((each) => each.split("=")));
  return names.get(method) ?? method;
}

function tree(list, steps) {
  const root = document.createElement("ul");
  root.className = "tree";
  root.append(...goals(list).map((id) => node(id, steps, 0)));
  return root;
}

/** Where reading begins: the headline number, then every number that no other is computed from. */
function goals(list) {
  const used = new Set(list.flatMap((step) => step.inputs ?? []));
  const ends = list.map((step) => step.id).filter((id) => !used.has(id));
  return list.some((step) => step.id === HEADLINE) ? [...new Set([HEADLINE, ...ends])] : ends;
}

/** One step; its inputs are made when it is opened for the first time. */
function node(id, steps, depth) {
  const step = steps.get(id) ?? { id, value: null };
  const inputs = depth < DEPTH_MAX ? (step.inputs ?? []) : [];
  const item = made(inputs.length > 0 ? "step" : "leaf");
  item.querySelector(".step-label").textContent = labelOf(step);
  item.querySelector(".step-value").textContent = valueOf(step);
  item.querySelector(".notes").append(...notes(step));
  if (inputs.length > 0) {
    const details = item.querySelector("details");
    details.addEventListener("toggle", () => {
      const below = details.querySelector(".inputs");
      if (details.open && !below.hasChildNodes()) below.append(...inputs.map((each) => node(each, steps, depth + 1)));
    });
  } else {
    sources(item, step);
  }
  return item;
}

function labelOf(step) {
  const label = chinese ? step.label_zh ?? step.label_en : step.label_en ?? step.label_zh;
  const where = step.id.match(/\[(.*)\]$/)?.[1];
  return where && where !== "chain" ? `${label ?? step.id} · ${where}` : (label ?? step.id);
}

/** The value for reading; one of many digits is shortened, and stands whole among the notes. */
function valueOf(step) {
  const unit = step.unit && step.unit !== "1" ? ` ${step.unit}` : "";
  return `${isLong(step) ? `≈ ${shown(Number(step.value).toPrecision(7))}` : shown(step.value)}${unit}`;
}

function isLong(step) {
  return (step.value ?? "").replace(/[-.]/g, "").length > DIGITS_MAX;
}

function notes(step) {
  const found = [];
  if (isLong(step)) found.push(filled("exact", ".exact", shown(step.value)));
  if (step.formula) found.push(filled("formula", "code", step.formula));
  if (step.clause === "unseen") found.push(made("unseen"));
  else if (step.clause) found.push(filled("clause", "span:last-child", step.clause));
  if (step.from) {
    const line = filled(step.from.kind, "code", rowsOf(step.from).join(", "));
    line.querySelector(".source").textContent = step.from.source ?? "";
    found.push(line);
  }
  return found;
}

/** Every row that a value is made of, as FILE#ROW; a file alone where it names no row. */
function rowsOf({ file, row, rows }) {
  if (rows?.length) return rows;
  return file ? [row ? `${file}#${row}` : file] : [];
}

function filled(template, part, words) {
  const line = made(template);
  line.querySelector(part).textContent = words;
  return line;
}

/** Buttons below a leaf that lead on: to the rows it is made of, and from what was measured to trips and frames. */
function sources(item, step) {
  const { file, row } = step.from ?? {};
  if (!file || !row) return;
  const below = item.querySelector(".below");
  const bar = document.createElement("p");
  bar.className = "buttons";
  const answer = document.createElement("div");
  below.append(bar, answer);
  if (file === "vehicles.csv" && MEASURED.test(step.id)) {
    const button = made("show-trips");
    button.addEventListener("click", () => showTrips(answer, row));
    bar.append(button);
  }
  for (const reference of rowsOf(step.from).slice(0, BUTTONS_MAX)) {
    const [name, number] = reference.split("#");
    const button = made("show-row");
    button.querySelector("span").textContent = reference;
    button.addEventListener("click", () => showRows(answer, name, Number(number)));
    bar.append(button);
  }
}

function showTrips(answer, row) {
  return fill(answer, ask("/api/truck-trips", { figure: place.dataset.figure, row }), ({ trips }) => {
    answer.append(...trips.map(tripOf));
    answer.querySelector("details")?.setAttribute("open", "");
  });
}

function tripOf({ trip_id: trip, hydrogen_used_kg: mass }) {
  const details = made("trip");
  details.querySelector(".trip-id").textContent = trip;
  details.querySelector(".step-value").textContent = `${mass} kg`;
  details.addEventListener("toggle", (event) => {
    const below = details.querySelector(":scope > .inputs");
    if (event.target === details && details.open && !below.hasChildNodes()) {
      const item = document.createElement("li");
      below.append(item);
      showTripRows(item, trip);
    }
  });
  return details;
}
