"""The last part of the way: the bundle is taken, the network goes, the bundle is dropped, the verdict is read."""

import base64
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from h2verify.bundle import verify_bundle
from playwright.sync_api import Page, expect

from h2corridor.model.report import Report, decode_report

OpenPage = Callable[..., Page]
DROP = """([name, text]) => {
  const bytes = Uint8Array.from(atob(text), (each) => each.charCodeAt(0));
  const transfer = new DataTransfer();
  transfer.items.add(new File([bytes], name, { type: "application/zip" }));
  const dropped = new DragEvent("drop", { dataTransfer: transfer, bubbles: true, cancelable: true });
  document.querySelector("#drop").dispatchEvent(dropped);
}"""


@pytest.fixture(scope="session")
def report(demo_workspace: Path) -> Report:
    return decode_report((demo_workspace / "report" / "report.json").read_bytes())


def _taken(page: Page, button: str, folder: Path) -> Path:
    with page.expect_download() as waiting:
        page.get_by_role("link", name=button).click()
    path = folder / waiting.value.suggested_filename
    waiting.value.save_as(path)
    return path


@pytest.mark.parametrize(
    ("language", "button", "verifier"),
    [("en", "Activity: down to trips and fills", "Open the verifier"), ("zh", "数值级", "打开核验页")],
)
def test_a_bundle_is_taken_dropped_without_network_and_recomputed(
    *,
    demo_url: str,
    report: Report,
    open_page: OpenPage,
    tmp_path: Path,
    language: str,
    button: str,
    verifier: str,
) -> None:
    page, shipment = open_page(accept_downloads=True), report.shipments[0]
    page.goto(f"{demo_url}/shipment?id={shipment.consignment_id}&lang={language}")
    bundle = _taken(page, button, tmp_path)
    with page.context.expect_page() as opened:
        page.get_by_role("link", name=verifier).click()
    checking = opened.value
    checking.wait_for_load_state()
    page.context.set_offline(True)
    checking.evaluate(DROP, [bundle.name, base64.b64encode(bundle.read_bytes()).decode()])
    expected = verify_bundle(bundle.read_bytes(), depth=None, policy=None)

    assert bundle.name.startswith(str(shipment.statement_id))
    expect(checking.locator("#verdict")).not_to_be_empty()
    expect(checking.locator("#progress")).to_be_hidden()
    assert ("unpinned", None) == (expected.trust, expected.reason_code)
    came = checking.evaluate(
        "text => h2verify.verify(Uint8Array.from(atob(text), (each) => each.charCodeAt(0)))",
        base64.b64encode(bundle.read_bytes()).decode(),
    )
    assert (expected.verdict, expected.trust, expected.depth) == (came["verdict"], came["trust"], came["depth"])
    expect(checking.locator("#result")).to_contain_text(shipment.consignment_id)


def test_a_bundle_that_was_changed_on_the_way_is_refused(
    demo_url: str, report: Report, open_page: OpenPage, tmp_path: Path
) -> None:
    page = open_page(accept_downloads=True)
    page.goto(f"{demo_url}/shipment?id={report.shipments[0].consignment_id}")
    bundle = _taken(page, "Figure only", tmp_path)
    changed = bytearray(bundle.read_bytes())
    changed[len(changed) // 2] ^= 1
    page.goto(f"{demo_url}/verify.html?lang=en")
    page.context.set_offline(True)
    page.locator("#file").set_input_files(
        {"name": bundle.name, "mimeType": "application/zip", "buffer": bytes(changed)}
    )

    expect(page.locator("#verdict")).to_contain_text("refused", ignore_case=True)


def test_the_command_comes_to_the_same_verdict(
    demo_url: str, report: Report, open_page: OpenPage, tmp_path: Path, demo_workspace: Path
) -> None:
    page = open_page(accept_downloads=True)
    page.goto(f"{demo_url}/shipment?id={report.shipments[0].consignment_id}")
    bundle = _taken(page, "Activity: down to trips and fills", tmp_path)
    command = [sys.executable, "-m", "h2verify", str(bundle), "--policy", str(demo_workspace / "policy.txt")]
    found = subprocess.run([*command, "--language", "en"], capture_output=True, text=True, check=False)

    assert found.returncode == 0, found.stdout + found.stderr
    assert "recomputed, matches" in found.stdout
