"""The calculator on the page: a chain is posted, its figures come back; nothing else is taken, no folder is run."""

import io
import json
from typing import Any
from urllib.parse import urlencode

import pytest

from h2corridor.app.examples import example_document
from h2corridor.console.calculator import CHAIN_BYTES_MAX, Calculator, calculator_page
from h2corridor.console.serve import Answer, Upload

API = "/api/assess?rules=iso14083@2023.1"
PAGE = "/assess?lang="


def posted(body: bytes, *, path: str = API, method: str = "POST", length: int | None = None) -> Answer:
    stream = io.BufferedReader(io.BytesIO(body))
    size = len(body) if length is None else length
    return Calculator(None)(Upload(method=method, path=path, headers={}, length=size, stream=stream))


def form(chain: str, *, rules: str = "iso14083@2023.1", language: str = "en") -> tuple[int, str]:
    answer = posted(urlencode({"rules": rules, "chain": chain}).encode(), path=PAGE + language)
    return answer.status, answer.body.decode()


def said(answer: Answer) -> dict[str, Any]:
    return dict(json.loads(answer.body))


def test_a_program_gets_the_whole_assessment() -> None:
    answer = said(posted(example_document("freight-chain").encode()))

    assert ("316.625", 58) == (answer["wtw_kgco2e"], len(answer["derivation"]))


def test_a_form_comes_back_filled_with_figures_and_the_whole_calculation() -> None:
    status, page = form(example_document("freight-chain"))

    assert (200, True) == (status, "316.625 kgCO2e" in page)
    assert "= 500 tkm × 0.15015 kgCO2e/tkm" in page
    assert "&#34;transport-chain/1&#34;" in page.partition("</textarea>")[0]


def test_names_in_a_chain_are_text_on_the_page_and_nothing_else() -> None:
    _, page = form(example_document("freight-chain").replace('"TCE1"', '"<script>alert(1)</script>"'))

    assert "&lt;script&gt;alert" in page
    assert "<script>alert" not in page


@pytest.mark.parametrize(
    ("body", "path", "code"),
    [
        (b"{", API, "chain.unreadable"),
        (b"{}", API, "chain.shape"),
        (b"{}", "/api/assess?rules=/etc/rules/2023.1", "rules.unknown"),
        (b"{}", "/api/assess", "rules.unknown"),
    ],
)
def test_what_cannot_be_assessed_is_refused_in_words(body: bytes, path: str, code: str) -> None:
    answer = posted(body, path=path)

    assert (400, True) == (answer.status, said(answer)["error"].startswith(code))


def test_a_refused_form_keeps_what_stood_in_it_and_says_why_in_the_language_of_the_page() -> None:
    status, page = form("{} ours", language="zh")

    assert (400, True) == (status, "{} ours</textarea>" in page)
    assert "运输链" in page.partition('role="alert"')[2]


def test_a_folder_is_no_rule_set_of_the_page() -> None:
    status, page = form("{}", rules="./rules/2023.1")

    assert (400, True) == (status, "rules.unknown" in page)


def test_a_chain_beyond_the_limit_is_refused_unread() -> None:
    assert said(posted(b"", length=CHAIN_BYTES_MAX + 1))["error"].startswith("assess.too-large")
    assert 400 == posted(b"", path=PAGE + "en", length=4 * CHAIN_BYTES_MAX).status


def test_nothing_else_is_taken_where_no_doors_are_open() -> None:
    assert [405, 405] == [posted(b"", method="PUT").status, posted(b"", path="/inbox/legs.csv").status]


def test_what_is_not_for_the_calculator_goes_to_the_doors() -> None:
    doors = Calculator(lambda upload: Answer(body=upload.path.encode()))
    upload = Upload(method="PUT", path="/inbox/x", headers={}, length=0, stream=io.BufferedReader(io.BytesIO()))

    assert b"/inbox/x" == doors(upload).body


def test_the_page_offers_every_example_that_is_a_chain_and_every_rule_set() -> None:
    values = calculator_page().values

    assert "freight-chain" in values["examples"]
    assert "iso14083@2023.1" in values["rule_sets"]
