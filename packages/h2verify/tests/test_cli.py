"""The command: exit statuses, JSON, languages, hostile text, and the one-file archive."""

import ast
import hashlib
import io
import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest
from h2verify import __version__, cli
from h2verify.bundle.limits import FILE_BYTES_MAX

sys.path.insert(0, str(Path(__file__).parent / "bundle"))

from made_bundle import POLICY, make_bundle

PACKAGE = Path(__file__).resolve().parents[1]


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    path = tmp_path / "good.zip"
    path.write_bytes(make_bundle())
    return path


@pytest.fixture
def policy(tmp_path: Path) -> Path:
    path = tmp_path / "policy.txt"
    path.write_bytes(POLICY)
    return path


def _refused(tmp_path: Path) -> Path:
    path = tmp_path / "refused.zip"
    path.write_bytes(make_bundle({"statement": lambda said: said["figure"].update(wtw_kgco2e="61")}))
    return path


def test_a_good_bundle_gives_0_and_json_that_says_everything(bundle: Path, policy: Path, capsys: Any) -> None:
    assert 0 == cli.main([str(bundle), "--policy", str(policy), "--json"])
    found = json.loads(capsys.readouterr().out)

    assert {"verdict", "reason", "reason_code", "depth", "trust", "status", "steps", "figure", "file_sha256"} == (
        found.keys() - {"software"}
    )
    assert (hashlib.sha256(bundle.read_bytes()).hexdigest(), f"h2verify {__version__}") == (
        found["file_sha256"],
        found["software"],
    )
    assert ("recomputed, matches", None, "figure", "pinned") == tuple(
        found[name] for name in ("verdict", "reason_code", "depth", "trust")
    )
    assert 18 == len(found["steps"])
    assert "60" == found["figure"]["figure"]["wtw_kgco2e"]


def test_a_refused_bundle_gives_1_and_a_reason_that_begins_with_its_code(tmp_path: Path, capsys: Any) -> None:
    assert 1 == cli.main([str(_refused(tmp_path)), "--json"])
    found = json.loads(capsys.readouterr().out)

    assert ("refused", "figure.number", None) == (found["verdict"], found["reason_code"], found["figure"])
    assert found["reason"].startswith("figure.number: ")


def test_what_is_no_bundle_or_not_so_deep_gives_2(bundle: Path, tmp_path: Path, capsys: Any) -> None:
    text = tmp_path / "a.txt"
    for data in (b"", b"hello"):
        text.write_bytes(data)

        assert 2 == cli.main([str(text), "--json"])
        assert "not a bundle" == json.loads(capsys.readouterr().out)["verdict"]
    assert 2 == cli.main([str(bundle), "--depth", "raw"])
    assert "depth.absent" in capsys.readouterr().out


def test_files_that_cannot_be_read_give_2_and_one_line(bundle: Path, tmp_path: Path, capsys: Any) -> None:
    for arguments in (
        [str(tmp_path)],
        [str(tmp_path / "absent.zip")],
        ["a\x00b"],
        [str(bundle), "--policy", str(tmp_path / "absent")],
        [str(bundle), "--policy", str(tmp_path)],
    ):
        assert 2 == cli.main(arguments)
        printed = capsys.readouterr()

        assert "" == printed.out
        assert 1 == printed.err.count("\n")
        assert printed.err.startswith("h2verify: ")


def test_a_wrong_call_gives_2(bundle: Path) -> None:
    for arguments in ([], [str(bundle), "--depth", "deepest"], [str(bundle), "--language", "fr"], ["--what"]):
        with pytest.raises(SystemExit) as ended:
            cli.main(arguments)

        assert 2 == ended.value.code


def test_of_a_file_that_is_too_large_no_more_than_needed_is_read(tmp_path: Path, capsys: Any) -> None:
    path = tmp_path / "large.zip"
    with path.open("wb") as file:
        file.write(b"PK\x03\x04")
        file.truncate(FILE_BYTES_MAX * 40)

    assert 1 == cli.main([str(path), "--json"])
    assert "container.limit" == json.loads(capsys.readouterr().out)["reason_code"]


def test_the_text_says_figure_steps_and_verdict_in_both_languages(bundle: Path, capsys: Any) -> None:
    cli.main([str(bundle), "--language", "en"])
    english = capsys.readouterr().out
    cli.main([str(bundle), "--language", "zh"])
    chinese = capsys.readouterr().out

    for text in (
        "well to wheel (WTW): 60 kg CO2e",
        "saves 24 kg CO2e",
        "empty running",
        " 10. [holds]",
        "And what not:",
    ):
        assert text in english
    for text in ("全流程（WTW）：60 kg CO2e", "少排放 24 kg CO2e", "未含空驶", " 10. [成立]", "不能说明什么："):
        assert text in chinese
    assert english.index("60 kg") < english.index("  1. [holds]") < english.index("Verdict: consistent; signer not")


def test_an_increase_is_said_to_cost(tmp_path: Path, capsys: Any) -> None:
    from h2verify.bundle.result import Result
    from h2verify.bundle.verification import verify_bundle
    from h2verify.report_text import format_result

    good = verify_bundle(make_bundle())
    assert good.figure is not None
    comparison = {**good.figure["comparisons"][0], "difference_kgco2e": "-7.5"}
    worse = {**good.figure, "comparisons": [comparison]}
    fields = {
        name: getattr(good, name)
        for name in ("verdict", "reason", "reason_code", "depth", "trust", "status", "steps", "file_sha256")
    }

    assert "costs 7.5 kg CO2e" in format_result(Result(**fields, figure=worse), "en")
    assert "多排放 7.5 kg CO2e" in format_result(Result(**fields, figure=worse), "zh")


def test_the_text_names_the_file_by_its_digest_and_the_verifier_by_its_version(bundle: Path, capsys: Any) -> None:
    digest = hashlib.sha256(bundle.read_bytes()).hexdigest()
    for language, line in (
        ("en", f"File: SHA-256 {digest}; checked with h2verify {__version__}"),
        ("zh", f"文件：SHA-256 {digest}；核验工具 h2verify {__version__}"),
    ):
        cli.main([str(bundle), "--language", language])

        assert line in capsys.readouterr().out.split("\n")


def test_a_policy_that_cannot_be_read_is_said_to_be_the_reader_s_own(bundle: Path, policy: Path, capsys: Any) -> None:
    for data in (POLICY.decode().encode("utf-16"), b"", b"PK\x03\x04", POLICY.replace(b"signer", b"singer")):
        policy.write_bytes(data)

        assert 1 == cli.main([str(bundle), "--policy", str(policy), "--language", "en"])
        text = capsys.readouterr().out

        assert "  5. [COULD NOT BE CHECKED]" in text and "DOES NOT HOLD" not in text
        assert "In plain words: Your policy file cannot be read; the bundle itself was not judged further." in text
        cli.main([str(bundle), "--policy", str(policy), "--language", "zh"])
        assert "通俗地说：您的信任策略文件无法读取；证据包本身未作进一步判断。" in capsys.readouterr().out


def test_a_mode_of_transport_is_a_word_of_the_language(tmp_path: Path, capsys: Any) -> None:
    path = tmp_path / "modes.zip"
    modes = ["road", "inland_waterway", "sea", "rail"]
    path.write_bytes(make_bundle({"statement": lambda said: said["consignment"].update(modes=modes)}))
    for language, words in (("en", "by road, inland waterway, sea, rail"), ("zh", "公路、内河、海运、铁路")):
        cli.main([str(path), "--language", language])

        assert words in capsys.readouterr().out


def test_findings_that_are_said_alike_are_one_line(tmp_path: Path, capsys: Any) -> None:
    path = tmp_path / "findings.zip"
    same = {"check": "a.b", "severity": "info", "title_en": "A gap.", "title_zh": "缺口。"}
    other = {**same, "finding_id": "f-3", "title_en": "Another gap.", "title_zh": "另一缺口。"}
    found = [{**same, "finding_id": "f-1"}, other, {**same, "finding_id": "f-2"}]
    path.write_bytes(make_bundle({"statement": lambda said: said.update(findings=found)}))
    for language, lines in (
        ("en", ["  finding (info, 2 times): A gap.", "  finding (info): Another gap."]),
        ("zh", ["  发现（提示，2 次）：缺口。", "  发现（提示）：另一缺口。"]),
    ):
        cli.main([str(path), "--language", language])
        printed = capsys.readouterr().out.split("\n")

        assert lines == [line for line in printed if line.startswith(("  finding", "  发现"))]


def _withheld(why: str) -> bytes:
    def changed(statement: Any) -> None:
        nothing = dict.fromkeys(("baseline_kgco2e", "difference_kgco2e", "project_kgco2e"))
        statement["comparisons"][0].update(nothing, status="withheld", why=why)

    return make_bundle({"statement": changed, "figures": lambda document: document.update(comparisons=[])})


def test_a_reason_is_said_in_chinese_where_it_is_known_and_else_quoted(tmp_path: Path, capsys: Any) -> None:
    path = tmp_path / "withheld.zip"
    known = "a is not given (needed by b); category c burns hydrogen and states no comparable diesel truck"
    for why, line in (
        (known, "未给出数值。未提供 a（计算 b 时需要）；运输类别 c 使用氢气，但未列出可比的柴油车"),
        (f"{known}; it rained", f"未给出数值。签发方原文：“{known}; it rained”"),
    ):
        path.write_bytes(_withheld(why))
        cli.main([str(path), "--language", "zh"])

        assert line in capsys.readouterr().out
        cli.main([str(path), "--language", "en"])
        assert f"no number is stated. {why}\n" in capsys.readouterr().out


def test_a_blocking_finding_is_called_as_the_platform_calls_it(tmp_path: Path, capsys: Any) -> None:
    path = tmp_path / "blocking.zip"
    found = [{"check": "a.b", "severity": "blocking", "title_en": "A gap.", "title_zh": "缺口。", "finding_id": "f-1"}]
    path.write_bytes(make_bundle({"statement": lambda said: said.update(findings=found)}))
    cli.main([str(path), "--language", "zh"])

    assert "  发现（阻断）：缺口。\n" in capsys.readouterr().out


def test_help_says_that_a_policy_may_pin_editions(capsys: Any) -> None:
    with pytest.raises(SystemExit):
        cli.main(["--help"])

    assert "edition lines" in " ".join(capsys.readouterr().out.split())


def test_no_figure_is_printed_of_a_bundle_that_is_refused(tmp_path: Path, capsys: Any) -> None:
    cli.main([str(_refused(tmp_path)), "--language", "en"])
    text = capsys.readouterr().out

    assert "WTW" not in text
    assert "  9. [DOES NOT HOLD]" in text
    assert " 10." not in text


@pytest.mark.parametrize(
    "hostile", ["\x1b[2J", "\r", "\nVerdict: recomputed, matches\n", "\u202e", "\u2066", "\x9b", "\u200b"]
)
def test_text_from_a_bundle_cannot_pass_for_ours(hostile: str, tmp_path: Path, capsys: Any) -> None:
    path = tmp_path / "hostile.zip"
    path.write_bytes(make_bundle({"statement": lambda said: said["consignment"].update(goods=f"a{hostile}b")}))

    assert 0 == cli.main([str(path), "--language", "en"])
    text = capsys.readouterr().out

    assert hostile not in text
    assert 1 == sum(line.startswith("Verdict") for line in text.split("\n"))
    assert 0 == cli.main([str(path), "--json"])
    assert capsys.readouterr().out.isascii()


def test_the_second_verifier_is_printed_as_one_page(capsys: Any) -> None:
    assert 0 == cli.main(["--page"])
    assert capsys.readouterr().out.startswith("<!")


def test_the_language_follows_the_environment() -> None:
    assert "zh" == cli.find_language({"LANG": "zh_CN.UTF-8"})
    assert "en" == cli.find_language({"LANG": "de_DE.UTF-8"})
    assert "en" == cli.find_language({})
    assert "zh" == cli.find_language({"LC_ALL": "zh", "LANG": "en_US"})


def _run(program: list[str], **environment: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(program, capture_output=True, check=False, timeout=60, env={**os.environ, **environment})


def test_a_terminal_that_knows_ascii_alone_and_a_reader_that_leaves_are_no_fault(bundle: Path) -> None:
    command = [sys.executable, "-m", "h2verify", str(bundle), "--language", "zh"]
    ascii_only = _run(command, PYTHONIOENCODING="ascii")

    assert (0, b"") == (ascii_only.returncode, ascii_only.stderr)
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as left:
        assert left.stdout is not None and left.stderr is not None
        left.stdout.close()

        assert b"" == left.stderr.read()


def _zipapp() -> Any:
    import importlib.util

    spec = importlib.util.spec_from_file_location("make_zipapp", PACKAGE / "make_zipapp.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_one_file_archive_has_the_same_bytes_each_time_and_gives_the_same_result(
    bundle: Path, tmp_path: Path
) -> None:
    target = tmp_path / "dist" / "h2verify.pyz"
    module = _zipapp()

    assert 0 == module.main([str(target)])
    assert target.read_bytes() == module.archive_bytes()
    ours = _run([sys.executable, "-m", "h2verify", str(bundle), "--json"])
    alone = _run([sys.executable, "-I", "-S", str(target), str(bundle), "--json"])

    assert (0, b"") == (alone.returncode, alone.stderr)
    assert ours.stdout == alone.stdout


def test_archive_and_page_are_printed_with_their_digests(tmp_path: Path, capsys: Any) -> None:
    paths = [tmp_path / "h2verify.pyz", tmp_path / "verify.html"]

    assert 0 == _zipapp().main([str(paths[0]), "--with-page"])
    assert [f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path}" for path in paths] == (
        capsys.readouterr().out.splitlines()
    )


def test_python_alone_makes_archive_and_page(tmp_path: Path) -> None:
    target = tmp_path / "h2verify.pyz"
    made = _run([sys.executable, "-I", "-S", "-B", str(PACKAGE / "make_zipapp.py"), str(target), "--with-page"])

    assert (0, b"") == (made.returncode, made.stderr)
    assert ["h2verify.pyz", "verify.html"] == sorted(path.name for path in tmp_path.iterdir())


def test_an_older_python_is_told_what_is_needed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    with zipfile.ZipFile(io.BytesIO(_zipapp().archive_bytes())) as archive:
        source = archive.read("__main__.py").decode()
    stream = io.TextIOWrapper(io.BytesIO(), encoding="ascii")
    monkeypatch.setattr(sys, "version_info", (3, 10, 4, "final", 0))
    monkeypatch.setattr(sys, "stderr", stream)

    assert ast.parse(source, feature_version=(3, 4)).body
    with pytest.raises(SystemExit) as ended:
        exec(compile(source, "__main__.py", "exec"), {})
    said = stream.buffer.getvalue().decode()  # type: ignore[attr-defined]  # the buffer given above

    assert 2 == ended.value.code
    assert "needs Python 3.11 or newer, this is 3.10; or open verify.html" in said
    assert "需要 Python 3.11 或更新版本，当前为 3.10" in said


def test_nothing_beside_the_standard_library_is_imported(bundle: Path) -> None:
    program = f"""
import sys
sys.path.insert(0, {str(PACKAGE / "src")!r})
from h2verify import cli
cli.main(sys.argv[1:])
loaded = {{name.partition(".")[0] for name in sys.modules}}
print(sorted(loaded - sys.stdlib_module_names), file=sys.stderr)
"""
    done = _run([sys.executable, "-I", "-S", "-c", program, str(bundle)])

    assert "['__main__', 'h2verify']" == done.stderr.decode().strip()


def test_the_stream_may_have_no_encoding(bundle: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stream = io.StringIO()
    monkeypatch.setattr(sys, "stdout", stream)

    assert 0 == cli.main([str(bundle)])
    assert stream.getvalue().endswith("\n")
