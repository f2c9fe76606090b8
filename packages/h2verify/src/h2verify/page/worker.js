// Where the verification runs: in a worker that the page makes of this script's own text.

const SOFTWARE = "verify.html VERSION";

/** The result that h2verify gives: also what the policy names, which file was read, and by which verifier. */
function _resultOf(run) {
  const result = run.result();
  const steps = result.steps.map((step) => (step.id === "trust" && step.status === "holds" ? _withNamed(step, run.policy) : step));
  const isWhole = run.data.length <= LIMITS.fileBytes;
  return { ...result, steps, file_sha256: isWhole ? sha256Hex(run.data) : null, software: SOFTWARE };
}

function _withNamed(step, policy) {
  const named = { witnesses_named: policy?.witnesses.length ?? 0, editions_pinned: policy?.editions.size ?? 0 };
  return { ...step, details: { ...step.details, ...named } };
}

/** What the page shows of a run: the result, and, once it holds, derivation and titles. */
function outcomeOf(run) {
  const result = _resultOf(run);
  if (!result.figure) return { result, figures: null, titles: {} };
  const headers = [...run.editions].map(([label, edition]) => [label, edition.parameters.header]);
  const titles = headers.map(([label, header]) => [label, { en: header.title_en, zh: header.title_zh }]);
  return { result, figures: run.figures, titles: Object.fromEntries(titles) };
}

/** Serves one verification to the page that made this worker. */
function serveOne() {
  self.onmessage = async ({ data: { bytes, options } }) => {
    const run = await verifyBundle(bytes, options, async (step) => self.postMessage({ step: step.number }));
    self.postMessage({ outcome: outcomeOf(run) });
  };
}
