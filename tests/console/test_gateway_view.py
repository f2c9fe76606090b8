"""The page of the gateway: what it counts, and what it says when the disk refuses."""

from pathlib import Path
from typing import get_args

import msgspec
import pytest

from h2corridor.console.gateway_view import TRUCKS_MAX
from h2corridor.console.serve import Request
from h2corridor.console.site import WorkspaceSite
from h2corridor.console.texts import LANGUAGES, Language, has_text, text
from h2corridor.intake.gateway import GatewayStatus, LastFrame
from h2corridor.protocols.gbt32960.session import Outcome
from h2corridor.store.files import Workspace

STATUS = GatewayStatus(
    address="127.0.0.1:32960",
    uses_tls=True,
    connections=2,
    connections_ever=5,
    turned_away=1,
    rows=9,
    acknowledged=7,
    not_kept=1,
    bytes_not_frames=12,
    outcomes={"accepted": 7, "not-a-frame": 1},
    disk_fault="",
    segments_waiting=1,
    sealed_at_ms=1_772_409_600_000,
    seal_fault="",
    watch_faults=[],
    trucks=[LastFrame(vin="LTESTHYDR0GEN0001", received_at_ms=1_772_409_600_000, source="<b>", connections=2)],
)


def _page(tmp_path: Path, status: GatewayStatus | None, language: Language, path: str = "/gateway") -> str:
    Workspace.create_or_open(tmp_path / "w", now_ms=0, software="test").close()
    site = WorkspaceSite(tmp_path / "w", language, gateway=(lambda: status) if status else None)
    return site(Request(path=path, query={}, cookies={})).body.decode()


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_says_what_the_gateway_does_before_any_run(tmp_path: Path, language: Language) -> None:
    page = _page(tmp_path, STATUS, language)

    assert "127.0.0.1:32960 (TLS)" in page
    assert text("gateway_rows_said", language, rows=9, acknowledged=7, not_kept=1) in page
    assert "2026-03-02 08:00:00+08:00" in page
    assert text("gateway_cloned", language) in page
    assert "&lt;b&gt;" in page
    assert text("gateway_disk_takes", language) in page


def test_faults_are_told_in_chinese_before_their_exact_text(tmp_path: Path) -> None:
    faults = {
        "disk_fault": "storage.full: x",
        "seal_fault": "input.path: y\nOSError: z",
        "watch_faults": ["watch.link: l"],
    }
    page = _page(tmp_path, msgspec.structs.replace(STATUS, **faults), "zh")

    for said in (
        "storage.full  磁盘已满。",
        "input.path  文件名无法保存。",
        "OSError: z",
        "watch.link  监视文件夹中有链接",
    ):
        assert said in page
    assert "serve.unknown  该地址没有内容。" in _page(tmp_path, None, "zh", "/nowhere")


def test_a_disk_that_refuses_stands_at_the_top(tmp_path: Path) -> None:
    page = _page(
        tmp_path, msgspec.structs.replace(STATUS, disk_fault="storage.full", watch_faults=["inbox.path: x"]), "en"
    )

    assert page.index("storage.full") < page.index("127.0.0.1:32960")
    assert text("gateway_disk_refuses", "en") in page
    assert f"{text('gateway_watch_fault', 'en')} inbox.path: x" in page


def test_a_program_reads_the_same(tmp_path: Path) -> None:
    said = msgspec.json.decode(_page(tmp_path, STATUS, "en", "/gateway.json"))

    assert msgspec.to_builtins(STATUS) == said["gateway"]
    assert None is msgspec.json.decode(_page(tmp_path, None, "en", "/gateway.json"))["gateway"]


def test_of_many_trucks_the_latest_are_shown(tmp_path: Path) -> None:
    trucks = [
        LastFrame(vin=f"LTEST{number:012d}", received_at_ms=number, source="s", connections=1)
        for number in range(TRUCKS_MAX + 50)
    ]
    page = _page(tmp_path, msgspec.structs.replace(STATUS, trucks=trucks), "en")

    assert trucks[-1].vin in page
    assert trucks[0].vin not in page


def test_every_outcome_has_a_name() -> None:
    assert [] == [each for each in get_args(Outcome) if not has_text(f"gateway_outcome_{each}")]
