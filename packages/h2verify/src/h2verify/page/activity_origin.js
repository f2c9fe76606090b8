// Where hydrogen comes from: station stock first in first out, tank content mixed in proportion to mass. An origin is
// `batch@station`, `batch@` for hydrogen on board before the period, the empty text where it is unknown.

const UNKNOWN_ORIGIN = "";

/**
 * The origin of each booked fill: a Map from refuelling_id to a mix.
 * deliveries: {batch_id, station_id, delivered_at_s, mass_mg}; openingStock: Map from station to mg;
 * fills: {refuelling_id, station_id, started_at_s, mass_mg}.
 */
function originOfFills(deliveries, openingStock, periodStartS, fills) {
  const stocks = new Map();
  const delivered = [...deliveries].sort(byKeys((each) => each.delivered_at_s, (each) => each.batch_id));
  for (const each of delivered) {
    if (!stocks.has(each.station_id)) stocks.set(each.station_id, []);
    const origin = `${each.batch_id}@${each.station_id}`;
    stocks.get(each.station_id).push({ since: each.delivered_at_s, origin, held: each.mass_mg });
  }
  for (const [station, opening] of openingStock) {
    stocks.set(station, _openedStock(stocks.get(station) ?? [], opening, periodStartS));
  }
  const mixes = new Map();
  const inOrder = [...fills].sort(byKeys((fill) => fill.started_at_s, (fill) => fill.refuelling_id));
  for (const fill of inOrder) {
    const { drawn, left } = _draw(stocks.get(fill.station_id) ?? [], fill.mass_mg, fill.started_at_s);
    mixes.set(fill.refuelling_id, drawn);
    stocks.set(fill.station_id, left);
  }
  return mixes;
}

/** Stock at the start: what is known beyond the opening had left already, what is missing is of unknown origin. */
function _openedStock(stock, opening, periodStartS) {
  const before = stock.filter((entry) => entry.since < periodStartS);
  const later = stock.filter((entry) => entry.since >= periodStartS);
  const held = sumOf(before.map((entry) => entry.held));
  if (opening > held) {
    return [{ since: periodStartS, origin: UNKNOWN_ORIGIN, held: opening - held }, ...before, ...later];
  }
  return [..._draw(before, held - opening, periodStartS).left, ...later];
}

function _draw(stock, mass, atS) {
  const drawn = new Map();
  const left = [];
  let wanted = mass;
  for (const entry of stock) {
    const taken = entry.since <= atS ? smallest(entry.held, wanted) : 0n;
    wanted -= taken;
    if (taken) addToMix(drawn, entry.origin, taken);
    if (entry.held > taken) left.push({ ...entry, held: entry.held - taken });
  }
  if (wanted) addToMix(drawn, UNKNOWN_ORIGIN, wanted);
  return { drawn, left };
}

/**
 * The hydrogen of one truck's spans by origin, in the order of windows and spans: {span_no, used_mg, by_origin}, the
 * last a list of [origin, mass] in order of origin. Spans without a figure are left out.
 */
function originOfSpans(windows, spans, used, opening, fillOrigins) {
  const result = [];
  let content = new Map(opening);
  for (const window of windows) {
    content = _filled(content, window, fillOrigins);
    for (const span of spans) {
      if (span.window_no !== window.window_no || !used.has(span.span_no)) continue;
      const mass = used.get(span.span_no);
      const { parts, left } = _useMix(content, mass);
      content = left;
      result.push({ span_no: span.span_no, used_mg: mass, by_origin: parts });
    }
  }
  return result;
}

function _filled(content, window, fillOrigins) {
  const mixed = new Map(content);
  for (const fill of [...(window.fill ? [window.fill] : []), ...window.unseen]) {
    if (!fill.refuelling_ids.length) addToMix(mixed, UNKNOWN_ORIGIN, fill.rise_mg ?? 0n);
    for (const refuellingId of fill.refuelling_ids) {
      for (const [origin, mass] of fillOrigins.get(refuellingId) ?? []) addToMix(mixed, origin, mass);
    }
  }
  return mixed;
}

function _useMix(content, used) {
  const origins = [...content.keys()].filter((origin) => content.get(origin) > 0n).sort(compareTexts);
  if (!origins.length) return { parts: used ? [[UNKNOWN_ORIGIN, used]] : [], left: new Map() };
  const parts = allocate(used, origins.map((origin) => content.get(origin)));
  const left = new Map(origins.map((origin, at) => [origin, largest(content.get(origin) - parts[at], 0n)]));
  return { parts: origins.map((origin, at) => [origin, parts[at]]).filter(([, mass]) => mass), left };
}
