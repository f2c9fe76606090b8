// Numbers and instants for reading: decimal texts rounded half to even, in groups of three. The exact ones stand in the tree.

const _NARROW_SPACE = "\u202f";

/** A decimal text rounded to so many places, or null where the text is no number. */
function roundedText(text, places) {
  if (typeof text !== "string" || !/^-?[0-9]{1,200}(\.[0-9]{1,200})?$/.test(text)) return null;
  const shown = new Decimal(Decimal.of(text).units(places), -places).toString();
  const [whole, fraction] = shown.split(".");
  const grouped = whole.replace(/\B(?=([0-9]{3})+$)/g, _NARROW_SPACE).replace("-", "\u2212");
  return fraction ? `${grouped}.${fraction}` : grouped;
}

/** A number with its unit, as elements. */
function quantity(text, unit, places) {
  const shown = roundedText(text, places);
  if (shown === null) return element("span", { class: "small" }, say("unknown"));
  return element("span", {}, element("span", { class: "number" }, shown), " ", element("span", { class: "unit" }, unit));
}

/** A share of one as percent. */
function percent(text) {
  if (text === null) return element("span", { class: "small" }, say("unknown"));
  const scaled = Decimal.of(text);
  return quantity(new Decimal(scaled.coefficient, scaled.exponent + 2).toString(), "%", 1);
}

/** How wide a bar is, 0 to 100, for a number beside the largest one. */
function widthOf(text, largest) {
  const size = Math.abs(Number(text));
  return largest > 0 ? Math.min(100, (100 * size) / largest) : 0;
}

/** An instant to the minute, with its own offset: 2026-03-02 07:12 (+08:00). */
function instantText(text) {
  const match = /^(.{10})T(.{5}).*(Z|[-+].{5})$/.exec(text ?? "");
  return match ? `${match[1]} ${match[2]} (${match[3] === "Z" ? "UTC" : match[3]})` : "…";
}
