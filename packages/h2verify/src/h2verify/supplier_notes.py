"""What suppliers sign: the texts of notes about files they handed over and fills they took part in.

    h2corridor/file-manifest/1                       h2corridor/fill/1
    <party id>                                       refuelling_id: R
    <sha256>  <size>  <path>                         station_id: S
    ...                                              started_at: 2026-03-02T08:15:30+08:00
                                                     ended_at: 2026-03-02T08:31:00+08:00
                                                     mass_kg: 27.41

Every line ends with a line feed. A manifest's lines stand in order of path, each path once; a path neither begins nor
ends with white space. The values of a fill are written as in the supplier's own file.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, fields
from decimal import Decimal

from h2verify.errors import ProofError
from h2verify.papers import find_instant_ms

FILE_MANIFEST = "h2corridor/file-manifest/1"
FILL = "h2corridor/fill/1"
FILES_MAX = 100_000
TELEMETRY = "telemetry/"

_NO_SPACE = r"[^\t-\r \x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]"
"""A character without the property White_Space of Unicode: U+FEFF is one."""

_FILE_LINE = re.compile(rf"([0-9a-f]{{64}})  (0|[1-9][0-9]{{0,14}})  ({_NO_SPACE}(?:.*{_NO_SPACE})?)")

_MASS = re.compile(r"[0-9]{1,12}(\.[0-9]{1,6}0*)?")
_MG_PER_KG = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedFile:
    """A file as its supplier signed for it; `path` is inside the data set."""

    sha256: str
    size: int
    path: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FileManifestText:
    """The files a party says it handed over."""

    party_id: str
    files: tuple[SignedFile, ...]

    @property
    def names_telemetry(self) -> bool:
        """Whether a path of it holds a VIN."""
        return any(file.path.startswith(TELEMETRY) for file in self.files)


@dataclass(frozen=True, slots=True, kw_only=True)
class FillText:
    """A fill as carrier and station sign for it; texts as in the file."""

    refuelling_id: str
    station_id: str
    started_at: str
    ended_at: str
    mass_kg: str

    @property
    def numbers(self) -> tuple[int | None, int | None, int | None]:
        """Start and end [ms since 1970-01-01 UTC] and mass [mg]; None for what is no instant or mass."""
        mass_mg = int(Decimal(self.mass_kg) * _MG_PER_KG) if _MASS.fullmatch(self.mass_kg) else None
        return find_instant_ms(self.started_at), find_instant_ms(self.ended_at), mass_mg


SupplierText = FileManifestText | FillText


def format_file_manifest(party_id: str, files: Sequence[SignedFile]) -> str:
    """The text of a file manifest.

    >>> print(format_file_manifest("P1", [SignedFile(sha256="0" * 64, size=3, path="legs.csv")]), end="")
    h2corridor/file-manifest/1
    P1
    0000000000000000000000000000000000000000000000000000000000000000  3  legs.csv
    """
    ordered = sorted(files, key=lambda file: file.path)
    return _lines([FILE_MANIFEST, party_id, *(f"{file.sha256}  {file.size}  {file.path}" for file in ordered)])


def format_fill(fill: FillText) -> str:
    """The text of a fill."""
    return _lines([FILL, *(f"{field.name}: {getattr(fill, field.name)}" for field in fields(FillText))])


def parse_supplier_text(text: str) -> SupplierText:
    """What a supplier's note says.

    Raises
    ------
    ProofError
        `supplier-note.form`: the text is neither of the two, byte for byte.
    """
    kind, _, rest = text.partition("\n")
    lines = rest.split("\n")
    if lines.pop() or not lines:
        raise _fault("every line ends with a line feed")
    if kind == FILE_MANIFEST:
        found: SupplierText = _file_manifest(lines)
        again = format_file_manifest(found.party_id, found.files) if isinstance(found, FileManifestText) else ""
    elif kind == FILL:
        found = _fill(lines)
        again = format_fill(found)
    else:
        raise _fault(f"expected {FILE_MANIFEST} or {FILL} in the first line, came {kind[:60]!r}")
    if again != text:
        raise _fault("its lines are not in the one order, or hold white space at an end")
    return found


def _file_manifest(lines: Sequence[str]) -> FileManifestText:
    party_id, *entries = lines
    if not party_id or not 0 < len(entries) <= FILES_MAX:
        raise _fault(f"expected a party id and 1 to {FILES_MAX} files")
    files = []
    for number, entry in enumerate(entries, start=3):
        match = _FILE_LINE.fullmatch(entry)
        if match is None:
            raise _fault(f"line {number}: expected <sha256>  <size>  <path>, came {entry[:80]!r}")
        files.append(SignedFile(sha256=match[1], size=int(match[2]), path=match[3]))
    if len({file.path for file in files}) != len(files):
        raise _fault("a path stands twice")
    return FileManifestText(party_id=party_id, files=tuple(files))


def _fill(lines: Sequence[str]) -> FillText:
    names = [field.name for field in fields(FillText)]
    if len(lines) != len(names):
        raise _fault(f"expected the lines {', '.join(names)}")
    values = {}
    for name, line in zip(names, lines, strict=True):
        found, separator, value = line.partition(": ")
        if found != name or not separator or not value:
            raise _fault(f"expected a line {name}: <value>, came {line[:80]!r}")
        values[name] = value
    return FillText(**values)


def _lines(lines: Sequence[str]) -> str:
    return "".join(f"{line}\n" for line in lines)


def _fault(fault: str) -> ProofError:
    return ProofError("supplier-note.form", fault)
