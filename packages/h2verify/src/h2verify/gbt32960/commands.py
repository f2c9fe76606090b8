"""The commands of both editions and what their data units hold beside items, as data."""

from .parts import Blob, CommandLayout, Field, Instant, Part, Run, Text, Texts
from .vocabulary import SIGNATURE_PARTS, plain

FRAME_OVERHEAD = 25
"""Bytes of a frame beside its data unit: 24 of header and the check byte."""
DATA_LENGTH_MAX = 65531
PLAIN = 1
"""The encryption code of a data unit that can be read."""
COMMAND = 0xFE
"""The response flag of a frame that is not a reply."""
REALTIME, REISSUE = 0x02, 0x03

_SERIAL = plain("serial", 2)
_ICCID = Text(name="iccid", width=20)

LOGIN_2016: tuple[Part, ...] = (
    _SERIAL,
    _ICCID,
    Field(name="subsystem_count", width=1, shown="plain"),
    plain("code_length", 1),
    Texts(name="codes", count_of="subsystem_count", width_of="code_length"),
)

LOGIN_2025: tuple[Part, ...] = (
    _SERIAL,
    _ICCID,
    Run(
        name="packs_per_bms",
        count=Field(name="bms_count", width=1, shown="plain"),
        element=Field(name="pack_count", width=1),
        shown="plain",
    ),
    Texts(name="pack_codes", count_of="packs_per_bms", width=24),
)

_PLATFORM_LOGIN: tuple[Part, ...] = (
    _SERIAL,
    Text(name="username", width=12),
    Text(name="password", width=20, secret=True),
    plain("encryption_raw", 1),
)

_ACTIVATION: tuple[Part, ...] = (
    Text(name="chip_id", width=16),
    Blob(name="public_key_hex", length=Field(name="public_key_length", width=2, sentinels=False, shown="hidden")),
    Text(name="vin", width=17),
    *SIGNATURE_PARTS,
)

_KEY_EXCHANGE: tuple[Part, ...] = (
    plain("encryption_raw", 1),
    Blob(name="key_hex", length=Field(name="key_length", width=2, sentinels=False, shown="hidden")),
    Instant(name="valid_from"),
    Instant(name="valid_until"),
)


def commands(login: tuple[Part, ...]) -> tuple[CommandLayout, ...]:
    return (
        CommandLayout(code=0x01, name="login", parts=login),
        CommandLayout(code=REALTIME, name="realtime", items=True),
        CommandLayout(code=REISSUE, name="reissue", items=True),
        CommandLayout(code=0x04, name="logout", parts=(_SERIAL,)),
        CommandLayout(code=0x05, name="platform_login", parts=_PLATFORM_LOGIN),
        CommandLayout(code=0x06, name="platform_logout", parts=(_SERIAL,)),
        CommandLayout(code=0x07, name="heartbeat", timed=False),
        CommandLayout(code=0x08, name="time_sync", timed=False),
        CommandLayout(code=0x80, name="parameter_query", parts=None),
        CommandLayout(code=0x81, name="parameter_setting", parts=None),
        CommandLayout(code=0x82, name="terminal_control", parts=None),
    )


COMMANDS_2025_ONLY = (
    CommandLayout(code=0x09, name="activation", parts=_ACTIVATION),
    CommandLayout(
        code=0x0A,
        name="activation_response",
        timed=False,
        parts=(plain("result_raw", 1), plain("information_raw", 1)),
    ),
    CommandLayout(code=0x0B, name="key_exchange", timed=False, parts=_KEY_EXCHANGE),
)
