"""A dialogue in a folder: what is said is signed and checked, and what was changed on the way is refused."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from h2corridor.app.profile_view import check_desk, view_profile
from h2corridor.app.profiles import Desk, adopt, answer, circulate, comment, new_profile, read_desk
from h2corridor.app.sign import make_supplier_key
from h2corridor.app.signed_documents import write_document
from h2corridor.evidence import LogSigner
from h2corridor.model.errors import CorridorError, EvidenceError, InputError, UsageError
from h2corridor.model.rule_profile import ProfileComment

NOW_MS = 1_772_409_600_000
NAMES: dict[str, str] = {"name_zh": "乙方标准局", "name_en": "Office B"}
CLAUSE, LIMIT = "6.7", "unknown_origin_limit_pct"


def a_signer(folder: Path, party: str, first: int) -> LogSigner:
    return make_supplier_key(party, folder / f"{party}.key", randomness=lambda count: bytes([first]) * count)


@pytest.fixture
def issuer(tmp_path: Path) -> LogSigner:
    return a_signer(tmp_path, "cq", 1)


@pytest.fixture
def other(tmp_path: Path) -> LogSigner:
    return a_signer(tmp_path, "xx", 2)


@pytest.fixture
def folder(tmp_path: Path, issuer: LogSigner, other: LogSigner) -> Path:
    """A profile that went out to a counterpart."""
    desk = tmp_path / "desk"
    names = {"name_zh": "甲方标准室", "name_en": "Office A"}
    draft = new_profile(desk, "iso14083@2023.1", profile_id="p", edition="2026.1", signer=issuer, **names)
    (desk / "keys.txt").write_text("".join(f"{each.key.name} {each.vkey}\n" for each in (issuer, other)), "utf-8")
    circulate(read_desk(desk), issuer, to=["Office B"], reply_by="2026-04-01", now_ms=NOW_MS, draft=draft)
    return desk


def a_question(folder: Path, other: LogSigner, **said: Any) -> Path:
    stated = {"clause": CLAUSE, "kind": "question", "text_zh": None, "text_en": "why?", **NAMES, **said}
    (path,) = comment(read_desk(folder), other, now_ms=NOW_MS, **stated)
    return path


def the_open_comment(desk: Desk) -> str:
    (found,) = check_desk(desk).open_comments
    return found.digest


def answered(folder: Path, issuer: LogSigner, **said: Any) -> list[Path]:
    desk = read_desk(folder)
    stated = {"outcome": "noted", "reason_zh": "理由", "reason_en": None, **said}
    return answer(desk, issuer, about=the_open_comment(desk)[:12], now_ms=NOW_MS, **stated)


def test_a_whole_round_from_draft_to_adoption(folder: Path, issuer: LogSigner, other: LogSigner) -> None:
    said = {"kind": "proposal", "proposal": {"demands_en": "At most 2 percent."}, "values": [f"{LIMIT}=2"]}
    a_question(folder, other, **said)
    before = view_profile(read_desk(folder), None)
    answered(folder, issuer, outcome="accepted")
    adopt(read_desk(folder), issuer, edition="2026.2", now_ms=NOW_MS)
    checked, after = check_desk(read_desk(folder)), view_profile(read_desk(folder), None)
    clause = next(each for group in after.groups for each in group.clauses if each.criterion.clause == CLAUSE)

    assert ["p@2026.1", "p@2026.2"] == [each.name for each in checked.profiles]
    assert (6, ()) == (checked.documents, checked.open_comments)
    assert {"cq": 5, "xx": 1} == {each.party: each.documents for each in checked.keys}
    assert "At most 2 percent." == clause.criterion.demands_en
    assert [(LIMIT, "2", "%", ("5",))] == [(each.parameter, each.value, each.unit, each.now) for each in clause.asked]
    assert "p@2026.2" == view_profile(read_desk(folder), before.digest[:8]).adopted_as


def test_names_places_and_copies_of_files_say_nothing(folder: Path, other: LogSigner) -> None:
    path = a_question(folder, other)
    before = check_desk(read_desk(folder))
    (folder / "mail").mkdir()
    shutil.copy(path, folder / "mail" / "copy.note")
    path.rename(folder / "0.note")
    (folder / "letter.txt").write_text("not a note")

    assert before == check_desk(read_desk(folder))


def test_what_a_folder_would_refuse_is_never_written(folder: Path, issuer: LogSigner, other: LogSigner) -> None:
    a_question(folder, other)
    before = sorted(folder.iterdir())
    said: dict[str, Callable[[], object]] = {
        "profile.unknown-clause": lambda: a_question(folder, other, clause="99"),
        "profile.not-the-issuer": lambda: answered(folder, other),
        "profile.open-comments": lambda: adopt(read_desk(folder), issuer, edition="2026.2", now_ms=NOW_MS),
        "profile.own-key": lambda: a_question(folder, a_signer(folder.parent, "zz", 3)),
        "profile.value": lambda: a_question(folder, other, kind="proposal", values=["no_such=2"]),
        "profile.no-change": lambda: a_question(folder, other, kind="proposal"),
        "profile.meaning": lambda: a_question(folder, other, values=[f"{LIMIT}=2"]),
        "profile.form": lambda: a_question(folder, other, name_en=""),
        "profile.unknown-document": lambda: answer(
            read_desk(folder), issuer, about="0000", outcome="noted", reason_zh="理由", reason_en=None, now_ms=NOW_MS
        ),
    }
    for code, say in said.items():
        with pytest.raises(CorridorError) as refused:
            say()

        assert code == refused.value.code
    assert before == sorted(folder.iterdir())


def test_a_proposal_without_a_change_is_told_the_options_that_state_one(folder: Path, other: LogSigner) -> None:
    with pytest.raises(UsageError) as refused:
        a_question(folder, other, kind="proposal")

    for option in ("--statement-zh", "--statement-en", "--demands-zh", "--demands-en", "--value"):
        assert option in refused.value.next_step


def test_an_accepted_proposal_brings_its_own_change_and_a_part_brings_another(
    folder: Path, issuer: LogSigner, other: LogSigner
) -> None:
    a_question(folder, other, kind="proposal", values=[f"{LIMIT}=2"])
    answered(folder, issuer, outcome="partly", values=[f"{LIMIT}=3"])
    ((_, given),) = read_desk(folder).dialogue.answers.values()

    assert given.change is not None
    assert ["3"] == [each.value for each in given.change.asked_values]


def test_a_draft_is_never_written_over(folder: Path, issuer: LogSigner) -> None:
    with pytest.raises(UsageError, match=r"^profile\.exists"):
        new_profile(folder, "iso14083", profile_id="p", edition="2026.1", signer=issuer, **NAMES)


@pytest.mark.parametrize(("said", "code"), [({"profile_id": "P!"}, "form"), ({"edition": "one"}, "form")])
def test_a_draft_with_a_bad_name_is_not_written(tmp_path: Path, issuer: LogSigner, said: Any, code: str) -> None:
    with pytest.raises(InputError, match=rf"^profile\.{code}"):
        new_profile(
            tmp_path / "d", "iso14083", **{"profile_id": "p", "edition": "2026.1", **said}, signer=issuer, **NAMES
        )

    assert not (tmp_path / "d").exists()


def test_only_a_draft_can_be_signed_as_one(folder: Path, issuer: LogSigner, tmp_path: Path) -> None:
    draft = json.loads((folder / "draft.json").read_bytes())
    path = tmp_path / "adopted.json"
    path.write_text(json.dumps({**draft, "status": "adopted", "supersedes": "a" * 64}), "utf-8")

    with pytest.raises(InputError, match=r"^profile\.no-draft"):
        circulate(read_desk(folder), issuer, to=["B"], reply_by="2026-04-01", now_ms=NOW_MS, draft=path)


def _replaced(old: bytes, new: bytes) -> Callable[[Path], None]:
    def change(path: Path) -> None:
        data = path.read_bytes()

        assert old in data
        path.write_bytes(data.replace(old, new, 1))

    return change


CHANGED: dict[str, tuple[Callable[[Path], None], str]] = {
    "a word": (_replaced(b"why?", b"what"), "signed.signature"),
    "the clause": (_replaced(b'"clause":"6.7"', b'"clause":"6.6"'), "signed.signature"),
    "a signature": (_replaced("\n\n— xx ".encode(), "\n\n— xx A".encode()), "signed.note"),
    "the signer's name": (_replaced("\n\n— xx ".encode(), "\n\n— yy ".encode()), "signed.unlisted-key"),
    "the header": (_replaced(b"h2corridor/profile", b"elsewhere/profile"), "signed.note"),
    "two lines": (_replaced(b"\n{", b"\n\n{"), "signed.note"),
    "no note": (lambda path: path.write_bytes(b"hello"), "signed.note"),
    "too long": (lambda path: path.write_bytes(b"a" * 1_000_001), "signed.unreadable"),
}


@pytest.mark.parametrize("fault", CHANGED)
def test_a_file_that_was_changed_on_the_way_is_refused(folder: Path, other: LogSigner, fault: str) -> None:
    change, code = CHANGED[fault]
    change(a_question(folder, other))

    with pytest.raises(CorridorError) as refused:
        read_desk(folder)
    assert code == refused.value.code


def test_a_document_in_another_layout_or_under_another_name_is_refused(folder: Path, other: LogSigner) -> None:
    from h2corridor.evidence.supplier_notes import add_signature

    path = a_question(folder, other)
    header, body = path.read_text("utf-8").split("\n")[:2]
    spaced = f"{header}\n{body.replace(',', ', ', 1)}\n"
    path.write_bytes(add_signature(spaced, other, existing=None, about="x"))
    with pytest.raises(InputError, match=r"^signed\.note"):
        read_desk(folder)
    renamed = f"h2corridor/profile-answer/1\n{body}\n"
    path.write_bytes(add_signature(renamed, other, existing=None, about="x"))
    with pytest.raises(InputError, match=r"^signed\.note"):
        read_desk(folder)


def test_a_key_that_is_not_listed_is_refused_even_beside_one_that_is(
    folder: Path, other: LogSigner, tmp_path: Path
) -> None:
    from h2corridor.evidence.supplier_notes import add_signature

    path = a_question(folder, other)
    text = path.read_text("utf-8").partition("\n\n")[0] + "\n"
    stranger = a_signer(tmp_path, "zz", 9)
    path.write_bytes(add_signature(text, stranger, existing=path.read_bytes(), about="x"))

    with pytest.raises(EvidenceError, match=r"^signed\.unlisted-key"):
        read_desk(folder)


def test_a_document_of_another_author_cannot_be_signed_for_them(
    folder: Path, issuer: LogSigner, other: LogSigner
) -> None:
    path = a_question(folder, other)
    (said,) = read_desk(folder).dialogue.comments.values()
    path.unlink()

    assert isinstance(said, ProfileComment)
    write_document(folder, said, issuer)
    with pytest.raises(EvidenceError, match=r"^profile\.signer"):
        read_desk(folder)


@pytest.mark.parametrize("lines", ["", "cq\n", "cq nonsense\n", "other {vkey}\n", "cq {vkey}x\n"])
def test_a_list_of_keys_that_is_damaged_is_refused(folder: Path, issuer: LogSigner, lines: str) -> None:
    (folder / "keys.txt").write_text(lines.format(vkey=issuer.vkey), "utf-8")

    with pytest.raises(InputError, match=r"^signed\.keys"):
        read_desk(folder)


def test_keys_pinned_elsewhere_count_and_those_of_the_folder_do_not(
    folder: Path, issuer: LogSigner, tmp_path: Path
) -> None:
    pinned = tmp_path / "pinned.txt"
    pinned.write_text(f"cq {issuer.vkey}\n", "utf-8")
    (folder / "keys.txt").unlink()

    assert ["cq"] == [each.party for each in read_desk(folder, pinned).keys]
    with pytest.raises(InputError, match=r"^signed\.unreadable"):
        read_desk(folder)


def test_a_folder_that_is_not_there_is_refused(tmp_path: Path, folder: Path) -> None:
    with pytest.raises(InputError, match=r"^signed\.folder"):
        read_desk(tmp_path / "nowhere", folder / "keys.txt")


def test_a_folder_with_too_many_notes_is_refused(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("h2corridor.app.signed_documents._FILES_MAX", 1)

    with pytest.raises(InputError, match=r"^signed\.folder"):
        read_desk(folder)


def test_of_two_profiles_the_one_meant_is_named_by_its_digest(folder: Path, issuer: LogSigner, tmp_path: Path) -> None:
    draft = json.loads((folder / "draft.json").read_bytes())
    path = tmp_path / "second.json"
    path.write_text(json.dumps({**draft, "id": "second"}), "utf-8")
    circulate(read_desk(folder), issuer, to=["B"], reply_by="2026-04-01", now_ms=NOW_MS, draft=path)
    desk = read_desk(folder)
    second = next(digest for digest, each in desk.dialogue.profiles.items() if each.id == "second")

    assert "second" == view_profile(desk, second[:6]).profile.id
    for reference in (None, second[:5], "x" * 6):
        with pytest.raises(UsageError, match=r"^profile\.unknown-document"):
            view_profile(desk, reference)


def test_comments_that_cross_with_the_adoption_in_the_mail_are_answered_without_a_change(
    folder: Path, issuer: LogSigner, other: LogSigner, tmp_path: Path
) -> None:
    abroad = tmp_path / "abroad"
    shutil.copytree(folder, abroad)
    adopt(read_desk(folder), issuer, edition="2026.2", now_ms=NOW_MS)
    for words in ("first", "second"):
        shutil.copy(a_question(abroad, other, kind="proposal", text_en=words, values=[f"{LIMIT}=2"]), folder)
    desk = read_desk(folder)
    said: dict[str, Any] = {"reason_zh": "新版本再议", "reason_en": None, "now_ms": NOW_MS}

    with pytest.raises(EvidenceError, match=r"^profile\.open-comments"):
        check_desk(desk)
    with pytest.raises(EvidenceError, match=r"^profile\.wording"):
        answer(desk, issuer, about=desk.dialogue.list_open()[0], outcome="accepted", **said)
    for about in desk.dialogue.list_open():
        answer(read_desk(folder), issuer, about=about, outcome="noted", **said)

    assert (2, 2) == (check_desk(read_desk(folder)).comments, check_desk(read_desk(folder)).answers)


def test_a_profile_that_was_adopted_takes_no_more_comments(folder: Path, issuer: LogSigner, other: LogSigner) -> None:
    first = view_profile(read_desk(folder), None).digest
    adopt(read_desk(folder), issuer, edition="2026.2", now_ms=NOW_MS)

    with pytest.raises(EvidenceError, match=r"^profile\.open-comments"):
        a_question(folder, other, profile=first)
    with pytest.raises(EvidenceError, match=r"^profile\.adopted-twice"):
        adopt(read_desk(folder), issuer, edition="2026.3", profile=first, now_ms=NOW_MS)


def test_an_answer_that_contradicts_one_before_is_not_written(
    folder: Path, issuer: LogSigner, other: LogSigner
) -> None:
    a_question(folder, other, kind="proposal", values=[f"{LIMIT}=2"])
    answered(folder, issuer, outcome="accepted")
    a_question(folder, other, kind="proposal", values=[f"{LIMIT}=3"])
    with pytest.raises(EvidenceError, match=r"^profile\.conflict"):
        answered(folder, issuer, outcome="accepted")
    answered(folder, issuer, outcome="declined")
    adopt(read_desk(folder), issuer, edition="2026.2", now_ms=NOW_MS)

    assert () == check_desk(read_desk(folder)).open_comments
