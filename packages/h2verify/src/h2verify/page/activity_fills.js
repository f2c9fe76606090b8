// Booked fills beside the rises that a truck itself saw, the windows between fills, and the spans of one truck.

const SMALLEST_RISE_MG = 2_000_000n;
const BOOKED_TOLERANCE_MG = 1_200_000n;
const BOOKED_TOLERANCE_PER_MILLE = 50n;
const _CLOCK_SLACK_S = 900n;
const _SHORTEST_FILL_STAND_S = 60n;
const _SECONDS_A_STEP = 12n;

/** What the tank held at the look named `first` or `last` of a row: {at_s, mass_mg}, or null. */
function tankState(row, look, volumeMl) {
  const looked = ["fuel_at_s", "pressure_kpa", "temperature_dc"].map((name) => row[`${look}_${name}`]);
  if (looked.includes(null) || volumeMl === null) return null;
  return { at_s: looked[0], mass_mg: tankMassMg(looked[1], looked[2], volumeMl) };
}

/** Booked fills and seen rises of one truck, in order of time; `ends` is null where it sent no reading. */
function matchFills(runs, silences, ends, recorded, volumeMl) {
  const standings = [...runs, ..._standingsIn(silences, runs)];
  const booked = new Map();
  const fills = [];
  for (const fill of [...recorded].sort(byKeys((each) => each.started_at_s, (each) => each.refuelling_id))) {
    const place = _standingOfFill(fill, standings, volumeMl);
    if (place === null) fills.push(_fillWithoutStanding(fill, silences, ends));
    else if (booked.has(place)) booked.get(place).push(fill);
    else booked.set(place, [fill]);
  }
  standings.forEach((run, place) => {
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

/**
 * The standings in silences that the truck spent in place and no run shows, in the columns of a run: the readings on
 * both sides are its looks into the tank.
 */
function _standingsIn(silences, runs) {
  const isShown = (silence) => {
    const run = runs[firstWith(runs, (each) => _runStartedAtS(each) > silence.from_s) - 1];
    return Boolean(run) && silence.to_s <= runEndedAtS(run);
  };
  const hidden = [];
  for (const silence of silences) {
    if (!isInPlace(silence.odometer, silence.next_odometer) || isShown(silence)) continue;
    const found = _standingIn(silence);
    if (hidden.at(-1)?.ended_at_s === found.started_at_s) {
      const before = hidden.pop();
      for (const name of ["started_at_s", ..._lookColumns("first")]) found[name] = before[name];
    }
    hidden.push(found);
  }
  return hidden;
}

function _lookColumns(look) {
  return ["fuel_at_s", "pressure_kpa", "temperature_dc"].map((name) => `${look}_${name}`);
}

function _standingIn(silence) {
  const standing = { started_at_s: silence.from_s, ended_at_s: silence.to_s, prev_at_s: null, next_at_s: null };
  for (const [look, side, at] of [["first", "", silence.from_s], ["last", "next_", silence.to_s]]) {
    const values = [at, silence[`${side}pressure_kpa`], silence[`${side}temperature_dc`]];
    _lookColumns(look).forEach((name, place) => (standing[name] = values[place]));
  }
  return standing;
}

/**
 * The standing in which a fill was booked: the longest overlap, clocks being allowed to differ a little where the tank
 * rose.
 */
function _standingOfFill(fill, standings, volumeMl) {
  let best = null;
  standings.forEach((run, place) => {
    const [started, ended] = [_runStartedAtS(run), runEndedAtS(run)];
    const overlap = smallest(fill.ended_at_s, ended) - largest(fill.started_at_s, started);
    if (overlap <= -_CLOCK_SLACK_S || ended - started < _SHORTEST_FILL_STAND_S) return;
    if (best !== null && overlap <= best.overlap) return;
    if (overlap > 0n || _rose(run, fill.mass_mg, volumeMl)) best = { overlap, place };
  });
  return best === null ? null : best.place;
}

/** Whether a tank rose at a standing as if this were filled; without its content its pressure tells. */
function _rose(run, booked, volumeMl) {
  const [before, after] = [_lookBefore(run, volumeMl), _lookAfter(run, volumeMl)];
  if (before === null || after === null) return run.first_pressure_kpa !== run.last_pressure_kpa;
  const rise = after.mass_mg - before.mass_mg;
  return rise > 0n && agreementOf(booked, rise) !== "without_rise";
}

/** A fill for which the truck did not stand: it may have, unseen, or was seen elsewhere and nothing rose. */
function _fillWithoutStanding(fill, silences, ends) {
  const covered =
    ends !== null &&
    ends.first_at_s <= fill.started_at_s &&
    fill.started_at_s <= fill.ended_at_s &&
    fill.ended_at_s <= ends.last_at_s;
  const overlaps = (silence) => silence.from_s < fill.ended_at_s && silence.to_s > fill.started_at_s;
  const unseen = !covered || silences.some((each) => overlaps(each) && _mayHideAStanding(each));
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
  let before = _lookBefore(run, volumeMl);
  const after = _lookAfter(run, volumeMl);
  let rise = before && after ? after.mass_mg - before.mass_mg : null;
  if (!booked.length && (rise === null || rise < SMALLEST_RISE_MG)) return null;
  const bookedTotal = sumOf(booked.map((fill) => fill.mass_mg));
  const begun = booked.map((fill) => fill.started_at_s);
  const ended = booked.map((fill) => fill.ended_at_s);
  let agreement = agreementOf(booked.length ? bookedTotal : null, rise);
  if (booked.length && agreement !== "confirmed") {
    if (before && begun.reduce(smallest) < before.at_s && _beginsUnseen(run, before)) {
      [before, rise, agreement] = [null, null, "unseen"];
    } else if (after && ended.reduce(largest) > after.at_s && _endsUnseen(run, after)) {
      [rise, agreement] = [null, "unseen"];
    }
  }
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

/** What the tank held before a standing: where it begins after a silence in place, by the reading before that. */
function _lookBefore(run, volumeMl) {
  const first = tankState(run, "first", volumeMl);
  const beside = _runStartedAtS(run) === run.prev_at_s ? _lookBeside(run, "prev", volumeMl) : null;
  return beside && (first === null || first.at_s - beside.at_s > LONGEST_STEP_S) ? beside : first;
}

/** What the tank held after a standing: where it ends in a silence and the truck is still in place after that, by the
 * reading after it. */
function _lookAfter(run, volumeMl) {
  const last = tankState(run, "last", volumeMl);
  const beside = runEndedAtS(run) === run.next_at_s ? _lookBeside(run, "next", volumeMl) : null;
  return beside && (last === null || beside.at_s - last.at_s > LONGEST_STEP_S) ? beside : last;
}

function _lookBeside(run, side, volumeMl) {
  return tankState({ ...run, [`${side}_fuel_at_s`]: run[`${side}_at_s`] }, side, volumeMl);
}

/** Whether the truck stood, or was silent, for a while before the first look into its tank. */
function _beginsUnseen(run, before) {
  const since = run.prev_at_s === null ? run.started_at_s : smallest(run.started_at_s, run.prev_at_s);
  return before.at_s - since > LONGEST_STEP_S;
}

/** Whether the truck stood, or was silent, for a while after the last look into its tank. */
function _endsUnseen(run, after) {
  const until = run.next_at_s === null ? run.ended_at_s : largest(run.ended_at_s, run.next_at_s);
  return until - after.at_s > LONGEST_STEP_S;
}

/** The start of a standing; a silence before which the truck was in place already belongs to it. */
function _runStartedAtS(run) {
  return run.prev_at_s !== null && isInPlace(run.prev_odometer, run.odometer) ? run.prev_at_s : run.started_at_s;
}

/** Whether a truck may have stood in a silence: a long one, or one in which its way at 30 km/h leaves a minute. */
function _mayHideAStanding(silence) {
  const [seconds, before, after] = [silence.to_s - silence.from_s, silence.odometer, silence.next_odometer];
  const driven = before === null || after === null ? 0n : largest(after - before, 0n) * _SECONDS_A_STEP;
  return isLongSilence(silence) || seconds - driven > LONGEST_STEP_S;
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
