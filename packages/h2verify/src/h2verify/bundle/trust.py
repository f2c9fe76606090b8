"""What a reader's policy pinned, in words: signer and log always, witnesses and editions where it names any."""


def pinned_words(witnesses: int, *, named: int, editions: int) -> dict[str, str]:
    """The sentences of step 5 under a policy that holds.

    Parameters
    ----------
    witnesses
        How many of the policy's witnesses cosigned.
    named, editions
        How many witnesses and editions the policy names.

    Examples
    --------
    >>> pinned_words(0, named=0, editions=3)["trust_en"]
    'Your policy names this signer and this log; 3 editions pinned by you.'
    """
    parts_en, parts_zh = ["Your policy names this signer and this log"], ["您的信任策略列有该签名者和该日志"]
    if named:
        parts_en.append(f"{witnesses} of its {named} witnesses cosigned")
        parts_zh.append(f"所列 {named} 个见证方中 {witnesses} 个已联署")
    if editions:
        parts_en.append(f"{editions} edition{'s' if editions > 1 else ''} pinned by you")
        parts_zh.append(f"您指定了 {editions} 个规则版本")
    else:
        parts_en.append("no edition pinned: the rules are those in the bundle")
        parts_zh.append("未指定规则版本：采用证据包内的规则")
    return {"trust_en": "; ".join(parts_en) + ".", "trust_zh": "；".join(parts_zh) + "。"}
