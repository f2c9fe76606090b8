"""A frozen edition is the folder that was frozen, byte for byte; a draft may change; a pinned digest must hold."""

import errno
import os
import shutil
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from h2corridor.app.frozen import LOCK, freeze, read_lock
from h2corridor.app.rules import check_edition, freeze_edition, get_rule_set, read_edition
from h2corridor.cli.commands import app
from h2corridor.model.errors import RuleError, StorageError, UsageError

PUBLISHED = Path(__file__).parents[2] / "src/h2corridor/accounting/rulesets/iso14083/2023.1"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    copied = tmp_path / "my-rules" / "2023.1"
    shutil.copytree(PUBLISHED, copied)
    return copied


def refused(folder: Path) -> RuleError:
    with pytest.raises(RuleError) as caught:
        read_edition(folder)
    return caught.value


def restated(folder: Path, line: bytes) -> None:
    path = folder / "parameters.toml"
    path.write_bytes(path.read_bytes().replace(b'status = "draft"', line, 1))


def everything(folder: Path) -> dict[str, bytes]:
    """Every file in and beside an edition's folder."""
    root = folder.parent
    return {str(path.relative_to(root)): path.read_bytes() for path in sorted(root.rglob("*")) if path.is_file()}


def restored(folder: Path, files: dict[str, bytes]) -> None:
    shutil.rmtree(folder.parent)
    for name, data in files.items():
        (folder.parent / name).parent.mkdir(parents=True, exist_ok=True)
        (folder.parent / name).write_bytes(data)


def counted(monkeypatch: pytest.MonkeyPatch, call: str, *, fails: int | None, and_all_later: bool = False) -> list[int]:
    """Count a call of the operating system; the one of this number finds the disk full."""
    made, real = [0], getattr(os, call)

    def counting(*arguments: Any, **more: Any) -> Any:
        made[0] += 1
        if fails is not None and (made[0] == fails or (and_all_later and made[0] > fails)):
            raise OSError(errno.ENOSPC, "made to fail")
        return real(*arguments, **more)

    monkeypatch.setattr(f"h2corridor.store.files.durable.os.{call}", counting)
    return made


def test_freezing_writes_status_published_values_and_the_lock(folder: Path) -> None:
    frozen = freeze_edition(folder)

    assert ("frozen", ()) == (frozen.status, frozen.faults)
    assert {"2023.1": frozen.digest} == read_lock(folder.parent / LOCK)
    assert frozen.digest == get_rule_set(str(folder)).digest


def test_a_frozen_edition_with_one_changed_byte_is_refused(folder: Path) -> None:
    freeze_edition(folder)
    path = folder / "factors_fuels.toml"
    path.write_bytes(path.read_bytes().replace(b'"0.832"', b'"0.833"'))
    error = refused(folder)

    assert ("rule.changed-edition", True) == (error.code, "it was frozen with" in error.message)


def test_an_added_file_changes_a_frozen_edition_too(folder: Path) -> None:
    freeze_edition(folder)
    (folder / "notes.txt").write_text("a note", encoding="utf-8")

    assert "rule.changed-edition" == refused(folder).code


def test_neither_status_nor_lock_alone_makes_an_edition_frozen(folder: Path) -> None:
    digest = freeze_edition(folder).digest
    (folder.parent / LOCK).write_text("", encoding="utf-8")
    unlocked = refused(folder)
    (folder.parent / LOCK).write_text(f"{digest}  2023.1\n", encoding="utf-8")
    path = folder / "parameters.toml"
    path.write_bytes(path.read_bytes().replace(b'"frozen"', b'"draft"'))
    thawed = refused(folder)

    assert "does not name it" in unlocked.message
    assert "it says draft" in thawed.message


@pytest.mark.parametrize(
    ("line", "written"),
    [
        (b"status='draft'", b'status="frozen"'),
        (b'# status = "draft"\nstatus = "draft"', b'# status = "draft"\nstatus = "frozen"'),
    ],
)
def test_the_status_is_rewritten_wherever_and_however_it_stands(folder: Path, line: bytes, written: bytes) -> None:
    restated(folder, line)
    freeze_edition(folder)

    assert 1 == (folder / "parameters.toml").read_bytes().count(written)


def test_a_draft_whose_status_cannot_be_rewritten_is_not_frozen(folder: Path) -> None:
    restated(folder, b'"status" = "draft"')
    before = everything(folder)
    with pytest.raises(UsageError) as caught:
        freeze_edition(folder)

    assert ("rules.no-status-line", before) == (caught.value.code, everything(folder))


def test_a_status_in_a_longer_text_is_not_taken_for_the_editions(folder: Path) -> None:
    restated(folder, b'caveat_en = """\nstatus = "draft"\n"""\nstatus = "draft"')
    before = everything(folder)
    with pytest.raises(UsageError) as caught:
        freeze_edition(folder)

    assert ("rules.no-status-line", before) == (caught.value.code, everything(folder))


@pytest.mark.parametrize("locked", [None, "0" * 64 + "  2022.1"])
@pytest.mark.parametrize("call", ["open", "write", "fsync", "replace"])
def test_whatever_call_fails_nothing_is_frozen_and_nothing_is_left(
    folder: Path, monkeypatch: pytest.MonkeyPatch, call: str, locked: str | None
) -> None:
    if locked is not None:
        (folder.parent / LOCK).write_text(locked, encoding="utf-8")
    before = everything(folder)
    made = counted(monkeypatch, call, fails=None)
    freeze_edition(folder)
    after = everything(folder)
    least = {"open": 7, "write": 5, "fsync": 6, "replace": 3}[call]

    assert least <= made[0]
    for number in range(1, made[0] + 1):
        restored(folder, before)
        counted(monkeypatch, call, fails=number)
        with pytest.raises(StorageError) as caught:
            freeze_edition(folder)
        monkeypatch.undo()

        assert ("storage.full", before) == (caught.value.code, everything(folder))
    freeze_edition(folder)

    assert after == everything(folder)


def test_what_cannot_be_put_back_is_said(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    counted(monkeypatch, "replace", fails=3, and_all_later=True)
    with pytest.raises(StorageError) as caught:
        freeze_edition(folder)

    assert "rules.half-frozen" == caught.value.code
    assert not (folder.parent / LOCK).exists()


def test_a_lock_without_a_last_line_end_gets_a_line_of_its_own(folder: Path) -> None:
    (folder.parent / LOCK).write_text("0" * 64 + "  2022.1", encoding="utf-8")
    digest = freeze_edition(folder).digest

    assert {"2022.1": "0" * 64, "2023.1": digest} == read_lock(folder.parent / LOCK)


def test_a_frozen_edition_is_not_frozen_again(folder: Path) -> None:
    freeze_edition(folder)
    with pytest.raises(UsageError) as caught:
        freeze(read_edition(folder), folder)

    assert "rules.not-a-draft" == caught.value.code


@pytest.mark.parametrize("line", ["abc  2023.1", "0" * 64 + " 2023.1", "0" * 64 + "  "])
def test_a_lock_that_is_no_list_of_digests_is_refused(folder: Path, line: str) -> None:
    (folder.parent / LOCK).write_text(f"{line}\n", encoding="utf-8")

    assert "rule.bad-edition" == refused(folder).code


def test_a_pinned_digest_is_the_one_or_the_edition_is_refused() -> None:
    digest = get_rule_set("iso14083@2023.1").digest

    assert digest == get_rule_set(f"iso14083@2023.1#{digest[:12]}").digest
    for pinned in ("0" * 12, digest[:11], "f" * 64):
        with pytest.raises(RuleError) as caught:
            get_rule_set(f"iso14083@2023.1#{pinned}")
        assert "rule.changed-edition" == caught.value.code


def test_the_published_edition_conforms() -> None:
    assert () == check_edition(PUBLISHED, None).faults


def test_the_commands_check_freeze_and_then_refuse_what_was_changed(folder: Path) -> None:
    run = CliRunner().invoke
    sound = run(app, ["rules", "check", str(folder), "--language", "en"])
    frozen = run(app, ["rules", "freeze", str(folder), "--language", "zh"])
    path = folder / "factors_fuels.toml"
    path.write_bytes(path.read_bytes().replace(b'"0.832"', b'"0.833"'))
    changed = run(app, ["rules", "show", str(folder)])

    assert (0, True) == (sound.exit_code, "cases hold" in sound.output)
    assert (0, True) == (frozen.exit_code, "已冻结" in frozen.output)
    assert isinstance(changed.exception, RuleError)


def test_a_draft_with_faults_is_not_frozen(folder: Path) -> None:
    path = folder / "factors_fuels.toml"
    path.write_bytes(path.read_bytes().replace(b'"0.832"', b'"0.833"'))
    run = CliRunner().invoke(app, ["rules", "freeze", str(folder), "--language", "en"])

    assert (1, False) == (run.exit_code, (folder.parent / LOCK).exists())
    assert "parameters.json: not what parameters.toml says" in run.output


def test_the_ledger_of_a_chain_is_printed_with_its_sum(folder: Path, tmp_path: Path) -> None:
    chain = tmp_path / "chain.json"
    chain.write_text(
        '{"format":"transport-chain/1","activity_date":"2024-05-05","shipment":{"id":"S","mass_kg":"20000"},"elements":'
        '[{"id":"A","kind":"transport","mode":"road","category":"t","distance":{"kind":"sfd","km":"1150"}}],"categories":'
        '{"t":{"kind":"transport","data":"primary","source":"x","transport_activity_tkm":"23000","energy":'
        '[{"carrier":"diesel","unit":"l","amount":"391"}]}}}',
        encoding="utf-8",
    )
    path = folder / "factors_fuels.toml"
    path.write_bytes(path.read_bytes().replace(b'"0.832"', b'"0.840"'))
    options = ["--chain", str(chain), "--language", "en"]
    run = CliRunner().invoke(app, ["rules", "diff", "iso14083@2023.1", str(folder), *options])

    assert 0 == run.exit_code
    assert ["1361.982449152", "+13.095985088", "1375.07843424"] == [
        each for each in ("1361.982449152", "+13.095985088", "1375.07843424") if each in run.output
    ]
