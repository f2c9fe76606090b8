import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
CODE = re.compile(r'"((?:fsck|workspace|storage|keys|evidence|input)\.[a-z-]+)"')


def test_every_code_of_store_and_evidence_is_explained_in_the_reference_and_none_besides() -> None:
    rooms = [ROOT / "src/h2corridor" / room for room in ("store/files", "evidence", "statements")]
    sources = [path for room in rooms for path in room.glob("*.py")]
    used = {code for path in sources for code in CODE.findall(path.read_text("utf-8"))} - {"workspace.json"}
    text = (ROOT / "docs/reference/log.md").read_text("utf-8")
    explained = set(re.findall(r"`((?:fsck|workspace|storage|keys|evidence|input)\.[a-z-]+)`", text))

    assert len(used) > 30
    assert used == explained
