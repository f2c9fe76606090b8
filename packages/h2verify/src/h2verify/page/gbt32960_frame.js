// A telemetry row - the bytes that arrived in place of one frame - as the columns that readings are made of.

const GB_HEADER_BYTES = 24;
const GB_OVERHEAD_BYTES = 25;
const GB_DATA_BYTES_MAX = 65531;
const GB_TIME_BYTES = 6;
const _GB_PLAIN = 1;
const _GB_TRUNCATED_MIN = 4;
const _GB_VEHICLE = 0x01;
const _GB_FUEL_CELL = 0x03;
const _GB_POSITION = 0x05;
const _GB_STACKS = 0x30;
const _GB_UTC_PLUS_8_S = 8 * 3600;
const _GB_CURRENT_ABNORMAL = 0xfffe;

/** The columns of a row; each null where it is absent or the outcome is not `ok`. */
const _GB_NO_COLUMNS = Object.freeze({
  outcome: "garbage",
  edition: null,
  command: null,
  vin: null,
  data_unit_digest: null,
  device_time_s: null,
  speed_raw: null,
  odometer_raw: null,
  soc_raw: null,
  stacks_reported: null,
  stack_current_raw: null,
  stack_voltage_raw: null,
  h2_pressure_raw: null,
  h2_temperature_raw: null,
  position_status: null,
  longitude_raw: null,
  latitude_raw: null,
  coordinate_system: null,
});

/** Printable ASCII as it is; any other byte, and the backslash, as \xhh. */
function gbText(bytes) {
  const letter = (byte) =>
    byte >= 0x20 && byte < 0x7f && byte !== 0x5c ? String.fromCharCode(byte) : `\\x${hexOf([byte])}`;
  return Array.from(bytes, letter).join("");
}

/** Seconds since 1970-01-01 UTC of six bytes in UTC+8, or null where no calendar has them. */
function gbTimeS(bytes) {
  const [year, month, day, hour, minute, second] = bytes;
  if (year > 99 || month < 1 || month > 12 || day < 1 || hour > 23 || minute > 59 || second > 59) return null;
  const ms = Date.UTC(2000 + year, month - 1, day, hour, minute, second);
  return new Date(ms).getUTCDate() === day ? ms / 1000 - _GB_UTC_PLUS_8_S : null;
}

/** Walks bytes along parts of the table; `at` is -1 where they end too early. */
class _GbWalk {
  constructor(bytes, at) {
    this.bytes = bytes;
    this.at = at;
    this.inRange = true;
  }

  integer(width) {
    if (this.at < 0 || this.at + width > this.bytes.length) {
      this.at = -1;
      return 0;
    }
    let value = 0;
    for (const end = this.at + width; this.at < end; this.at += 1) value = value * 256 + this.bytes[this.at];
    return value;
  }

  check(field, value) {
    if (field.first === null || (value >= field.first && value <= field.last) || value >= field.sentinel) return;
    this.inRange = false;
  }

  count(field) {
    const value = this.integer(field.width);
    return value >= field.sentinel ? 0 : value;
  }

  /** The values of parts by name; records as a list under `records`. */
  parts(parts) {
    const found = {};
    for (const part of parts) {
      if (this.at < 0) break;
      if (part.kind === "field") {
        found[part.field.name] = this.integer(part.field.width);
        if (this.at >= 0) this.check(part.field, found[part.field.name]);
      } else if (part.kind === "run") this.run(part);
      else if (part.kind === "records") found.records = this.records(part);
      else this.skip(this.integer(2));
    }
    return found;
  }

  skip(count) {
    if (this.at >= 0) this.at = this.at + count > this.bytes.length ? -1 : this.at + count;
  }

  run({ count, field }) {
    const raw = this.integer(count.width);
    const elements = raw >= count.sentinel ? 0 : raw;
    if (this.at < 0 || this.at + elements * field.width > this.bytes.length) {
      this.at = -1;
      return;
    }
    this.check(count, raw);
    for (let left = elements; left > 0; left -= 1) this.check(field, this.integer(field.width));
  }

  records({ count, parts }) {
    const records = [];
    for (let left = this.count(count); left > 0 && this.at >= 0; left -= 1) records.push(this.parts(parts));
    return records;
  }
}

/** The first item of each type of a data unit from its time on; `whole` when nothing was left undecoded. */
function _gbReadItems(edition, dataUnit) {
  const items = new Map();
  let inRange = true;
  let at = GB_TIME_BYTES;
  while (at < dataUnit.length) {
    const type = dataUnit[at];
    const parts = edition.items.get(type);
    if (!parts) return { items, whole: false, inRange };
    const walk = new _GbWalk(dataUnit, at + 1);
    const values = walk.parts(parts);
    if (walk.at < 0) return { items, whole: false, inRange };
    inRange &&= walk.inRange;
    if (!items.has(type)) items.set(type, values);
    at = walk.at;
  }
  return { items, whole: true, inRange };
}

/** The items of a data unit; none where only the other edition reads it whole and without an impossible value. */
function _gbItemsOf(edition, dataUnit) {
  const own = _gbReadItems(edition, dataUnit);
  if (own.whole) return own.items;
  for (const other of GB_EDITIONS.values()) {
    if (other === edition) continue;
    const found = _gbReadItems(other, dataUnit);
    if (found.whole && found.inRange) return new Map();
  }
  return own.items;
}

function _gbItemColumns(year, items) {
  const vehicle = items.get(_GB_VEHICLE) ?? {};
  const fuelCell = items.get(_GB_FUEL_CELL) ?? {};
  const position = items.get(_GB_POSITION) ?? {};
  const columns = {
    speed_raw: vehicle.speed_kmh ?? null,
    odometer_raw: vehicle.odometer_km ?? null,
    soc_raw: vehicle.soc_pct ?? null,
    h2_pressure_raw: fuelCell.h2_max_pressure_mpa ?? null,
    h2_temperature_raw: fuelCell.h2_max_temp_c ?? null,
    position_status: position.status_raw ?? null,
    longitude_raw: position.longitude ?? null,
    latitude_raw: position.latitude ?? null,
    coordinate_system: position.coordinate_system_raw ?? null,
  };
  return { ...columns, ...(year === 2016 ? _gbStack2016(items) : _gbStacks2025(items)) };
}

function _gbStack2016(items) {
  const item = items.get(_GB_FUEL_CELL);
  if (!item) return {};
  return { stacks_reported: 1, stack_current_raw: item.stack_current_a, stack_voltage_raw: item.stack_voltage_v };
}

function _gbStacks2025(items) {
  const item = items.get(_GB_STACKS);
  if (!item) return {};
  const stacks = item.records;
  const known = stacks.length > 0 && stacks.every((stack) => stack.current_a < _GB_CURRENT_ABNORMAL);
  return {
    stacks_reported: stacks.length,
    stack_current_raw: known ? stacks.reduce((sum, stack) => sum + stack.current_a, 0) : null,
    stack_voltage_raw: stacks.length ? stacks[0].voltage_v : null,
  };
}

/** Whether the bytes from `at` on, as far as they go, could be the header of a frame. */
function _gbIsPlausible(bytes, at) {
  const left = bytes.length - at;
  if (left >= 2 && !(GB_EDITIONS.has(bytes[at]) && bytes[at] === bytes[at + 1])) return false;
  if (left >= 4 && !GB_RESPONSES.has(bytes[at + 3])) return false;
  for (let place = at + 4; place < Math.min(at + 21, bytes.length); place += 1) {
    if (bytes[place] !== 0 && (bytes[place] < 0x20 || bytes[place] > 0x7e)) return false;
  }
  if (left >= 22 && !GB_ENCRYPTIONS.has(bytes[at + 21])) return false;
  return left < GB_HEADER_BYTES || bytes[at + 22] * 256 + bytes[at + 23] <= GB_DATA_BYTES_MAX;
}

/** What was found in a row that is not exactly one frame. */
class _GbSearch {
  constructor(bytes) {
    this.bytes = bytes;
    this.sound = [];
    this.damaged = [];
    this.beginsPartial = false;
    this.folded = new Uint8Array(bytes.length + 1);
    for (let at = 0; at < bytes.length; at += 1) this.folded[at + 1] = this.folded[at] ^ bytes[at];
    for (let at = this.mark(0, bytes.length); at >= 0; ) at = this.mark(this.take(at), bytes.length);
  }

  /** Where the next plausible start mark begins in [from, end), or -1. */
  mark(from, end) {
    for (let at = from; at + 2 <= end; at += 1) {
      const byte = this.bytes[at];
      if ((byte === 0x23 || byte === 0x24) && this.bytes[at + 1] === byte && _gbIsPlausible(this.bytes, at)) return at;
    }
    return -1;
  }

  endOf(start) {
    if (this.bytes.length - start < GB_HEADER_BYTES) return start + GB_OVERHEAD_BYTES;
    return start + GB_OVERHEAD_BYTES + this.bytes[start + 22] * 256 + this.bytes[start + 23];
  }

  isSound(start, end) {
    return end <= this.bytes.length && this.folded[end] === this.folded[start + 2];
  }

  /** Takes the frame that begins at a mark, or a whole one inside it; gives where to go on. */
  take(start) {
    const end = this.endOf(start);
    if (this.isSound(start, end)) {
      this.sound.push([start, end]);
      return end;
    }
    const inner = this.inside(start, Math.min(end, this.bytes.length));
    if (inner >= 0) return inner;
    if (end <= this.bytes.length) this.damaged.push([start, end]);
    else this.beginsPartial ||= start === 0;
    return Math.min(end, this.bytes.length);
  }

  inside(start, end) {
    const last = Math.min(end + 1, this.bytes.length);
    for (let at = this.mark(start + 1, last); at >= 0; at = this.mark(at + 1, last)) {
      if (this.isSound(at, this.endOf(at))) return at;
    }
    return -1;
  }
}

function _gbHeaderColumns(bytes, outcome) {
  const edition = GB_EDITIONS.get(bytes[0]);
  return { ..._GB_NO_COLUMNS, outcome, edition: edition.year, command: bytes[2], vin: gbText(bytes.subarray(4, 21)) };
}

/** The columns of bytes that are exactly one frame with a right check byte. */
function _gbFrameColumns(bytes) {
  const edition = GB_EDITIONS.get(bytes[0]);
  const command = edition.commands.get(bytes[2]);
  if (bytes[21] !== _GB_PLAIN) return _gbHeaderColumns(bytes, "encrypted");
  if (!command || !command.known) return _gbHeaderColumns(bytes, "unknown_command");
  const dataUnit = bytes.subarray(GB_HEADER_BYTES, bytes.length - 1);
  const isReply = bytes[3] !== 0xfe && dataUnit.length === GB_TIME_BYTES;
  const timed = command.timed || isReply;
  const timeS = timed && dataUnit.length >= GB_TIME_BYTES ? gbTimeS(dataUnit.subarray(0, GB_TIME_BYTES)) : null;
  if (command.timed && timeS === null) return _gbHeaderColumns(bytes, "unreadable_time");
  const items = command.items ? _gbItemColumns(edition.year, _gbItemsOf(edition, dataUnit)) : {};
  return {
    ..._gbHeaderColumns(bytes, "ok"),
    data_unit_digest: sha256Hex(dataUnit).slice(0, 32),
    device_time_s: timeS,
    ...items,
  };
}

/** The columns of one telemetry row: exactly one frame, one frame in junk, or an outcome that says why neither. */
function gbRowColumns(bytes) {
  const marked = bytes.length >= GB_HEADER_BYTES && bytes[0] === bytes[1] && GB_EDITIONS.has(bytes[0]);
  if (marked && bytes.length === GB_OVERHEAD_BYTES + bytes[22] * 256 + bytes[23]) {
    let folded = 0;
    for (let at = 2; at < bytes.length; at += 1) folded ^= bytes[at];
    return folded ? _gbHeaderColumns(bytes, "bad_check_byte") : _gbFrameColumns(bytes);
  }
  const search = new _GbSearch(bytes);
  if (search.sound.length === 1) return _gbFrameColumns(bytes.subarray(...search.sound[0]));
  if (search.sound.length) return _GB_NO_COLUMNS;
  if (search.damaged.length) return _gbHeaderColumns(bytes.subarray(...search.damaged[0]), "bad_check_byte");
  if (bytes.length < _GB_TRUNCATED_MIN || !search.beginsPartial) return _GB_NO_COLUMNS;
  if (bytes.length < GB_HEADER_BYTES) return { ..._GB_NO_COLUMNS, outcome: "truncated" };
  return _gbHeaderColumns(bytes, "truncated");
}
