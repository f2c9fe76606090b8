"""The pages of a workspace as HTML in one language: no inline script, no inline style, every foreign word escaped."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from h2corridor.console.display import full, local_instant, percent, rounded, time_span
from h2corridor.console.texts import LANGUAGES, Language, choose, clean, listed, text
from h2corridor.console.views import Words, place_of

VIEWS = ("/", "/trips", "/balances", "/custody", "/quality", "/findings", "/trial", "/gateway", "/assess")


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A page to be rendered: its template and what it is about."""

    template: str
    values: Mapping[str, Any]


def render_page(page: Page, language: Language, *, path: str, languages: Mapping[Language, str]) -> str:
    """The page in one language.

    Parameters
    ----------
    path
        Where the page stands, so that the navigation can mark it.
    languages
        The address of the same page in each language.
    """
    template = _environment(language).get_template(f"site_{page.template}.html.j2")
    return template.render(path=path, languages=languages, views=VIEWS, **page.values)


@cache
def _environment(language: Language) -> Environment:
    environment = Environment(
        loader=PackageLoader("h2corridor.console", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_finalized,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    words: dict[str, Callable[..., object]] = {
        "t": lambda key, **params: text(key, language, **params),
        "label": lambda key: text(key, language),
        "words": lambda both: _wording(both, language),
        "pair": lambda zh, en: choose(zh, en, language),
        "kinds": lambda data: listed((text(f"data-{kind}", language) for kind in data), language),
        "place": lambda finding: place_of(finding, language),
        "rounded": rounded,
        "full": full,
        "percent": percent,
        "time_span": time_span,
        "local_instant": local_instant,
    }
    environment.globals.update(words)
    environment.globals["language"] = language
    environment.globals["all_languages"] = LANGUAGES
    return environment


def _wording(both: Words, language: Language) -> str:
    return both.zh if language == "zh" else both.en


def _finalized(value: object) -> object:
    """Every value that goes into the page, cleaned."""
    return clean(value) if isinstance(value, str) and not isinstance(value, Markup) else value
