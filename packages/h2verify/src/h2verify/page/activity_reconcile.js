// Hydrogen used, window by window: metered mass, tank content and stack charge brought together.

const LARGEST_PURGE_PER_MILLE = 50n;
const _RESOLUTION_STEPS = 2n;
const _SMALLEST_POOL_RESOLUTIONS = 20n;
const _SMALLEST_AGREED_RESOLUTIONS = 20n;

/** What two steps of the tank's pressure sensor may hide [mg]. */
function resolutionMg(volumeMl) {
  return volumeMl ? _RESOLUTION_STEPS * tankMassMg(100n, 150n, volumeMl) : 0n;
}

/** What was metered into the tank in a window [mg]. */
function bookedMg(window) {
  return (window.fill ? window.fill.booked_mg : 0n) + sumOf(window.unseen.map((fill) => fill.booked_mg));
}

function _isUndisputed(window) {
  return window.fill === null || window.fill.agreement === "confirmed" || window.fill.agreement === "unseen";
}

/** A window's two balances beside its stack charge, and whether they agree. */
function _draft(window, spans, resolution) {
  const stack = stackHydrogenMg(sumOf(spans.map((span) => span.charge_twice)));
  const unobserved = sumOf(spans.map((span) => span.unobserved_s));
  let metered = null;
  let tank = null;
  if (window.tank_start && window.tank_end) {
    const drop = window.tank_start.mass_mg - window.tank_end.mass_mg;
    metered = drop + bookedMg(window);
    const seen = window.fill === null || window.fill.rise_mg !== null;
    if (!window.unseen.length && seen) tank = drop + (window.fill?.rise_mg ?? 0n);
  }
  const fits = (each) =>
    each !== null && stack - resolution <= each && each <= _withLargestPurge(stack) + resolution;
  const borneOut = unobserved === 0n && fits(metered) && !fits(tank);
  const balance = _isUndisputed(window) || borneOut ? metered : tank;
  return { window, spans, balance, stack, unobserved, resolution, sound: fits(balance) && unobserved === 0n };
}

/** Whether meter and tank agree on a fill whose window's balance says enough to gainsay its stacks. */
function _isAgreed({ window, balance, stack, unobserved, resolution, sound }) {
  const confirmed = window.fill !== null && window.fill.agreement === "confirmed" && !window.unseen.length;
  const seen = unobserved === 0n || balance < stack - resolution;
  return confirmed && seen && !sound && balance >= _SMALLEST_AGREED_RESOLUTIONS * resolution;
}

/** What a window used when it is not part of the sound pool [mg], or null. */
function _usedAlone(draft, ratio) {
  const { balance, stack } = draft;
  if (balance !== null && _isAgreed(draft)) return balance;
  const byStack = _byRatio(stack, ratio);
  if (draft.unobserved === 0n && stack > 0n && (ratio !== null || balance === null)) return byStack;
  if (balance === null) return stack > 0n ? byStack : null;
  if (stack > 0n && balance < byStack) return byStack;
  const most = _withLargestPurge(stack);
  return draft.sound && balance > most && most > 0n ? most : largest(balance, 0n);
}

function _byRatio(stack, ratio) {
  return ratio ? floorDivide(stack * ratio.balance, ratio.stack) : stack;
}

/** A window's hydrogen over its spans: by charge what the stacks saw, the rest over what was unobserved. */
function _spread(total, draft, ratio) {
  const { spans } = draft;
  if (total === null || !spans.length) return [];
  const charges = spans.map((span) => span.charge_twice);
  let silences = spans.map((span) => span.unobserved_ninths_mm);
  if (sumOf(silences) === 0n) silences = spans.map((span) => span.unobserved_s);
  let seen = smallest(total, ratio ? _byRatio(draft.stack, ratio) : _seenMg(total, draft.stack, spans));
  if (draft.unobserved === 0n || sumOf(silences) === 0n) seen = total;
  if (sumOf(charges) === 0n) seen = 0n;
  if (sumOf(charges) === 0n && sumOf(silences) === 0n) {
    const lengths = spans.map((span) => span.moving_readings);
    return allocate(total, sumOf(lengths) ? lengths : spans.map(() => 1n));
  }
  const rest = total > seen ? allocate(total - seen, silences) : spans.map(() => 0n);
  return allocate(seen, charges).map((part, at) => part + rest[at]);
}

/**
 * What the stacks saw of a window's hydrogen where no sound window tells the purge: as much as of the distance, and no
 * less than they converted nor more than that with the largest purge.
 */
function _seenMg(total, stack, spans) {
  const driven = sumOf(spans.map((span) => span.distance_ninths_mm));
  const unobserved = sumOf(spans.map((span) => span.unobserved_ninths_mm));
  const byDistance = driven > 0n ? floorDivide(total * (driven - unobserved), driven) : total;
  return smallest(largest(byDistance, stack), _withLargestPurge(stack));
}

function _withLargestPurge(stack) {
  return stack + floorDivide(stack * LARGEST_PURGE_PER_MILLE, 1000n);
}

/** The sound windows' balance over their stack charge, or null where they are too small to say anything. */
function _poolRatio(pool, resolution) {
  const balance = sumOf(pool.map((draft) => draft.balance));
  const stack = sumOf(pool.map((draft) => draft.stack));
  const enough = balance > 0n && stack > 0n && stack >= _SMALLEST_POOL_RESOLUTIONS * resolution;
  return enough ? { balance, stack } : null;
}

/**
 * The hydrogen of each span of one truck [mg]: a Map from span_no to mass; a span without a figure is not in it.
 * `windows` and `spans` are the truck's records in order, `volumeMl` its tank's or null.
 */
function reconcileTruck(windows, spans, volumeMl) {
  const resolution = resolutionMg(volumeMl);
  const drafts = windows.map((window) => {
    return _draft(window, spans.filter((span) => span.window_no === window.window_no), resolution);
  });
  const pool = drafts.filter((draft) => draft.sound);
  const ratio = _poolRatio(pool, resolution);
  const used = new Map();
  const give = (receivers, parts) => parts.forEach((part, at) => used.set(receivers[at].span_no, part));
  if (ratio) {
    const pooled = pool.flatMap((draft) => draft.spans);
    give(pooled, allocate(ratio.balance, pooled.map((span) => span.charge_twice)));
  }
  for (const draft of drafts) {
    if (ratio === null || !draft.sound) give(draft.spans, _spread(_usedAlone(draft, ratio), draft, ratio));
  }
  return used;
}
