// Steps 12 and 13: records in their form, all there, computed again, and the chain written again from them.

const _PATH_NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;

/**
 * Refuses a chain that does not follow from activity records: `activity.form`, `.group-missing`, `.trips`,
 * `.hydrogen`, `.chain`, `container.limit`. `groups` is a Map from names to records, `chain` the document chain.json.
 */
function verifyActivity(groups, chain, consignmentId) {
  verifyForms(groups);
  const exact = new Map([...groups].map(([name, records]) => [name, records.map(exactRecord)]));
  const ledger = new Ledger(exact, CHAIN_REFERENCES_MAX);
  const written = _writeNeeded(ledger, consignmentId);
  const trucks = ledger.listAsked("truck/").map((name) => readTruck(ledger, name));
  try {
    _verifyTrips(trucks);
    _verifyHydrogen(ledger, trucks);
  } catch (error) {
    if (!(error instanceof ActivityFault)) throw error;
    refuse("activity.hydrogen", error.message, "activity");
  }
  verifyPapersAgree(ledger, trucks);
  const place = firstDifference(written, chain);
  must(place === null, "activity.chain", "the records do not give what the chain says here", `$${place}`);
}

/** The chain, written; all that its recomputation rests on is asked for beside. */
function _writeNeeded(ledger, consignmentId) {
  for (const name of ["trial", "distances"]) ledger.list(name, name);
  const chain = new ChainWriter(ledger).write(consignmentId);
  for (const truck of ledger.listAsked("truck/")) {
    for (const fill of ledger.list(truck, "fill")) ledger.site(fill.station_id);
  }
  return chain;
}

function _verifyTrips(trucks) {
  trucks.forEach(verifyCut);
  for (const truck of trucks) {
    _mustEqual(tripsOf(truck.spans, truck.stands), truck.trips, "activity.trips", `${truck.group} trip`);
  }
}

function _verifyHydrogen(ledger, trucks) {
  for (const truck of trucks) {
    verifyWindows(truck);
    verifyStations(ledger, truck);
  }
  verifyDeliveries(ledger);
  for (const truck of trucks) {
    const again = recomputeHydrogen(ledger, truck);
    _mustEqual(again, truck.hydrogen, "activity.hydrogen", `${truck.group} span_hydrogen`);
  }
}

/** Refuses records that differ from what was computed again; kind and closed parts aside. */
function _mustEqual(again, records, code, where) {
  const stated = records.map(({ kind: _kind, closed: _closed, ...values }) => values);
  const place = firstDifference(again, stated);
  must(place === null, code, "what was computed again is not what is recorded", `${where}${place}`);
}

/** The place of the first difference of two documents, names in order, or null. */
function firstDifference(expected, actual) {
  if (Array.isArray(expected) && Array.isArray(actual)) return _firstDifferenceInLists(expected, actual);
  if (!isObject(expected) || !isObject(actual)) return expected === actual ? null : "";
  const names = new Set([...Object.keys(expected), ...Object.keys(actual)]);
  for (const name of [...names].sort(compareTexts)) {
    const step = _PATH_NAME.test(name) ? `.${name}` : `[${JSON.stringify(name)}]`;
    if (!Object.hasOwn(expected, name) || !Object.hasOwn(actual, name)) return step;
    const found = firstDifference(expected[name], actual[name]);
    if (found !== null) return step + found;
  }
  return null;
}

function _firstDifferenceInLists(expected, actual) {
  const shared = Math.min(expected.length, actual.length);
  for (let at = 0; at < shared; at += 1) {
    const found = firstDifference(expected[at], actual[at]);
    if (found !== null) return `[${at}]${found}`;
  }
  return expected.length === actual.length ? null : `[${shared}]`;
}
