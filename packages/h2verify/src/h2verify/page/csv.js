// Records of a received content, and the cells of a record: UTF-8, commas, RFC 4180 quotes.

const RECORD_BYTES_MAX = 1 << 20;
const CSV_COLUMNS_MAX = 256;
const _CSV_FIELD_MAX = 131_072;
const [_LF, _CR, _COMMA, _QUOTE] = [0x0a, 0x0d, 0x2c, 0x22];
const _BYTE_ORDER_MARK = Uint8Array.of(0xef, 0xbb, 0xbf);

/** A row that cannot be cut into cells; the text says why. */
class CsvFault extends Error {}

/** Where the record that begins at `from` ends: after a line feed outside quotes, or at the end of the content. */
function _recordEnd(bytes, from) {
  let fieldStart = true;
  let quoted = false;
  for (let at = from; at < bytes.length; at += 1) {
    const byte = bytes[at];
    if (quoted) {
      if (byte !== _QUOTE) continue;
      if (bytes[at + 1] === _QUOTE) at += 1;
      else quoted = false;
      fieldStart = false;
    } else if (byte === _QUOTE && fieldStart) quoted = true;
    else if (byte === _LF) return at + 1;
    else fieldStart = byte === _COMMA;
  }
  return bytes.length;
}

/** Calls `take(record, number)` with each record of a content; above 1 MiB it comes in pieces, each a record. */
function eachRecord(bytes, take) {
  const plain = !bytes.includes(_QUOTE);
  let number = 0;
  for (let from = 0; from < bytes.length; ) {
    const feed = plain ? bytes.indexOf(_LF, from) : -1;
    const end = plain ? (feed < 0 ? bytes.length : feed + 1) : _recordEnd(bytes, from);
    for (; from < end; number += 1) {
      const next = Math.min(end, from + RECORD_BYTES_MAX);
      take(bytes.subarray(from, next), number);
      from = next;
    }
  }
}

/** A record without its line end. */
function withoutLineEnd(record) {
  let end = record.length;
  if (end && record[end - 1] === _LF) end -= 1;
  if (end && record[end - 1] === _CR) end -= 1;
  return record.subarray(0, end);
}

/** Bytes without a byte order mark before them. */
function withoutMark(bytes) {
  return _BYTE_ORDER_MARK.every((byte, at) => bytes[at] === byte) ? bytes.subarray(3) : bytes;
}

/** The cells of one line by RFC 4180; throws CsvFault where quotes do not close or something follows them. */
function cellsOfLine(text) {
  if (text === "") return [];
  const cells = [];
  let at = 0;
  for (;;) {
    const quoted = text[at] === '"';
    const { cell, next } = quoted ? _quotedCell(text, at + 1) : _plainCell(text, at);
    if (lengthOf(cell) > _CSV_FIELD_MAX) throw new CsvFault("a cell is too long");
    cells.push(cell);
    if (text[next] !== ",") {
      if (/[^\r\n]/.test(text.slice(next))) throw new CsvFault("something follows a quote or a line end");
      return cells;
    }
    at = next + 1;
  }
}

function _quotedCell(text, from) {
  let cell = "";
  for (let at = from; ; at += 2) {
    const end = text.indexOf('"', at);
    if (end < 0) throw new CsvFault("quotes do not close");
    cell += text.slice(at, end);
    if (text[end + 1] !== '"') return { cell, next: end + 1 };
    cell += '"';
    at = end;
  }
}

function _plainCell(text, from) {
  const found = text.slice(from).search(/[,\r\n]/);
  const next = found < 0 ? text.length : from + found;
  return { cell: text.slice(from, next), next };
}

/** The cells of a record of a table; throws CsvFault. */
function cellsOfRecord(record) {
  if (record.length >= RECORD_BYTES_MAX || record.includes(0)) throw new CsvFault("too long, or holds a zero byte");
  const text = textOfUtf8(withoutLineEnd(record));
  if (text === null) throw new CsvFault("not a text in UTF-8");
  if (text.includes('"')) return cellsOfLine(text);
  if (text.includes("\r")) throw new CsvFault("a carriage return alone");
  return text === "" ? [] : text.split(",");
}

/** The column names of a table from its first record; names that are not empty stand once. */
function columnsOfHeader(record) {
  const names = cellsOfRecord(withoutMark(record));
  const named = names.filter((name) => name !== "");
  const fits = named.length > 0 && names.length <= CSV_COLUMNS_MAX && new Set(named).size === named.length;
  if (!fits) throw new CsvFault("expected a header with each column once");
  return names;
}

/** The cells of a row by column: a Map. */
function cellsByColumn(columns, record) {
  const cells = cellsOfRecord(record);
  if (cells.length !== columns.length) throw new CsvFault(`expected ${columns.length} cells, came ${cells.length}`);
  return new Map(columns.map((name, at) => [name, cells[at]]));
}
