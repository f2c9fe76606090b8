// Booked fills beside the rises that a truck itself saw, the windows between fills, and the spans of one truck.

const SMALLEST_RISE_MG = 2_000_000n;
const BOOKED_TOLERANCE_MG = 1_200_000n;
const BOOKED_TOLERANCE_PER_MILLE = 50n;
const _CLOCK_SLACK_S = 900n;
const _SHORTEST_FILL_STAND_S = 60n;

/** What the tank held at the look named `first` or `last` of a row: {at_s, mass_mg}, or null. */
function tankState(row, look, volumeMl) {
  const looked = ["fuel_at_s", "pressure_kpa", "temperature_dc"].map((name) => row[`${look}_${name}`]);
  if (looked.includes(null) || volumeMl === null) return null;
  return { at_s: looked[0], mass_mg: tankMassMg(looked[1], looked[2], volumeMl) };
}

/** Booked fills and seen rises of one truck, in order of time; `ends` is null where it sent no reading. */
function matchFills(runs, silences, ends, recorded, volumeMl) {
  const booked = new Map();
  const fills = [];
  for (const fill of [...recorded].sort(byKeys((each) => each.started_at_s, (each) => each.refuelling_id))) {
    const place = _runOfFill(fill, runs);
    if (place === null) fills.push(_fillWithoutRun(fill, silences, ends));
    else if (booked.has(place)) booked.get(place).push(fill);
    else booked.set(place, [fill]);
  }
  runs.forEach((run, place) => {
    const found = _fillAt(run, booked.get(place) ?? [], volumeMl);
    if (found !== null) fills.push(found);
  });
  return fills.sort((a, b) => compareValues(a.started_at_s, b.started_at_s) || _compareLists(a, b));
}

function _compareLists(a, b) {
  const [left, right] = [a.refuelling_ids, b.refuelling_ids];
  for (let at = 0; at < left.length && at < right.length; at += 1) {
    const order = compareTexts(left[at], right[at]);
    if (order) return order;
  }
  return left.length - right.length;
}

/** The standing in which a fill was booked: the longest overlap, clocks being allowed to differ a little. */
function _runOfFill(fill, runs) {
  let best = null;
  runs.forEach((run, place) => {
    const ended = runEndedAtS(run);
    const overlap = smallest(fill.ended_at_s, ended) - largest(fill.started_at_s, run.started_at_s);
    if (overlap <= -_CLOCK_SLACK_S || ended - run.started_at_s < _SHORTEST_FILL_STAND_S) return;
    if (best !== null && overlap <= best.overlap) return;
    if (overlap > 0n || run.first_pressure_kpa !== run.last_pressure_kpa) best = { overlap, place };
  });
  return best === null ? null : best.place;
}

/** A fill for which the truck did not stand: it was silent then, or was seen elsewhere and nothing rose. */
function _fillWithoutRun(fill, silences, ends) {
  const covered =
    ends !== null &&
    ends.first_at_s <= fill.started_at_s &&
    fill.started_at_s <= fill.ended_at_s &&
    fill.ended_at_s <= ends.last_at_s;
  const silent = silences.some((each) => each.from_s < fill.ended_at_s && each.to_s > fill.started_at_s);
  const unseen = !covered || silent;
  return {
    started_at_s: fill.started_at_s,
    ended_at_s: fill.ended_at_s,
    refuelling_ids: [fill.refuelling_id],
    booked_mg: fill.mass_mg,
    rise_mg: unseen ? null : 0n,
    before: null,
    agreement: unseen ? "unseen" : "without_rise",
  };
}

function _fillAt(run, booked, volumeMl) {
  const before = tankState(run, "first", volumeMl);
  const after = _lookAfter(run, volumeMl);
  let rise = before && after ? after.mass_mg - before.mass_mg : null;
  if (!booked.length && (rise === null || rise < SMALLEST_RISE_MG)) return null;
  const bookedTotal = sumOf(booked.map((fill) => fill.mass_mg));
  let agreement = agreementOf(booked.length ? bookedTotal : null, rise);
  if (booked.length && agreement !== "confirmed" && _isLeftUnseen(run)) [rise, agreement] = [null, "unseen"];
  const begun = booked.map((fill) => fill.started_at_s);
  const ended = booked.map((fill) => fill.ended_at_s);
  return {
    started_at_s: booked.length ? begun.reduce(smallest) : run.started_at_s,
    ended_at_s: booked.length ? ended.reduce(largest) : run.ended_at_s,
    refuelling_ids: booked.map((fill) => fill.refuelling_id),
    booked_mg: bookedTotal,
    rise_mg: rise,
    before,
    agreement,
  };
}

/** What the tank held after a standing: where it ends in a silence and the truck is still in place after that, by the
 * reading after it. */
function _lookAfter(run, volumeMl) {
  const last = tankState(run, "last", volumeMl);
  if (!_endsInSilence(run) || runEndedAtS(run) !== run.next_at_s) return last;
  return tankState({ ...run, next_fuel_at_s: run.next_at_s }, "next", volumeMl) ?? last;
}

/** Whether a standing ends in a silence after which no look tells what the tank held in place. */
function _isLeftUnseen(run) {
  if (!_endsInSilence(run)) return false;
  return run.next_pressure_kpa === null || run.next_temperature_dc === null || runEndedAtS(run) !== run.next_at_s;
}

function _endsInSilence(run) {
  return run.next_at_s !== null && run.next_at_s - run.ended_at_s > LONGEST_STEP_S;
}

function agreementOf(booked, rise) {
  if (booked === null) return "without_record";
  if (rise === null) return "unseen";
  if (rise < SMALLEST_RISE_MG && SMALLEST_RISE_MG <= booked) return "without_rise";
  const tolerance = largest(BOOKED_TOLERANCE_MG, floorDivide(booked * BOOKED_TOLERANCE_PER_MILLE, 1000n));
  return distanceBetween(booked, rise) <= tolerance ? "confirmed" : "differs";
}

/** The windows between fills of one truck that sent readings. */
function windowsBetween(fills, ends, volumeMl) {
  const bounding = fills.filter((fill) => fill.before !== null && fill.agreement !== "without_rise");
  const unseen = fills.filter((fill) => fill.before === null && fill.agreement === "unseen");
  const edges = [{ at: ends.first_at_s - 1n, tank: tankState(ends, "first", volumeMl), fill: null }];
  for (const fill of bounding) edges.push({ at: largest(fill.before.at_s, edges.at(-1).at), tank: fill.before, fill });
  edges.push({ at: ends.last_at_s, tank: tankState(ends, "last", volumeMl), fill: null });
  return edges.slice(1).map((end, place) => {
    const start = edges[place];
    return {
      window_no: BigInt(place),
      from_s: start.at,
      to_s: end.at,
      fill: start.fill,
      tank_start: start.tank,
      tank_end: end.tank,
      unseen: unseen.filter((fill) => start.at < fill.started_at_s && fill.started_at_s <= end.at),
    };
  });
}

/** The spans of one truck in order: each lies in one segment between stands and in one window. */
function cutSpans(ends, stands, windows) {
  const [first, last] = [ends.first_at_s - 1n, ends.last_at_s];
  const splits = _ascending(stands.map((stand) => smallest(stand.split_at_s, last)));
  const edges = windows.map((window) => window.from_s);
  const marks = _ascending([first, last, ...splits, ...edges.filter((edge) => first < edge && edge < last)]);
  return marks.slice(1).map((end, place) => ({
    span_no: BigInt(place),
    segment_no: BigInt(splits.filter((split) => split <= marks[place]).length),
    window_no: BigInt(edges.filter((edge) => edge <= marks[place]).length - 1),
    from_s: marks[place],
    to_s: end,
  }));
}

/** Different BigInts, smallest first. */
function _ascending(numbers) {
  return [...new Set(numbers)].sort(compareValues);
}
