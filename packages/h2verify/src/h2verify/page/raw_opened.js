// Steps 14 and 16: the recorded release of raw data, and identities and positions opened against their hashes.

const RELEASE_FORMAT = "h2corridor/release/1";
const OPENED_FORMAT = "h2corridor/opened/1";
const OPENED_MAX = 20_000;
const _MUST_BE_OPEN = new Map([["truck", "identity"], ["stand", "position"], ["site", "position"]]);
const _RELEASE_DOCUMENT = objectOf({
  format: oneOf(RELEASE_FORMAT),
  release: objectOf({
    basis: TEXT,
    decided_at: TEXT,
    decided_by: TEXT,
    purpose: TEXT,
    recipient: TEXT,
    release_id: NAME,
    statement_id: STATEMENT_ID,
  }),
});
const _OPENED_DOCUMENT = objectOf({
  format: oneOf(OPENED_FORMAT),
  opened: listOf(
    objectOf({ class: NAME, group: TEXT, record: WHOLE, salt: SHA256_HEX, values: () => null }),
    OPENED_MAX,
  ),
});

/** Refuses (`release.form`, `.statement`, `.log`) unless the release of this statement is in the log. */
function verifyRelease(document, statementId, logged) {
  mustFit(_RELEASE_DOCUMENT, document, "release.form", "release.json");
  const { release } = document;
  const same = release.statement_id === statementId;
  must(same, "release.statement", `it releases ${release.statement_id}, not ${statementId}`, "release.json");
  const entry = canonicalText({ digest: sha256Hex(canonicalBytes(release)), type: RELEASE_FORMAT });
  must(logged.has(entry), "release.log", "the decision is not proved to be in the log", "release.json");
}

/** The opened values by `openedKey`: a Map; refuses `opened.form`, `.hash`, `.missing`. */
function verifyOpened(document, groups) {
  mustFit(_OPENED_DOCUMENT, document, "opened.form", "opened.json");
  const opened = new Map();
  document.opened.forEach((each, at) => {
    const where = `opened.json.opened[${at}]`;
    const key = openedKey(each.group, each.record, each.class);
    must(!opened.has(key), "opened.form", "it is opened already", where);
    must(isObject(each.values), "opened.form", "expected an object", `${where}.values`);
    const record = groups.get(each.group)?.[each.record];
    const closed = record && Object.hasOwn(record.closed, each.class) ? record.closed[each.class] : null;
    must(closed !== null, "opened.form", "no record of the bundle has this closed", where);
    const found = hexOf(leafHash(canonicalBytes(each.values), bytesOfHex(each.salt)));
    must(found === closed, "opened.hash", "values and salt do not give the hash in the record", where);
    opened.set(key, each.values);
  });
  for (const [group, records] of groups) {
    records.forEach((record, at) => {
      const needed = _MUST_BE_OPEN.get(record.kind);
      const there = !needed || opened.has(openedKey(group, at, needed));
      must(there, "opened.missing", `${needed} is not opened`, `${group}[${at}]`);
    });
  }
  return opened;
}

/** One text for a group, the number of a record in it and a class. */
function openedKey(group, record, className) {
  return JSON.stringify([group, record, className]);
}
