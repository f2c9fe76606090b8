// From the text of a cell to a value, exactly; and which cell of which file stands behind each field of a record.
// A value is null (empty cell), a text, a BigInt of the unit in the field's name, or a Decimal.

const _CELL_CHARACTERS_MAX = 4096;
const _INTEGER_DIGITS_MAX = 12;
const _FRACTION_DIGITS_MAX = 18;
const _OFFSET_MINUTES_MAX = 14 * 60;
// 0001-01-02T00:00:00Z and 9999-12-31T15:59:59.999Z: what lies beyond has no date at UTC+8, or anywhere.
const [_INSTANT_MS_MIN, _INSTANT_MS_MAX] = [-62_135_510_400_000, 253_402_271_999_999];
const _CELL_NUMBER = /^(-?)([0-9]+)(?:\.([0-9]+))?$/;
const _CELL_INSTANT =
  /^([0-9]{4}-[0-9]{2}-[0-9]{2})T([0-9]{2}):([0-9]{2}):([0-9]{2})(?:\.([0-9]{1,9}))?(?:Z|([+-])([0-9]{2}):([0-9]{2}))$/;

/** A cell that is no value of its kind, or finer than its field can hold. */
class CellFault extends Error {}

/** The time written in an ISO 8601 text as if it were UTC [ms], and its offset [min]; null where it is none. */
function wallTimeOf(text) {
  const match = _CELL_INSTANT.exec(text);
  if (!match || !isDay(match[1])) return null;
  const [hour, minute, second] = match.slice(2, 5).map(Number);
  const [offsetHours, offsetMinutes] = [Number(match[7] ?? 0), Number(match[8] ?? 0)];
  const offset = offsetHours * 60 + offsetMinutes;
  const digits = (match[5] ?? "").padEnd(3, "0");
  if (hour > 23 || minute > 59 || second > 59 || offsetMinutes > 59 || offset > _OFFSET_MINUTES_MAX) return null;
  if (/[1-9]/.test(digits.slice(3))) return null;
  const [year, month, day] = match[1].split("-").map(Number);
  const wall = new Date(0);
  wall.setUTCFullYear(year, month - 1, day);
  wall.setUTCHours(hour, minute, second, Number(digits.slice(0, 3)));
  return { ms: wall.getTime(), offset: match[6] === "-" ? -offset : offset };
}

/** Milliseconds since 1970-01-01 UTC of an ISO 8601 time with offset, or null. */
function instantMsOf(text) {
  const wall = wallTimeOf(text);
  if (wall === null) return null;
  const instantMs = wall.ms - wall.offset * 60_000;
  return _INSTANT_MS_MIN <= instantMs && instantMs <= _INSTANT_MS_MAX ? instantMs : null;
}

/** What a cell says; throws CellFault. `column` is {name, kind, places}. */
function valueOfCell(column, text) {
  if (text === "") return null;
  const value = lengthOf(text) > _CELL_CHARACTERS_MAX ? null : _valueOfText(column, text);
  if (value === null) throw new CellFault(`${column.name}: expected ${column.kind}, came ${text.slice(0, 60)}`);
  return value;
}

function _valueOfText({ kind, places }, text) {
  if (kind === "text") return text;
  if (kind === "day") return isDay(text) ? text : null;
  if (kind !== "instant") return _numberOfText(text, kind === "number" ? null : places);
  const ms = instantMsOf(text);
  return ms === null ? null : BigInt(ms);
}

/** A whole number of 10^-places, or without places the decimal itself; null for a text that is none or too fine. */
function _numberOfText(text, places) {
  const match = _CELL_NUMBER.exec(text);
  if (!match) return null;
  const [sign, whole, fraction] = [match[1], match[2], (match[3] ?? "").replace(/0+$/, "")];
  if (whole.replace(/^0+/, "").length > _INTEGER_DIGITS_MAX) return null;
  if (fraction.length > (places ?? _FRACTION_DIGITS_MAX)) return null;
  if (places === null) return Decimal.of(`${sign}${whole}.${fraction}`);
  const size = BigInt(whole + fraction.padEnd(places, "0"));
  return sign ? -size : size;
}

/** Whether what a record says of a field is what its cell says. */
function saysTheSame(column, found, said) {
  if (column.kind === "number") return said === null || found === null ? said === found : _isSameNumber(said, found);
  if (column.kind === "text") return said === null || said === "" ? found === null : said === found;
  if (typeof said === "number") return typeof found === "bigint" && BigInt(said) === found;
  return said === found;
}

function _isSameNumber(said, found) {
  const match = typeof said === "string" ? /^([+-]?[0-9]+(?:\.[0-9]+)?)(?:[eE]([+-]?[0-9]{1,5}))?$/.exec(said) : null;
  if (!match) return false;
  const plain = Decimal.of(match[1].replace(/^\+/, ""));
  return new Decimal(plain.coefficient, plain.exponent + Number(match[2] ?? 0)).compare(found) === 0;
}

/** Columns from words: `field`, `field=cell`, each with its kind. */
function _cells(kind, words, places = 0) {
  return words.split(" ").map((word) => {
    const [field, name = field] = word.split("=");
    return { field, name, kind, places };
  });
}

const _instants = (words) => _cells("instant", words.replace(/([a-z_]+)/g, "$1_ms=$1"));
const _MASS_CELL = _cells("quantity", "mass_mg=mass_kg", 6);
const _DAY_CELL = _cells("day", "day");
const POSITION_CELLS = _cells("quantity", "longitude_e6=lon latitude_e6=lat", 6);

/** By kind of record: the file behind it, the cells of its fields, and those of its closed classes. */
const RECORD_SOURCES = new Map([
  [
    "consignment",
    {
      file: "consignments.csv",
      cells: [
        ..._cells("text", "consignment_id origin_site destination_site"),
        ..._cells("quantity", "mass_g=mass_kg", 3),
      ],
      closed: {
        party: _cells(
          "text",
          "document_no shipper_id consignee_id goods hs_code container_no seal_no declaration_no",
        ),
      },
    },
  ],
  [
    "leg",
    {
      file: "legs.csv",
      cells: [
        ..._cells("text", "leg_id consignment_id mode origin_site destination_site"),
        ..._cells("text", "distance_kind distance_source intensity_method"),
        ..._cells("quantity", "sequence"),
        ..._instants("departed_at arrived_at"),
        ..._cells("quantity", "transport_distance_m=transport_distance_km", 3),
        ..._cells("number", "intensity_wtw_kgco2e_per_tkm intensity_ttw_kgco2e_per_tkm"),
      ],
    },
  ],
  [
    "truck",
    {
      file: "vehicles.csv",
      cells: [
        ..._cells("quantity", "edition=protocol stack_count cells_per_stack"),
        ..._cells("quantity", "tank_volume_ml=tank_volume_l battery_capacity_wh=battery_capacity_kwh", 3),
        ..._cells("number", "comparable_diesel_l_per_100km comparable_diesel_payload_t"),
        ..._cells("text", "comparable_diesel_source comparable_diesel_method comparable_diesel_profile"),
        ..._cells("day", "comparable_diesel_date"),
      ],
      closed: { identity: _cells("text", "vin plate terminal_id"), party: _cells("text", "carrier_id") },
    },
  ],
  [
    "tank_opening",
    { file: "tank_opening.csv", cells: [..._instants("at"), ..._MASS_CELL, ..._cells("text", "batch_id")] },
  ],
  [
    "fill",
    {
      file: "refuellings.csv",
      cells: [..._cells("text", "refuelling_id station_id"), ..._instants("started_at ended_at"), ..._MASS_CELL],
    },
  ],
  [
    "station_fill",
    {
      file: "refuellings.csv",
      cells: [..._cells("text", "refuelling_id"), ..._instants("started_at"), ..._MASS_CELL],
      owner: "station_id",
    },
  ],
  [
    "site",
    {
      file: "sites.csv",
      cells: _cells("text", "site_id grid_region site_kind=kind"),
      closed: { position: POSITION_CELLS },
    },
  ],
  [
    "hub_operation",
    {
      file: "hub_operations.csv",
      cells: [
        ..._DAY_CELL,
        ..._cells("quantity", "throughput_kg=throughput_t electricity_wh=electricity_kwh diesel_ml=diesel_l", 3),
      ],
      owner: "site_id",
    },
  ],
  [
    "delivery",
    {
      file: "hydrogen_deliveries.csv",
      cells: [
        ..._cells("text", "delivery_id batch_id"),
        ..._instants("delivered_at"),
        ..._MASS_CELL,
        ..._cells(
          "quantity",
          "trailer_diesel_ml=trailer_diesel_l trailer_compression_wh=trailer_compression_kwh",
          3,
        ),
      ],
      owner: "station_id",
    },
  ],
  [
    "station_energy",
    {
      file: "station_energy.csv",
      cells: [
        ..._DAY_CELL,
        ..._cells("quantity", "electricity_wh=electricity_kwh", 3),
        ..._cells("text", "grid_region"),
      ],
      owner: "station_id",
    },
  ],
  [
    "station_stock",
    {
      file: "station_stock.csv",
      cells: [..._DAY_CELL, ..._cells("quantity", "opening_mg=opening_kg vented_mg=vented_kg", 6)],
      owner: "station_id",
    },
  ],
  [
    "batch",
    {
      file: "hydrogen_batches.csv",
      cells: [..._cells("text", "batch_id site_id pathway"), ..._cells("number", "intensity_kgco2e_per_kg")],
    },
  ],
  [
    "batch_delivery",
    { file: "hydrogen_deliveries.csv", cells: [..._cells("text", "station_id"), ..._MASS_CELL], owner: "batch_id" },
  ],
]);
