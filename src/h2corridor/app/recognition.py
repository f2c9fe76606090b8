"""Recognition records from files: signed notes, or JSON that says who loaded it."""

import datetime
from collections.abc import Sequence
from pathlib import Path

from h2corridor.accounting.assessment import Assessment
from h2corridor.accounting.recognition import LoadedRecord, Question, RecognitionStatus, RulesName, assess_recognition
from h2corridor.app.rules import get_any_edition
from h2corridor.app.signed_documents import (
    NOTE_SUFFIX,
    ListedKey,
    open_note,
    read_keys,
    read_limited,
    require_form,
    write_document,
)
from h2corridor.evidence import LogSigner
from h2corridor.model.errors import InputError, UsageError
from h2corridor.model.recognition import decode_recognition
from h2corridor.model.rule_profile import RuleProfile, decode_document, document_digest

WELL_TO_WHEEL = "well_to_wheel"
_FILES_MAX = 10_000


def read_records(paths: Sequence[Path], keys: Path | None = None) -> tuple[LoadedRecord, ...]:
    """The records in files, in order of digest; a folder stands for its notes and JSON files.

    Parameters
    ----------
    keys : Path, optional
        The list of keys that count for signed records.

    Raises
    ------
    InputError
        `recognition.unsigned`: a JSON file does not say who loaded it. `recognition.too-many`. See also `open_note` and
        `decode_recognition`.
    EvidenceError
        A signature does not hold, or is of a key that is not listed.
    """
    files = [file for path in paths for file in _files(path)]
    if len(files) > _FILES_MAX:
        fault = f"{len(files)} files are more than can be asked at once ({_FILES_MAX})."
        raise InputError("recognition.too-many", fault, next_step="Name fewer files.")
    listed = read_keys(keys) if keys is not None else ()
    found = {each.digest: each for each in (_read_record(path, listed) for path in files)}
    return tuple(found[digest] for digest in sorted(found))


def sign_record(path: Path, folder: Path, signer: LogSigner) -> Path:
    """Sign the record in a JSON file, and put the note into a folder; InputError as `decode_recognition`."""
    return write_document(folder, decode_recognition(read_limited(path), about=str(path)), signer)


def name_rules(rules: str) -> RulesName:
    """The id, edition and digest of an edition that is here; UsageError `rules.unknown` if there is none."""
    edition = get_any_edition(rules)
    return RulesName(id=edition.header.id, edition=edition.header.edition, digest=edition.digest)


def ask(
    records: Sequence[LoadedRecord],
    rules: RulesName,
    *,
    on: datetime.date,
    to_place: str,
    from_place: str,
    profile: Path | None = None,
    sector: str | None = None,
    lane: str | None = None,
    boundary: str | None = None,
) -> RecognitionStatus:
    """What records say about figures of an edition, and of a profile of it, somewhere on a day.

    Raises
    ------
    UsageError
        `recognition.other-rules`: the profile rests on another edition.
    """
    question = Question(
        from_place=from_place,
        to_place=to_place,
        rules=rules,
        on=on,
        profile=None if profile is None else _read_profile_name(profile, rules),
        sector=sector,
        lane=lane,
        boundary=boundary,
    )
    return assess_recognition(records, question)


def recognition_of(
    result: Assessment,
    records: Sequence[LoadedRecord],
    *,
    to_place: str,
    from_place: str,
    on: datetime.date | None = None,
    profile: Path | None = None,
    sector: str | None = None,
    lane: str | None = None,
) -> RecognitionStatus:
    """What records say about an assessed figure, well to wheel, on a day or else on the date of its activity.

    Raises
    ------
    UsageError
        `recognition.no-date`: no day was given and the chain has none.
    """
    day = on or (datetime.date.fromisoformat(result.activity_date) if result.activity_date else None)
    if day is None:
        next_step = "Give --on DATE."
        raise UsageError("recognition.no-date", "the chain has no date of activity.", next_step=next_step)
    rule_set, _, edition = result.rule_set.partition("@")
    return ask(
        records,
        RulesName(id=rule_set, edition=edition, digest=result.rule_set_digest),
        on=day,
        to_place=to_place,
        from_place=from_place,
        profile=profile,
        sector=sector,
        lane=lane,
        boundary=WELL_TO_WHEEL,
    )


def _files(path: Path) -> list[Path]:
    if not path.is_dir():
        return [path]
    return sorted(each for each in path.iterdir() if each.suffix in {NOTE_SUFFIX, ".json"} and each.is_file())


def _read_record(path: Path, keys: Sequence[ListedKey]) -> LoadedRecord:
    data = read_limited(path)
    if path.suffix != NOTE_SUFFIX:
        record = decode_recognition(data, about=str(path))
        if record.loaded_by is None:
            next_step = "Write who loads it into loaded_by, or sign the record."
            raise InputError("recognition.unsigned", "nobody stands for it.", about=str(path), next_step=next_step)
        return LoadedRecord(record=record)
    opened = open_note(data, keys, about=str(path))
    record = decode_recognition(opened.body, about=str(path))
    require_form(opened, record, about=str(path))
    parties = {each.fingerprint: each.party for each in keys}
    return LoadedRecord(record=record, signed_by=tuple(parties[signer] for signer in opened.signers))


def _read_profile_name(path: Path, rules: RulesName) -> RulesName:
    """The name and digest of the profile in a file, a draft or a signed note; no signature is asked for: a record names
    what it covers by id, edition and digest."""
    data = read_limited(path)
    text = data.decode("utf-8", "replace")
    body = text.split("\n")[1].encode() if path.suffix == NOTE_SUFFIX and "\n" in text else data
    document = decode_document(body, about=str(path))
    if not isinstance(document, RuleProfile) or document.rule_set.digest != rules.digest:
        fault = f"expected a profile on {rules.id}@{rules.edition} with digest {rules.digest}."
        raise UsageError("recognition.other-rules", fault, about=str(path), next_step="Name a profile of these rules.")
    return RulesName(id=document.id, edition=document.edition, digest=document_digest(document))
