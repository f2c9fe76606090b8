"""The eighteen steps of a verification: their order, their codes, and what they mean to somebody who knows no
cryptography.

The texts name counts in braces; they are filled with what the step found.
"""

from dataclasses import dataclass

from h2verify.bundle.manifest import Depth

LIMIT = "container.limit"


@dataclass(frozen=True, slots=True, kw_only=True)
class StepWords:
    """A step: its place, the codes it refuses with (a code ending in a dot stands for all that begin so), its words.

    `title_*` says what is checked, `holds_*` what it means that it holds, `fails_*` what it means that it does not.
    """

    number: int
    id: str
    depth: Depth
    codes: tuple[str, ...]
    title_en: str
    title_zh: str
    holds_en: str
    holds_zh: str
    fails_en: str
    fails_zh: str


STEPS: tuple[StepWords, ...] = (
    StepWords(
        number=1,
        id="container",
        depth="figure",
        codes=("container.",),
        title_en="The file is one whole archive, and nothing is hidden in it.",
        title_zh="文件是一个完整的压缩包，其中没有藏匿任何内容。",
        holds_en="{members} members, {bytes} bytes unpacked; every byte of the file is accounted for.",
        holds_zh="共 {members} 个成员，解包后 {bytes} 字节；文件的每个字节都有归属。",
        fails_en="The file is no bundle, or is damaged, altered or built to mislead. Nothing in it was used.",
        fails_zh="文件不是证据包，或已损坏、被改动，或有意误导。其中内容一概未采用。",
    ),
    StepWords(
        number=2,
        id="manifest",
        depth="figure",
        codes=("canonical.", "manifest.", "depth."),
        title_en="The list of contents is right: nothing is missing, added or exchanged.",
        title_zh="内容清单无误：没有缺失、添加或调换。",
        holds_en=(
            "Each of the {members} members has the digest that the list states. The bundle goes down to: {depth}. "
            "Nobody signed policy.txt in it."
        ),
        holds_zh="{members} 个成员的摘要都与清单一致。证据包的深度：{depth}。包内的 policy.txt 无人签名。",
        fails_en="A part of the bundle is not what the list says, or is written so that it could be read in two ways.",
        fails_zh="证据包的某一部分与清单不符，或其写法可以有两种读法。",
    ),
    StepWords(
        number=3,
        id="statement",
        depth="figure",
        codes=("statement.", "identity.", "status."),
        title_en="The statement was signed by its issuer and has not been changed since.",
        title_zh="声明由签发方签名，此后未被改动。",
        holds_en="Statement {statement_id}, signed with the key {key}; {status_en}.",
        holds_zh="声明 {statement_id}，签名密钥 {key}；{status_zh}。",
        fails_en="Somebody changed the statement after it was signed, or its issuer did not sign it, or withdrew it.",
        fails_zh="声明在签名后被改动，或并非由签发方签名，或已被撤回。",
    ),
    StepWords(
        number=4,
        id="log",
        depth="figure",
        codes=("log.",),
        title_en="The statement stands in the public log, so it cannot be quietly exchanged for another.",
        title_zh="声明已记入公开日志，因此无法被悄悄替换。",
        holds_en="Entry {index}, counted from 0, of the {size} in the log {origin}.",
        holds_zh="日志 {origin} 共 {size} 条，此声明的序号为 {index}（从 0 起）。",
        fails_en="The proof does not lead to this log. The statement may have been made for your eyes only.",
        fails_zh="证明不能通向此日志。该声明可能只为您一人而造。",
    ),
    StepWords(
        number=5,
        id="trust",
        depth="figure",
        codes=("policy.",),
        title_en="Those who signed are those whom your policy names, if you gave one.",
        title_zh="签名者正是您的信任策略（如有）所列各方。",
        holds_en="{trust_en}",
        holds_zh="{trust_zh}",
        fails_en="Your policy does not name the signer or the log, or too few witnesses stand by the log.",
        fails_zh="您的信任策略没有列出签名者或日志，或见证方不足。",
    ),
    StepWords(
        number=6,
        id="editions",
        depth="figure",
        codes=("edition.",),
        title_en="The published rules in the bundle are exactly the editions that the statement names.",
        title_zh="证据包中的规则与声明所列版本完全一致。",
        holds_en="Editions with their formulas and factors: {names}.",
        holds_zh="{editions} 个版本及其公式与因子：{names}。",
        fails_en="The rules in the bundle bear a name that is not theirs, are missing, or cannot be read.",
        fails_zh="证据包中的规则名不副实、缺失或无法读取。",
    ),
    StepWords(
        number=7,
        id="binding",
        depth="figure",
        codes=("binding.", "chain.", "figures."),
        title_en="The statement speaks of this transport and of this calculation, and of no other.",
        title_zh="声明所指正是这次运输和这份计算，而非其他。",
        holds_en="Consignment {consignment_id}: {mass_kg} kg; elements of its transport chain: {elements}.",
        holds_zh="托运货物 {consignment_id}：{mass_kg} kg，运输链共 {elements} 段。",
        fails_en="The calculation or the transport chain was exchanged, or is not in the agreed form.",
        fails_zh="计算或运输链被调换，或不符合约定格式。",
    ),
    StepWords(
        number=8,
        id="derivation",
        depth="figure",
        codes=("derivation.",),
        title_en="The whole calculation was done again, step by step, with the published formulas and factors.",
        title_zh="按公布的公式和因子，逐步重新完成了全部计算。",
        holds_en="{steps} steps recomputed; every formula is the published one, every input is known.",
        holds_zh="重新计算 {steps} 步；每个公式均为公布的公式，每个输入均来自运输链或规则。",
        fails_en="The calculation does not give what it states, or uses a wrong formula, factor or input.",
        fails_zh="计算得不出所述结果，或使用了错误的公式、因子或输入。",
    ),
    StepWords(
        number=9,
        id="figure",
        depth="figure",
        codes=("figure.", "comparison."),
        title_en="The numbers shown are those that the calculation ends with.",
        title_zh="所示数值正是计算的最终结果。",
        holds_en="{numbers} shown numbers compared, digit by digit.",
        holds_zh="逐位核对了 {numbers} 个所示数值。",
        fails_en="A number in the statement is not the one that was calculated.",
        fails_zh="声明中的某个数值并非计算所得。",
    ),
    StepWords(
        number=10,
        id="suppliers",
        depth="figure",
        codes=("signature.form", "signature.missing", "signature.extra", "signature.unknown-key", "signature.invalid"),
        title_en="What suppliers signed is there, and their signatures hold.",
        title_zh="供应方的签名齐全且有效。",
        holds_en="Signed notes of suppliers: {notes}. Where there is none, no supplier signed.",
        holds_zh="供应方签名文件 {notes} 份。没有签名的地方，即无供应方签名。",
        fails_en="A supplier's signature is missing, does not hold, or is not by the supplier named.",
        fails_zh="供应方签名缺失、无效，或并非由所列供应方签署。",
    ),
    StepWords(
        number=11,
        id="activity-log",
        depth="activity",
        codes=(
            "proofs.",
            "log.checkpoint",
            "log.origin",
            "log.consistency",
            "log.inclusion",
            "policy.quorum",
            "activity.tree",
            "activity.late",
        ),
        title_en="The records behind the figure were committed to in the log.",
        title_zh="数据背后的记录已在日志中作出承诺。",
        holds_en="Entries proved: {entries}, in the log of {size}; it continues the log in which the statement stands.",
        holds_zh="在 {size} 条的日志中证实 {entries} 条；该日志延续了声明所在的日志。",
        fails_en="The records belong to another log, or the log was rewritten.",
        fails_zh="记录属于另一日志，或日志曾被改写。",
    ),
    StepWords(
        number=12,
        id="records",
        depth="activity",
        codes=(
            "activity.form",
            "activity.duplicate-group",
            "activity.group",
            "activity.records",
            "activity.group-missing",
        ),
        title_en="Every group of records is whole: none was changed, dropped or added.",
        title_zh="每组记录都完整：没有改动、遗漏或添加。",
        holds_en="Groups: {groups}; records: {records}.",
        holds_zh="共 {groups} 组、{records} 条记录。",
        fails_en="A record was changed, left out, added or exchanged after it was committed to.",
        fails_zh="记录在作出承诺后被改动、遗漏、添加或调换。",
    ),
    StepWords(
        number=13,
        id="recompute-activity",
        depth="activity",
        codes=("activity.trips", "activity.hydrogen", "activity.chain", "activity.statement", "signature.fill"),
        title_en="Trips, hydrogen and its origin were worked out again from the records and give this chain.",
        title_zh="由记录重新得出行程、用氢量及其来源，并得到同一运输链。",
        holds_en="The records give the same trips, hydrogen and chain, and what the statement says; trucks: {trucks}.",
        holds_zh="{trucks} 辆车的记录得出相同的行程、用氢量和运输链，并与声明所述一致。",
        fails_en="The calculation or the statement's words do not follow from the records.",
        fails_zh="计算或声明所述不能由记录得出。",
    ),
    StepWords(
        number=14,
        id="release",
        depth="raw",
        codes=("release.",),
        title_en="Somebody decided, on the record, that you may have the raw data.",
        title_zh="向您提供原始数据的决定有据可查。",
        holds_en="Released to {recipient} by {decided_by}, purpose: {purpose}.",
        holds_zh="由 {decided_by} 提供给 {recipient}，用途：{purpose}。",
        fails_en="There is no recorded decision to release these raw data.",
        fails_zh="没有提供这些原始数据的决定记录。",
    ),
    StepWords(
        number=15,
        id="received",
        depth="raw",
        codes=("received.",),
        title_en="What is shown is what was received; of files shown whole no row was dropped, swapped or repeated.",
        title_zh="所示文件与行即收到的内容；完整公开的文件没有一行被删除、对调或重复。",
        holds_en="Received files proved in the log before the statement: {files}. Of a whole one, no row was dropped.",
        holds_zh="{files} 个收到的文件已证实先于声明进入日志。完整公开的文件没有一行被删除或对调。",
        fails_en="A received file or a row of it is not what the log holds.",
        fails_zh="某个收到的文件或其中一行与日志不符。",
    ),
    StepWords(
        number=16,
        id="opened",
        depth="raw",
        codes=("opened.",),
        title_en="The vehicles and places that were closed so far are those committed to.",
        title_zh="此前封存的车辆与地点即当初承诺的内容。",
        holds_en="Closed parts opened: {opened}; each gives its committed digest.",
        holds_zh="打开 {opened} 个封存部分，均与承诺的摘要一致。",
        fails_en="A vehicle, party or place was exchanged, or was not opened.",
        fails_zh="某个车辆、当事方或地点被调换，或未被打开。",
    ),
    StepWords(
        number=17,
        id="papers",
        depth="raw",
        codes=("papers.", "signature.file"),
        title_en="The records say what the papers shown say, and no row of these papers was left out.",
        title_zh="记录与所示单据一致，所示单据没有一行被遗漏。",
        holds_en=(
            "Records that agree with their rows in registers, waybills, fills and station papers: {records}; "
            "every row about these trucks, stations, hubs and batches has its record.{absent_en}"
        ),
        holds_zh=(
            "{records} 条记录与登记、运单、加氢、送氢、库存和用电数据的原始行一致；"
            "涉及这些车辆、站点、枢纽和批次的每一行都有对应记录。{absent_zh}"
        ),
        fails_en="A record says something else than the paper it was made from, or a row of the paper was left out.",
        fails_zh="某条记录与其依据的单据不符，或遗漏了单据中的某一行。",
    ),
    StepWords(
        number=18,
        id="recompute-frames",
        depth="raw",
        codes=("frames.",),
        title_en="The messages that the trucks sent were decoded again and cut into the same trips.",
        title_zh="重新解码车辆发送的报文，并切分出相同的行程。",
        holds_en="Readings: {readings}, trucks: {trucks}; they give the stands, fills and distances of the records.",
        holds_zh="{trucks} 辆车的 {readings} 个读数得出与记录一致的停车、加氢与里程。",
        fails_en="What the trucks sent does not give the records that the figure rests on.",
        fails_zh="车辆发送的报文得不出该数据所依据的记录。",
    ),
)


def find_step(code: str, running: int) -> int:
    """The number of the step that a code belongs to: the running one where it lists the code, else the first that does,
    else the running one. A later step is never meant; a limit is that of the running step."""
    candidates = [step for step in STEPS if step.number <= running and _lists(step, code)]
    if any(step.number == running for step in candidates) or not candidates or code == LIMIT:
        return running
    return candidates[0].number


def _lists(step: StepWords, code: str) -> bool:
    return any(code == own or (own.endswith(".") and code.startswith(own)) for own in step.codes)
