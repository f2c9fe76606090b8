"""The calculator on a page: a transport chain is posted, its figures and the whole calculation come back.

    POST /assess?lang=zh                    a form with `rules` and `chain`      the page with the result
    POST /api/assess?rules=ID@EDITION       a transport chain, format 1          the assessment as JSON

Nothing is kept: neither the chain nor the figures.
"""

import io
from collections.abc import Mapping
from decimal import Decimal
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qs, urlsplit

import msgspec

from h2corridor.accounting.assessment import Assessment
from h2corridor.app.assess import assess_bytes
from h2corridor.app.examples import example_document, list_examples
from h2corridor.app.rules import RULESETS, get_rule_set, list_rule_sets
from h2corridor.console.assessment_text import explain_assessment
from h2corridor.console.display import find_decimal
from h2corridor.console.error_texts import speak
from h2corridor.console.serve import PAGE_POLICY, Answer, Doors, Upload, find_language
from h2corridor.console.site_pages import Page, render_page
from h2corridor.console.texts import LANGUAGES, Language
from h2corridor.model.chain import CHAIN_FORMAT
from h2corridor.model.errors import CorridorError, UsageError

FORM_HEADERS = {"Referrer-Policy": "same-origin"}
"""Of a page with a form: without a referrer a browser says of a form that it comes from nowhere, and it is refused."""
PAGE = "/assess"
API = "/api/assess"
CHAIN_BYTES_MAX = 1024 * 1024
_FORM_BYTES_MAX = 3 * CHAIN_BYTES_MAX + 4096
"""A form writes a byte with three characters at most."""


class Calculator:
    """Answers what is posted to it, and hands everything else on.

    Parameters
    ----------
    doors : Doors or None
        The doors of the workspace beside it; None: nothing else is taken.
    """

    def __init__(self, doors: Doors | None) -> None:
        self._doors = doors

    def __call__(self, upload: Upload) -> Answer:
        """The figures of a chain, or a refusal that says why in the reader's language."""
        address = urlsplit(upload.path)
        asked = {name: values[-1] for name, values in parse_qs(address.query, max_num_fields=5).items()}
        if (upload.method, address.path) == ("POST", PAGE):
            return _answer_form(upload, _language(asked.get("lang", ""), upload))
        if (upload.method, address.path) == ("POST", API):
            return _answer_program(upload, asked.get("rules", ""))
        return self._doors(upload) if self._doors else Answer(status=HTTPStatus.METHOD_NOT_ALLOWED)


def calculator_page(*, chain: str | None = None, rule_set: str = "", **result: Any) -> Page:
    """The page with the form.

    Parameters
    ----------
    chain : str, optional
        What stands in the form; without it the first example.
    **result
        `result`, `bars` and `explanation`, or `refusal`, of what was posted.
    """
    chains = {name: text for name in list_examples() if '"transport-chain/1"' in (text := example_document(name))}
    shown = next(iter(chains.values())) if chain is None else chain
    values = {"result": None, "bars": {}, "explanation": "", "refusal": "", **result}
    values |= {"examples": chains, "rule_sets": _rule_sets(), "chain": shown, "chosen": rule_set}
    return Page(template="assess", values=values)


def _answer_form(upload: Upload, language: Language) -> Answer:
    form: Mapping[str, list[str]] = {}
    status = HTTPStatus.OK
    try:
        form = parse_qs(_body(upload, _FORM_BYTES_MAX).decode("ascii", "replace"), keep_blank_values=True)
        chain, rule_set = (form.get(name, [""])[-1] for name in ("chain", "rules"))
        result = _assessed(chain.encode(), rule_set)
        explanation = io.StringIO()
        explain_assessment(result, language, explanation)
        found: dict[str, Any] = {"result": result, "bars": _bars(result), "explanation": explanation.getvalue()}
    except CorridorError as error:
        found, status = {"refusal": speak(error.message, language)}, HTTPStatus.BAD_REQUEST
    page = calculator_page(
        chain=form["chain"][-1] if "chain" in form else None, rule_set=form.get("rules", [""])[-1], **found
    )
    html = render_page(page, language, path=PAGE, languages={each: f"?lang={each}" for each in LANGUAGES})
    return Answer(
        status=status,
        content_type="text/html; charset=utf-8",
        body=html.encode(),
        policy=PAGE_POLICY,
        headers=FORM_HEADERS,
    )


def _answer_program(upload: Upload, rule_set: str) -> Answer:
    try:
        return _json(_assessed(_body(upload, CHAIN_BYTES_MAX), rule_set))
    except CorridorError as error:
        message = speak(error.message, find_language(upload.languages) or "en")
        return _json({"error": message}, HTTPStatus.BAD_REQUEST)


def _language(asked: str, upload: Upload) -> Language:
    return next((each for each in LANGUAGES if each == asked), find_language(upload.languages) or "en")


def _body(upload: Upload, most: int) -> bytes:
    if upload.length > most:
        fault = f"expected a chain of at most {CHAIN_BYTES_MAX} bytes, came {upload.length} bytes."
        raise UsageError("assess.too-large", fault, next_step="Assess it with `h2corridor assess FILE`.")
    return b"".join(upload.chunks())


def _assessed(chain: bytes, rule_set: str) -> Assessment:
    if rule_set not in _rule_sets():
        fault = f"expected an installed rule set, came {rule_set[:100]!r}."
        raise UsageError("rules.unknown", fault, next_step=f"There are: {', '.join(_rule_sets())}.")
    return assess_bytes(chain, rule_set, about="the chain")


def _rule_sets() -> list[str]:
    names = [f"{each.id}@{each.edition}" for each in list_rule_sets() if each.group == RULESETS]
    return [name for name in names if get_rule_set(name).header.document == CHAIN_FORMAT]


def _bars(result: Assessment) -> dict[str, tuple[str, str]]:
    """For each element how long its bars of operation and of provision are, in per cent of the longest."""
    zero = Decimal(0)
    known: dict[str, tuple[Decimal, Decimal]] = {}
    for each in result.elements:
        ttw, wtt = find_decimal(each.ttw_kgco2e), find_decimal(each.wtt_kgco2e)
        if ttw is not None and wtt is not None:
            known[each.id] = (max(ttw, zero), max(wtt, zero))
    longest = max((ttw + wtt for ttw, wtt in known.values()), default=zero) or Decimal(1)
    return {name: (f"{100 * ttw / longest:.2f}", f"{100 * wtt / longest:.2f}") for name, (ttw, wtt) in known.items()}


def _json(value: Any, status: HTTPStatus = HTTPStatus.OK) -> Answer:
    return Answer(status=status, content_type="application/json", body=msgspec.json.encode(value))
