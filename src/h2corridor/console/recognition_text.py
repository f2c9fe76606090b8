"""Recognition records and what they declare, for a terminal."""

from collections.abc import Sequence
from typing import IO

from h2corridor.accounting.recognition import LoadedRecord, RecognitionStatus
from h2corridor.console.texts import Language, choose, clean, listed, text
from h2corridor.model.recognition import Recognition


def print_records(found: Sequence[LoadedRecord], language: Language, file: IO[str]) -> None:
    """Write a record after the other: what it declares, and who stands for it."""
    lines = [line for each in found for line in _record_lines(each, language)]
    file.write("".join(f"{line}\n" for line in lines) or f"{text('recognition_no_records', language)}\n")


def print_status(status: RecognitionStatus, language: Language, file: IO[str]) -> None:
    """Write what may be said about a figure, as of which day, and why."""
    file.write("".join(f"{line}\n" for line in _status_lines(status, language)))


def _status_lines(status: RecognitionStatus, language: Language) -> list[str]:
    said = status.status_zh if language == "zh" else status.status
    way = f"{status.from_place} -> {status.to_place}"
    lines = [text("recognition_status", language, way=way, day=status.as_of.isoformat(), status=said)]
    if status.record is not None and status.record.record.conditions_en is not None:
        record = status.record.record
        conditions = choose(record.conditions_zh, record.conditions_en, language)
        lines.append(f"  {text('recognition_conditions', language)}{text('colon', language)}{conditions}")
    if status.record is not None:
        lines.append(f"  {_vouched(status.record, language)}")
    for each in status.why:
        digest = f"{each.record[:12]}  " if each.record else ""
        lines.append(f"  {digest}{choose(each.says_zh, each.says_en, language)}")
    return lines


def _record_lines(loaded: LoadedRecord, language: Language) -> list[str]:
    record = loaded.record
    colon = text("colon", language)
    kind = text(f"recognition_kind-{record.kind}", language)
    return [
        f"{loaded.digest[:12]}  {record.id}  {record.from_} -> {record.to}  {kind}",
        f"  {text('recognition_subject', language)}{colon}{_subject(record)}",
        f"  {text('recognition_scope', language)}{colon}{_scope(record, language)}",
        f"  {text('recognition_instrument', language)}{colon}{_instrument(record, language)}",
        f"  {text('recognition_valid', language)}{colon}{_validity(record, language)}",
        f"  {_vouched(loaded, language)}",
    ]


def _subject(record: Recognition) -> str:
    editions = record.subject.editions
    parts = [record.subject.id]
    if editions is not None:
        parts.append(f"{editions.first} - {editions.last}")
    if record.subject.digest is not None:
        parts.append(record.subject.digest)
    return "  ".join(parts)


def _scope(record: Recognition, language: Language) -> str:
    scope = record.scope
    return clean("; ".join(listed(part, language) for part in (scope.sectors, scope.lanes, scope.boundary)))


def _instrument(record: Recognition, language: Language) -> str:
    instrument = record.instrument
    name = choose(instrument.name_zh, instrument.name_en, language)
    seen = text("recognition_seen" if instrument.seen else "recognition_unseen", language)
    return f"{name}  {clean(instrument.number)}  {instrument.date.isoformat()}  {seen}"


def _validity(record: Recognition, language: Language) -> str:
    until = record.valid_until.isoformat() if record.valid_until else text("recognition_no_end", language)
    return f"{record.valid_from.isoformat()} - {until}"


def _vouched(loaded: LoadedRecord, language: Language) -> str:
    if loaded.signed_by:
        return text("recognition_signed_by", language, parties=listed(loaded.signed_by, language))
    return text("recognition_loaded_by", language, name=loaded.record.loaded_by)
