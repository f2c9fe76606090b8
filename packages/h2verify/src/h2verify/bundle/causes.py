"""What a refusal means where the sentence of its step would blame the wrong one: the reader's own policy, a file that
changed on its way, a question that the bundle cannot answer. By code; every other code has the sentence of its step.
"""

from collections.abc import Mapping
from dataclasses import dataclass

POLICY_UNREAD = "policy.form"
"""The code of a policy that cannot be read: the reader's file is at fault, the bundle was not judged by it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CauseWords:
    """A cause in plain words."""

    en: str
    zh: str


_ON_THE_WAY = CauseWords(
    en=(
        "The file was packed again by another program or damaged on the way, or somebody altered it; ask for the "
        "original file. Nothing in it was used."
    ),
    zh="文件被其他程序重新打包，或在传送途中损坏，也可能被人改动；请索取原始文件。其中内容一概未采用。",
)
CAUSES: Mapping[str, CauseWords] = {
    "container.not-zip": CauseWords(
        en="The file is no zip archive: another file, or one damaged on the way; ask for the original file.",
        zh="文件不是 zip 压缩包：可能是别的文件，或在传送途中损坏；请索取原始文件。",
    ),
    "container.no-manifest": CauseWords(
        en=(
            "The archive has no list of contents (manifest.json): it is another archive, or was packed again in a "
            "folder of its own; ask for the original file."
        ),
        zh="压缩包中没有内容清单（manifest.json）：可能是别的压缩包，或被重新打包进了文件夹；请索取原始文件。",
    ),
    "container.zip": _ON_THE_WAY,
    "container.name": _ON_THE_WAY,
    "container.method": _ON_THE_WAY,
    "container.checksum": _ON_THE_WAY,
    "depth.absent": CauseWords(
        en="The bundle does not go as deep as you asked; nothing was verified. Ask for less, or for a deeper bundle.",
        zh="证据包没有您要求的深度，因此未作任何核验。请降低要求的深度，或索取更深的证据包。",
    ),
    "manifest.readme": CauseWords(
        en="README.txt is not the text that every bundle has. Nobody signs this text: do not believe what it says.",
        zh="README.txt 不是每个证据包都有的那份文字。该文字无人签名：请勿相信其中所述。",
    ),
    POLICY_UNREAD: CauseWords(
        en="Your policy file cannot be read; the bundle itself was not judged further.",
        zh="您的信任策略文件无法读取；证据包本身未作进一步判断。",
    ),
    "policy.no-log": CauseWords(
        en="Your policy names no log, so no log is trusted: add the line of the log that you know.",
        zh="您的信任策略没有列出任何日志，因此不信任任何日志：请加入您所知日志的一行。",
    ),
    "policy.no-signers": CauseWords(
        en="Your policy names no signer, so nobody may issue statements: add the line of the signer that you know.",
        zh="您的信任策略没有列出任何签名者，因此无人可以签发声明：请加入您所知签名者的一行。",
    ),
    "policy.unknown-log": CauseWords(
        en="The statement stands in a log that your policy does not name.",
        zh="声明记入的日志未列在您的信任策略中。",
    ),
    "policy.unknown-signer": CauseWords(
        en="The statement was signed by somebody whom your policy does not name.",
        zh="声明的签名者未列在您的信任策略中。",
    ),
    "policy.quorum": CauseWords(
        en="Too few of the witnesses that your policy names stand by the log, or a cosignature of one does not hold.",
        zh="您的信任策略所列见证方中，为该日志联署的不足，或某个联署无效。",
    ),
    "policy.unknown-edition": CauseWords(
        en="The figure was worked out by rules other than the editions that your policy names.",
        zh="数据所依据的规则不是您的信任策略所列的版本。",
    ),
}
