"""The words that every statement and every bundle carry, zh and en: what a statement shows and what it does not, and
how to check it.

They are part of the format: a statement that promises more, or is silent about its limits, is refused; so is a bundle
whose page for people says anything else.
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

README = f"""\
这是一个证据包：一份关于货物运输温室气体排放的声明，以及重新计算它所需的一切。
本文在每个证据包中逐字相同。写在本文件里的内容不因此获得任何人的签名；
经签名的只有 statement.json、status.json 与 signatures/ 中的文件。

核验无需联网，也无需信任任何人：

    python3 h2verify.pyz FILE.zip --policy THE-POLICY-YOU-GOT-ANOTHER-WAY.txt

或在浏览器中打开 verify.html，把证据包拖入页面。请从发件人无法经手的途径取得 h2verify.pyz 或 verify.html。

信任策略（policy）须经其他途径取得：运营方网站、合同、当面或电话。本包内的 policy.txt 与 identity.json 仅供参考，
任何人都可以写入它们：不得把本包内的 policy.txt 用作信任策略。

核验成立时：{SAID["shows_zh"]}
{SAID["does_not_show_zh"]}

This is an evidence bundle: a statement about the greenhouse gas emissions of one consignment, with everything needed
to compute it again. These words are the same in every bundle. Nothing here is signed by being in this file: what is
signed is statement.json, status.json and the files in signatures/.

Checking needs no network and no trust in anybody:

    python3 h2verify.pyz FILE.zip --policy THE-POLICY-YOU-GOT-ANOTHER-WAY.txt

or open verify.html in a browser and drop the bundle on the page. Get h2verify.pyz or verify.html by a way that the
sender of the bundle has no hand in.

Get the policy, too, by another way: the operator's web site, a contract, in person, by telephone. policy.txt and
identity.json beside this file are information only. Anybody can write them: do not use this policy.txt as the policy.

Where the check holds, this is what it shows. {SAID["shows_en"]}

{SAID["does_not_show_en"]}
""".encode()
"""The member `README.txt`, the same bytes in every bundle."""
