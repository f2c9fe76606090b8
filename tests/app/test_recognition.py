"""Records from files: signed or vouched for, asked about an edition, a profile or an assessed chain."""

import datetime
import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from h2corridor.app.assess import assess_file
from h2corridor.app.examples import example_document
from h2corridor.app.profiles import new_profile
from h2corridor.app.recognition import ask, name_rules, read_records, recognition_of, sign_record
from h2corridor.app.sign import make_supplier_key
from h2corridor.evidence import LogSigner
from h2corridor.model.errors import EvidenceError, InputError, UsageError
from h2corridor.model.rule_profile import decode_document, document_digest

EXAMPLE = Path(__file__).parents[2] / "docs" / "examples" / "recognition-invented.json"
DAY = datetime.date(2026, 3, 2)
COVERED: dict[str, Any] = {"from_place": "CN", "to_place": "XX", "sector": "road-freight"}


@pytest.fixture
def signer(tmp_path: Path) -> LogSigner:
    return make_supplier_key("xx-office", tmp_path / "xx.key", randomness=lambda count: b"\1" * count)


@pytest.fixture
def keys(tmp_path: Path, signer: LogSigner) -> Path:
    path = tmp_path / "keys.txt"
    path.write_text(f"# keys\n\nxx-office {signer.vkey}\n", "utf-8")
    return path


def a_record(folder: Path, **said: Any) -> Path:
    path = folder / "record.json"
    path.write_text(json.dumps({**json.loads(EXAMPLE.read_bytes()), **said}), "utf-8")
    return path


def test_an_unsigned_record_says_who_loaded_it(tmp_path: Path) -> None:
    (found,) = read_records([EXAMPLE])

    assert ((), "the author of the example") == (found.signed_by, found.record.loaded_by)
    with pytest.raises(InputError, match=r"^recognition\.unsigned"):
        read_records([a_record(tmp_path, loaded_by=None)])


def test_a_signed_record_names_its_signer_and_counts_only_by_a_listed_key(
    tmp_path: Path, signer: LogSigner, keys: Path
) -> None:
    note = sign_record(a_record(tmp_path, loaded_by=None), tmp_path / "out", signer)
    (found,) = read_records([note], keys)

    assert ("xx-office",) == found.signed_by
    with pytest.raises(EvidenceError, match=r"^signed\.unlisted-key"):
        read_records([note])


def test_a_signed_record_that_was_changed_is_refused(tmp_path: Path, signer: LogSigner, keys: Path) -> None:
    note = sign_record(EXAMPLE, tmp_path / "out", signer)
    note.write_bytes(note.read_bytes().replace(b'"to":"XX"', b'"to":"YY"'))

    with pytest.raises(EvidenceError, match=r"^signed\.signature"):
        read_records([note], keys)


def test_a_folder_stands_for_its_records_each_once(tmp_path: Path) -> None:
    for name in ("a.json", "b.json"):
        shutil.copy(EXAMPLE, tmp_path / name)
    (tmp_path / "read.me").write_text("no record")

    assert 1 == len(read_records([tmp_path, EXAMPLE]))


def test_more_records_than_can_be_asked_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("h2corridor.app.recognition._FILES_MAX", 1)

    with pytest.raises(InputError, match=r"^recognition\.too-many"):
        read_records([EXAMPLE, EXAMPLE])


def a_chain(folder: Path, **said: Any) -> Path:
    path = folder / "chain.json"
    path.write_text(json.dumps({**json.loads(example_document("freight-chain")), **said}), "utf-8")
    return path


def test_a_chain_without_a_date_is_asked_about_on_a_day_or_not_at_all(tmp_path: Path) -> None:
    result = assess_file(a_chain(tmp_path), "iso14083")
    records = read_records([EXAMPLE])

    assert "declared by instrument INVENTED-0 (example)" == recognition_of(result, records, on=DAY, **COVERED).status
    with pytest.raises(UsageError, match=r"^recognition\.no-date"):
        recognition_of(result, records, **COVERED)


def test_a_chain_with_a_date_is_asked_about_on_it(tmp_path: Path) -> None:
    path = a_chain(tmp_path, activity_date="2027-01-01")
    status = recognition_of(assess_file(path, "iso14083"), read_records([EXAMPLE]), **COVERED)

    assert (datetime.date(2027, 1, 1), ["expired"]) == (status.as_of, [each.reason for each in status.why])


def test_a_profile_is_covered_by_its_own_digest_and_rests_on_the_rules_of_the_figure(
    tmp_path: Path, signer: LogSigner
) -> None:
    names = {"name_zh": "标准局", "name_en": "Office"}
    draft = new_profile(tmp_path, "iso14083", profile_id="p", edition="2026.1", signer=signer, **names)
    digest = document_digest(decode_document(draft.read_bytes(), about="draft"))
    subject = {"kind": "profile", "id": "p", "editions": None, "digest": digest}
    records = read_records([a_record(tmp_path, subject=subject)])
    asked: dict[str, Any] = {"on": DAY, "boundary": "well_to_wheel", **COVERED}

    assert ["declared"] == [each.reason for each in ask(records, name_rules("iso14083"), profile=draft, **asked).why]
    assert ["other-subject"] == [each.reason for each in ask(records, name_rules("iso14083"), **asked).why]
    with pytest.raises(UsageError, match=r"^recognition\.other-rules"):
        ask(records, name_rules("tailpipe-press"), profile=draft, **asked)
