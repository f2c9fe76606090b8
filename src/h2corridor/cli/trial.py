"""Commands about a trial as a record: its plan, consents, decisions, sign-offs and the report that is filed."""

import sys
from pathlib import Path
from shlex import quote
from typing import Annotated

import typer

from h2corridor.cli.options import (
    AsJson,
    Language,
    WorkspaceFolder,
    print_json,
    read_instant_ms,
    read_language,
)
from h2corridor.model.errors import UsageError

trial = typer.Typer(
    help="Run a trial, keep its record and file its report. 运行试运行，登记过程，提交报告。", no_args_is_help=True
)
consent = typer.Typer(help="Consents of data owners. 数据方的同意。", no_args_is_help=True)
trial.add_typer(consent, name="consent")

Keys = Annotated[Path | None, typer.Option(help="Folder with log.key; else the workspace. 密钥。")]
Now = Annotated[str | None, typer.Option(help="Time of the record, ISO 8601 with offset. 登记时间。")]


@trial.command("plan")
def trial_plan(  # noqa: PLR0917 - a command's parameters are its options, given by name
    file: Annotated[Path | None, typer.Argument(help="The plan, TOML. 试运行方案文件。")] = None,
    workspace: Annotated[Path | None, typer.Option(help="Folder of the workspace. 工作区文件夹。")] = None,
    template: Annotated[
        Path | None, typer.Option(help="Print a plan filled in from this data set instead. 按数据集输出方案模板。")
    ] = None,
    keys: Keys = None,
    now: Now = None,
    as_json: AsJson = False,
    language: Language = "",
) -> None:
    """Record the plan: parties, what is tested, thresholds; a later one takes its place. 登记试运行方案。"""
    from h2corridor.app.bootstrap import make_record_signer
    from h2corridor.app.trial_plan import plan_template, record_plan
    from h2corridor.console.trial_text import say_recorded

    if template is not None:
        sys.stdout.write(plan_template(template))
        return
    if file is None or workspace is None:
        next_step = "Give FILE and --workspace, or --template DATASET."
        raise UsageError("cli.plan", "there is no plan to record.", next_step=next_step)
    plan = record_plan(workspace, file, now_ms=read_instant_ms(now), log_of=make_record_signer(keys))
    print_json(plan) if as_json else say_recorded(plan, read_language(language), sys.stdout)


@consent.command("add")
def consent_add(  # noqa: PLR0917 - a command's parameters are its options, given by name
    party: Annotated[str, typer.Argument(help="party_id of the plan. 参与方编号。")],
    workspace: WorkspaceFolder,
    data: Annotated[list[str], typer.Option(help="A kind of data of the plan, repeatable. 数据种类，可重复。")],
    purpose: Annotated[str, typer.Option(help="What for. 用途。")],
    legal_basis: Annotated[str, typer.Option(help="The rule or contract it rests on. 法律依据。")],
    given_by: Annotated[str, typer.Option(help="Who agrees: a person and their office. 同意人。")],
    from_day: Annotated[str, typer.Option("--from", help="First day, YYYY-MM-DD. 起始日。")],
    until_day: Annotated[str, typer.Option("--until", help="Last day. 截止日。")],
    keys: Keys = None,
    now: Now = None,
    as_json: AsJson = False,
    language: Language = "",
) -> None:
    """Record that a data owner agrees to the use of its data. 登记同意。"""
    from h2corridor.app.bootstrap import make_record_signer
    from h2corridor.app.trial_consents import add_consent
    from h2corridor.console.trial_text import say_recorded

    spoken = read_language(language)
    added = add_consent(
        workspace,
        party,
        data,
        purpose=purpose,
        legal_basis=legal_basis,
        given_by=given_by,
        from_day=from_day,
        until_day=until_day,
        now_ms=read_instant_ms(now),
        log_of=make_record_signer(keys),
    )
    print_json(added) if as_json else say_recorded(added, spoken, sys.stdout)


@consent.command("withdraw")
def consent_withdraw(  # noqa: PLR0917 - a command's parameters are its options, given by name
    number: Annotated[int, typer.Argument(help="Number of the consent. 同意的编号。", min=1)],
    workspace: WorkspaceFolder,
    reason: Annotated[str, typer.Option(help="Why. 原因。")],
    withdrawn_by: Annotated[str, typer.Option(help="Who withdraws it. 撤回人。")],
    keys: Keys = None,
    now: Now = None,
    as_json: AsJson = False,
    language: Language = "",
) -> None:
    """Record that a consent is withdrawn. 登记撤回。"""
    from h2corridor.app.bootstrap import make_record_signer
    from h2corridor.app.trial_consents import withdraw_consent
    from h2corridor.console.trial_text import say_recorded

    spoken = read_language(language)
    withdrawn = withdraw_consent(
        workspace,
        number,
        reason=reason,
        withdrawn_by=withdrawn_by,
        now_ms=read_instant_ms(now),
        log_of=make_record_signer(keys),
    )
    print_json(withdrawn) if as_json else say_recorded(withdrawn, spoken, sys.stdout)


@consent.command("list")
def consent_list(workspace: WorkspaceFolder, as_json: AsJson = False, language: Language = "") -> None:
    """List consents and withdrawals. 列出同意与撤回。"""
    from h2corridor.app.trial_record import read_record
    from h2corridor.console.trial_text import print_consents

    found = read_record(workspace).list_consents()
    print_json(found) if as_json else print_consents(found, read_language(language), sys.stdout)


@trial.command("findings")
def trial_findings(  # noqa: PLR0917 - a command's parameters are its options, given by name
    workspace: WorkspaceFolder,
    severity: Annotated[str | None, typer.Option(help="info, warning or blocking. 级别。")] = None,
    check: Annotated[str | None, typer.Option(help="A check's code. 检查项代码。")] = None,
    vin: Annotated[str | None, typer.Option(help="A truck. 车辆。")] = None,
    file: Annotated[str | None, typer.Option(help="A file of the data set. 文件。")] = None,
    undecided: Annotated[bool, typer.Option("--undecided", help="Those to decide about. 仅未处置。")] = False,
    as_json: AsJson = False,
    language: Language = "",
) -> None:
    """List the findings of the last run with what was decided. 列出检查结果及处置。"""
    from h2corridor.app.trial_decisions import Selection, list_findings
    from h2corridor.console.trial_text import print_findings

    selection = Selection(severity=severity, check=check, vin=vin, file=file)
    found = [each for each in list_findings(workspace, selection) if each.undecided or not undecided]
    print_json(found) if as_json else print_findings(found, read_language(language), sys.stdout)


@trial.command("decide")
def trial_decide(  # noqa: PLR0917 - a command's parameters are its options, given by name
    workspace: WorkspaceFolder,
    outcome: Annotated[str, typer.Option(help="accepted, to-correct, corrected or disputed. 处置结论。")],
    reason: Annotated[str, typer.Option(help="Why. 理由。")],
    decided_by: Annotated[str, typer.Option(help="Who decided: a person and their office. 决定人。")],
    finding_id: Annotated[str | None, typer.Argument(help="f-..., one finding. 检查结果编号。")] = None,
    check: Annotated[str | None, typer.Option(help="All findings of this check. 某检查项的全部结果。")] = None,
    vin: Annotated[str | None, typer.Option(help="... of this truck. 限该车。")] = None,
    file: Annotated[str | None, typer.Option(help="... in this file. 限该文件。")] = None,
    due: Annotated[str | None, typer.Option(help="Day by which it is to be corrected. 更正期限。")] = None,
    keys: Keys = None,
    now: Now = None,
    as_json: AsJson = False,
    language: Language = "",
) -> None:
    """Record a decision about findings; it moves no figure. 登记对检查结果的处置，不改变任何数字。"""
    from h2corridor.app.bootstrap import make_record_signer
    from h2corridor.app.trial_decisions import Selection, decide
    from h2corridor.console.trial_text import say_recorded

    if (finding_id is None) == (check is None):
        raise UsageError("cli.decide", "nothing is decided about.", next_step="Give one FINDING_ID, or --check CODE.")
    spoken = read_language(language)
    decision = decide(
        workspace,
        Selection(finding_id=finding_id, check=check, vin=vin, file=file),
        outcome=outcome,
        reason=reason,
        decided_by=decided_by,
        due=due,
        now_ms=read_instant_ms(now),
        log_of=make_record_signer(keys),
    )
    print_json(decision) if as_json else say_recorded(decision, spoken, sys.stdout)


@trial.command("sign-off")
def trial_sign_off(  # noqa: PLR0917 - a command's parameters are its options, given by name
    workspace: WorkspaceFolder,
    by: Annotated[str, typer.Option("--by", help="Who signs: a person and their office. 签署人。")],
    role: Annotated[str, typer.Option(help="In which role of the plan. 角色。")],
    keys: Keys = None,
    now: Now = None,
    as_json: AsJson = False,
    language: Language = "",
) -> None:
    """Sign the trial report as it stands off; refused while anything is missing. 签署试运行报告。"""
    from h2corridor.app.bootstrap import make_record_signer
    from h2corridor.app.trial_status import sign_off
    from h2corridor.console.trial_text import say_recorded

    spoken = read_language(language)
    log_of = make_record_signer(keys)
    signed = sign_off(workspace, signed_by=by, role=role, now_ms=read_instant_ms(now), log_of=log_of)
    print_json(signed) if as_json else say_recorded(signed, spoken, sys.stdout)


@trial.command("status")
def trial_status(
    workspace: WorkspaceFolder,
    commands: Annotated[
        bool, typer.Option("--commands", help="Commands to fill in, no more. 仅输出待填写的命令。")
    ] = False,
    now: Now = None,
    as_json: AsJson = False,
    language: Language = "",
) -> None:
    """Say what is missing before sign-off. 列出签署前尚缺的事项。"""
    from h2corridor.app.trial_status import read_status
    from h2corridor.console.trial_text import print_commands, print_status

    status = read_status(workspace, now_ms=read_instant_ms(now))
    if as_json:
        print_json(
            {
                "sha256": status.sha256,
                "missing": status.missing,
                "stale": status.stale,
                "overdue": status.overdue,
                "to_correct": status.to_correct,
                "sign_offs": [
                    {"sign_off": each, "of_this_report": status.is_signed(each)}
                    for each in status.record.list_sign_offs()
                ],
            }
        )
    elif commands:
        print_commands(status, sys.stdout)
    else:
        print_status(status, read_language(language), sys.stdout, workspace=workspace)


@trial.command("file")
def trial_file(  # noqa: PLR0917 - a command's parameters are its options, given by name
    workspace: WorkspaceFolder,
    out: Annotated[Path | None, typer.Option(help="Folder for the printed forms; else report/. 输出文件夹。")] = None,
    pdf: Annotated[bool, typer.Option("--pdf/--no-pdf", help="Write PDF too. 是否输出 PDF。")] = True,
    keys: Keys = None,
    now: Now = None,
    as_json: AsJson = False,
    language: Language = "",
) -> None:
    """File the trial report: its digest into the log; JSON, and HTML and PDF in zh and en. 提交试运行报告。"""
    from h2corridor.app.bootstrap import make_record_signer
    from h2corridor.app.trial_report import file_trial_report, prove_trial_report
    from h2corridor.console.trial_files import printed_forms
    from h2corridor.store.files import write_file

    spoken = read_language(language)
    folder = out or workspace / "report"
    if out is not None and not out.is_dir():
        raise UsageError("cli.no-folder", "it is no folder.", about=str(out), next_step="Make it, or check --out.")
    digest, data = file_trial_report(workspace, now_ms=read_instant_ms(now), log_of=make_record_signer(keys))
    proof = prove_trial_report(workspace, data)
    forms = {"trial-report.json": data, "trial-report.proof.json": proof, **printed_forms(data, pdf=pdf)}
    for name, content in forms.items():
        write_file(folder / name, content)
    if as_json:
        print_json({"sha256": digest, "files": [str(folder / name) for name in forms]})
        return
    sys.stdout.write(f"trial-report.json  SHA-256 {digest}\n" + "".join(f"{folder / name}\n" for name in forms))
    report = quote(str(folder / "trial-report.json"))
    command = f"h2corridor trial check-report {report} --workspace {quote(str(workspace))}"
    sys.stdout.write(f"下一步  {command}\n" if spoken == "zh" else f"next  {command}\n")


@trial.command("check-report")
def trial_check_report(  # noqa: PLR0917 - a command's parameters are its options, given by name
    file: Annotated[Path, typer.Argument(help="A trial-report.json. 试运行报告文件。")],
    workspace: Annotated[Path | None, typer.Option(help="Folder of the workspace. 工作区文件夹。")] = None,
    proof: Annotated[Path | None, typer.Option(help="Without it: the report's .proof.json. 报告的证明文件。")] = None,
    policy: Annotated[Path | None, typer.Option(help="... and the log you trust. 信任策略文件。")] = None,
    as_json: AsJson = False,
    language: Language = "",
) -> None:
    """Find a trial report in the log, with the workspace or offline by its proof. 核对报告是否在日志中，可离线。"""
    from h2corridor.app.trial_proof import check_report_proof
    from h2corridor.app.trial_report import check_trial_report

    if workspace is not None and proof is None and policy is None:
        found = check_trial_report(workspace, file)
    elif workspace is None and proof is not None and policy is not None:
        found = check_report_proof(file, proof, policy)
    else:
        next_step = "Give --workspace, or --proof and --policy."
        raise UsageError("cli.check-report", "nothing to check the report against.", next_step=next_step)
    if as_json:
        print_json(found)
    elif read_language(language) == "zh":
        sys.stdout.write(f"{found['sha256']} 已提交，日志条目序号 {found['index']}（从 0 起），内容未变\n")
    else:
        place = f"entry {found['index']} of the log (counted from 0)"
        sys.stdout.write(f"{found['sha256']} was filed, stands at {place}, unchanged\n")


__all__ = ["trial"]
