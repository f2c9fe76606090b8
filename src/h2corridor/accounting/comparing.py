"""A comparison: baseline minus project by one method, and why it is unsupported or cannot be computed."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, Literal

import msgspec
from h2verify.support import kind_of, list_lacking, list_unusable

from h2corridor.accounting.explained import Explained, NotExplained, explain_difference
from h2corridor.accounting.facts import CHAIN
from h2corridor.accounting.kernel.absences import Absence
from h2corridor.accounting.kernel.editions import Edition
from h2corridor.accounting.kernel.resolver import Resolver
from h2corridor.accounting.shown import remainder, shown
from h2corridor.model.chain import TransportCategory, TransportChain

ComparisonStatus = Literal["computed", "unsupported", "not_computable"]
_FIELDS_ZH = {
    "source": "来源",
    "date": "日期",
    "method": "测定方法",
    "payload_t": "载质量",
    "profile": "工况",
    "period": "测量时期",
    "peer_vehicles": "车队车辆数",
    "peer_distance_km": "车队里程",
    "baseline_distance_km": "柴油车里程",
    "project_distance_km": "氢能车里程",
    "standard": "标准",
    "life_cycle.source": "生命周期数据的来源",
    "platform.source": "平台开销的来源",
    "leakage.source": "氢泄漏数据的来源",
}


class ComparisonResult(msgspec.Struct, frozen=True, kw_only=True):
    """Baseline minus project, signed. `derivation` goes on from the chain's: recompute the two lists together.

    `text_seen` is false where nobody has read the text that the method follows; `explained` is there where its edition
    has the rules for it, else `not_explained` says why not; both are None where the edition has none, or there is no
    supported difference.

    `why` names quantities as rules do; `why_zh` and `why_en` say the same to readers.
    """

    method: str
    edition: str
    digest: str
    baseline_kgco2e: str | None
    project_kgco2e: str | None
    difference_kgco2e: str | None
    status: ComparisonStatus
    why: str | None
    why_zh: str | None
    why_en: str | None
    caveat_zh: str
    caveat_en: str
    text_seen: bool | None
    explained: Explained | None
    not_explained: NotExplained | None
    derivation: tuple[dict[str, Any], ...]


def compare(chain: TransportChain, base: Resolver, edition: Edition) -> ComparisonResult:
    """What a method says about a chain that was assessed; a reason where it says nothing.

    Parameters
    ----------
    base : Resolver
        The one that the chain's own figures came from.
    """
    resolver = base.extended(edition)
    reason = _not_comparable(chain)
    values: Mapping[str, Decimal | None] = {}
    if reason is None:
        values = {name: resolver.value(name, CHAIN) for name in ("baseline_kgco2e", "project_kgco2e")}
        values = {**values, "difference_kgco2e": resolver.value("difference_kgco2e", CHAIN)}
    baseline, project = shown(values.get("baseline_kgco2e")), shown(values.get("project_kgco2e"))
    status: ComparisonStatus = "computed"
    if reason is None and (baseline is None or project is None):
        reason = _absent([*base.absences, *resolver.absences])
    if reason is not None:
        status = "not_computable"
    elif reason := _unsupported(chain, edition):
        status = "unsupported"
    difference = remainder(baseline, project)
    explained = None if reason or difference is None else explain_difference(resolver, edition, difference)
    return ComparisonResult(
        method=edition.header.id,
        edition=edition.header.edition,
        digest=edition.digest,
        baseline_kgco2e=baseline,
        project_kgco2e=project,
        difference_kgco2e=difference,
        status=status,
        why=None if reason is None else reason.why,
        why_zh=None if reason is None else reason.zh,
        why_en=None if reason is None else reason.en,
        caveat_zh=edition.header.caveat_zh,
        caveat_en=edition.header.caveat_en,
        text_seen=edition.header.text_seen,
        explained=explained if isinstance(explained, Explained) else None,
        not_explained=explained if isinstance(explained, NotExplained) else None,
        derivation=tuple(resolver.steps),
    )


def _used(chain: TransportChain) -> dict[str, TransportCategory]:
    names = {element.category for element in chain.elements}
    return {n: c for n, c in chain.categories.items() if n in names and isinstance(c, TransportCategory)}


class _Reason(msgspec.Struct, frozen=True, kw_only=True):
    why: str
    zh: str
    en: str


def _absent(absences: Sequence[Absence]) -> _Reason:
    if not absences:
        return _Reason(why="nothing to compare", zh="没有可比的内容", en="there is nothing to compare")
    return _Reason(
        why="; ".join(dict.fromkeys(each.fault.removesuffix(".") for each in absences)),
        zh="；".join(dict.fromkeys(each.says_zh for each in absences)),
        en="; ".join(dict.fromkeys(each.says_en for each in absences)),
    )


def _not_comparable(chain: TransportChain) -> _Reason | None:
    used = _used(chain)
    for name, category in used.items():
        if category.comparison is None and any(entry.carrier == "hydrogen" for entry in category.energy):
            why = f"category {name} burns hydrogen and states no comparable diesel truck"
            return _Reason(why=why, zh=f"运输类别 {name} 使用氢气，但未列出可比的柴油车", en=why)
    if not any(category.comparison for category in used.values()):
        return _Reason(
            why="no element states a comparable diesel truck",
            zh="该票货物的各段运输均未列出可比的柴油车",
            en="no transport of this consignment states a comparable diesel truck",
        )
    return None


def _unsupported(chain: TransportChain, edition: Edition) -> _Reason | None:
    for name, category in _used(chain).items():
        if category.comparison is None:
            continue
        stated = msgspec.to_builtins(category.comparison)
        lacking = list_lacking(stated, edition.parameters.support)
        if lacking == ["kind"]:
            why = f"{edition.header.id} takes no baseline of kind {kind_of(stated)}, as category {name} states it"
            zh = f"运输类别 {name} 的基准类型 {kind_of(stated)} 不在此方法之内"
            return _Reason(why=why, zh=zh, en=why)
        if lacking:
            why = f"the diesel figure of category {name} has no {' and no '.join(lacking)}"
            absent = "和".join(_FIELDS_ZH.get(key, key) for key in lacking)
            return _Reason(why=why, zh=f"运输类别 {name} 的柴油数据未注明{absent}", en=why)
        on = chain.activity_date.isoformat() if chain.activity_date else None
        if unusable := list_unusable(stated, on):
            return _unusable(name, unusable)
    return None


def _unusable(category: str, unusable: Sequence[tuple[str, str]]) -> _Reason:
    en = {"zero": "states {} as zero", "late": "has a {} after the activity"}
    zh = {"zero": "{}为零", "late": "{}晚于运输活动"}
    said = " and ".join(en[fault].format(field) for field, fault in unusable)
    said_zh = "，".join(zh[fault].format(_FIELDS_ZH[field]) for field, fault in unusable)
    why = f"the comparison of category {category} {said}"
    return _Reason(why=why, zh=f"运输类别 {category} 的对比数据中{said_zh}", en=why)
