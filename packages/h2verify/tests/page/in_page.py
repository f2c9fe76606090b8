"""Calls into the page's scripts: whole numbers of any size there and back."""

import json
import re
from typing import Any

from playwright.sync_api import Page

_HELP = """
const exact = (value) => exactRecord(value);
const codeOf = (attempt) => {
  try { attempt(); return null; }
  catch (error) { if (!(error instanceof Refusal)) throw error; return error.code; }
};
const plain = (name, value) => typeof value === "bigint" ? `whole:${value}` : value;
"""
_WHOLE = re.compile(r'"whole:(-?[0-9]+)"')


def run_in_page(page: Page, body: str, given: Any) -> Any:
    """What a function body in JavaScript gives for `given`; its BigInts come back as integers.

    The body can use the page's functions, `exact` (a value whose Numbers become BigInts) and `codeOf` (the code with
    which an attempt is refused, or null).
    """
    script = f"""(text) => {{
        {_HELP}
        const given = JSON.parse(text);
        return JSON.stringify((() => {{ {body} }})(), plain) ?? "null";
    }}"""

    return json.loads(_WHOLE.sub(r"\1", page.evaluate(script, json.dumps(given))))
