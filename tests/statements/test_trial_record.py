"""The documents of a trial's record as bytes."""

import pytest

from h2corridor.model.errors import EvidenceError
from h2corridor.model.trial_record import (
    Consent,
    DecidedFinding,
    Decision,
    Plan,
    PlannedParty,
    RecordDocument,
    SignOff,
    ThresholdChange,
    Withdrawal,
)
from h2corridor.statements.trial_record import decode_record, record_document, record_entry

AT = "2026-03-06T02:00:00+00:00"
DIGEST = "ab" * 32
DOCUMENTS: tuple[RecordDocument, ...] = (
    Plan(
        number=1,
        recorded_at=AT,
        trial="t-1",
        title_zh="试",
        title_en="T",
        period_start=AT,
        period_end=AT,
        tested=("x",),
        parties=(PlannedParty(party_id="P1", name_zh="甲", name_en="A", role="carrier", supplies=("telemetry",)),),
        thresholds=(
            ThresholdChange(
                check="time.future", name="ahead_s_max", value="20", reason="r", source="s", decided_on="2026-03-01"
            ),
        ),
    ),
    Consent(
        number=2,
        recorded_at=AT,
        party_id="P1",
        data=("telemetry",),
        purpose="p",
        legal_basis="b",
        given_by="g",
        from_day="2026-03-01",
        until_day="2026-04-01",
    ),
    Withdrawal(number=3, recorded_at=AT, consent=2, reason="r", withdrawn_by="w"),
    Decision(
        number=4,
        recorded_at=AT,
        findings=(
            DecidedFinding(
                finding_id="f-1", check="time.gap", severity="warning", file="x", row=1, vin=None, says=DIGEST
            ),
        ),
        outcome="to-correct",
        reason="r",
        decided_by="d",
        due="2026-04-01",
    ),
    SignOff(number=5, recorded_at=AT, report=DIGEST, signed_by="s", role="verifier"),
)


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda each: type(each).__name__)
def test_a_document_of_every_kind_is_read_back(document: RecordDocument) -> None:
    assert document == decode_record(record_document(document), about="x")
    assert b'"type":"h2corridor/trial-record/1"' in record_entry(document)


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda each: type(each).__name__)
def test_a_changed_byte_is_refused_or_gives_another_entry_in_the_log(document: RecordDocument) -> None:
    data = record_document(document)
    for at in range(len(data)):
        changed = data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]
        try:
            entry = record_entry(decode_record(changed, about="x"))
        except EvidenceError:
            continue

        assert record_entry(document) != entry
