"""The check of the trial's record: every document reads, stands under its number without a gap, and is in the log."""

import hashlib
from pathlib import Path

from h2verify.merkle import leaf_hash

from h2corridor.model.errors import CorridorError
from h2corridor.statements.trial_record import decode_record, record_entry, report_entry
from h2corridor.store.files.durable import PART_SUFFIX
from h2corridor.store.files.trial import DOCUMENT, FOLDER, REPORT, REPORTS

_Faults = list[tuple[str, str, str]]


def check_trial(workspace: Path, faults: _Faults) -> dict[bytes, str]:
    """The log's leaf of every document and filed report that holds, with its path; what does not is a fault."""
    folder = workspace / FOLDER
    leaves: dict[bytes, str] = {}
    numbers = set()
    for path in sorted(each for each in folder.rglob("*") if not each.is_dir()):
        name = path.relative_to(folder).as_posix()
        about = f"{FOLDER}/{name}"
        if match := DOCUMENT.fullmatch(name):
            numbers.add(int(match[1]))
            _check_document(path, about, leaves, faults)
        elif (match := REPORT.fullmatch(path.name)) and name == f"{REPORTS}/{path.name}":
            _check_report(path, about, match[1], leaves, faults)
        elif name.endswith(PART_SUFFIX):
            faults.append((about, "fsck.half-written", "a file that was never finished"))
        else:
            faults.append((about, "fsck.stray", "is no part of a trial's record"))
    for number in set(range(1, max(numbers, default=0))) - numbers:
        faults.append((f"{FOLDER}/{number:06d}.json", "fsck.missing", "is missing"))
    return leaves


def _check_document(path: Path, about: str, leaves: dict[bytes, str], faults: _Faults) -> None:
    try:
        document = decode_record(path.read_bytes(), about=about)
    except OSError as error:
        faults.append((about, "fsck.unreadable", f"cannot be read: {error.strerror}"))
        return
    except CorridorError as error:
        faults.append((about, "fsck.trial", error.fault))
        return
    if document.number != int(path.stem):
        faults.append((about, "fsck.trial", f"is the document {document.number}"))
    else:
        leaves[leaf_hash(record_entry(document))] = about


def _check_report(path: Path, about: str, digest: str, leaves: dict[bytes, str], faults: _Faults) -> None:
    try:
        data = path.read_bytes()
    except OSError as error:
        faults.append((about, "fsck.unreadable", f"cannot be read: {error.strerror}"))
        return
    if hashlib.sha256(data).hexdigest() != digest:
        faults.append((about, "fsck.trial", "its bytes give another digest than its name"))
    else:
        leaves[leaf_hash(report_entry(data))] = about
