"""The field table of GB/T 32960.3, editions 2016 (`##`) and 2025 (`$$`), as data.

The one source of the reference decoder, of the array decoder and encoder of the platform, and of the reference page.
The standard's own tables were not seen: layouts, scales and ranges follow public implementations of both editions, and
the vectors they were checked against. Where sources disagree the wider range stands (hydrogen concentration, 2016).
Item types 06 to 09 mean different things in the two editions.
"""

from types import MappingProxyType

from .commands import COMMAND, COMMANDS_2025_ONLY, LOGIN_2016, LOGIN_2025, PLAIN, commands
from .items_2016 import ITEMS_2016
from .items_2025 import ITEMS_2025
from .parts import CommandLayout, Edition, ItemLayout

_RESPONSES = {1: "success", 2: "error", 3: "VIN repeated", 4: "VIN unknown", COMMAND: "command"}
_ENCRYPTIONS = {PLAIN: "plain", 2: "RSA", 3: "AES-128", 0xFE: "abnormal", 0xFF: "invalid"}


def _edition(
    year: int,
    mark: bytes,
    layouts: tuple[CommandLayout, ...],
    items: tuple[ItemLayout, ...],
    *,
    encryptions: dict[int, str],
    responses: dict[int, str],
) -> Edition:
    return Edition(
        year=year,
        mark=mark,
        commands=MappingProxyType({layout.code: layout for layout in layouts}),
        items=MappingProxyType({layout.type: layout for layout in items}),
        encryptions=MappingProxyType(encryptions),
        responses=MappingProxyType(responses),
    )


EDITION_2016 = _edition(2016, b"##", commands(LOGIN_2016), ITEMS_2016, encryptions=_ENCRYPTIONS, responses=_RESPONSES)
EDITION_2025 = _edition(
    2025,
    b"$$",
    (*commands(LOGIN_2025), *COMMANDS_2025_ONLY),
    ITEMS_2025,
    encryptions=_ENCRYPTIONS | {4: "SM2", 5: "SM4"},
    responses=_RESPONSES | {5: "signature invalid", 6: "structure invalid", 7: "decryption failed"},
)
EDITIONS = MappingProxyType({EDITION_2016.year: EDITION_2016, EDITION_2025.year: EDITION_2025})
EDITION_BY_MARK = MappingProxyType({edition.mark: edition for edition in EDITIONS.values()})
