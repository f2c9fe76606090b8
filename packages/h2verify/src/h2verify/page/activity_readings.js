// From the frames of one truck to readings, what lies between them, standings, silences and the sums of spans.
// Columns of single readings are Numbers (raw values of a few bytes); everything that is added up or leaves this file
// is BigInt. Absent is null.

const LONGEST_STEP_S = 60;
const LONGEST_CURRENT_STEP_S = 300;
const LONGEST_SPEED_STEP_S = 120;
const SHORTEST_RUN_S = 60;
const SLOW_SPEED = 300;
const SECONDS_A_STEP = 12;
const SAME_PLACE_E6 = 2000;
const STANDING_E6 = 300;
const STANDING_S = 15;
const FROZEN_NINTHS_MM = 4_500_000;
const WHOLE_KM = 10;
const NINTHS_A_TENTH = 900_000;
const NINTHS_A_SPEED_SECOND = 125;
const _BESIDE_COLUMNS = ["at_s", "odometer", "pressure_kpa", "temperature_dc"];
const _FIX_COLUMNS = ["odometer", "longitude_e6", "latitude_e6", "coordinate_system"];
const _SILENCE_SIDES = ["speed", ..._FIX_COLUMNS, "pressure_kpa", "temperature_dc"];

/** The readings of one truck in order of time; `register` is {edition, stack_count, cells}, the last two BigInt. */
function readingsOf(timedFrames, register) {
  return timedFrames.map(({ frame, at_s }, seq) => {
    const of2016 = frame.edition === 2016;
    const current = _within(frame.stack_current_raw, 0, 60_000);
    const voltage = _within(frame.stack_voltage_raw, 0, 20_000);
    const stacks = frame.stacks_reported;
    const whole = of2016 || stacks === (register.stack_count === null ? null : Number(register.stack_count));
    const temperature = _within(frame.h2_temperature_raw, 0, of2016 ? 2400 : 250);
    const pressure = _within(frame.h2_pressure_raw, 0, 1000);
    const [longitude, latitude] = _placeOfFrame(frame);
    return {
      seq,
      at_s,
      speed: _within(frame.speed_raw, 0, 2200),
      odometer: _within(frame.odometer_raw, 0, ODOMETER_MAX),
      soc_pct: _within(frame.soc_raw, 0, 100),
      cell_current: whole && current !== null && register.cells !== null ? BigInt(current) * register.cells : null,
      stack_power: whole && current !== null && voltage !== null ? current * voltage : null,
      pressure_kpa: pressure === null ? null : pressure * 100,
      temperature_dc: temperature === null ? null : of2016 ? temperature - 400 : temperature * 10 - 400,
      longitude_e6: longitude,
      latitude_e6: latitude,
      coordinate_system: frame.coordinate_system,
      silence_s: 0,
      charge_twice: 0n,
      energy_twice: 0,
      unobserved_s: 0,
      distance_ninths_mm: 0,
      distance_unknown: 0,
      speed_ninths_mm: 0,
      stays: false,
      impossible: false,
    };
  });
}

function _placeOfFrame(frame) {
  const { position_status: status, longitude_raw: longitude, latitude_raw: latitude } = frame;
  if (status === null || longitude === null || latitude === null || status & 1) return [null, null];
  if (longitude > 180_000_000 || latitude > 90_000_000 || (longitude === 0 && latitude === 0)) return [null, null];
  return [status & 4 ? -longitude : longitude, status & 2 ? -latitude : latitude];
}

/** Fills in what lies between each reading and the one before it. */
function addSteps(readings) {
  _markStays(readings);
  const unit = _odometerUnit(readings);
  let metered = null;
  readings.forEach((row, at) => {
    _setDistance(metered, row, unit);
    if (row.odometer !== null) metered = row;
    if (at > 0) readings[at - 1].silence_s = row.at_s - readings[at - 1].at_s;
  });
  for (let at = 1; at < readings.length; at += 1) {
    _setCurrent(readings[at - 2] ?? null, readings[at - 1], readings[at]);
  }
  _addEdges(readings);
  _countStill(readings.filter((row) => row.odometer !== null), unit);
  _putToRest(readings);
  _countArrivals(readings);
}

/**
 * Sets what a trapezoid between two readings says of charge and energy: of a silence over the time it may have taken to
 * drive.
 */
function _setCurrent(before, previous, row) {
  const known = previous.cell_current !== null && row.cell_current !== null;
  if (previous.silence_s <= LONGEST_CURRENT_STEP_S) {
    const seconds = _runningS(before, previous, row);
    if (known) row.charge_twice = (previous.cell_current + row.cell_current) * BigInt(seconds);
    const powered = previous.stack_power !== null && row.stack_power !== null;
    if (powered) row.energy_twice = (previous.stack_power + row.stack_power) * seconds;
    if (known) return;
  }
  row.unobserved_s = _unobservedS(previous, row, previous.silence_s);
}

/**
 * Adds what the stacks converted, on average half a step each, unseen before the first and after the last reading on an
 * edge of what was sent.
 */
function _addEdges(readings) {
  readings.forEach((row, at) => {
    const beforeS = at > 0 ? row.at_s - readings[at - 1].at_s : Infinity;
    const afterS = at + 1 < readings.length ? row.silence_s : Infinity;
    let seconds = 0;
    for (const [edgeS, stepS] of [[beforeS, afterS], [afterS, beforeS]]) {
      if (edgeS > LONGEST_CURRENT_STEP_S && stepS <= LONGEST_STEP_S) seconds += stepS;
    }
    row.charge_twice += (row.cell_current ?? 0n) * BigInt(seconds);
    row.energy_twice += (row.stack_power ?? 0) * seconds;
  });
}

/**
 * How long the stacks may have run between two readings: where they went on or off, no longer than it took to the
 * reading beside these where they run.
 */
function _runningS(before, previous, row) {
  const seconds = previous.silence_s;
  let besideS = 0;
  if (previous.cell_current > 0n && row.cell_current === 0n) besideS = before?.silence_s ?? 0;
  else if (previous.cell_current === 0n && row.cell_current > 0n) besideS = row.silence_s;
  const drivenS = seconds <= LONGEST_STEP_S ? seconds : _unobservedS(previous, row, seconds);
  return Math.min(drivenS, besideS || seconds);
}

/** How long the truck may have driven unseen: never longer than the distance takes at 30 km/h. */
function _unobservedS(previous, row, seconds) {
  const [before, after] = [previous.odometer, row.odometer];
  if (seconds <= LONGEST_STEP_S) {
    const parked = previous.speed === 0 && row.speed === 0 && before === after && after !== null;
    return parked ? 0 : seconds;
  }
  if (before !== null && after !== null && after >= before) {
    return Math.min(seconds, (after - before) * SECONDS_A_STEP);
  }
  return _stayed(previous, row) ? 0 : seconds;
}

/** What an odometer counts in [0.1 km]: whole kilometres where its least step forward is one, else 1. */
function _odometerUnit(readings) {
  let [before, least] = [null, null];
  for (const { odometer } of readings) {
    if (odometer === null) continue;
    if (before !== null && odometer > before) least = Math.min(least ?? Infinity, odometer - before);
    before = odometer;
  }
  return least === WHOLE_KM ? WHOLE_KM : 1;
}

/** Sets the distance since the last odometer reading; an impossible step is replaced by speed, or is unknown. */
function _setDistance(metered, row, unit) {
  if (row.odometer === null || metered === null) return;
  const seconds = row.at_s - metered.at_s;
  const step = row.odometer - metered.odometer;
  const bySpeed = _bySpeed(metered, row);
  if (step >= 0 && step * 5 <= seconds * 2 + (unit + 1) * 5) {
    row.distance_ninths_mm = step * NINTHS_A_TENTH;
    if (step === 0) row.speed_ninths_mm = bySpeed ?? 0;
    return;
  }
  row.impossible = true;
  if (bySpeed !== null || _stayed(metered, row)) row.distance_ninths_mm = bySpeed ?? 0;
  else row.distance_unknown = 1;
}

/** What speed and time say of the way between two readings; null over long or without both speeds. */
function _bySpeed(metered, row) {
  const seconds = row.at_s - metered.at_s;
  if (metered.speed === null || row.speed === null || seconds > LONGEST_SPEED_STEP_S) return null;
  return (metered.speed + row.speed) * seconds * NINTHS_A_SPEED_SECOND;
}

/**
 * Counts by speed where the odometer stood still while the truck, by its places too, drove on: what it failed to count,
 * and the way within a whole kilometre. The step that ends it counts what is not counted already: by speed where the
 * odometer had failed, or where nothing tells how far into its kilometre it began.
 */
function _countStill(metered, unit) {
  const hidden = FROZEN_NINTHS_MM + (unit - 1) * NINTHS_A_TENTH;
  for (let from = 0, to; from < metered.length; from = to) {
    to = from + 1;
    while (to < metered.length && metered[to].odometer === metered[from].odometer) to += 1;
    const [first, ...later] = metered.slice(from, to);
    const bySpeed = later.reduce((sum, row) => sum + _wayBySpeed(row), 0);
    const drives = (bySpeed > hidden || (bySpeed > 0 && unit === WHOLE_KM)) && !_isOnePlace([first, ...later]);
    const frozen = drives && bySpeed > hidden;
    const counted = drives ? _countBySpeed(later, frozen) : 0;
    const end = metered[to];
    if (!end || (unit !== WHOLE_KM && !frozen) || end.impossible) continue;
    if (!frozen) end.distance_ninths_mm -= counted;
    const caughtUp = _bySpeed(metered[to - 1], end);
    const isLoose = frozen || from === 0 || first.impossible;
    if (isLoose && caughtUp !== null) end.distance_ninths_mm = Math.min(end.distance_ninths_mm, caughtUp);
  }
}

/** Counts readings by speed and gives their sum; unless the odometer failed, its next step is the most. */
function _countBySpeed(rows, frozen) {
  let counted = 0;
  for (const row of rows) {
    row.distance_ninths_mm = _wayBySpeed(row);
    if (!frozen) row.distance_ninths_mm = Math.min(_wayBySpeed(row), WHOLE_KM * NINTHS_A_TENTH - counted);
    counted += row.distance_ninths_mm;
  }
  return counted;
}

function _wayBySpeed(row) {
  return row.stays ? 0 : row.speed_ninths_mm;
}

/** Whether the places of at least two of these readings, and half of them, lie together. */
function _isOnePlace(rows) {
  const placed = rows.filter(_isPlaced);
  if (placed.length < 2 || placed.length * 2 < rows.length) return false;
  return ["longitude_e6", "latitude_e6"].every((name) => {
    const [low, high] = placed.reduce(
      ([least, most], row) => [Math.min(least, row[name]), Math.max(most, row[name])],
      [Infinity, -Infinity],
    );
    return high - low <= SAME_PLACE_E6;
  });
}

/**
 * Marks where a truck stands whatever its speed says: its odometer and places are the same before and after, over half a
 * minute and at least the readings beside it.
 */
function _markStays(readings) {
  let [first, end] = [0, 0];
  for (let at = 1; at < readings.length - 1; at += 1) {
    const row = readings[at];
    while (readings[first].at_s < row.at_s - STANDING_S) first += 1;
    while (end < readings.length && readings[end].at_s <= row.at_s + STANDING_S) end += 1;
    row.stays = _isStill(row, readings.slice(Math.min(first, at - 1), Math.max(end, at + 2)));
  }
}

/**
 * Gives no speed to a truck that stays, and to a slow one in the first or last reading of its data where its odometer
 * says that it is where it was, or will be, next to that.
 */
function _putToRest(readings) {
  for (const row of readings) if (row.stays) row.speed = 0;
  const known = readings.filter((row) => row.speed !== null);
  if (known.length < 2) return;
  for (const [row, beside] of [[known[0], known.slice(0, 2)], [known.at(-1), known.slice(-2)]]) {
    if (row.speed < SLOW_SPEED && !_hasLeft(...beside)) row.speed = 0;
  }
}

/** Counts the way to a standing before which the odometer was silent where the truck last drove. */
function _countArrivals(readings) {
  let driving = null;
  for (const row of readings) {
    if (row.odometer === null) {
      if (row.speed) driving = row;
      continue;
    }
    if (driving !== null && row.speed === 0) {
      for (const name of ["distance_ninths_mm", "distance_unknown"]) [driving[name], row[name]] = [row[name], 0];
    }
    driving = null;
  }
}

/** Whether readings lie in the place of one of them, on one odometer value. */
function _isStill(row, beside) {
  const odometers = new Set(beside.map((each) => each.odometer));
  odometers.delete(null);
  if (odometers.size > 1 || !beside.every(_isPlaced)) return false;
  const isNear = (name) => (each) => Math.abs(each[name] - row[name]) <= STANDING_E6;
  return beside.every(isNear("longitude_e6")) && beside.every(isNear("latitude_e6"));
}

/** Whether two readings show a truck standing in one place. */
function _stayed(previous, row) {
  const sides = [previous.longitude_e6, row.longitude_e6, previous.latitude_e6, row.latitude_e6];
  if (previous.speed || row.speed || sides.includes(null)) return false;
  return Math.abs(sides[0] - sides[1]) <= SAME_PLACE_E6 && Math.abs(sides[2] - sides[3]) <= SAME_PLACE_E6;
}

/** A row whose Numbers have become BigInt. */
function _asRow(row) {
  const entries = Object.entries(row).map(([name, value]) => {
    return [name, typeof value === "number" ? BigInt(value) : value];
  });
  return Object.fromEntries(entries);
}

/**
 * Unbroken standings of a minute or more, and the first and last standing of the truck's data, for which a slow truck
 * is one that stands.
 */
function standingRuns(readings) {
  const known = readings.filter((row) => row.speed !== null);
  const placed = readings.filter(_isPlaced);
  const runs = [];
  for (const run of _runsOf(known)) {
    const isFirst = run[0] === known[0];
    const isLast = run.at(-1) === known.at(-1);
    if (!isFirst && !isLast && run.at(-1).at_s - run[0].at_s < SHORTEST_RUN_S) continue;
    const beside = { prev: readings[run[0].seq - 1] ?? null, next: readings[run.at(-1).seq + 1] ?? null };
    const row = { ..._runRow(run, beside), ..._fuelEnds(run), ..._fixesBeside(placed, run) };
    runs.push({ ..._asRow(row), is_first: isFirst, is_last: isLast });
  }
  return runs;
}

function _runsOf(known) {
  const runs = [];
  let run = [];
  known.forEach((row, at) => {
    if (run.length && (row.speed > 0 || _hasLeft(known[at - 1], row))) {
      runs.push(run);
      run = [];
    }
    const atAnEnd = at === 0 || at === known.length - 1;
    if (row.speed === 0 || (atAnEnd && row.speed < SLOW_SPEED)) run.push(row);
  });
  if (run.length) runs.push(run);
  return runs;
}

function _hasLeft(previous, row) {
  if (previous.odometer === null || row.odometer === null) return false;
  const step = row.odometer - previous.odometer;
  return step < 0 || step > 2;
}

function _isPlaced(row) {
  return row.longitude_e6 !== null && row.latitude_e6 !== null;
}

function _runRow(run, beside) {
  const last = run.at(-1);
  const placed = run.find(_isPlaced) ?? null;
  const sides = Object.entries(beside).flatMap(([side, row]) =>
    _BESIDE_COLUMNS.map((name) => [`${side}_${name}`, row ? row[name] : null]),
  );
  const quiet = run.find((row) => !row.cell_current || row.silence_s > LONGEST_STEP_S) ?? null;
  return {
    started_at_s: run[0].at_s,
    ended_at_s: last.at_s,
    odometer: last.odometer,
    ...Object.fromEntries(sides),
    quiet_at_s: quiet ? quiet.at_s : null,
    longitude_e6: placed ? placed.longitude_e6 : null,
    latitude_e6: placed ? placed.latitude_e6 : null,
    coordinate_system: placed ? placed.coordinate_system : null,
  };
}

/** The last fix up to the beginning of a standing and the first one from its end on, each with its odometer. */
function _fixesBeside(placed, run) {
  const after = firstWith(placed, (row) => row.seq >= run.at(-1).seq);
  const before = firstWith(placed, (row) => row.seq > run[0].seq) - 1;
  const sides = [["before", placed[before] ?? null], ["after", placed[after] ?? null]];
  const columns = ([side, row]) => _FIX_COLUMNS.map((name) => [`${side}_${name}`, row ? row[name] : null]);
  return Object.fromEntries(sides.flatMap(columns));
}

/** The number of the first row from which on `holds` is true; rows are in order. */
function firstWith(rows, holds) {
  let low = 0;
  let high = rows.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (holds(rows[middle])) high = middle;
    else low = middle + 1;
  }
  return low;
}

function _fuelEnds(rows) {
  const fuelled = (row) => row.pressure_kpa !== null && row.temperature_dc !== null;
  const looks = [["first", rows.find(fuelled) ?? null], ["last", rows.findLast(fuelled) ?? null]];
  const ends = {};
  for (const [name, row] of looks) {
    ends[`${name}_fuel_at_s`] = row ? row.at_s : null;
    ends[`${name}_pressure_kpa`] = row ? row.pressure_kpa : null;
    ends[`${name}_temperature_dc`] = row ? row.temperature_dc : null;
  }
  return ends;
}

/** More than a minute in which the truck sent nothing that counts, and both its sides. */
function silencesOf(readings) {
  const found = [];
  readings.forEach((row, at) => {
    if (row.silence_s <= LONGEST_STEP_S) return;
    const silence = { from_s: row.at_s, to_s: row.at_s + row.silence_s };
    for (const name of _SILENCE_SIDES) {
      silence[name] = row[name];
      silence[`next_${name}`] = readings[at + 1][name];
    }
    found.push(_asRow(silence));
  });
  return found;
}

/** The first and last reading and the first and last look into the tank; null where there is no reading. */
function truckEnds(readings) {
  if (!readings.length) return null;
  return _asRow({ first_at_s: readings[0].at_s, last_at_s: readings.at(-1).at_s, ..._fuelEnds(readings) });
}

/** The sums of the readings after `from_s` and up to `to_s` of a span. */
function spanSums(readings, span) {
  const [from, to] = [Number(span.from_s), Number(span.to_s)];
  const first = firstWith(readings, (row) => row.at_s > from);
  const rows = readings.slice(first, Math.max(first, firstWith(readings, (row) => row.at_s > to)));
  const sum = (name) => rows.reduce((total, row) => total + BigInt(row[name]), 0n);
  const end = (row, name) => (row ? BigInt(row[name]) : null);
  const isActive = (row) => row.speed > 0 || row.cell_current > 0n;
  const isCharged = (row) => row.soc_pct !== null;
  const unobserved = rows.filter((row) => row.unobserved_s > 0);
  return {
    ...span,
    readings: BigInt(rows.length),
    moving_readings: BigInt(rows.filter((row) => row.speed > 0).length),
    distance_ninths_mm: sum("distance_ninths_mm"),
    distance_unknown: sum("distance_unknown"),
    charge_twice: sum("charge_twice"),
    energy_twice: sum("energy_twice"),
    unobserved_s: sum("unobserved_s"),
    unobserved_ninths_mm: sumOf(unobserved.map((row) => BigInt(row.distance_ninths_mm))),
    first_at_s: end(rows[0], "at_s"),
    last_at_s: end(rows.at(-1), "at_s"),
    first_active_s: end(rows.find(isActive), "at_s"),
    last_active_s: end(rows.findLast(isActive), "at_s"),
    first_soc_pct: end(rows.find(isCharged), "soc_pct"),
    last_soc_pct: end(rows.findLast(isCharged), "soc_pct"),
  };
}
