"""GB/T 32960.3, editions 2016 and 2025: array decoder, encoder, session and page from the field table of `h2verify`.

Invariants: no I/O; `decode_columns` equals `h2verify.gbt32960.frame_columns_reference` in every column of every row and
never raises on received bytes; sentinels stay as received.
"""

from .array_decoder import decode_columns
from .columns import FrameColumns
from .docs import render_field_tables
from .encoder import encode_data_unit, encode_frame, encode_parts, encode_read_frame
from .session import Session, SessionRow, SessionRules

__all__ = [
    "FrameColumns",
    "Session",
    "SessionRow",
    "SessionRules",
    "decode_columns",
    "encode_data_unit",
    "encode_frame",
    "encode_parts",
    "encode_read_frame",
    "render_field_tables",
]
