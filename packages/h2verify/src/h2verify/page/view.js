// The result for people: a sentence first, then what moved, then every step. `outcome` is {name, result, figures, titles}.

const POLICY_UNREAD = "policy.form";

/** The verdict: one sentence, and what to do next. */
function verdictView({ name, result }) {
  const code = result.reason_code;
  const kind = code === null ? (result.trust === "pinned" ? "matches" : "unpinned") : NOT_A_BUNDLE_CODES.includes(code) ? "none" : "refused";
  const sign = { matches: "holds", unpinned: "unpinned", none: "refused", refused: "refused" }[kind];
  const { file_sha256: sha256, software } = result;
  const words = element(
    "div",
    {},
    element("p", { class: "sentence" }, say(`v_${kind === "refused" ? _refusedKind(code) : kind}`)),
    ...(code === null ? _heldWords(result) : _refusedWords(result)),
    element("p", { class: "small file-facts" }, ...sentence(inLanguage(TEXTS.file), { name, sha256: sha256 ?? say("file_too_large"), software })),
  );
  return element("div", { class: `verdict ${kind}` }, mark(sign), words);
}

function _heldWords(result) {
  const count = result.steps.filter((step) => step.status === "holds").length;
  const words = [element("p", {}, say("holds_to", { count, depth: say(`depth_${result.depth}`) }))];
  if (result.status.by !== null) words.push(element("p", { class: "superseded" }, ...sentence(inLanguage(TEXTS.superseded), result.status)));
  if (result.trust === "pinned") return words;
  const { issuer, issuer_fingerprint: fingerprint } = result.figure;
  const name = ofBoth(issuer, "name_") || issuer.party_id;
  words.push(element("p", {}, ...sentence(inLanguage(TEXTS.pin_how), { issuer: name })), fingerprintView(fingerprint));
  return words;
}

/** Whose file is at fault: the reader's policy, what came on the way, or what was signed. */
function _refusedKind(code) {
  if (code === POLICY_UNREAD) return "policy";
  return code.startsWith("container.") && Object.hasOwn(CAUSE_WORDS, code) ? "container" : "refused";
}

/** What a refusal means: the words of its code, where it has some, else those of its step. */
function _failsWords(step, code) {
  return Object.hasOwn(CAUSE_WORDS, code) ? ofBoth(CAUSE_WORDS[code], "") : ofBoth(STEP_WORDS[step.number - 1], "fails_");
}

function _refusedWords(result) {
  const step = result.steps.find((each) => each.status === "refused");
  const code = result.reason_code;
  return [
    element("p", {}, say("refused_why", { number: step.number, fails: _failsWords(step, code) })),
    element("p", { class: "small" }, say("refused_code"), " ", foreign(result.reason, { class: "mono", lang: "en" })),
  ];
}

/** The digest of a key in groups that can be read out. */
function fingerprintView(fingerprint) {
  const groups = fingerprint.match(/.{1,4}/g) ?? [];
  return element("div", { class: "fingerprint mono" }, ...groups.map((group) => element("span", {}, group)));
}

/** Everything below the verdict. */
function resultView(outcome) {
  const { result } = outcome;
  const steps = section("steps", say("steps"), stepsView(result));
  if (!result.figure) return [element("p", { class: "small" }, say("refused_figure")), steps];
  return [
    section("moved", say("moved"), ..._movedView(outcome)),
    section("about", say("about"), _aboutView(result)),
    steps,
    section("derivation", say("derivation"), element("p", { class: "small" }, say("derivation_what")), ..._treesView(outcome)),
    section("meaning", say("meaning"), ..._meaningView(result.figure)),
  ];
}

function _siteName(site) {
  return ofBoth(site, "name_") || site.site_id;
}

function _movedView({ result: { figure }, titles }) {
  const { consignment } = figure;
  const arrow = element("span", { class: "arrow", "aria-hidden": "true" }, "→");
  return [
    element("p", { class: "route" }, foreign(_siteName(consignment.origin_site)), arrow, foreign(_siteName(consignment.destination_site))),
    element("p", { class: "small" }, ..._consignmentWords(consignment)),
    element("div", { class: "columns" }, _numbersView(figure), element("div", {}, element("h3", {}, say("comparisons")), ..._comparisonsView(figure, titles))),
    element("h3", {}, say("not_covered")),
    _listView(figure.not_covered.map((each) => foreign(ofBoth(each, ""))), "nothing_left_out"),
    element("h3", {}, say("findings")),
    _listView(_alike(figure.findings).map(_findingView), "no_findings"),
  ];
}

function _consignmentWords(consignment) {
  const modes = consignment.modes.map((mode) => (Object.hasOwn(MODES, mode) ? inLanguage(MODES[mode]) : mode)).join(say("between"));
  const parts = [[say("consignment"), consignment.consignment_id], [say("goods"), consignment.goods], [say("modes"), modes]];
  const times = [consignment.departed_at, consignment.arrived_at].map(instantText).join(" – ");
  parts.push([say("when"), times]);
  const papers = [consignment.document_no, consignment.declaration_no, consignment.container_no, consignment.seal_no];
  parts.push([say("documents"), papers.filter(Boolean).join(say("between"))]);
  const known = parts.filter(([, value]) => value);
  return known.flatMap(([name, value], at) => [at ? " · " : "", say("labelled", { name }), foreign(value)]);
}

function _numbersView(figure) {
  const numbers = figure.figure;
  const rows = [
    row(say("ttw"), quantity(numbers.ttw_kgco2e, "kg CO₂e", 2)),
    row(say("wtt"), quantity(numbers.wtt_kgco2e, "kg CO₂e", 2)),
    row(say("mass"), quantity(figure.consignment.mass_kg, "kg", 3)),
    row(say("activity"), quantity(numbers.transport_activity_tkm, "t·km", 2)),
    row(say("intensity"), quantity(numbers.intensity_wtw_kgco2e_per_tkm, "kg CO₂e/(t·km)", 5)),
    row(say("intensity_ttw"), quantity(numbers.intensity_ttw_kgco2e_per_tkm, "kg CO₂e/(t·km)", 5)),
    numbers.hub_activity_t === "0" ? null : row(say("hub"), quantity(numbers.hub_activity_t, "t", 3)),
    row(say("share_emissions"), percent(figure.data_shares.primary_by_wtw_emissions)),
    row(say("share_activity"), percent(figure.data_shares.primary_by_transport_activity)),
  ];
  const caption = element("span", { class: "caption" }, say("wtw"));
  return element(
    "div",
    {},
    element("p", { class: "headline" }, caption, quantity(numbers.wtw_kgco2e, "kg CO₂e", 2)),
    element("dl", { class: "rows" }, ...rows),
  );
}

function _comparisonsView(figure, titles) {
  if (!figure.comparisons.length) return [element("p", { class: "small" }, say("no_comparisons"))];
  return figure.comparisons.map((each) => _comparisonView(each, titles[each.method]));
}

function _comparisonView(comparison, titles) {
  const title = element("h3", {}, foreign(fullWidth(ofBoth(titles, ""))));
  const caveat = element("p", { class: "small" }, foreign(fullWidth(ofBoth(comparison, "caveat_"))));
  if (comparison.status === "withheld") {
    const why = sentence(inLanguage(TEXTS.withheld), { why: whyWords(comparison.why) });
    return element("div", { class: "comparison" }, title, element("p", {}, ...why), caveat);
  }
  const difference = comparison.difference_kgco2e;
  const sign = difference === "0" ? "equal" : difference.startsWith("-") ? "costs" : "saves";
  return element(
    "div",
    { class: `comparison ${sign}` },
    title,
    element("p", { class: "says" }, say(sign, { number: roundedText(difference.replace("-", ""), 2) })),
    _barsView(comparison),
    comparison.status === "unsupported" ? element("p", { class: "note" }, say("unsupported")) : null,
    comparison.why ? element("p", { class: "small" }, foreign(whyWords(comparison.why))) : null,
    caveat,
  );
}

function _barsView(comparison) {
  const parts = [["this_transport", "project"], ["baseline", "baseline"]];
  const largest = Math.max(...parts.map(([, kind]) => Math.abs(Number(comparison[`${kind}_kgco2e`]))));
  const rows = parts.map(([name, kind]) => {
    const text = comparison[`${kind}_kgco2e`];
    const bar = drawn(
      "svg",
      { viewBox: "0 0 100 8", preserveAspectRatio: "none", "aria-hidden": "true" },
      drawn("rect", { class: "track", width: 100, height: 8 }),
      drawn("rect", { class: `of-${kind}`, width: widthOf(text, largest), height: 8 }),
    );
    return element("div", {}, element("span", { class: "bar-label" }, say(name)), bar, quantity(text, "kg", 2));
  });
  return element("div", { class: "bars" }, ...rows);
}

/** Findings that are said alike, once each, with how many they are. */
function _alike(findings) {
  const found = new Map();
  for (const each of findings) {
    const said = JSON.stringify([each.severity, ofBoth(each, "title_")]);
    found.set(said, { ...each, count: (found.get(said)?.count ?? 0) + 1 });
  }
  return [...found.values()];
}

function _findingView(finding) {
  const severity = element("span", { class: `severity ${finding.severity}` }, say(`severity_${finding.severity}`));
  return [severity, foreign(ofBoth(finding, "title_")), finding.count > 1 ? ` ${say("times", finding)}` : null];
}

function _listView(items, empty) {
  if (!items.length) return element("p", { class: "small" }, say(empty));
  return element("ul", { class: "list" }, ...items.map((item) => element("li", {}, ...[item].flat())));
}

/** What the issuer says of the statement, in a few words. */
function _standingWords(status) {
  return say(status.by === null ? "in_force" : "superseded_by", { by: status.by, at: instantText(status.as_of) });
}

function _aboutView({ figure, steps, status }) {
  const { issuer, validity, trial } = figure;
  const standing = _standingWords(status);
  const place = sentence(inLanguage(TEXTS.log_place), steps[3].details);
  const { valid_from: from, valid_until: until, stated_at: stated } = validity;
  const times = Object.entries({ from, until, stated }).map(([key, text]) => [key, instantText(text)]);
  const notes = figure.supplier_signatures.length;
  return element(
    "dl",
    { class: "rows wide" },
    row(say("issuer"), foreign(ofBoth(issuer, "name_") || issuer.party_id), " ", foreign(issuer.key, { class: "mono small" })),
    row(say("fingerprint"), foreign(figure.issuer_fingerprint, { class: "mono small" })),
    row(say("valid"), ...sentence(inLanguage(TEXTS.valid_range), { ...Object.fromEntries(times), standing })),
    row(say("log"), ...place),
    row(say("rule_set"), foreign(say("beside", { name: figure.rule_set.edition, note: figure.rule_set.status })), " ", foreign(figure.rule_set.digest, { class: "mono small" })),
    row(say("suppliers"), notes ? say("supplier_count", { count: notes }) : say("supplier_none")),
    row(say("trial"), foreign(ofBoth(trial, "title_") || trial.trial_id)),
    row(say("statement_id"), foreign(figure.statement_id, { class: "mono" })),
    ...(figure.supersedes === null ? [] : [row(say("supersedes"), ..._supersededView(figure.supersedes))]),
    row(say("figure_id"), foreign(figure.figure.figure_id, { class: "mono" })),
  );
}

/** The statement that this one takes the place of, and the files that changed since. */
function _supersededView({ statement_id: id, changed }) {
  const files = [...new Set(changed.map((each) => each.file))];
  return [foreign(id, { class: "mono" }), ...(files.length ? [" ", say("changed_since"), " ", foreign(files.join(say("between")))] : [])];
}

/** The eighteen steps with what each means. */
function stepsView(result) {
  const reached = result.steps.filter((step) => step.status !== "not reached");
  const refused = result.reason_code !== null;
  const shown = refused ? result.steps.filter((step) => step.status !== "not reached" || step.depth === "figure") : reached;
  const items = shown.map((step) => _stepView(step, result));
  const next = shown.length + 1;
  const deeper = next <= 18 && !refused ? element("p", { class: "small" }, say("deeper", { from: next })) : null;
  return element("div", {}, element("ol", { class: "steps" }, ...items), deeper);
}

function _stepView(step, result) {
  const words = STEP_WORDS[step.number - 1];
  const state = { holds: "holds", refused: "refused", "not reached": "waiting" }[step.status];
  const title = element("p", { class: "step-title" }, `${step.number}. ${ofBoth(words, "title_")} `);
  const isUnpinned = words.id === "trust" && result.trust === "unpinned" && state === "holds";
  const isUnread = state === "refused" && result.reason_code === POLICY_UNREAD;
  title.append(element("span", { class: "state" }, say(`state_${isUnpinned ? "unpinned" : isUnread ? "unread" : state}`)));
  const says = state === "holds" ? _saysView(step, words, result) : state === "refused" ? [_failsWords(step, result.reason_code)] : [];
  return element("li", { class: state }, mark(state), element("div", {}, title, says.length ? element("p", { class: "small" }, ...says) : null));
}

function _saysView(step, words, result) {
  const trust = words.id !== "trust" ? "" : result.trust === "pinned" ? _pinnedWords(step.details) : say("trust_unpinned");
  const status = words.id === "statement" && result.status ? _standingWords(result.status) : "";
  return sentence(ofBoth(words, "holds_"), { ...step.details, trust_en: trust, trust_zh: trust, status_en: status, status_zh: status });
}

/** What the reader's policy pinned: signer and log always, witnesses and editions where it names any. */
function _pinnedWords(details) {
  const count = details.editions_pinned;
  const witnesses = details.witnesses_named ? say("trust_witnesses", details) : "";
  return `${say("trust_pinned")}${witnesses}${say(count === 0 ? "trust_no_edition" : count === 1 ? "trust_edition" : "trust_editions", details)}`;
}

function _treesView({ figures, titles }) {
  const steps = new Map(figures.steps.map((step) => [step.id, step]));
  const trees = [stepTree("wtw_kgco2e[chain]", steps, true), stepTree("ttw_kgco2e[chain]", steps)];
  trees.push(stepTree("chain_intensity_wtw_kgco2e_per_tkm[chain]", steps));
  for (const { method, steps: further } of figures.comparisons) {
    const all = new Map([...steps, ...further.map((step) => [step.id, step])]);
    trees.push(element("h3", {}, foreign(fullWidth(ofBoth(titles[method], "")))), stepTree("difference_kgco2e[chain]", all));
  }
  return trees;
}

function _meaningView(figure) {
  return [
    element("h3", {}, say("shows")),
    element("p", {}, foreign(ofBoth(figure, "shows_"))),
    element("h3", {}, say("shows_not")),
    element("p", {}, foreign(ofBoth(figure, "does_not_show_"))),
  ];
}
