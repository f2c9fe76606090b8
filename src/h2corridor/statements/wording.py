"""The words that statements and bundles carry, zh and en: what is shown, what is not, and how to check."""

SHOWS_EN = (
    "The records behind this figure are those that stand in the log since they were received, and the figure follows "
    "from them by the published rules: anybody can compute it again from this bundle."
)
SHOWS_ZH = (
    "本数据所依据的记录自接收登记入日志后未被改动；按公开的规则由这些记录即可得出本数据，任何人均可凭本证据包重新计算。"
)
DOES_NOT_SHOW_EN = (
    "It does not show that meters, trucks and papers were right when they spoke. Tests of the data, signatures of "
    "suppliers, certificates of meters and the opinion of an independent body speak to that, as far as they are given."
)
DOES_NOT_SHOW_ZH = (
    "本声明不能证明计量器具、车辆与单证当时所报无误。对此可参考数据测试、供方签名、计量检定证书以及独立机构的意见"
    "（以所附者为限）。"
)

README = """\
{statement_id}   {depth}

这是一个证据包：一份关于货物运输温室气体排放的已签名声明，以及重新计算它所需的一切。
核验无需联网，也无需信任任何人：

    h2verify FILE.zip [--policy policy.txt]

或在浏览器中打开 verify.html，把本文件拖入页面。
请向签发方当面或通过电话核对其密钥指纹；包内的 policy.txt 与 identity.json 仅供参考。

{shows_zh}
{does_not_show_zh}

This is an evidence bundle: a signed statement about the greenhouse gas emissions of one consignment, with everything
needed to compute it again. Checking needs no network and no trust in anybody:

    h2verify FILE.zip [--policy policy.txt]

or open verify.html in a browser and drop this file on the page.
Compare the fingerprint of the issuer's key with the issuer, in person or by telephone: policy.txt and identity.json in
here are information only.

{shows_en}

{does_not_show_en}
"""


def readme(statement_id: str, depth: str) -> bytes:
    """The member `README.txt` of a bundle."""
    text = README.format(
        statement_id=statement_id,
        depth=depth,
        shows_zh=SHOWS_ZH,
        does_not_show_zh=DOES_NOT_SHOW_ZH,
        shows_en=SHOWS_EN,
        does_not_show_en=DOES_NOT_SHOW_EN,
    )
    return text.encode()
