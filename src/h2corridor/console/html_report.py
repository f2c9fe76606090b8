"""The report as one self-contained page: both languages, no script, nothing asked of any network.

The page carries its own content security policy (`page_policy`): one style sheet, named by its digest, and nothing
else. So even a name that slipped through the escaping could not run. Two radio buttons and the style sheet switch the
language.
"""

import base64
import hashlib
from collections.abc import Callable
from functools import cache
from importlib import resources

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from h2corridor.console.display import full, percent, rounded, time_span
from h2corridor.console.map_picture import find_map_picture
from h2corridor.console.texts import Language, clean, text
from h2corridor.console.views import (
    SHIPMENTS_MAX,
    TRIPS_MAX,
    Words,
    find_outside_note,
    finding_groups,
    paired_words,
    place_of,
    report_title,
    shipment_views,
    signing_note,
    site_name,
    site_names,
)
from h2corridor.model.report import Figures, Report, Tracks


def render_html(report: Report, figures: Figures, tracks: Tracks | None, language: Language) -> str:
    """The page of a report.

    Parameters
    ----------
    report, figures, tracks
        The three documents of a run; `Figures()` and None where a file is absent: the page then says so.
    language
        The one shown first; the other is a key press away.
    """
    names, picture = site_names(tracks), find_map_picture(tracks)
    template = page_environment().get_template("report.html.j2")
    return template.render(
        report=report,
        first_language=language,
        policy=page_policy(),
        style=Markup(_style()),
        title=report_title(report),
        shipments=shipment_views(report, figures),
        shipments_more=max(0, len(report.shipments) - SHIPMENTS_MAX),
        signing_note=signing_note(report),
        trips=report.trips[:TRIPS_MAX],
        trips_more=max(0, len(report.trips) - TRIPS_MAX),
        groups=finding_groups(report.findings),
        map=picture,
        chosen=frozenset(),
        outside=find_outside_note(picture),
        site=lambda site_id: site_name(site_id, names),
    )


@cache
def page_policy() -> str:
    """The content security policy of the page: its style sheet by digest, nothing else; no script at all."""
    return policy_of(_style())


def policy_of(style: str) -> str:
    """The content security policy of a page with this style sheet and nothing else."""
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    return f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"


@cache
def _style() -> str:
    folder = resources.files("h2corridor.console").joinpath("css")
    return "".join(folder.joinpath(name).read_text(encoding="utf-8") for name in ("page.css", "report.css"))


@cache
def page_environment() -> Environment:
    """Templates of pages in both languages, with the words and cleaning they share."""
    environment = Environment(
        loader=PackageLoader("h2corridor.console", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_finalized,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    words: dict[str, Callable[..., object]] = {
        "t": _both_by_key,
        "text": text,
        "label": _label,
        "words": _both,
        "pair": lambda zh, en: _both(paired_words(zh, en)),
        "rounded": rounded,
        "full": full,
        "percent": percent,
        "time_span": time_span,
        "place_of": place_of,
    }
    environment.globals.update(words)
    return environment


def _finalized(value: object) -> object:
    """Every value that goes into the page, cleaned; markup made here from cleaned words passes."""
    return clean(value) if isinstance(value, str) and not isinstance(value, Markup) else value


def _both_by_key(key: str, **params: object) -> Markup:
    return _both(Words(zh=text(key, "zh", **params), en=text(key, "en", **params)))


def _both(words: Words) -> Markup:
    """Both wordings, of which the style sheet shows one; a wording that is the same in both stands once."""
    if words.zh == words.en:
        return Markup("<span>{}</span>").format(words.zh)
    both = Markup('<span class="zh" lang="zh-CN">{}</span><span class="en" lang="en">{}</span>')
    return both.format(words.zh, words.en)


def _label(key: str) -> str:
    """Both wordings as plain text, for attributes that assistive technology reads."""
    return f"{text(key, 'zh')} / {text(key, 'en')}"
