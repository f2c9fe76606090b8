// Which received frames of one truck count, and at what time. Columns are Numbers (raw values of a few bytes); absent is
// null.

const REAL_TIME = 2;
const RE_ISSUE = 3;
const CLOCK_OFF_MS = 30_000;
const CLOCK_STEADY_MS = 5_000;
const RHYTHM_S = 60;
const OUT_OF_PERIOD_S = 86_400;
const ODOMETER_MAX = 9_999_999;

/** The order of arrival; what has no time of receipt comes last. */
function _byArrival(a, b) {
  const unknown = (row) => (row.received_at_ms === null ? 1 : 0);
  return (
    unknown(a) - unknown(b) ||
    (a.received_at_ms ?? 0) - (b.received_at_ms ?? 0) ||
    compareTexts(a.file, b.file) ||
    a.row - b.row
  );
}

/**
 * The frames of one truck that carry a reading and count, each with `at_s`, in order of time.
 * `frames` are rows of telemetry (gbt32960_rows.js) with file, row, received_at_ms; `register` is {vin, edition};
 * `periodS` is when the trial's period begins and ends [s].
 */
function framesInUse(frames, register, periodS) {
  const counts = (frame) =>
    frame.outcome === "ok" &&
    frame.vin === register.vin &&
    frame.edition === register.edition &&
    (frame.command === REAL_TIME || frame.command === RE_ISSUE);
  const readings = _withoutRepeats(frames.filter(counts).sort(_byArrival), (frame) => frame.data_unit_digest);
  const off = _framesWithClockOff(readings);
  const misdated = _misdatedFrames(readings, off);
  const timed = readings.map((frame) => {
    const atS = off.has(frame) ? Math.floor(frame.received_at_ms / 1000) : frame.device_time_s;
    return { frame, at_s: atS };
  });
  const [earliestS, latestS] = [periodS[0] - OUT_OF_PERIOD_S, periodS[1] + OUT_OF_PERIOD_S];
  const kept = timed.filter(({ frame, at_s }) => at_s >= earliestS && at_s <= latestS && !misdated.has(frame));
  const steady = kept.filter(({ frame }) => !off.has(frame));
  const used = new Set(_withoutRepeats(steady, ({ frame }) => frame.device_time_s));
  const counted = kept.filter((each) => off.has(each.frame) || used.has(each));
  return counted.sort((a, b) => a.at_s - b.at_s || _byArrival(a.frame, b.frame));
}

/** Of frames in order of arrival the first with each key. */
function _withoutRepeats(frames, keyOf) {
  const seen = new Set();
  return frames.filter((frame) => {
    const key = keyOf(frame);
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}

function _isLive(frame) {
  return frame.command === REAL_TIME && frame.received_at_ms !== null;
}

function _lagMs(frame) {
  return frame.received_at_ms - frame.device_time_s * 1000;
}

/** Of frames in order of arrival those whose clock is off: steadily, or ahead with another beside it. */
function _framesWithClockOff(frames) {
  const live = frames.filter(_isLive);
  const lags = live.map(_lagMs);
  const near = (at, other) => other in lags && Math.abs(lags[at] - lags[other]) <= CLOCK_STEADY_MS;
  const isSteady = (at) => near(at, at - 1) || near(at, at + 1);
  const isAhead = (at) => at in lags && lags[at] < -CLOCK_OFF_MS;
  const isFast = (at) => isAhead(at) && (isSteady(at) || isAhead(at - 1) || isAhead(at + 1));
  const off = new Set(live.filter((_, at) => isFast(at)));
  let lastLate = [];
  for (let from = 0, to; from < live.length; from = to) {
    to = from + 1;
    if (lags[from] <= CLOCK_OFF_MS) continue;
    while (lags[to] > CLOCK_OFF_MS) to += 1;
    const before = [...live.slice(Math.max(from - 1, 0), from), ...lastLate];
    lastLate = [live[to - 1]];
    if (!_isSlowClock(before, live.slice(from, to))) continue;
    for (let at = from; at < to; at += 1) if (isSteady(at)) off.add(live[at]);
  }
  return off;
}

/**
 * Whether a stretch of frames behind their arrival comes of a clock, not of the way: the clock did not go on from the
 * frame before or the last such one, the odometer did not fall behind theirs, and the frames came as they were made,
 * not all at once.
 */
function _isSlowClock(before, stretch) {
  const wentS = before.map((frame) => stretch[0].device_time_s - frame.device_time_s);
  if (wentS.some((went) => went >= 0 && went <= RHYTHM_S)) return false;
  const [driven, ...drivenBefore] = [stretch[0], ...before].map(_odometerOf);
  if (driven !== null && drivenBefore.some((each) => each !== null && driven < each)) return false;
  const [madeS, cameMs] = ["device_time_s", "received_at_ms"].map((name) => {
    const [low, high] = stretch.reduce(
      ([least, most], row) => [Math.min(least, row[name]), Math.max(most, row[name])],
      [Infinity, -Infinity],
    );
    return high - low;
  });
  return 2 * cameMs >= 1000 * madeS;
}

/** Of frames in order of arrival those whose time is gainsaid by their arrival or by the way driven. */
function _misdatedFrames(frames, off) {
  const timed = frames.filter((frame) => frame.received_at_ms !== null && !off.has(frame));
  const ahead = timed.filter((frame) => _lagMs(frame) < -CLOCK_OFF_MS);
  const live = frames.filter(_isLive);
  const isPrompt = (frame) => Math.abs(_lagMs(frame)) <= CLOCK_OFF_MS && _odometerOf(frame) !== null;
  const prompt = live.filter(isPrompt).sort((a, b) => b.device_time_s - a.device_time_s);
  const isLate = (frame) => !off.has(frame) && _lagMs(frame) > CLOCK_OFF_MS && _odometerOf(frame) !== null;
  const gainsaid = live.filter(isLate).filter((frame) => {
    const later = firstWith(prompt, (each) => each.device_time_s < frame.device_time_s) - 1;
    if (later < 0 || _odometerOf(frame) <= _odometerOf(prompt[later])) return false;
    const before = prompt[later + 1];
    return before === undefined || _odometerOf(before) <= _odometerOf(prompt[later]);
  });
  return new Set([...ahead, ...gainsaid]);
}

function _odometerOf(frame) {
  return _within(frame.odometer_raw, 0, ODOMETER_MAX);
}

function _within(value, lowest, highest) {
  return value !== null && value >= lowest && value <= highest ? value : null;
}
