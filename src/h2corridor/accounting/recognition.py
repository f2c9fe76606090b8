"""Whether a figure under some rules counts as recognised somewhere on a day: what records declare, and nothing else.

A figure is "declared by instrument N" only where a record covers the question whole and its instrument was seen. In
every other case it is "not recognised, recomputed for comparison", with the reason of each record. A record that
declares that there is no recognition outweighs the others. Nothing here changes a figure.
"""

import datetime
from collections.abc import Iterator, Sequence
from typing import Literal

import msgspec

from h2corridor.model.recognition import ANY, Recognition, Subject
from h2corridor.model.rule_profile import document_digest, edition_number

NOT_RECOGNISED = "not recognised, recomputed for comparison"
NOT_RECOGNISED_ZH = "未被承认，仅重新计算以供比较"

Reason = Literal[
    "declared",
    "no-record",
    "other-places",
    "other-subject",
    "wrong-edition",
    "other-digest",
    "wrong-sector",
    "wrong-lane",
    "wrong-boundary",
    "not-yet-valid",
    "expired",
    "declares-none",
    "outweighed",
    "instrument-unseen",
]


class RulesName(msgspec.Struct, frozen=True, kw_only=True):
    """A rule set or a profile, by id, edition and digest."""

    id: str
    edition: str
    digest: str


class Question(msgspec.Struct, frozen=True, kw_only=True):
    """What is asked; None is something that was not stated, which only a record without that limit covers."""

    from_place: str
    to_place: str
    rules: RulesName
    on: datetime.date
    profile: RulesName | None = None
    sector: str | None = None
    lane: str | None = None
    boundary: str | None = None


class LoadedRecord(msgspec.Struct, frozen=True, kw_only=True):
    """A record and who vouches for it: the parties whose signatures hold, or who loaded an unsigned file."""

    record: Recognition
    signed_by: tuple[str, ...] = ()

    @property
    def digest(self) -> str:
        """SHA-256 of the record's canonical JSON."""
        return document_digest(self.record)


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """Why one record counts or does not; without a record, why there is nothing to say."""

    reason: Reason
    record: str | None
    instrument: str | None
    says_zh: str
    says_en: str


class RecognitionStatus(msgspec.Struct, frozen=True, kw_only=True):
    """What may be said about a figure: `status` in the held words, the record it rests on, and why."""

    status: str
    status_zh: str
    record: LoadedRecord | None
    record_digest: str | None
    as_of: datetime.date
    from_place: str
    to_place: str
    why: tuple[Finding, ...]


def assess_recognition(records: Sequence[LoadedRecord], question: Question) -> RecognitionStatus:
    """What records say to a question; the same in whatever order they come.

    Of several that declare it, the one with the latest instrument is named, ties by digest.
    """
    ordered = sorted({each.digest: each for each in records}.items())
    reasons = {digest: _reason(each.record, question) for digest, each in ordered}
    outweighed = any(reason == "declares-none" for reason in reasons.values())
    if outweighed:
        reasons = {digest: "outweighed" if reason == "declared" else reason for digest, reason in reasons.items()}
    why = tuple(_finding(digest, each.record, reasons[digest], question) for digest, each in ordered)
    declared = [(each.record.instrument.date, digest) for digest, each in ordered if reasons[digest] == "declared"]
    chosen = max(declared)[1] if declared else None
    record = dict(ordered)[chosen] if chosen else None
    number = record.record.instrument.number if record else ""
    return RecognitionStatus(
        status=f"declared by instrument {number}" if record else NOT_RECOGNISED,
        status_zh=f"由文书 {number} 声明" if record else NOT_RECOGNISED_ZH,
        record=record,
        record_digest=chosen,
        as_of=question.on,
        from_place=question.from_place,
        to_place=question.to_place,
        why=why or (_nothing(),),
    )


def _reason(record: Recognition, question: Question) -> Reason:
    return next(_faults(record, question), "declared")


def _faults(record: Recognition, question: Question) -> Iterator[Reason]:
    """Every fault in a fixed order: the first is the one told."""
    if not _joins(record, question):
        yield "other-places"
    yield from _subject_faults(record.subject, question)
    asked: tuple[tuple[Reason, Sequence[str], str | None], ...] = (
        ("wrong-sector", record.scope.sectors, question.sector),
        ("wrong-lane", record.scope.lanes, question.lane),
        ("wrong-boundary", record.scope.boundary, question.boundary),
    )
    for reason, limits, stated in asked:
        if ANY not in limits and stated not in limits:
            yield reason
    if question.on < record.valid_from:
        yield "not-yet-valid"
    if record.valid_until is not None and question.on > record.valid_until:
        yield "expired"
    if record.kind == "none":
        yield "declares-none"
    if not record.instrument.seen:
        yield "instrument-unseen"


def _joins(record: Recognition, question: Question) -> bool:
    """Whether the record goes the way that is asked; a mutual one, and one that declares none, goes both ways."""
    ways = [(record.from_, record.to)]
    if record.kind in {"mutual", "none"}:
        ways.append((record.to, record.from_))
    return any(to == question.to_place and question.from_place == origin for origin, to in ways)


def _subject_faults(subject: Subject, question: Question) -> Iterator[Reason]:
    asked = question.rules if subject.kind == "rule_set" else question.profile
    if asked is None or asked.id != subject.id:
        yield "other-subject"
        return
    editions = subject.editions
    if editions is not None:
        first, last = edition_number(editions.first), edition_number(editions.last)
        if not first <= edition_number(asked.edition) <= last:
            yield "wrong-edition"
    if subject.digest is not None and subject.digest != asked.digest:
        yield "other-digest"


def _nothing() -> Finding:
    zh, en = _SAYS["no-record"]
    return Finding(reason="no-record", record=None, instrument=None, says_zh=zh, says_en=en)


def _finding(digest: str, record: Recognition, reason: Reason, question: Question) -> Finding:
    zh, en = _SAYS[reason]
    editions = record.subject.editions
    said = {
        "ways": f"{record.from_} -> {record.to}",
        "subject": record.subject.id,
        "editions": f"{editions.first} - {editions.last}" if editions else "",
        "sectors": ", ".join(record.scope.sectors),
        "lanes": ", ".join(record.scope.lanes),
        "boundary": ", ".join(record.scope.boundary),
        "valid_from": record.valid_from.isoformat(),
        "valid_until": record.valid_until.isoformat() if record.valid_until else "",
        "on": question.on.isoformat(),
        "number": record.instrument.number,
    }
    return Finding(
        reason=reason,
        record=digest,
        instrument=record.instrument.number,
        says_zh=zh.format(**said),
        says_en=en.format(**said),
    )


_SAYS: dict[Reason, tuple[str, str]] = {
    "declared": (
        "由文书 {number} 声明，有效期自 {valid_from} 起",
        "declared by instrument {number}, valid from {valid_from}",
    ),
    "no-record": ("没有提供承认记录", "no recognition record was given"),
    "other-places": (
        "记录适用于 {ways}，不是所问的方向或地区",
        "the record is about {ways}, not the way or place asked",
    ),
    "other-subject": (
        "记录针对 {subject}，不是该数值所用的规则或条款书",
        "the record is about {subject}, not the rules or profile of the figure",
    ),
    "wrong-edition": ("记录只涵盖版本 {editions}", "the record covers editions {editions} only"),
    "other-digest": (
        "记录针对内容不同的同名文件（摘要不符）",
        "the record is about other content of that name: the digest differs",
    ),
    "wrong-sector": (
        "记录只涵盖行业 {sectors}，所问行业不在其中或未说明",
        "the record covers the sectors {sectors} only; the one asked is another, or not stated",
    ),
    "wrong-lane": (
        "记录只涵盖线路 {lanes}，所问线路不在其中或未说明",
        "the record covers the lanes {lanes} only; the one asked is another, or not stated",
    ),
    "wrong-boundary": (
        "记录只涵盖边界 {boundary}，所问边界不在其中或未说明",
        "the record covers the boundaries {boundary} only; the one asked is another, or not stated",
    ),
    "not-yet-valid": (
        "记录自 {valid_from} 起有效，所问日期为 {on}",
        "the record is valid from {valid_from}, asked is {on}",
    ),
    "expired": ("记录已于 {valid_until} 到期，所问日期为 {on}", "the record expired on {valid_until}, asked is {on}"),
    "declares-none": ("文书 {number} 声明不予承认", "instrument {number} declares that there is no recognition"),
    "outweighed": (
        "另有文书声明不予承认，以其为准",
        "another instrument declares that there is no recognition, and outweighs it",
    ),
    "instrument-unseen": (
        "制作记录的人未查阅文书 {number} 原文",
        "whoever made the record has not seen instrument {number}",
    ),
}
"""What each reason says, in Chinese and English."""
