"""Write the example bundles of the docs: `docs/examples/{first-run.zip,first-run-changed.zip,policy.txt}`.

    python docs/make_examples.py

The packaged trial is run with keys that follow from a published sentence, so that the bundles come out the same
everywhere. The keys are worth nothing: everybody has them.
"""

import hashlib
import io
import json
import tempfile
import zipfile
from pathlib import Path

from h2verify import canonical

from h2corridor.app.bootstrap import make_request
from h2corridor.app.export import export_bundle, list_statements
from h2corridor.app.trial_run import run_trial
from h2corridor.evidence import format_private_key

ROOT = Path(__file__).resolve().parents[1]
EXAMPLES = ROOT / "docs" / "examples"
TRIAL = ROOT / "src" / "h2corridor" / "demo" / "first-run"
CONSIGNMENT = "FR-C0001"
NOW_MS = 1_773_014_400_000
_SENTENCE = "a key of the documentation that everybody has: "


def make_workspace(folder: Path) -> Path:
    """Run the packaged trial with the published keys; gives the workspace."""
    keys = folder / "keys"
    keys.mkdir(parents=True)
    for name, file in (("example.invalid/corridor", "log.key"), ("example.invalid/corridor/issuer", "issuer.key")):
        (keys / file).write_text(format_private_key(name, _secret(file)) + "\n", encoding="ascii")
    (keys / "salt.seed").write_bytes(_secret("salt.seed"))
    workspace = folder / "workspace"
    request = make_request(TRIAL, workspace, now_ms=NOW_MS, keys=keys, salt_seed=keys / "salt.seed")
    run_trial(request, lambda *_: None)
    return workspace


def make_examples(workspace: Path) -> dict[str, bytes]:
    """The files of `docs/examples` that follow from a workspace made by `make_workspace`."""
    statement = next(each for each in list_statements(workspace) if each.consignment_id == CONSIGNMENT)
    bundle = export_bundle(workspace, statement.statement_id)
    return {
        "first-run.zip": bundle,
        "first-run-changed.zip": _changed(bundle),
        "policy.txt": (workspace / "policy.txt").read_bytes(),
    }


def _secret(name: str) -> bytes:
    return hashlib.sha256((_SENTENCE + name).encode()).digest()


def _changed(bundle: bytes) -> bytes:
    """The bundle as somebody without a key would change it: a smaller figure, and the list of contents put right."""
    with zipfile.ZipFile(io.BytesIO(bundle)) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    statement = json.loads(members["statement.json"])
    statement["statement"]["figure"]["wtw_kgco2e"] = "102.888193212564"
    members["statement.json"] = canonical.encode(statement)
    manifest = json.loads(members.pop("manifest.json"))
    data = members["statement.json"]
    manifest["members"]["statement.json"] = {"sha256": hashlib.sha256(data).hexdigest(), "size": len(data)}
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in sorted({**members, "manifest.json": canonical.encode(manifest)}.items()):
            archive.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return target.getvalue()


def main() -> None:
    """Write every example that differs from what is there."""
    with tempfile.TemporaryDirectory() as folder:
        for name, data in make_examples(make_workspace(Path(folder))).items():
            (EXAMPLES / name).write_bytes(data)


if __name__ == "__main__":
    main()
