"""The zip archive of a bundle, written so that the same members always give the same bytes.

Names in order, the first day a zip can say as time, no extra fields, no comments, sizes in every local header. Members
whose bytes are packed already are stored.
"""

import struct
import zlib
from collections.abc import Mapping

from h2verify.bundle import limits

from h2corridor.model.errors import InputError

_VERSION = 20
_DAY = 0x0021  # 1980-01-01
_STORED, _DEFLATED = 0, 8
_LOCAL = struct.Struct("<4s5H3I2H")
_CENTRAL = struct.Struct("<4s6H3I5H2I")
_END = struct.Struct("<4s4H2IH")
_LEVEL = 9


def write_archive(members: Mapping[str, bytes]) -> bytes:
    """The bytes of a zip archive with these members.

    Raises
    ------
    InputError
        `bundle.limit`: more or larger members than a bundle may have.
    """
    require_limits(members)
    body = bytearray()
    directory = bytearray()
    for name in sorted(members):
        packed, method = _pack(name, members[name])
        encoded = name.encode("ascii")
        sizes = (zlib.crc32(members[name]), len(packed), len(members[name]))
        head = (_VERSION, 0, method, 0, _DAY, *sizes, len(encoded), 0)
        directory += _CENTRAL.pack(b"PK\x01\x02", _VERSION, *head, 0, 0, 0, 0, len(body)) + encoded
        body += _LOCAL.pack(b"PK\x03\x04", *head) + encoded + packed
    end = _END.pack(b"PK\x05\x06", 0, 0, len(members), len(members), len(directory), len(body), 0)
    data = bytes(body + directory + end)
    if len(data) > limits.FILE_BYTES_MAX:
        raise _beyond(f"the bundle has {len(data)} bytes, at most {limits.FILE_BYTES_MAX} are allowed")
    return data


def require_limits(members: Mapping[str, bytes]) -> None:
    """Refuse members that a verifier would refuse for their number or size."""
    if len(members) > limits.MEMBERS_MAX:
        raise _beyond(f"the bundle has {len(members)} members, at most {limits.MEMBERS_MAX} are allowed")
    whole = sum(len(data) for data in members.values())
    if whole > limits.UNPACKED_BYTES_MAX:
        raise _beyond(f"its members have {whole} bytes, at most {limits.UNPACKED_BYTES_MAX} are allowed")
    for name, data in members.items():
        limit = limits.JSON_BYTES_MAX if name.endswith(".json") else limits.MEMBER_BYTES_MAX
        if len(data) > limit:
            raise _beyond(f"{name} has {len(data)} bytes, at most {limit} are allowed")
        if name.endswith(".json") and sum(map(data.count, b"[{,:")) > limits.JSON_MARKS_MAX:
            raise _beyond(f"{name} has more than {limits.JSON_MARKS_MAX} values")


def _pack(name: str, data: bytes) -> tuple[bytes, int]:
    if name.endswith(".bin"):
        return data, _STORED
    packer = zlib.compressobj(_LEVEL, zlib.DEFLATED, -zlib.MAX_WBITS)
    return packer.compress(data) + packer.flush(), _DEFLATED


def _beyond(fault: str) -> InputError:
    return InputError(
        "bundle.limit", f"{fault}.", next_step="Export at a lesser depth, or a consignment of fewer days."
    )
