"""A rule profile with its thread, and the check of a dialogue, for a terminal."""

from collections.abc import Iterator
from typing import IO

from h2corridor.app.profile_view import CheckedDesk, ClauseView, CommentView, OpenComment, ProfileView
from h2corridor.console.texts import Language, choose, listed, text
from h2corridor.model.rule_profile import Author, Change, Criterion

SHORT = 12


def print_profile(view: ProfileView, language: Language, file: IO[str]) -> None:
    """Write a profile: what it is, then every clause with the comments and answers under it."""
    file.write("".join(f"{line}\n" for line in _lines(view, language)))


def print_check(checked: CheckedDesk, language: Language, file: IO[str]) -> None:
    """Write what a check found: that all holds, whose keys, which profiles, which comments are open."""
    lines = [
        text("profile_holds", language, documents=checked.documents),
        text(
            "profile_check_counts",
            language,
            comments=checked.comments,
            answers=checked.answers,
            adoptions=checked.adoptions,
        ),
    ]
    for profile in checked.profiles:
        status = text(f"profile_status-{profile.status}", language)
        lines.append(
            text("profile_check_profile", language, name=profile.name, status=status, digest=profile.digest[:SHORT])
        )
    for key in checked.keys:
        said = {"party": key.party, "count": key.documents, "fingerprint": key.fingerprint}
        lines.append(text("profile_check_key", language, **said))
    for comment in checked.open_comments:
        lines += _open_lines(comment, language)
    if not checked.open_comments:
        lines.append(text("profile_check_none", language))
    file.write("".join(f"{line}\n" for line in lines))


def name_of(author: Author, language: Language) -> str:
    """An office in the reader's language."""
    return choose(author.name_zh, author.name_en, language)


def standard_of(criterion: Criterion, language: Language) -> str:
    """The standard and its clause, `unseen` and `own` in words."""
    known = {"unseen": "profile_unseen", "own": "profile_own"}.get(criterion.standard_clause)
    clause = text(known, language) if known else text("profile_clause_of", language, clause=criterion.standard_clause)
    return text("beside", language, name=criterion.standard, note=clause)


def change_lines(change: Change, language: Language) -> Iterator[str]:
    """What a change says instead, a line a field, then the values asked for."""
    for field, words in change.wordings.items():
        yield f"{text(f'profile_field-{field}', language)}{text('colon', language)}{choose(words, words, language)}"
    for asked in change.asked_values:
        yield choose(f"{asked.parameter} = {asked.value} {asked.unit}", None, language)


def asked_lines(clause: ClauseView, language: Language) -> Iterator[str]:
    """The values a clause asks of a later edition, each beside what the edition has now."""
    for each in clause.asked:
        yield text(
            "profile_asked_value",
            language,
            title=choose(each.title_zh, each.title_en, language),
            name=each.parameter,
            value=each.value,
            unit=each.unit,
            now=listed(each.now, language),
        )


def circulation_lines(view: ProfileView, language: Language) -> list[str]:
    """To whom a profile went, and by when answers are asked for."""
    found = [
        text("profile_circulated_to", language, at=each.at, to=listed(each.to, language), day=each.reply_by.isoformat())
        for each in view.circulations
    ]
    return sorted(found) or [text("profile_not_circulated", language)]


def _open_lines(comment: OpenComment, language: Language) -> list[str]:
    head = text(
        "profile_check_open",
        language,
        digest=comment.digest[:SHORT],
        clause=comment.clause,
        kind=text(f"profile_kind-{comment.kind}", language),
        author=name_of(comment.author, language),
    )
    return [head, f"    {choose(comment.text_zh, comment.text_en, language)}"]


def _lines(view: ProfileView, language: Language) -> Iterator[str]:
    profile, colon = view.profile, text("colon", language)
    status = text(f"profile_status-{profile.status}", language)
    yield f"{profile.id}@{profile.edition}  {status}  {choose(profile.title_zh, profile.title_en, language)}"
    yield f"{text('profile_digest', language)}{colon}{view.digest}"
    yield f"{text('profile_issuer', language)}{colon}{name_of(profile.issuer, language)}  {profile.issuer.key}"
    rule_set = f"{profile.rule_set.id}@{profile.rule_set.edition}  {profile.rule_set.digest}"
    yield f"{text('profile_rule_set', language)}{colon}{rule_set}"
    yield f"{text('profile_scope', language)}{colon}{choose(profile.scope_zh, profile.scope_en, language)}"
    if profile.supersedes is not None:
        yield f"{text('profile_supersedes', language)}{colon}{profile.supersedes}"
    for line in circulation_lines(view, language):
        yield f"{text('profile_circulated', language)}{colon}{line}"
    yield text("profile_counted", language, count=view.comments, open=len(view.open_comments))
    if view.adoption is not None:
        yield text("profile_adopted_as", language, name=view.adopted_as, at=view.adoption.at)
    for group in view.groups:
        yield ""
        yield choose(group.title_zh, group.title_en, language)
        for clause in group.clauses:
            yield from _clause_lines(clause, language)


def _clause_lines(clause: ClauseView, language: Language) -> Iterator[str]:
    criterion, colon = clause.criterion, text("colon", language)
    yield f"  {criterion.clause}  {choose(criterion.statement_zh, criterion.statement_en, language)}"
    demands = choose(criterion.demands_zh, criterion.demands_en, language)
    yield f"      {text('profile_demands', language)}{colon}{demands}"
    named = {"profile_rules": criterion.rules, "profile_parameters": criterion.parameters}
    named["profile_pact"] = tuple(f"{each.version} {each.field}" for each in criterion.pact_fields)
    for key, names in named.items():
        if names:
            yield f"      {text(key, language)}{colon}{listed(names, language)}"
    yield f"      {text('profile_standard', language)}{colon}{standard_of(criterion, language)}"
    if criterion.untp_criterion is not None:
        yield f"      {text('profile_untp', language)}{colon}{criterion.untp_criterion}"
    for line in asked_lines(clause, language):
        yield f"      {text('profile_asked', language)}{colon}{line}"
    for comment in clause.comments:
        yield from _comment_lines(comment, language)


def _comment_lines(view: CommentView, language: Language) -> Iterator[str]:
    said, colon = view.comment, text("colon", language)
    kind = text(f"profile_kind-{said.kind}", language)
    yield f"      > {kind} {view.digest[:SHORT]}  {name_of(said.author, language)}  {said.at}"
    yield f"        {choose(said.text_zh, said.text_en, language)}"
    for line in change_lines(said.proposal, language) if said.proposal else ():
        yield f"        {text('profile_proposes', language)}{colon}{line}"
    if view.answer is None or view.answer_digest is None:
        yield f"        {text('profile_open', language)}"
        return
    answer = view.answer
    outcome = text(f"profile_outcome-{answer.outcome}", language)
    yield f"        < {outcome} {view.answer_digest[:SHORT]}  {name_of(answer.author, language)}  {answer.at}"
    yield f"          {choose(answer.reason_zh, answer.reason_en, language)}"
    for line in change_lines(answer.change, language) if answer.change else ():
        yield f"          {text('profile_changes', language)}{colon}{line}"
