"""GB/T 32960.3 telemetry, editions 2016 and 2025: one field table, a reference decoder, a stream reader. No I/O.

Invariants: raw integers stay as received, scale and offset stand in the table and are applied exactly, in decimals;
nothing that was not understood is dropped or guessed; only DecodeError leaves a decoder, whatever the bytes; every loop
over received bytes is bounded by their number.
"""

from .as_json import frame_to_json, item_to_json
from .commands import COMMAND, DATA_LENGTH_MAX, FRAME_OVERHEAD, PLAIN, REALTIME, REISSUE
from .frame import Frame, Header, SignedBytes, decode_frame, read_header, xor_of
from .instant import find_instant, text_of, utc_seconds
from .parts import (
    Blob,
    CommandLayout,
    Edition,
    Field,
    Instant,
    ItemLayout,
    Part,
    RawValue,
    RawValues,
    Records,
    Run,
    Text,
    Texts,
    fixed_size,
)
from .plan import LayoutPlan, Place, RowDecoder, plan_layout
from .ranges import find_out_of_range
from .reader import ItemReading, Slot, Tail, read_items
from .rows import (
    FRAME_COLUMNS,
    ITEM_COLUMNS,
    TEXT_COLUMNS,
    RowReading,
    frame_columns_reference,
    read_row,
    read_row_columns,
)
from .stream import Framer, Segment, is_plausible_header, split_stream
from .tables import EDITION_2016, EDITION_2025, EDITION_BY_MARK, EDITIONS

__all__ = [
    "COMMAND",
    "DATA_LENGTH_MAX",
    "EDITIONS",
    "EDITION_2016",
    "EDITION_2025",
    "EDITION_BY_MARK",
    "FRAME_COLUMNS",
    "FRAME_OVERHEAD",
    "ITEM_COLUMNS",
    "PLAIN",
    "REALTIME",
    "REISSUE",
    "TEXT_COLUMNS",
    "Blob",
    "CommandLayout",
    "Edition",
    "Field",
    "Frame",
    "Framer",
    "Header",
    "Instant",
    "ItemLayout",
    "ItemReading",
    "LayoutPlan",
    "Part",
    "Place",
    "RawValue",
    "RawValues",
    "Records",
    "RowDecoder",
    "RowReading",
    "Run",
    "Segment",
    "SignedBytes",
    "Slot",
    "Tail",
    "Text",
    "Texts",
    "decode_frame",
    "find_instant",
    "find_out_of_range",
    "fixed_size",
    "frame_columns_reference",
    "frame_to_json",
    "is_plausible_header",
    "item_to_json",
    "plan_layout",
    "read_header",
    "read_items",
    "read_row",
    "read_row_columns",
    "split_stream",
    "text_of",
    "utc_seconds",
    "xor_of",
]
