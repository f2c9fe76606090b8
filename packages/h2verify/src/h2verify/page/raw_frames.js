// Step 18: frames decoded again, time cut again, and the result held against the records of each truck.

const COMPARISONS_MAX = 20_000_000;
// Rows of all trucks that are no single frame, together: to search one takes time that grows with its square.
const LOOSE_BYTES_MAX = 2 * MIB;
const TELEMETRY_ROW_BYTES_MAX = 256 * 1024;
const TELEMETRY_INSTANT_BYTES_MAX = 64;
const _ONE_LETTER_A_BYTE = new TextDecoder("windows-1252");

/**
 * Refuses `frames.stands`, `.windows`, `.spans`, `.services`, `container.limit`; `files` and `opened` are proved. Gives
 * how many trucks and readings there were: {trucks, readings}.
 */
function verifyFrames(files, opened, groups) {
  const { vins, sites } = readPapers(files, opened, groups);
  const loose = { bytes: 0 };
  const { startMs, endMs } = trialHeaderOf(files.get(TRIAL_FILE));
  const periodS = [Math.floor(startMs / 1000), Math.floor(endMs / 1000)];
  let readings = 0;
  for (const [truck, vin] of vins) {
    const group = `truck/${truck}`;
    const records = groups.get(group);
    const ledger = new Ledger(new Map([[group, records.map(exactRecord)]]), 0);
    const papers = { ..._papersOfTruck(readTruck(ledger, group), sites), periodS };
    const again = _cutTruckAgain(files, vin, papers, loose);
    _mustBeRecorded("frames.stands", group, records, again.stands.map(_withoutPlace));
    _verifyPlaces(group, records, opened, again.stands);
    _mustBeRecorded("frames.windows", group, records, again.windows);
    _mustBeRecorded("frames.spans", group, records, again.spans);
    _mustBeRecorded("frames.services", group, records, again.services);
    readings += again.readings;
  }
  return { trucks: vins.size, readings };
}

function _papersOfTruck({ head, legs, fills }, sites) {
  return {
    head,
    volumeMl: head.tank_volume_ml,
    sites: [...sites.values()],
    legs: legs.map((leg) => {
      return { ...leg, departed_at_s: secondsOf(leg.departed_at_ms), arrived_at_s: secondsOf(leg.arrived_at_ms) };
    }),
    fills: fills.map((fill) => {
      return { ...fill, started_at_s: secondsOf(fill.started_at_ms), ended_at_s: secondsOf(fill.ended_at_ms) };
    }),
  };
}

/** Stands, windows, spans and services of a truck from its frames; `loose` counts rows of all trucks. */
function _cutTruckAgain(files, vin, papers, loose) {
  const frames = telemetryOf(files, vin).flatMap((file) => framesOfFile(file, vin, loose));
  const readings = _readingsOfFrames(frames, vin, papers);
  return { ...cutTime(readings, papers), readings: readings.length };
}

/**
 * One truck's time cut anew: {stands, windows, spans, trips, services} from its readings and papers: the tank's volume,
 * sites in their order, legs and booked fills in seconds.
 */
function cutTime(readings, { volumeMl, sites, legs, fills }) {
  const [runs, silences, ends] = [standingRuns(readings), silencesOf(readings), truckEnds(readings)];
  const standings = runs.length + silences.length;
  const work = standings * (sites.length + legs.length + fills.length);
  must(work <= COMPARISONS_MAX, "container.limit", `${standings} standings are too many to compare`);
  const stands = tripEndingStands(standingsOf(runs, silences), sites, legs);
  const seen = matchFills(runs, silences, ends, fills, volumeMl);
  const windows = ends ? windowsBetween(seen, ends, volumeMl) : [];
  const spans = (ends ? cutSpans(ends, stands, windows) : []).map((span) => spanSums(readings, span));
  const trips = tripsOf(spans, stands);
  const placesById = new Map(sites.map((site) => [site.site_id, site]));
  const services = serveLegs(legs, trips, stands, placesById, silences);
  const inOrder = stands.sort(byKeys((stand) => stand.split_at_s, (stand) => stand.started_at_s));
  return { stands: inOrder, windows, spans, trips, services };
}

function _readingsOfFrames(frames, vin, { head, periodS }) {
  const perStack = head.cells_per_stack;
  const cells =
    head.edition === 2016n && perStack !== null && head.stack_count !== null ? perStack * head.stack_count : perStack;
  const known = head.edition !== 2016n || head.stack_count !== null;
  const register = { vin, edition: Number(head.edition), stack_count: head.stack_count, cells: known ? cells : null };
  const readings = readingsOf(framesInUse(frames, register, periodS), register);
  addSteps(readings);
  return readings;
}

/** The frames in a whole telemetry file that may carry a reading of the truck; `loose` is one for all of a bundle. */
function framesOfFile(file, vin, loose) {
  must(file.whole, "received.missing", "expected the whole file", file.path);
  const frames = [];
  eachTelemetryRow(file.whole, (bytes, row, receivedAtMs) => {
    if (!_isOneFrame(bytes)) loose.bytes += bytes.length;
    must(loose.bytes <= LOOSE_BYTES_MAX, "container.limit", "too many rows that are no single frame", file.path);
    const columns = gbRowColumns(bytes);
    const carries = columns.outcome === "ok" && columns.vin === vin;
    if (carries && (columns.command === REAL_TIME || columns.command === RE_ISSUE)) {
      frames.push({ ...columns, file: file.path, row, received_at_ms: receivedAtMs });
    }
  });
  return frames;
}

function _isOneFrame(bytes) {
  const marked = bytes[0] === bytes[1] && GB_EDITIONS.has(bytes[0]);
  return marked && bytes.length === GB_OVERHEAD_BYTES + bytes[22] * 256 + bytes[23];
}

/** Calls `take(bytes, row, receivedAtMs)` for each row of a telemetry content that holds the bytes of a frame. */
function eachTelemetryRow({ content, isCut }, take) {
  let layout = null;
  let followsOpen = false;
  const size = content.length;
  eachRecord(content, (record, row) => {
    const tooLong = record.length > TELEMETRY_ROW_BYTES_MAX || followsOpen;
    const isLast = record.byteOffset + record.length === content.byteOffset + size;
    followsOpen = record.at(-1) !== 0x0a;
    if (tooLong || (isCut && isLast && followsOpen)) return;
    const line = withoutLineEnd(record);
    if (row === 0) layout = _telemetryLayout(line);
    else if (layout !== null) _takeTelemetryRow(line, layout, (bytes, receivedAtMs) => take(bytes, row, receivedAtMs));
  });
}

/** Where the two columns stand in a row of so many cells, or null. */
function _telemetryLayout(line) {
  const text = textOfUtf8(withoutMark(line));
  const names = text === null ? null : _cellsOrNull(text);
  if (names === null) return null;
  const once = (name) => names.filter((each) => each === name).length === 1;
  if (!once("received_at") || !once("frame")) return null;
  return { cells: names.length, time: names.indexOf("received_at"), frame: names.indexOf("frame") };
}

function _cellsOrNull(text) {
  try {
    return cellsOfLine(text);
  } catch (error) {
    if (!(error instanceof CsvFault)) throw error;
    return null;
  }
}

function _takeTelemetryRow(line, layout, take) {
  const text = _ONE_LETTER_A_BYTE.decode(line);
  const cells = text.includes('"') ? _quotedTelemetryCells(text) : text.split(",");
  if (cells.length !== layout.cells) return;
  const bytes = _bytesOfAnyHex(cells[layout.frame]);
  if (bytes === null || !bytes.length) return;
  const time = cells[layout.time];
  take(bytes, time.length <= TELEMETRY_INSTANT_BYTES_MAX ? instantMsOf(time) : null);
}

/** The cells of a row with quotes; what would end a cell or a record inside one is a blank. */
function _quotedTelemetryCells(text) {
  const cells = _cellsOrNull(text);
  return cells === null ? text.replaceAll('"', "?").split(",") : cells.map((cell) => cell.replace(/[,\r\n]/g, " "));
}

/** The bytes of hexadecimal digits in either case, or null. */
function _bytesOfAnyHex(text) {
  return bytesOfHex(text.toLowerCase());
}

function _withoutPlace({ longitude_e6: _longitude, latitude_e6: _latitude, ...stand }) {
  return stand;
}

/** Refuses unless the records of the code's kind are those made again: as many, in this order, all fields. */
function _mustBeRecorded(code, group, records, made) {
  const kind = code.slice("frames.".length, -1);
  const stated = records.filter((record) => record.kind === kind).map(exactRecord);
  const said = stated.map(({ kind: _kind, closed: _closed, ...values }) => values);
  const place = firstDifference(made, said);
  must(place === null, code, "the frames give something else than the record says", `${group} ${kind}${place}`);
}

function _verifyPlaces(group, records, opened, stands) {
  const numbers = records.flatMap((record, number) => (record.kind === "stand" ? [number] : []));
  numbers.forEach((number, at) => {
    const values = exactRecord(opened.get(openedKey(group, number, "position")));
    const { longitude_e6, latitude_e6 } = stands[at];
    const same = firstDifference({ latitude_e6, longitude_e6 }, values) === null;
    must(same, "frames.stands", "the frames give another place than the opened one", `${group}[${number}].position`);
  });
}
