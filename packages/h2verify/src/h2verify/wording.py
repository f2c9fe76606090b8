"""The words that every statement carries, zh and en: what it shows and what it does not.

They are part of the format: a statement that promises more, or is silent about its limits, is refused.
"""

from collections.abc import Mapping

SAID: Mapping[str, str] = {
    "shows_en": (
        "The records behind this figure are those that stand in the log since they were received, and the figure "
        "follows from them by the published rules: anybody can compute it again from this bundle."
    ),
    "shows_zh": (
        "本数据所依据的记录自接收登记入日志后未被改动；"
        "按公开的规则由这些记录即可得出本数据，任何人均可凭本证据包重新计算。"
    ),
    "does_not_show_en": (
        "It does not show that meters, trucks and papers were right when they spoke. Tests of the data, signatures of "
        "suppliers, certificates of meters and the opinion of an independent body speak to that, as far as they are "
        "given."
    ),
    "does_not_show_zh": (
        "本声明不能证明计量器具、车辆与单证当时所报无误。"
        "对此可参考数据测试、供方签名、计量检定证书以及独立机构的意见（以所附者为限）。"
    ),
}
