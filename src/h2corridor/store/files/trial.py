"""The trial's record as it is kept; nothing in it is ever replaced.

trial/000001.json                   a document, counted from 1 (0600: names of persons)
trial/reports/<its SHA-256>.json    a trial report as it was filed (0600)
"""

import hashlib
import re
from pathlib import Path

from h2corridor.model.errors import EvidenceError
from h2corridor.model.trial_record import RecordDocument
from h2corridor.statements.trial_record import decode_record, record_document
from h2corridor.store.files import durable

FOLDER = "trial"
REPORTS = "reports"
DOCUMENT = re.compile(r"([0-9]{6,9})\.json")
REPORT = re.compile(r"([0-9a-f]{64})\.json")
_SECRET = 0o600


class TrialFiles:
    """The folder `trial/`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def list_documents(self) -> tuple[RecordDocument, ...]:
        """Every document in the order in which they were added.

        Raises
        ------
        EvidenceError
            `evidence.trial-record`: one is damaged, or missing between the others.
        """
        paths = sorted((path for path in self._folder.glob("*.json") if DOCUMENT.fullmatch(path.name)), key=_number)
        found = []
        for number, path in enumerate(paths, start=1):
            document = decode_record(_read(path), about=f"{FOLDER}/{path.name}")
            if (document.number, path.name) != (number, document_file(number)):
                fault = f"expected document {number}: one before it is missing, or it stands under another's name."
                next_step = "Run `h2corridor log fsck`; restore the folder from a copy of the workspace."
                raise EvidenceError("evidence.trial-record", fault, about=path.name, next_step=next_step)
            found.append(document)
        return tuple(found)

    def keep_document(self, document: RecordDocument) -> None:
        """Keep a document under its number; what stands there stays."""
        durable.make_folder(self._folder)
        path = self._folder / document_file(document.number)
        if not path.exists():
            durable.write_file(path, record_document(document), mode=_SECRET)

    def keep_report(self, report: bytes) -> str:
        """Keep a trial report under its digest, and give the digest."""
        digest = hashlib.sha256(report).hexdigest()
        durable.make_folder(self._folder / REPORTS)
        path = self._folder / REPORTS / f"{digest}.json"
        if not path.exists():
            durable.write_file(path, report, mode=_SECRET)
        return digest

    def list_reports(self) -> dict[str, bytes]:
        """Every filed report by its digest."""
        paths = sorted((self._folder / REPORTS).glob("*.json"))
        return {path.stem: _read(path) for path in paths if REPORT.fullmatch(path.name)}


def document_file(number: int) -> str:
    """The file of the document with this number."""
    return f"{number:06d}.json"


def _number(path: Path) -> int:
    return int(path.stem)


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        fault = f"cannot be read: {error.strerror}."
        next_step = "Run `h2corridor log fsck`; restore the file from a copy."
        raise EvidenceError("evidence.trial-record", fault, about=path.name, next_step=next_step) from error
