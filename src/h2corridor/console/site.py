"""The site of one workspace: which address gives which page, document or answer for a script.

Everything is computed from the workspace when it is asked for; nothing is kept but the last run as read. Received
bytes are shown a row at a time and never offered as files: raw data leave by a recorded release only.
"""

import dataclasses
from collections.abc import Callable, Mapping
from functools import cache
from http import HTTPStatus
from importlib import resources
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import msgspec
from h2verify.errors import VerifyError
from h2verify.page import render_page as render_verifier

from h2corridor.app.export import export_bundle
from h2corridor.app.read_report import LastRun, ReportReader
from h2corridor.app.trace import read_row, trace_trip, trace_truck_trips
from h2corridor.app.trial_report import make_trial_report, prove_trial_report
from h2corridor.console.balance_views import balances_view, quality_view
from h2corridor.console.calculator import FORM_HEADERS, calculator_page
from h2corridor.console.custody_page import custody_view
from h2corridor.console.error_texts import speak
from h2corridor.console.field_names import named_frame
from h2corridor.console.gateway_view import gateway_view
from h2corridor.console.serve import PAGE_POLICY, Answer, Request, find_language
from h2corridor.console.site_pages import Page, render_page
from h2corridor.console.site_views import overview, row_view, shipment_detail
from h2corridor.console.texts import LANGUAGES, Language
from h2corridor.console.trial_files import printed_form
from h2corridor.console.trial_view import PROOF, trial_view
from h2corridor.console.views import finding_groups, site_name, site_names
from h2corridor.intake.gateway import GatewayStatus
from h2corridor.model.errors import CorridorError, UsageError
from h2corridor.statements.bundle import Depth

VERIFIER_POLICY = "connect-src 'none'; base-uri 'none'; form-action 'none'"
"""Beside the policy that the verifier's page carries itself: it can ask for nothing."""
COOKIE = "h2corridor_language"
_HTML = "text/html; charset=utf-8"
_JSON = "application/json"
_FORMS = {"html": _HTML, "json": _JSON, "pdf": "application/pdf"}
_KINDS = {"css": "text/css; charset=utf-8", "js": "text/javascript; charset=utf-8", "svg": "image/svg+xml"}
_DOCUMENTS = ("report.json", "figures.json", "tracks.json", "balances.json")
_OFFERED: Mapping[str, Depth] = {"figure": "figure", "activity": "activity"}
"""Depths that may be taken here; raw needs a recorded release and the command."""
_YEAR_SECONDS = 31_536_000

Record = dict[str, Any]


class WorkspaceSite:
    """Answers for one workspace; may be called from several threads.

    Parameters
    ----------
    workspace
        The folder; it is read only.
    language
        The one shown to a reader who has not chosen.
    follows_browser
        Whether the language that the reader's browser asks for comes before `language`.
    gateway
        Gives the status of the gateway that this process runs, if it runs one.
    """

    def __init__(
        self,
        workspace: Path,
        language: Language,
        *,
        follows_browser: bool = True,
        gateway: Callable[[], GatewayStatus] | None = None,
    ) -> None:
        self._gateway = gateway
        self._workspace = workspace
        self._language = language
        self._follows_browser = follows_browser
        self._reader = ReportReader(workspace)
        self._pages: Mapping[str, Callable[[LastRun, Request], Page]] = {
            "/": lambda run, _: Page(template="overview", values=overview(run)),
            "/shipment": self._shipment,
            "/trips": lambda run, _: Page(template="trips", values=_trips(run)),
            "/balances": lambda run, _: Page(template="balances", values=balances_view(run)),
            "/custody": lambda run, _: Page(template="custody", values=custody_view(run, self._workspace)),
            "/quality": lambda run, _: Page(template="quality", values=quality_view(run)),
            "/trial": lambda run, _: Page(template="trial", values=trial_view(run, self._workspace)),
            "/findings": lambda run, _: Page(
                template="findings", values={"run": run, "groups": finding_groups(run.report.findings)}
            ),
            "/row": lambda run, request: Page(template="row", values=row_view(run, request.query)),
        }
        self._data: Mapping[str, Callable[[LastRun, Request], Record]] = {
            "/api/derivation": _derivation,
            "/api/truck-trips": self._truck_trips,
            "/api/trip": lambda _, request: trace_trip(self._workspace, _asked(request, "trip")),
            "/api/row": self._row,
        }

    def __call__(self, request: Request) -> Answer:
        """The answer to a request; errors that a person can act on become a page or a JSON object that says them."""
        chosen = request.query.get("lang", "")
        language = self._chosen(chosen or request.cookies.get(COOKIE, "") or self._asked_by_browser(request))
        try:
            answer = self._answer(request, language)
        except (CorridorError, VerifyError) as error:
            answer = _refused(request, language, error)
        if chosen == language:
            remembered = f"{COOKIE}={language}; Path=/; Max-Age={_YEAR_SECONDS}; SameSite=Strict; HttpOnly"
            answer = dataclasses.replace(answer, headers={**answer.headers, "Set-Cookie": remembered})
        return answer

    def _answer(self, request: Request, language: Language) -> Answer:
        path = request.path
        if path.startswith("/page/"):
            return _page_file(path.removeprefix("/page/"))
        if path == "/verify.html":
            return _verifier()
        if path.startswith("/bundles/"):
            return self._bundle(path.removeprefix("/bundles/"), request)
        if path in ("/assess", "/gateway", "/gateway.json"):
            return self._without_run(request, language)
        if path.startswith("/trial-report."):
            return self._trial_report(path.removeprefix("/"))
        if path not in self._pages and path not in self._data and path.removeprefix("/") not in _DOCUMENTS:
            raise UsageError("serve.unknown", f"there is nothing at {path}.", next_step="Begin at /.")
        run = self._reader.find()
        return _no_run(request, language) if run is None else self._of_run(run, request, language)

    def _without_run(self, request: Request, language: Language) -> Answer:
        """The calculator, and what the gateway does now: they need no run."""
        if request.path == "/assess":
            answer = _html(calculator_page(), request, language)
            return dataclasses.replace(answer, headers=FORM_HEADERS)
        status = self._gateway() if self._gateway else None
        if request.path.endswith(".json"):
            return _json({"gateway": msgspec.to_builtins(status)})
        return _html(Page(template="gateway", values=gateway_view(status, language)), request, language)

    def _of_run(self, run: LastRun, request: Request, language: Language) -> Answer:
        if request.path in self._data:
            return _json(self._data[request.path](run, request))
        if request.path in self._pages:
            return _html(self._pages[request.path](run, request), request, language)
        return _document(run, request.path.removeprefix("/"))

    def _chosen(self, asked: str) -> Language:
        return next((language for language in LANGUAGES if language == asked), self._language)

    def _asked_by_browser(self, request: Request) -> str:
        return (find_language(request.languages) if self._follows_browser else None) or ""

    def _shipment(self, run: LastRun, request: Request) -> Page:
        return Page(template="shipment", values=shipment_detail(run, _asked(request, "id")))

    def _truck_trips(self, _: LastRun, request: Request) -> Record:
        row = _number(request, "row")
        return {"trips": trace_truck_trips(self._workspace, _asked(request, "figure"), row)}

    def _row(self, run: LastRun, request: Request) -> Record:
        found = read_row(self._workspace, _asked(request, "file"), _number(request, "row"))
        language = self._chosen(request.query.get("words", ""))
        return found if found["frame"] is None else {**found, "frame": named_frame(found["frame"], language)}

    def _trial_report(self, name: str) -> Answer:
        """The trial report as it stands, in one of its forms."""
        document = make_trial_report(self._workspace)
        kind = _FORMS.get(name.rpartition(".")[2])
        if name == PROOF:
            body: bytes | None = prove_trial_report(self._workspace, document)
        else:
            body = document if name == "trial-report.json" else printed_form(document, name)
        if kind is None or body is None:
            raise UsageError("serve.unknown", f"the trial report has no form {name}.", next_step="Begin at /trial.")
        headers = {} if kind == _HTML else {"Content-Disposition": f'attachment; filename="{name}"'}
        return Answer(content_type=kind, body=body, policy=VERIFIER_POLICY, headers=headers)

    def _bundle(self, name: str, request: Request) -> Answer:
        asked = request.query.get("depth", "activity")
        depth = _OFFERED.get(asked)
        if depth is None:
            fault = f"expected depth figure or activity, came {asked}."
            next_step = "Raw data leave by `h2corridor statement release` and `statement export --depth raw` only."
            raise UsageError("serve.depth", fault, next_step=next_step)
        statement_id = name.removesuffix(".zip")
        body = export_bundle(self._workspace, statement_id, depth)
        disposition = f'attachment; filename="{statement_id}-{depth}.zip"'
        return Answer(content_type="application/zip", body=body, headers={"Content-Disposition": disposition})


def _trips(run: LastRun) -> Record:
    names = site_names(run.tracks)
    return {"run": run, "trips": run.report.trips, "site": lambda site_id: site_name(site_id, names)}


def _derivation(run: LastRun, request: Request) -> Record:
    figure = run.figures.get(_asked(request, "figure"))
    if figure is None:
        raise UsageError("serve.unknown", "there is no such figure.", next_step="Take it from the report.")
    found: Record = msgspec.to_builtins(figure)
    return found


def _asked(request: Request, name: str) -> str:
    value = request.query.get(name, "")
    if not value:
        raise UsageError("serve.query", f"{name} is missing in the address.", next_step="Follow a link of the page.")
    return value


def _number(request: Request, name: str) -> int:
    value = _asked(request, name)
    if not (value.isascii() and value.isdigit()) or len(value) > 9:
        raise UsageError("serve.query", f"{name} is no number: {value}.", next_step="Follow a link of the page.")
    return int(value)


def _html(page: Page, request: Request, language: Language, status: HTTPStatus = HTTPStatus.OK) -> Answer:
    others = {each: f"?{urlencode({**request.query, 'lang': each})}" for each in LANGUAGES}
    body = render_page(page, language, path=request.path, languages=others).encode()
    return Answer(status=status, content_type=_HTML, body=body, policy=PAGE_POLICY)


def _json(value: Record, status: HTTPStatus = HTTPStatus.OK) -> Answer:
    return Answer(status=status, content_type=_JSON, body=msgspec.json.encode(value))


def _document(run: LastRun, name: str) -> Answer:
    if name not in run.documents:
        raise UsageError("serve.unknown", f"the run left no {name}.", next_step="Begin at /.")
    return Answer(content_type=_JSON, body=run.documents[name])


def _no_run(request: Request, language: Language) -> Answer:
    if request.path.startswith("/api/") or request.path.removeprefix("/") in _DOCUMENTS:
        return _json({"error": "report.absent"}, HTTPStatus.NOT_FOUND)
    return _html(Page(template="empty", values={}), request, language)


def _refused(request: Request, language: Language, error: CorridorError | VerifyError) -> Answer:
    status = HTTPStatus.NOT_FOUND if isinstance(error, UsageError) else HTTPStatus.CONFLICT
    message = speak(error.message, language)
    if request.path.startswith("/api/"):
        return _json({"error": message}, status)
    return _html(Page(template="refused", values={"message": message}), request, language, status)


def _page_file(name: str) -> Answer:
    """A style sheet, script or picture of the console."""
    found = page_files().get(name)
    if found is None:
        raise UsageError("serve.unknown", f"the page has no {name}.", next_step="Begin at /.")
    return Answer(content_type=_KINDS[name.rpartition(".")[2]], body=found)


def _verifier() -> Answer:
    return Answer(content_type=_HTML, body=render_verifier().encode(), policy=VERIFIER_POLICY)


@cache
def page_files() -> dict[str, bytes]:
    """The style sheets, scripts and pictures of the console by name: nothing else has an address under /page/."""
    console = resources.files("h2corridor.console")
    folders = [console.joinpath(name) for name in ("css", "js")]
    return {
        file.name: file.read_bytes()
        for folder in folders
        for file in folder.iterdir()
        if file.name.rpartition(".")[2] in _KINDS
    }
