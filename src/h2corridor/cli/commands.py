"""All commands. Rooms are imported when a command needs them, so that every command starts fast."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from h2corridor.cli.assess import assess
from h2corridor.cli.custody import custody
from h2corridor.cli.factors import factors
from h2corridor.cli.net import trial_net
from h2corridor.cli.options import (
    AsJson,
    Language,
    WorkspaceFolder,
    default_language,
    print_json,
    read_instant_ms,
    read_language,
    read_vkey,
)
from h2corridor.cli.profile import profile
from h2corridor.cli.recognition import recognition
from h2corridor.cli.report import report
from h2corridor.cli.rules import rules
from h2corridor.cli.sign import sign
from h2corridor.cli.statement import statement
from h2corridor.cli.trial import trial
from h2corridor.cli.uncertainty import trial_uncertainty
from h2corridor.model.errors import InputError, UsageError

app = typer.Typer(
    name="h2corridor",
    help="Digital Hydrogen Corridor: carbon figures of hydrogen trucks, traceable to the bytes a truck sent.\n\n"
    "数字氢走廊：氢能重卡的碳数据，可追溯到车辆发送的字节。",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
log = typer.Typer(help="The transparency log. 透明日志。", no_args_is_help=True)
app.add_typer(trial, name="trial")
app.add_typer(rules, name="rules")
app.add_typer(factors, name="factors")
app.add_typer(custody, name="custody")
app.add_typer(log, name="log")
app.add_typer(sign, name="sign")
app.add_typer(statement, name="statement")
app.add_typer(profile, name="profile")
app.add_typer(recognition, name="recognition")
app.command("assess")(assess)
trial.command("net")(trial_net)
trial.command("uncertainty")(trial_uncertainty)
app.command("report")(report)


@app.callback(invoke_without_command=True)
def root(
    context: typer.Context,
    version: Annotated[bool, typer.Option("--version", help="Print the version. 显示版本。")] = False,
) -> None:
    """Print the version when asked; otherwise a command follows."""
    if version:
        from h2corridor import __version__

        typer.echo(f"h2corridor {__version__}")
        raise typer.Exit
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())


@trial.command("run")
def trial_run(  # noqa: PLR0917 - a command's parameters are its options, given by name
    workspace: WorkspaceFolder,
    dataset: Annotated[
        Path | None,
        typer.Argument(help="Folder of a trial data set; without it what came by a door. 试运行数据文件夹，可省略。"),
    ] = None,
    keys: Annotated[
        Path | None, typer.Option(help="Folder with log.key, made there when absent; else the workspace. 密钥。")
    ] = None,
    salt_seed: Annotated[Path | None, typer.Option(help="File with the seed of the salts. 盐种子文件。")] = None,
    now: Annotated[str | None, typer.Option(help="Time of receipt, ISO 8601 with offset. 接收时间。")] = None,
    rule_sets: Annotated[list[str] | None, typer.Option("--rules", help="ID[@EDITION], repeatable. 规则集。")] = None,
    comparisons: Annotated[
        list[str] | None,
        typer.Option("--comparison", help="ID[@EDITION] of a method, repeatable. 比较方法。"),
    ] = None,
    threads: Annotated[int, typer.Option(help="Threads, and processes that decode. 线程数。", min=1, max=64)] = 2,
    memory_mb: Annotated[int, typer.Option(help="Memory of the table engine [MB]. 内存。", min=256)] = 1024,
    engine: Annotated[str, typer.Option(help="Table engine: duckdb, in this process, or spark. 计算引擎。")] = "duckdb",
    spark_master: Annotated[str | None, typer.Option(help="Cluster of spark: spark://HOST:PORT. 集群地址。")] = None,
    from_nothing: Annotated[
        bool,
        typer.Option(
            "--from-nothing", help="Compute everything again; exit 1 when kept tables differ. 全部重算并比较。"
        ),
    ] = False,
    language: Language = "",
) -> None:
    """Take a trial data set to a report: receive, log, decode, measure, test, assess. 运行试运行数据。"""
    from h2corridor.app.bootstrap import make_request
    from h2corridor.app.read_report import find_trial
    from h2corridor.app.trial_run import Work, run_trial
    from h2corridor.cli.progress import shown_progress
    from h2corridor.cli.summary import print_differing, print_replaced, print_summary

    spoken = read_language(language)
    work: list[Work] = []
    before = find_trial(workspace)
    request = make_request(
        dataset,
        workspace,
        now_ms=read_instant_ms(now),
        keys=keys,
        salt_seed=salt_seed,
        rules=rule_sets,
        comparisons=comparisons,
        threads=threads,
        memory_mb=memory_mb,
        engine=engine,
        spark_master=spark_master,
        from_nothing=from_nothing,
    )
    with shown_progress(spoken) as progress:
        report = run_trial(request, progress, worked=work.append)
    print_replaced(before, report.trial, spoken)
    print_summary(report, spoken, workspace=workspace, work=work[0])
    if work[0].differing:
        print_differing(work[0].differing, spoken)
        raise typer.Exit(1)


@trial.command("report")
def trial_report(
    workspace: WorkspaceFolder,
    form: Annotated[str, typer.Option("--format", help="text, json or html. 格式。")] = "text",
    language: Language = "",
) -> None:
    """Print the report of the last run: text, json, or one html page. 输出报告。"""
    from h2corridor.app.read_report import read_documents
    from h2corridor.model.report import decode_figures, decode_report, decode_tracks

    documents = read_documents(workspace)
    spoken = read_language(language)
    if form == "json":
        sys.stdout.write(documents["report.json"].decode())
        return
    report, tracks = decode_report(documents["report.json"]), decode_tracks(documents.get("tracks.json"))
    if form == "text":
        from h2corridor.console.text_report import print_text

        print_text(report, tracks, spoken, sys.stdout, workspace=str(workspace))
    elif form == "html":
        from h2corridor.console.html_report import render_html

        sys.stdout.write(render_html(report, decode_figures(documents.get("figures.json")), tracks, spoken))
    else:
        raise UsageError("cli.format", f"expected text, json or html, came {form}.", next_step="Choose one of them.")


@app.command("decode")
def decode(file: Annotated[str, typer.Argument(help="A file, or - for standard input. 文件，或 -。")]) -> None:
    """Decode GB/T 32960.3 frames to JSON lines: hex lines, a telemetry csv.gz or a raw stream. 解码报文。"""
    import json

    from h2corridor.app.decode import decode_stream

    try:
        stream = sys.stdin.buffer if file == "-" else Path(file).open("rb")  # noqa: SIM115 - closed by the with below
    except OSError as error:
        fault = f"cannot be read: {error.strerror}."
        raise InputError("input.unreadable", fault, about=file, next_step="Check the path.") from error
    with stream:
        for record in decode_stream(stream, file):
            sys.stdout.write(json.dumps(record, ensure_ascii=False) + "\n")


@app.command("trace")
def trace_command(
    target: Annotated[
        str, typer.Argument(help="A figure, consignment or finding id, or FILE#ROW. 编号，或 文件#行号。")
    ],
    workspace: WorkspaceFolder,
    as_json: AsJson = False,
    language: Language = "",
) -> None:
    """Follow a figure down to files, rows and bytes, or a row up to all that rests on it. 追溯。"""
    from h2corridor.app.trace import trace

    result = trace(workspace, target)
    if as_json:
        print_json(result)
    else:
        from h2corridor.console.trace_text import print_trace

        print_trace(result, read_language(language), sys.stdout)


@log.command("fsck")
def log_fsck(
    workspace: WorkspaceFolder,
    vkey: Annotated[
        str | None, typer.Option(help="The log's public key, or the file log.vkey; from policy.txt otherwise. 公钥。")
    ] = None,
    as_json: AsJson = False,
    language: Language = "",
) -> None:
    """Rebuild everything received and logged, and compare; exit 1 when anything differs. 校验。"""
    from h2corridor.console.trace_text import print_faults
    from h2corridor.store.files import Workspace

    opened = Workspace.open(workspace)
    faults = opened.fsck(read_vkey(vkey))
    if as_json:
        print_json({"faults": faults, "files": len(opened.list_receipts()) if not faults else None})
    else:
        print_faults(faults, workspace, read_language(language), sys.stdout)
    if faults:
        raise typer.Exit(1)


@log.command("keys")
def log_keys(workspace: WorkspaceFolder, as_json: AsJson = False, language: Language = "") -> None:
    """Print the whole fingerprints of the log's key and the issuer's, to be told by another way. 密钥指纹。"""
    from h2corridor.app.public_keys import list_public_keys
    from h2corridor.console.keys_text import print_keys

    found = list_public_keys(workspace)
    print_json({"keys": found}) if as_json else print_keys(found, read_language(language), sys.stdout)


@app.command("serve")
def serve(  # noqa: PLR0917 - a command's parameters are its options, given by name
    workspace: WorkspaceFolder,
    port: Annotated[int, typer.Option(help="0 takes a free one. 端口，0 为任意空闲端口。", min=0, max=65535)] = 0,
    gateway: Annotated[
        str, typer.Option(help="HOST:PORT where trucks connect; port 0 takes a free one. 车辆接入地址。")
    ] = "127.0.0.1:0",
    no_gateway: Annotated[bool, typer.Option("--no-gateway", help="Show only, take nothing in. 仅展示。")] = False,
    tls_cert: Annotated[Path | None, typer.Option(help="PEM certificate: trucks connect by TLS. TLS 证书。")] = None,
    tls_key: Annotated[Path | None, typer.Option(help="PEM key of that certificate. TLS 私钥。")] = None,
    watch: Annotated[
        Path | None, typer.Option(help="Folder laid out as a data set, whose files are taken in. 监视的文件夹。")
    ] = None,
    platform_users: Annotated[
        Path | None, typer.Option(help="Lines NAME:SHA256 of a password, for platform logins. 平台用户文件。")
    ] = None,
    seal_seconds: Annotated[int, typer.Option(help="How often frames become files [s]. 封存间隔。", min=1)] = 900,
    frame_log: Annotated[
        str | None,
        typer.Option(help="Keep frames on nats://HOST:PORT[,nats://HOST:PORT]; else in the workspace. 报文日志。"),
    ] = None,
    language: Language = "",
) -> None:
    """Take frames and files in, and show the workspace on loopback, until interrupted. 接入数据并展示工作区。"""
    spoken, follows_browser = read_language(language), not language
    if no_gateway:
        from h2corridor.cli.shown import show_workspace

        return show_workspace(workspace, port, spoken, follows_browser=follows_browser)
    from h2corridor.app.bootstrap import DoorSettings
    from h2corridor.cli.serving import serve_workspace

    settings = DoorSettings(
        gateway=gateway,
        tls_cert=tls_cert,
        tls_key=tls_key,
        platform_users=platform_users,
        watch=watch,
        seal_seconds=seal_seconds,
        frame_log=frame_log,
    )
    return serve_workspace(workspace, settings, port, spoken, follows_browser=follows_browser)


@app.command("demo", hidden=True)
def demo() -> None:
    """Run the packaged trial and show its report. 运行内置示例。"""
    from h2corridor.cli.demo import run_demo

    run_demo(default_language())


__all__ = ["app"]
