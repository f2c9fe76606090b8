"""The corpus: every fault of every room, the good bundles, and how they are written into a folder.

python tests/bundles/corpus.py FOLDER       what `make bundles` does
"""

import io
import json
import sys
import tempfile
import zipfile
from pathlib import Path

import faults_activity
import faults_container
import faults_documents
import faults_figure
import faults_log
import faults_raw
import faults_statement
import faults_suppliers
from made_bundles import Good, make_good
from policies import POLICIES
from registry import FAULTS, Fault
from zips import members_of

FAMILIES = (
    faults_activity,
    faults_container,
    faults_documents,
    faults_figure,
    faults_log,
    faults_raw,
    faults_statement,
    faults_suppliers,
)
"""Where faults are written; each is registered as its file is read."""


def list_faults() -> list[Fault]:
    """Every fault, by name."""
    found = sorted(FAULTS.values(), key=lambda fault: fault.name)
    if len(found) < 60 or not all(any(vars(family).get(each.name) for family in FAMILIES) for each in found):
        raise ValueError("the corpus lost its faults")
    return found


def repacked(data: bytes) -> bytes:
    """A bundle unpacked and packed again by another archiver: all deflated, other dates, another order, attributes."""
    file = io.BytesIO()
    members = members_of(data)
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in sorted(members, reverse=True):
            info = zipfile.ZipInfo(name, (2026, 11, 23, 12, 30, 0))
            info.external_attr = 0o100644 << 16
            archive.writestr(info, members[name], zipfile.ZIP_DEFLATED, compresslevel=1)
    return file.getvalue()


def good_bundles(good: Good) -> dict[str, bytes]:
    """Bundles that hold, by the name of their file."""
    found = {f"good_{depth}.zip": data for depth, data in good.bundles.items()}
    found |= {f"good_{depth}_packed_again.zip": repacked(data) for depth, data in good.bundles.items()}
    return {**found, "good_other_consignment.zip": good.other}


def write_corpus(good: Good, folder: Path) -> int:
    """Write every bundle, the policies and an index into a folder; give how many bundles there are."""
    for name, make in POLICIES.items():
        if (policy := make(good)) is not None:
            (folder / f"policy_{name}.txt").write_bytes(policy)
    index = []
    for name, data in good_bundles(good).items():
        (folder / name).write_bytes(data)
        index.append({"file": name, "reason_code": None, "exit_status": 0, "policy": "good", "says": "It holds."})
    for fault in list_faults():
        (folder / fault.file_name).write_bytes(fault.make(good))
        said = {"file": fault.file_name, "reason_code": fault.code, "exit_status": fault.exit_status}
        index.append({**said, "policy": fault.policy, "depth": fault.asked, "says": fault.says})
    (folder / "index.json").write_text(json.dumps(index, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return len(index)


if __name__ == "__main__":
    target = Path(sys.argv[1])
    target.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        count = write_corpus(make_good(Path(scratch)), target)
    sys.stderr.write(f"{count} bundles in {target}\n")
