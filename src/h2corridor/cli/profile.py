"""Commands about rule profiles: `h2corridor profile new | circulate | comment | answer | adopt | show | check`."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from h2corridor.cli.options import AsJson, Language, print_json, read_instant_ms, read_language
from h2corridor.model.errors import UsageError
from h2corridor.model.rule_profile import Kind, Outcome

profile = typer.Typer(
    help="Agree on rules: profiles, comments, answers, adoption. 商定规则条款书。", no_args_is_help=True
)

_Folder = Annotated[Path, typer.Argument(help="Folder of the dialogue. 对话文件夹。")]
_Key = Annotated[Path, typer.Option("--key", help="File of your key, made by `sign key`. 密钥文件。")]
_Keys = Annotated[
    Path | None, typer.Option("--keys", help="Keys that count; else keys.txt of the folder. 认可的公钥列表。")
]
_Now = Annotated[str | None, typer.Option(help="Time of the document, ISO 8601 with offset. 文件时间。")]
_Profile = Annotated[
    str | None,
    typer.Option("--profile", help="Beginning of a profile's digest; else the latest. 条款书摘要的开头。"),
]
_StatementZh = Annotated[str | None, typer.Option(help="New statement in Chinese. 条款中文新表述。")]
_StatementEn = Annotated[str | None, typer.Option(help="New statement in English. 条款英文新表述。")]
_DemandsZh = Annotated[str | None, typer.Option(help="New demand in Chinese. 中文新要求。")]
_DemandsEn = Annotated[str | None, typer.Option(help="New demand in English. 英文新要求。")]
_Values = Annotated[
    list[str] | None,
    typer.Option("--value", help="NAME=VALUE asked of a later edition, repeatable. 建议的参数值，可重复。"),
]


@profile.command("new")
def profile_new(  # noqa: PLR0917 - a command's parameters are its options, given by name
    folder: _Folder,
    rules: Annotated[str, typer.Option("--rules", help="ID[@EDITION] it rests on. 所依据的规则集。")],
    profile_id: Annotated[str, typer.Option("--id", help="Id of the profile. 条款书编号。")],
    edition: Annotated[str, typer.Option(help="Edition of the profile, YYYY.N. 条款书版本。")],
    name_zh: Annotated[str, typer.Option(help="The issuer in Chinese. 发布机构中文名。")],
    name_en: Annotated[str, typer.Option(help="The issuer in English. 发布机构英文名。")],
    key: _Key,
    as_json: AsJson = False,
) -> None:
    """Write a first draft, each rule a clause, to work on with any editor. 生成条款书草案。"""
    from h2corridor.app.profiles import new_profile
    from h2corridor.app.sign import read_supplier_key

    signer = read_supplier_key(key)
    names = {"name_zh": name_zh, "name_en": name_en}
    _say([new_profile(folder, rules, profile_id=profile_id, edition=edition, signer=signer, **names)], as_json)


@profile.command("circulate")
def profile_circulate(  # noqa: PLR0917 - a command's parameters are its options, given by name
    folder: _Folder,
    to: Annotated[list[str], typer.Option(help="Who is asked, repeatable. 征求意见的对象，可重复。")],
    reply_by: Annotated[str, typer.Option(help="Day by which answers are asked for. 答复期限。")],
    key: _Key,
    draft: Annotated[Path | None, typer.Option(help="A draft to sign first. 先签署的草稿。")] = None,
    profile: _Profile = None,
    keys: _Keys = None,
    now: _Now = None,
    as_json: AsJson = False,
) -> None:
    """Sign a draft, or take a profile of the folder, and ask for comments. 发出征求意见。"""
    from h2corridor.app.profiles import circulate, read_desk
    from h2corridor.app.sign import read_supplier_key

    if draft is not None and profile is not None:
        raise UsageError("cli.profile", "came both --draft and --profile.", next_step="Give one of the two.")
    said = circulate(
        read_desk(folder, keys),
        read_supplier_key(key),
        to=to,
        reply_by=reply_by,
        now_ms=read_instant_ms(now),
        draft=draft,
        profile=profile,
    )
    _say(said, as_json)


@profile.command("comment")
def profile_comment(  # noqa: PLR0917 - a command's parameters are its options, given by name
    folder: _Folder,
    clause: Annotated[str, typer.Option(help="Clause of the profile. 条款号。")],
    kind: Annotated[Kind, typer.Option(help="question, objection, proposal or agreement. 意见类型。")],
    name_zh: Annotated[str, typer.Option(help="Your office in Chinese. 贵机构中文名。")],
    name_en: Annotated[str, typer.Option(help="Your office in English. 贵机构英文名。")],
    key: _Key,
    text_zh: Annotated[str | None, typer.Option(help="What you say, in Chinese. 中文意见。")] = None,
    text_en: Annotated[str | None, typer.Option(help="What you say, in English. 英文意见。")] = None,
    statement_zh: _StatementZh = None,
    statement_en: _StatementEn = None,
    demands_zh: _DemandsZh = None,
    demands_en: _DemandsEn = None,
    values: _Values = None,
    profile: _Profile = None,
    keys: _Keys = None,
    now: _Now = None,
    as_json: AsJson = False,
) -> None:
    """Speak about one clause; a proposal says what is to change. 就一个条款提出意见。"""
    from h2corridor.app.profiles import comment, read_desk
    from h2corridor.app.sign import read_supplier_key

    said = comment(
        read_desk(folder, keys),
        read_supplier_key(key),
        clause=clause,
        kind=kind,
        name_zh=name_zh,
        name_en=name_en,
        text_zh=text_zh,
        text_en=text_en,
        now_ms=read_instant_ms(now),
        proposal=_wordings(statement_zh, statement_en, demands_zh, demands_en),
        values=values or (),
        profile=profile,
    )
    _say(said, as_json)


@profile.command("answer")
def profile_answer(  # noqa: PLR0917 - a command's parameters are its options, given by name
    folder: _Folder,
    comment: Annotated[str, typer.Argument(help="Beginning of the comment's digest. 意见摘要的开头。")],
    outcome: Annotated[Outcome, typer.Option(help="accepted, partly, declined or noted. 处理结果。")],
    key: _Key,
    reason_zh: Annotated[str | None, typer.Option(help="The reason, in Chinese. 中文理由。")] = None,
    reason_en: Annotated[str | None, typer.Option(help="The reason, in English. 英文理由。")] = None,
    statement_zh: _StatementZh = None,
    statement_en: _StatementEn = None,
    demands_zh: _DemandsZh = None,
    demands_en: _DemandsEn = None,
    values: _Values = None,
    keys: _Keys = None,
    now: _Now = None,
    as_json: AsJson = False,
) -> None:
    """Answer a comment; an accepted proposal brings its own change. 答复一条意见。"""
    from h2corridor.app.profiles import answer, read_desk
    from h2corridor.app.sign import read_supplier_key

    said = answer(
        read_desk(folder, keys),
        read_supplier_key(key),
        about=comment,
        outcome=outcome,
        reason_zh=reason_zh,
        reason_en=reason_en,
        now_ms=read_instant_ms(now),
        change=_wordings(statement_zh, statement_en, demands_zh, demands_en),
        values=values or (),
    )
    _say(said, as_json)


@profile.command("adopt")
def profile_adopt(  # noqa: PLR0917 - a command's parameters are its options, given by name
    folder: _Folder,
    edition: Annotated[str, typer.Option(help="The new edition, YYYY.N. 新版本。")],
    key: _Key,
    profile: _Profile = None,
    keys: _Keys = None,
    now: _Now = None,
    as_json: AsJson = False,
) -> None:
    """Adopt the next edition: the profile with the changes of its answers. 通过新版本。"""
    from h2corridor.app.profiles import adopt, read_desk
    from h2corridor.app.sign import read_supplier_key

    signer = read_supplier_key(key)
    _say(adopt(read_desk(folder, keys), signer, edition=edition, now_ms=read_instant_ms(now), profile=profile), as_json)


@profile.command("show")
def profile_show(
    folder: _Folder,
    form: Annotated[str, typer.Option("--format", help="text, json or html. 格式。")] = "text",
    profile: _Profile = None,
    keys: _Keys = None,
    language: Language = "",
) -> None:
    """Show a profile with what was said under each clause. 显示条款书及各条款下的意见与答复。"""
    from h2corridor.app.profile_view import view_profile
    from h2corridor.app.profiles import read_desk

    view = view_profile(read_desk(folder, keys), profile)
    spoken = read_language(language)
    if form == "json":
        print_json(view)
    elif form == "text":
        from h2corridor.console.profile_text import print_profile

        print_profile(view, spoken, sys.stdout)
    elif form == "html":
        from h2corridor.console.profile_page import render_profile

        sys.stdout.write(render_profile(view, spoken))
    else:
        raise UsageError("cli.format", f"expected text, json or html, came {form}.", next_step="Choose one of them.")


@profile.command("check")
def profile_check(folder: _Folder, keys: _Keys = None, as_json: AsJson = False, language: Language = "") -> None:
    """Verify every signature, digest and adopted wording, and list open comments. 核验对话。"""
    from h2corridor.app.profile_view import check_desk
    from h2corridor.app.profiles import read_desk
    from h2corridor.console.profile_text import print_check

    checked = check_desk(read_desk(folder, keys))
    print_json(checked) if as_json else print_check(checked, read_language(language), sys.stdout)


def _wordings(
    statement_zh: str | None, statement_en: str | None, demands_zh: str | None, demands_en: str | None
) -> dict[str, str]:
    named = {
        "statement_zh": statement_zh,
        "statement_en": statement_en,
        "demands_zh": demands_zh,
        "demands_en": demands_en,
    }
    return {name: words for name, words in named.items() if words is not None}


def _say(written: list[Path], as_json: bool) -> None:
    if as_json:
        print_json({"files": [str(path) for path in written]})
    else:
        sys.stdout.write("".join(f"{path}\n" for path in written))
