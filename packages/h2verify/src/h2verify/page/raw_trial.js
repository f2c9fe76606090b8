// What trial.toml says of the trial itself, read line by line: as much of TOML as such a file needs, and no more.

const TRIAL_LINES_MAX = 1_000;
const _TRIAL_TABLE = /^\[[ \t]*([A-Za-z0-9_-]+)[ \t]*\][ \t]*(?:#.*)?$/s;
const _TRIAL_VALUE =
  /^([A-Za-z0-9_-]+)[ \t]*=[ \t]*(?:"([^"\\]*)"|'([^']*)'|([A-Za-z0-9:+.-]+))[ \t]*(?:#.*)?$/s;

function _trialFault(fault, line = 0) {
  refuse("papers.row", fault, line ? `${TRIAL_FILE} line ${line}` : TRIAL_FILE);
}

/** The trial's id, titles and period: {id, titleEn, titleZh, startMs, endMs, offset}; refuses `papers.row`. */
function trialHeaderOf(file) {
  const text = textOfUtf8(withoutMark(file.whole.content));
  if (text === null) _trialFault("not a text in UTF-8");
  const lines = text.split("\n");
  if (lines.length > TRIAL_LINES_MAX) _trialFault(`more than ${TRIAL_LINES_MAX} lines`);
  const texts = new Map();
  let table = "";
  lines.forEach((raw, at) => {
    const line = raw.replace(/\r$/, "").replace(/^[ \t]+|[ \t]+$/g, "");
    const opened = _TRIAL_TABLE.exec(line);
    const said = opened ? null : _TRIAL_VALUE.exec(line);
    if (opened) table = opened[1];
    else if (said) {
      const name = `${table}.${said[1]}`;
      if (texts.has(name)) _trialFault(`${said[1]} stands there twice`, at + 1);
      texts.set(name, said[2] ?? said[3] ?? said[4]);
    } else if (line && !line.startsWith("#")) _trialFault("neither a table nor a name with a plain value", at + 1);
  });
  const value = (name) => texts.get(`trial.${name}`) ?? "";
  const start = wallTimeOf(value("period_start"));
  const [startMs, endMs] = [instantMsOf(value("period_start")), instantMsOf(value("period_end"))];
  if (startMs === null || endMs === null || !value("id")) _trialFault("expected id, period_start and period_end");
  return {
    id: value("id"),
    titleEn: value("title_en"),
    titleZh: value("title_zh"),
    startMs,
    endMs,
    offset: start.offset,
  };
}

/**
 * Holds what records and statement say of the trial against trial.toml; gives the offset of local days [min]. Where the
 * file writes the period in UTC, the offset is the statement's.
 */
function verifyTrial(files, groups, said) {
  const header = trialHeaderOf(files.get(TRIAL_FILE));
  const written = wallTimeOf(said.period_start ?? "");
  must(written !== null, "papers.statement", "expected the beginning of a period", "$.trial.period_start");
  const expected = {
    trial_id: [said.trial_id, header.id],
    title_en: [said.title_en ?? "", header.titleEn],
    title_zh: [said.title_zh ?? "", header.titleZh],
    period_start: [instantMsOf(said.period_start), header.startMs],
    period_end: [instantMsOf(said.period_end ?? ""), header.endMs],
  };
  for (const [name, [stated, found]] of Object.entries(expected)) {
    must(stated === found, "papers.statement", `${TRIAL_FILE} says otherwise`, `$.trial.${name}`);
  }
  const sameOffset = written.offset === header.offset || header.offset === 0;
  must(sameOffset, "papers.statement", `${TRIAL_FILE} writes another offset`, "$.trial.period_start");
  for (const record of groups.get("trial") ?? []) {
    const same = record.trial_id === header.id && record.period_start_ms === header.startMs;
    must(same, "papers.row", `${TRIAL_FILE} says otherwise`, "trial[0]");
  }
  return written.offset;
}
