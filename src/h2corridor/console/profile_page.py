"""A rule profile with its thread as one self-contained page: both languages, no script, nothing asked of any network.

The language is switched, and the page guarded, as the report's is (`html_report`).
"""

from functools import cache
from importlib import resources

from markupsafe import Markup

from h2corridor.app.profile_view import ClauseView, ProfileView
from h2corridor.console.html_report import page_environment, policy_of
from h2corridor.console.profile_text import SHORT, asked_lines, change_lines, circulation_lines, standard_of
from h2corridor.console.texts import Language
from h2corridor.console.views import Words
from h2corridor.model.rule_profile import Change, Criterion


def render_profile(view: ProfileView, language: Language) -> str:
    """The page of a profile.

    Parameters
    ----------
    language
        The one shown first; the other is a key press away.
    """
    profile = view.profile
    titles: dict[Language, str] = {"zh": profile.title_zh, "en": profile.title_en}
    template = page_environment().get_template("profile.html.j2")
    return template.render(
        view=view,
        profile=profile,
        first_language=language,
        title=titles[language],
        policy=policy_of(_style()),
        style=Markup(_style()),
        short=SHORT,
        circulations=_paired([circulation_lines(view, each) for each in ("zh", "en")]),
        standard=_standard,
        asked=_asked,
        changed=_changed,
    )


@cache
def _style() -> str:
    folder = resources.files("h2corridor.console").joinpath("css")
    return "".join(folder.joinpath(name).read_text(encoding="utf-8") for name in ("page.css", "profile.css"))


def _standard(criterion: Criterion) -> Words:
    return Words(zh=standard_of(criterion, "zh"), en=standard_of(criterion, "en"))


def _asked(clause: ClauseView) -> list[Words]:
    return _paired([list(asked_lines(clause, "zh")), list(asked_lines(clause, "en"))])


def _changed(change: Change | None) -> list[Words]:
    if change is None:
        return []
    return _paired([list(change_lines(change, "zh")), list(change_lines(change, "en"))])


def _paired(both: list[list[str]]) -> list[Words]:
    return [Words(zh=zh, en=en) for zh, en in zip(*both, strict=True)]
