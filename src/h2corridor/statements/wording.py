"""The words that a bundle carries for people, zh and en: what it is and how to check it."""

from h2verify.wording import SAID

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
        **SAID,
    )
    return text.encode()
