// Elements of the page. Whatever a bundle says enters as text content, never as markup.

const SVG = "http://www.w3.org/2000/svg";
// Control characters and marks that turn the direction of writing: shown as what they are, a foreign character.
const _HIDDEN = /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/g;
const _SHOWN_LENGTH_MAX = 4_000;

/** An element with attributes and children; texts become text nodes, null and false are left out. */
function element(name, attributes = {}, ...children) {
  return _made(document.createElement(name), attributes, children);
}

/** The same in SVG. */
function drawn(name, attributes = {}, ...children) {
  return _made(document.createElementNS(SVG, name), attributes, children);
}

function _made(made, attributes, children) {
  for (const [key, value] of Object.entries(attributes)) {
    if (value !== null && value !== false) made.setAttribute(key, value === true ? "" : value);
  }
  made.append(...children.flat().filter((child) => child !== null && child !== false && child !== undefined));
  return made;
}

/** A text that came from the bundle: isolated in its direction of writing, without hidden characters. */
function foreign(text, attributes = {}) {
  const whole = String(text ?? "").replace(_HIDDEN, "\ufffd");
  const short = whole.length > _SHOWN_LENGTH_MAX ? `${whole.slice(0, _SHOWN_LENGTH_MAX)}…` : whole;
  return element("bdi", attributes, short);
}

/** A sentence in which foreign texts stand in the place of their names. */
function sentence(text, values) {
  return text.split(/(\{\w+\})/).map((part) => {
    const name = /^\{(\w+)\}$/.exec(part)?.[1];
    if (name === undefined) return part;
    return values[name] === undefined ? "" : foreign(values[name]);
  });
}

/** A term and what it is, for a list of definitions. */
function row(term, ...what) {
  return element("div", {}, element("dt", {}, term), element("dd", {}, ...what));
}

const _MARKS = {
  holds: "M10 25l9 9 19-21",
  refused: "M13 13l22 22M35 13L13 35",
  unpinned: "M24 10v18M24 37v.5",
  waiting: "M15 24h18",
};

/** The sign beside a verdict or a step: it says the same as the words, for the eye. */
function mark(kind) {
  const ring = drawn("circle", { cx: 24, cy: 24, r: 21.5 });
  return drawn("svg", { class: "mark", viewBox: "0 0 48 48", "aria-hidden": "true" }, ring, drawn("path", { d: _MARKS[kind] }));
}

/** A heading with the section that it names. */
function section(id, title, ...children) {
  return element("section", { "aria-labelledby": id }, element("h2", { id }, title), ...children);
}
