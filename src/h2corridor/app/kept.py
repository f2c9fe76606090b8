"""Derived tables that a run made and the next one finds again, each under what it was made from.

Beside the tables stands a note: their key, their digests, and what else was made with them. It is believed where it is
whole, says the key that is asked for, and the files have the digests that it gives. So what was cut off, damaged or
made by other software is made again, and never used.
"""

import hashlib
import importlib.metadata
import importlib.resources
from collections.abc import Iterator, Sequence
from functools import cache
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

import msgspec
from h2verify.canonical import digest_hex

from h2corridor.store.files import storage_errors, write_file

LIBRARIES = ("duckdb", "ibis-framework", "numpy", "pyarrow")
_SOURCES = (".py", ".toml")
_CHUNK = 1 << 20

Key = dict[str, Any]


class _Note(msgspec.Struct, frozen=True, kw_only=True):
    key: str
    files: dict[str, str]
    made: msgspec.Raw
    seal: str

    def is_whole(self) -> bool:
        return self.seal == _seal(self.key, self.files, bytes(self.made))


class KeptTables:
    """A folder of derived tables.

    Parameters
    ----------
    folder : made if it is absent
    from_nothing : find nothing, but compare what is made with what stood there under the same key
    """

    def __init__(self, folder: Path, *, from_nothing: bool = False) -> None:
        self.folder = folder
        self.differing: list[str] = []
        self._from_nothing = from_nothing
        self._before: dict[str, tuple[dict[str, str | None], bytes]] = {}
        self._asked: set[str] = set()
        with storage_errors(folder):
            folder.mkdir(parents=True, exist_ok=True)

    def find(self, name: str, key: Key) -> bytes | None:
        """What was made under this name, where it was made from this key and holds; None where it has to be made."""
        self._asked.add(name)
        note = self._find_note(name, key)
        if note is None:
            return None
        there = {file: self._digest(file) for file in note.files}
        if self._from_nothing:
            self._before[name] = there, bytes(note.made)
        return bytes(note.made) if there == note.files and not self._from_nothing else None

    def keep(self, name: str, key: Key, made: bytes, files: Sequence[str] = ()) -> None:
        """Note what was made under this name, a JSON document, and the tables beside it by their names."""
        self._asked.add(name)
        digests = {file: digest for file in files if (digest := self._digest(file))}
        if self._before.get(name, (digests, made)) != (digests, made):
            self.differing.append(name)
        text = digest_hex(key)
        note = _Note(key=text, files=digests, made=msgspec.Raw(made), seal=_seal(text, digests, made))
        write_file(self.folder / f"{name}.json", msgspec.json.encode(note, order="deterministic"))

    def sweep(self) -> None:
        """Remove what nobody asked for since the folder was opened: tables of files and trucks that do not count."""
        for path in sorted(self.folder.iterdir()):
            if path.name.partition(".")[0] not in self._asked:
                with storage_errors(path):
                    path.unlink()

    def _find_note(self, name: str, key: Key) -> _Note | None:
        try:
            note = msgspec.json.decode((self.folder / f"{name}.json").read_bytes(), type=_Note)
        except (OSError, msgspec.DecodeError):
            return None
        return note if note.key == digest_hex(key) and note.is_whole() else None

    def _digest(self, file: str) -> str | None:
        try:
            with (self.folder / file).open("rb") as stream:
                return hashlib.file_digest(stream, "sha256").hexdigest()
        except OSError:
            return None


@cache
def software_digest(*places: str) -> str:
    """The digest of the sources of these packages and modules, and of the versions of the libraries that compute.

    A table is reused only by the very software that made it: a changed constant counts, whether or not anybody thought
    of counting up a version.
    """
    versions = [f"{name} {importlib.metadata.version(name)}" for name in LIBRARIES]
    sources = [(name, hashlib.sha256(data).hexdigest()) for place in places for name, data in _read_sources(place)]
    return digest_hex({"libraries": versions, "sources": [list(each) for each in sorted(sources)]})


def _read_sources(place: str) -> Iterator[tuple[str, bytes]]:
    package, _, module = place.rpartition(":")
    if package:
        yield place, (importlib.resources.files(package) / f"{module}.py").read_bytes()
    else:
        yield from _walk(importlib.resources.files(place), place)


def _walk(folder: Traversable, name: str) -> Iterator[tuple[str, bytes]]:
    for each in folder.iterdir():
        if each.is_dir():
            yield from _walk(each, f"{name}/{each.name}")
        elif each.name.endswith(_SOURCES):
            yield f"{name}/{each.name}", each.read_bytes()


def _seal(key: str, files: dict[str, str], made: bytes) -> str:
    return digest_hex({"files": files, "key": key, "made": hashlib.sha256(made).hexdigest()})
