// Where the verification runs: in a worker that the page makes of this script's own text.

/** What the page shows of a run: the result that h2verify gives, and, once it holds, derivation and titles. */
function outcomeOf(run) {
  const result = run.result();
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
