// The derivation as a tree that opens line by line; what is closed is not built yet.

/** The tree of one goal: its step and, as they are opened, the steps it uses. */
function stepTree(id, steps, open = false) {
  const step = steps.get(id);
  return element("div", { class: "tree" }, step ? _branch(step, steps, open) : null);
}

function _line(step) {
  const value = roundedText(step.value, 12) ?? step.value;
  return [
    foreign(fullWidth(ofBoth(step, "label_"))),
    foreign(value, { class: "step-value" }),
    " ",
    foreign(step.unit === "1" ? "" : step.unit, { class: "unit" }),
  ];
}

function _branch(step, steps, open) {
  if (!step.formula) return element("div", { class: "leaf" }, element("p", {}, ..._line(step)), _origin(step.from));
  const branch = element("details", { class: "step" }, element("summary", {}, ..._line(step)));
  const build = () => {
    if (branch.childElementCount > 1) return;
    const inputs = step.inputs.map((id) => steps.get(id)).filter(Boolean);
    branch.append(_rule(step), element("div", { class: "inputs" }, ...inputs.map((input) => _branch(input, steps, false))));
  };
  branch.addEventListener("toggle", build);
  if (open) {
    build();
    branch.open = true;
  }
  return branch;
}

function _noted(name, ...what) {
  return element("p", {}, say("labelled", { name: say(name) }), ...what);
}

function _rule(step) {
  const clauses = { unseen: say("clause_unseen"), own: say("clause_own") };
  const clause = Object.hasOwn(clauses, step.clause) ? clauses[step.clause] : foreign(step.clause);
  return element(
    "div",
    { class: "notes" },
    _noted("formula", foreign(step.formula, { class: "mono" })),
    _noted("rule", foreign(`${step.rule} · ${step.edition}`), ` · ${say("labelled", { name: say("clause") })}`, clause),
    step.guard ? _noted("guard", foreign(`${step.guard.quantity} ≤ ${step.guard.at_most}`, { class: "mono" })) : null,
  );
}

/** Where a leaf is from: a place in the chain, or a published value. */
function _origin(from) {
  const notes = [];
  if (from.kind === "parameter") notes.push(..._publishedValue(from));
  else notes.push(_noted("place", foreign(from.path, { class: "mono" })));
  if (from.kind !== "parameter" && from.source) notes.push(_noted("source", foreign(from.source)));
  if (Array.isArray(from.refs) && from.refs.length) notes.push(_noted("refs", foreign(from.refs.join(say("between")))));
  return element("div", { class: "notes" }, ...notes);
}

function _publishedValue(from) {
  const page = from.page === "unseen" ? say("page_unseen") : `${say("page")} ${from.page}`;
  const notes = [_noted("source", foreign(from.source), " · ", foreign(page), " · ", foreign(from.edition))];
  if (from.holds_from) {
    const until = from.holds_until ?? "…";
    const holds = `${from.holds_from} – ${until}`;
    const note = from.age_years ? say("older", { years: from.age_years }) : null;
    notes.push(_noted("holds", foreign(note ? say("beside", { name: holds, note }) : holds)));
  }
  if (from.region) notes.push(_noted("region", foreign(from.region)));
  if (from.boundary) notes.push(_noted("boundary", say(`boundary_${from.boundary === "direct" ? "direct" : "life_cycle"}`)));
  return notes;
}
