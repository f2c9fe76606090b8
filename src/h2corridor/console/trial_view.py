"""What the page of a trial's record shows."""

import hashlib
from pathlib import Path
from shlex import quote
from typing import Any

from h2corridor.app.read_report import LastRun
from h2corridor.app.trial_decisions import finding_states, stale_decisions
from h2corridor.app.trial_record import read_record
from h2corridor.app.trial_report import make_trial_report
from h2corridor.console.texts import LANGUAGES
from h2corridor.store.files import Workspace

PROOF = "trial-report.proof.json"
"""What the recipient of a report needs beside it; there is one once the report as it stands was filed."""

FORMS = (
    "trial-report.json",
    PROOF,
    *(f"trial-report.{language}.{kind}" for language in LANGUAGES for kind in ("html", "pdf")),
)


def trial_view(run: LastRun, workspace: Path) -> dict[str, Any]:
    """Plan, consents, decisions and sign-offs beside the last run, and the forms of the report."""
    record = read_record(workspace)
    document = make_trial_report(workspace)
    digest = hashlib.sha256(document).hexdigest()
    is_filed = digest in Workspace.open(workspace).trial.list_reports()
    states = finding_states(run.report.findings, record)
    return {
        "run": run,
        "workspace": quote(str(workspace)),
        "plan": record.find_plan(),
        "consents": record.list_consents(),
        "undecided": sum(each.undecided for each in states),
        "decisions": record.list_decisions(),
        "stale": stale_decisions(run.report.findings, record),
        "sign_offs": record.list_sign_offs(),
        "sha256": digest,
        "forms": [each for each in FORMS if each != PROOF or is_filed],
    }
