"""The outcome of a verification as a text for people, in Chinese or English: the figure first, then what was checked,
then the verdict with what it shows and what it does not.

Whatever comes from a bundle is printed without control characters and without marks that turn the direction of writing:
it cannot pass for a line of ours.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from h2verify.bundle.causes import POLICY_UNREAD
from h2verify.bundle.result import NOTHING_VERIFIED, SOFTWARE, Result, StepResult
from h2verify.withheld import find_reason_zh

_HOSTILE = re.compile(
    "[\x00-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff0-\ufffb\U000e0000-\U000e0fff]"
)
_LENGTH_MAX = 2_000
_LINES_MAX = 200

_WORDS = {
    "en": {
        "statement": "Statement {id} by {issuer} about consignment {consignment}",
        "moved": "{mass} kg{goods}, from {origin} to {destination}, by {modes}",
        "when": "departed {departed}, arrived {arrived}; valid until {until}",
        "wtw": "well to wheel (WTW)",
        "ttw": "operation (TTW)",
        "wtt": "energy provision (WTT)",
        "figure": "  {name}: {value} kg CO2e",
        "activity": "  transport activity: {tkm} tkm; through hubs: {hubs} t",
        "intensity": "  per tonne-kilometre: {wtw} kg CO2e (WTW), {ttw} kg CO2e (TTW)",
        "shares": "  primary data: {emissions} of the emissions, {activity} of the transport activity (1 is all)",
        "rules": "  rules: {edition} ({status})",
        "saves": "  compared by {method}: saves {difference} kg CO2e (baseline {baseline}, this transport {project})",
        "costs": "  compared by {method}: costs {difference} kg CO2e (baseline {baseline}, this transport {project})",
        "equal": "  compared by {method}: no difference (baseline {baseline}, this transport {project})",
        "withheld": "  compared by {method}: no number is stated. {why}",
        "unsupported": "    The baseline lacks something that its method asks for.",
        "caveat": "    {text}",
        "not_covered": "  not covered: {text}",
        "finding": "  finding ({severity}): {text}",
        "findings": "  finding ({severity}, {count} times): {text}",
        "checked": "What was checked",
        "holds": "holds",
        "unpinned": "not checked",
        "refused": "DOES NOT HOLD",
        "unread": "COULD NOT BE CHECKED",
        "superseded": "SUPERSEDED: as of {as_of} the statement {by} stands in its place. Ask its issuer for that one.",
        "supersedes": "  it takes the place of {id}",
        "changed": "    changed since: {file}",
        "verdict": "Verdict: {verdict}",
        "reason": "Reason: {reason}",
        "plainly": "In plain words: {text}",
        "file": "File: SHA-256 {sha256}; checked with {software}",
        "too_large": "not computed, the file is too large",
        "shows": "What this shows: {text}",
        "does_not_show": "And what not: {text}",
        "deeper": "Verified down to depth {depth}; {rest} deeper steps were not looked at.",
        "pin": "You gave no policy, so anybody could have signed. Ask {issuer} by another way whether {fingerprint} "
        "is the fingerprint of its key, then verify again with --policy.",
        "nothing": "No figure is shown: what does not hold should not be read.",
        "not_judged": "No figure is shown: the bundle was not judged to the end.",
        "unknown": "unknown",
        "quoted": "{text}",
        "more": "  ... and {rest} more",
    },
    "zh": {
        "statement": "声明 {id}，签发方：{issuer}，托运货物 {consignment}",
        "moved": "{mass} kg{goods}，自 {origin} 至 {destination}，运输方式：{modes}",
        "when": "出发 {departed}，到达 {arrived}；有效期至 {until}",
        "wtw": "全流程（WTW）",
        "ttw": "运行（TTW）",
        "wtt": "能源供给（WTT）",
        "figure": "  {name}：{value} kg CO2e",
        "activity": "  运输周转量：{tkm} tkm；经枢纽：{hubs} t",
        "intensity": "  每吨公里：{wtw} kg CO2e（WTW），{ttw} kg CO2e（TTW）",
        "shares": "  初级数据：占排放 {emissions}，占周转量 {activity}（1 为全部）",
        "rules": "  规则：{edition}（{status}）",
        "saves": "  按 {method} 对比：少排放 {difference} kg CO2e（基准 {baseline}，本次运输 {project}）",
        "costs": "  按 {method} 对比：多排放 {difference} kg CO2e（基准 {baseline}，本次运输 {project}）",
        "equal": "  按 {method} 对比：无差别（基准 {baseline}，本次运输 {project}）",
        "withheld": "  按 {method} 对比：未给出数值。{why}",
        "unsupported": "    基准缺少该方法所要求的内容。",
        "caveat": "    {text}",
        "not_covered": "  未涵盖：{text}",
        "finding": "  发现（{severity}）：{text}",
        "findings": "  发现（{severity}，{count} 次）：{text}",
        "checked": "核验内容",
        "holds": "成立",
        "unpinned": "未核验",
        "refused": "不成立",
        "unread": "无法核验",
        "superseded": "已被取代：截至 {as_of}，以声明 {by} 为准，请向签发方索取后者。",
        "supersedes": "  本声明取代 {id}",
        "changed": "    其后有变动：{file}",
        "verdict": "结论：{verdict}",
        "reason": "原因：{reason}",
        "plainly": "通俗地说：{text}",
        "file": "文件：SHA-256 {sha256}；核验工具 {software}",
        "too_large": "文件过大，未计算",
        "shows": "能说明什么：{text}",
        "does_not_show": "不能说明什么：{text}",
        "deeper": "核验深度：{depth}；更深的 {rest} 步未查。",
        "pin": "您没有给出信任策略，因此任何人都可能是签名者。请通过其他途径向 {issuer} 确认 {fingerprint} "
        "是否为其密钥指纹，然后用 --policy 再次核验。",
        "nothing": "不显示数值：不成立的内容不应被采用。",
        "not_judged": "不显示数值：证据包未判断到底。",
        "unknown": "未知",
        "quoted": "签发方原文：“{text}”",
        "more": "  …… 另有 {rest} 条",
    },
}
_MODES_ZH = {
    "road": "公路",
    "rail": "铁路",
    "sea": "海运",
    "inland_waterway": "内河",
    "air": "航空",
    "pipeline": "管道",
    "hub": "枢纽",
}
_WIDE = {",": "，", ";": "；", ":": "："}
_SEVERITIES_ZH = {"info": "提示", "warning": "警告", "blocking": "阻断"}
_VERDICTS_ZH = {
    "recomputed, matches": "重新计算，结果一致（recomputed, matches）",
    "refused": "拒绝（refused）",
    "not a bundle": "不是证据包（not a bundle）",
}
_UNPINNED = "consistent; signer not pinned by you: "


def plain(text: object) -> str:
    """A text from outside as it may be printed: one line, no control characters, not longer than a page.

    >>> plain("a\\x1b[2Jb\\u202ec")
    'a\ufffd[2Jb\ufffdc'
    """
    return _HOSTILE.sub("\ufffd", str(text).replace("\n", " "))[:_LENGTH_MAX]


def format_result(result: Result, language: str) -> str:
    """The whole text, with a line feed at its end; `language` is `zh` or `en`."""
    language = "zh" if language == "zh" else "en"
    lines = list(_end_lines(result, language))
    if result.exit_status != NOTHING_VERIFIED:
        lines = [*_figure_lines(result, language), "", *_step_lines(result, language), "", *lines]
    return "\n".join(lines) + "\n"


def _say(language: str, key: str, **values: object) -> str:
    return _WORDS[language][key].format_map({name: plain(value) for name, value in values.items()})


def _figure_lines(result: Result, language: str) -> Iterator[str]:
    said = result.figure
    if said is None:
        yield _say(language, "not_judged" if result.reason_code == POLICY_UNREAD else "nothing")
        return
    consignment, figure = said["consignment"], said["figure"]
    yield _say(
        language,
        "statement",
        id=said["statement_id"],
        issuer=_issuer(said, language),
        consignment=consignment["consignment_id"],
    )
    yield from _moved(consignment, said["validity"]["valid_until"], language)
    for name in ("wtw", "ttw", "wtt"):
        yield _say(language, "figure", name=_WORDS[language][name], value=figure[f"{name}_kgco2e"])
    yield _say(language, "activity", tkm=figure["transport_activity_tkm"], hubs=figure["hub_activity_t"])
    yield _say(
        language,
        "intensity",
        wtw=_or_unknown(figure["intensity_wtw_kgco2e_per_tkm"], language),
        ttw=_or_unknown(figure["intensity_ttw_kgco2e_per_tkm"], language),
    )
    shares = said["data_shares"]
    yield _say(
        language,
        "shares",
        emissions=_or_unknown(shares["primary_by_wtw_emissions"], language),
        activity=_or_unknown(shares["primary_by_transport_activity"], language),
    )
    yield _say(language, "rules", edition=said["rule_set"]["edition"], status=said["rule_set"]["status"])
    yield from _supersedes(said["supersedes"], language)
    for comparison in said["comparisons"]:
        yield from _comparison(comparison, language)
    yield from _bounded([_say(language, "not_covered", text=each[language]) for each in said["not_covered"]], language)
    findings = Counter((each["severity"], each[f"title_{language}"]) for each in said["findings"])
    yield from _bounded([_finding(*each, count, language) for each, count in findings.items()], language)


def _supersedes(earlier: Mapping[str, Any] | None, language: str) -> Iterator[str]:
    if earlier is not None:
        yield _say(language, "supersedes", id=earlier["statement_id"])
        files = dict.fromkeys(each["file"] for each in earlier["changed"])
        yield from _bounded([_say(language, "changed", file=file) for file in files], language)


def _finding(severity: str, title: str, count: int, language: str) -> str:
    """One line for findings that are said alike, with how many they are."""
    key = "finding" if count == 1 else "findings"
    shown = _SEVERITIES_ZH.get(severity, severity) if language == "zh" else severity
    return _say(language, key, severity=shown, text=title, count=count)


def _moved(consignment: Mapping[str, Any], until: str, language: str) -> Iterator[str]:
    goods = consignment["goods"]
    between = " of " if language == "en" else " "
    yield _say(
        language,
        "moved",
        mass=consignment["mass_kg"],
        goods=f"{between}{goods}" if goods else "",
        origin=_site(consignment["origin_site"], language),
        destination=_site(consignment["destination_site"], language),
        modes=_modes(consignment["modes"], language),
    )
    yield _say(
        language,
        "when",
        departed=_or_unknown(consignment["departed_at"], language),
        arrived=_or_unknown(consignment["arrived_at"], language),
        until=until,
    )


def _modes(modes: Sequence[str], language: str) -> str:
    if language == "zh":
        return "、".join(_MODES_ZH.get(mode, mode) for mode in modes)
    return ", ".join(mode.replace("_", " ") for mode in modes)


def _comparison(comparison: Mapping[str, Any], language: str) -> Iterator[str]:
    if comparison["status"] == "withheld":
        yield _say(language, "withheld", method=comparison["method"], why=_why(comparison["why"] or "", language))
    else:
        difference = Decimal(comparison["difference_kgco2e"])
        key = "equal" if difference == 0 else "saves" if difference > 0 else "costs"
        yield _say(
            language,
            key,
            method=comparison["method"],
            difference=comparison["difference_kgco2e"].removeprefix("-"),
            baseline=comparison["baseline_kgco2e"],
            project=comparison["project_kgco2e"],
        )
    if comparison["status"] == "unsupported":
        yield _say(language, "unsupported")
    if caveat := comparison[f"caveat_{language}"]:
        yield _say(language, "caveat", text=_full_width(caveat) if language == "zh" else caveat)


def _why(reason: str, language: str) -> str:
    """A reason, which statements give in English: in Chinese where it is known, else quoted."""
    known = find_reason_zh(reason) if language == "zh" else None
    return known or (_say(language, "quoted", text=reason) if reason else "")


def _full_width(words: str) -> str:
    """Chinese with the commas and brackets of Chinese: published editions are not edited, what is shown may be."""
    words = re.sub(r"(?<=[\u4e00-\u9fff])\(([^()]*)\)|\(([^()]*[\u4e00-\u9fff][^()]*)\)", r"（\1\2）", words)
    return re.sub(r"(?<=[\u4e00-\u9fff）])[,;:]|[,;:](?=[\u4e00-\u9fff])", lambda it: _WIDE[it.group()], words)


def _step_lines(result: Result, language: str) -> Iterator[str]:
    yield _say(language, "checked")
    for step in result.steps:
        if step.status != "not reached":
            is_unpinned = step.words.id == "trust" and result.trust == "unpinned" and step.status == "holds"
            is_unread = step.code == POLICY_UNREAD
            yield from _step(step, "unpinned" if is_unpinned else "unread" if is_unread else step.status, language)


def _step(step: StepResult, state: str, language: str) -> Iterator[str]:
    yield f"{step.words.number:3}. [{_WORDS[language][state]}] {step.title(language)}"
    yield f"     {plain(step.says(language))}"


def _end_lines(result: Result, language: str) -> Iterator[str]:
    verdict = result.verdict
    if language == "zh":
        verdict = _VERDICTS_ZH.get(verdict, verdict).replace(
            _UNPINNED, f"前后一致；签名者未由您指定（{_UNPINNED[:-2]}）："
        )
    yield _say(language, "verdict", verdict=verdict)
    if not result.holds:
        yield _say(language, "reason", reason=result.reason)
        refused = next(step for step in result.steps if step.status == "refused")
        yield _say(language, "plainly", text=refused.says(language))
    yield _say(language, "file", sha256=result.file_sha256 or _WORDS[language]["too_large"], software=SOFTWARE)
    said = result.figure
    if said is None:
        return
    if result.status is not None and result.status["by"] is not None:
        yield _say(language, "superseded", by=result.status["by"], as_of=result.status["as_of"])
    if result.trust == "unpinned":
        yield _say(language, "pin", issuer=_issuer(said, language), fingerprint=said["issuer_fingerprint"])
    rest = sum(step.status == "not reached" for step in result.steps)
    if rest:
        yield _say(language, "deeper", depth=result.depth, rest=rest)
    yield _say(language, "shows", text=said[f"shows_{language}"])
    yield _say(language, "does_not_show", text=said[f"does_not_show_{language}"])


def _bounded(lines: list[str], language: str) -> Iterator[str]:
    yield from lines[:_LINES_MAX]
    if len(lines) > _LINES_MAX:
        yield _say(language, "more", rest=len(lines) - _LINES_MAX)


def _issuer(said: Mapping[str, Any], language: str) -> str:
    issuer = said["issuer"]
    name = issuer[f"name_{language}"]
    return _with_id(name, issuer["party_id"], language)


def _site(site: Mapping[str, Any], language: str) -> str:
    name = site[f"name_{language}"]
    return _with_id(name, site["site_id"], language)


def _with_id(name: str | None, own_id: str, language: str) -> str:
    """A name with the id beside it, in brackets of the language; the id where there is no name."""
    if not name:
        return own_id
    return f"{name}（{own_id}）" if language == "zh" else f"{name} ({own_id})"


def _or_unknown(value: str | None, language: str) -> str:
    return _WORDS[language]["unknown"] if value is None else value
