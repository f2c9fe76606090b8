"""Commands about statements: list them, record a decision to release raw data, hand one out as a bundle."""

import sys
from pathlib import Path
from shlex import quote
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from h2corridor.cli.options import AsJson, Language, WorkspaceFolder, print_json, read_instant_ms, read_language
from h2corridor.model.errors import UsageError

if TYPE_CHECKING:
    from h2corridor.app.export import StatementListing

statement = typer.Typer(help="Signed statements and their bundles. 已签名的声明与证据包。", no_args_is_help=True)

_Id = Annotated[str, typer.Argument(help="st-..., as `statement list` shows it. 声明编号。")]


@statement.command("list")
def statement_list(workspace: WorkspaceFolder, as_json: AsJson = False, language: Language = "") -> None:
    """List the statements that were signed, those in force first. 列出已签名的声明，有效者在前。"""
    from h2corridor.app.export import list_statements

    found = list_statements(workspace)
    if as_json:
        print_json(found)
        return
    if not found:
        sys.stdout.write("没有声明。\n" if read_language(language) == "zh" else "No statement.\n")
    for each in found:
        sys.stdout.write(
            f"{each.statement_id}  {each.consignment_id}  {each.origin_site} → {each.destination_site}  "
            f"WTW {each.wtw_kgco2e} kg CO2e  {each.edition}  {_standing(each, read_language(language))}\n"
        )


@statement.command("export")
def statement_export(  # noqa: PLR0917 - a command's parameters are its options, given by name
    statement_id: _Id,
    workspace: WorkspaceFolder,
    out: Annotated[Path, typer.Option(help="The file to write, X.zip. 输出文件。")],
    depth: Annotated[str, typer.Option(help="figure, activity or raw. 深度。")] = "activity",
    release: Annotated[
        str | None, typer.Option(help="rel-..., the decision at depth raw; else the latest. 放行决定编号。")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace a file that is there. 覆盖已有文件。")] = False,
    as_json: AsJson = False,
    language: Language = "",
) -> None:
    """Write a bundle that anybody can check offline with h2verify. 导出证据包。"""
    from h2corridor.app.export import export_bundle, list_statements
    from h2corridor.store.files import write_file

    spoken = read_language(language)
    if out.exists() and not force:
        next_step = "Give another --out, or --force to replace it."
        raise UsageError("cli.file-exists", "the file is there already.", about=str(out), next_step=next_step)
    if not out.parent.is_dir() or out.is_dir():
        raise UsageError("cli.no-folder", "it cannot be written there.", about=str(out), next_step="Check --out.")
    data = export_bundle(workspace, statement_id, _read_depth(depth), release_id=release)
    write_file(out, data)
    listed = next(each for each in list_statements(workspace) if each.statement_id == statement_id)
    if as_json:
        said = {"statement_id": statement_id, "depth": depth, "file": str(out), "bytes": len(data)}
        print_json({**said, "status": listed.status, "superseded_by": listed.superseded_by})
        return
    if listed.superseded_by:
        sys.stdout.write(f"{statement_id}  {_standing(listed, spoken)}\n")
    command = f"h2verify {quote(str(out))}"
    if spoken == "zh":
        sys.stdout.write(f"{out}：{len(data)} 字节，深度 {depth}，已按接收方的方式核对\n下一步  {command}\n")
    else:
        sys.stdout.write(f"{out}: {len(data)} bytes, depth {depth}, checked as its reader will\nnext  {command}\n")


@statement.command("release")
def statement_release(  # noqa: PLR0917 - a command's parameters are its options, given by name
    statement_id: _Id,
    workspace: WorkspaceFolder,
    decided_by: Annotated[str, typer.Option(help="Who decided: a person and their office. 决定人。")],
    recipient: Annotated[str, typer.Option(help="Who may have the raw data. 接收方。")],
    purpose: Annotated[str, typer.Option(help="What for. 用途。")],
    basis: Annotated[str, typer.Option(help="The rule, contract or consent it rests on. 依据。")],
    keys: Annotated[Path | None, typer.Option(help="Folder with log.key; else the workspace. 密钥。")] = None,
    now: Annotated[str | None, typer.Option(help="Time of the decision, ISO 8601 with offset. 决定时间。")] = None,
    as_json: AsJson = False,
    language: Language = "",
) -> None:
    """Record the decision to release raw data; its digest goes into the log. 登记原始数据的放行决定。"""
    from h2corridor.app.bootstrap import make_release_signer
    from h2corridor.app.release import record_release

    spoken = read_language(language)
    release = record_release(
        workspace,
        statement_id,
        decided_by=decided_by,
        recipient=recipient,
        purpose=purpose,
        basis=basis,
        now_ms=read_instant_ms(now),
        log=make_release_signer(workspace, keys),
    )
    if as_json:
        print_json(release)
        return
    command = (
        f"h2corridor statement export {statement_id} --workspace {quote(str(workspace))} --depth raw "
        f"--release {release['release_id']} --out {statement_id}-raw.zip"
    )
    if spoken == "zh":
        sys.stdout.write(f"{release['release_id']} 已登记\n下一步  {command}\n")
    else:
        sys.stdout.write(f"{release['release_id']} is on record\nnext  {command}\n")


def _standing(listed: "StatementListing", language: Literal["zh", "en"]) -> str:
    """Until when a statement holds; or that it does not any more, and by what or since when."""
    if listed.superseded_by:
        return f"{'已被取代' if language == 'zh' else 'superseded by'} {listed.superseded_by}"
    if listed.status == "withdrawn":
        return f"{'已撤回' if language == 'zh' else 'withdrawn'} {listed.status_as_of}"
    return f"… {listed.valid_until}"


def _read_depth(text: str) -> Literal["figure", "activity", "raw"]:
    for depth in ("figure", "activity", "raw"):
        if text == depth:
            return depth
    next_step = "Choose figure, activity or raw."
    raise UsageError("cli.depth", f"there is no depth {text}.", next_step=next_step)


__all__ = ["statement"]
