"""Factor files for tests, written from parts that a test may change; every value in them is invented."""

PACK = """
[pack]
id = "own-factors"
edition = "2026.1"
title_zh = "自有因子"
title_en = "own factors"
publisher = "nobody"
licence = "invented, free to use"
"""


def entry(name: str, value: str, *, unit: str = "kgCO2e/kWh", **more: str | int) -> str:
    """One entry; a field that is None is left out, dates are written as TOML has them."""
    stated: dict[str, str | int | None] = {
        "title_zh": "试",
        "title_en": "tried",
        "boundary": "life_cycle",
        "from": "2024-01-01",
        "source": "invented for this test",
        "page": "1",
        "checked_on": "2026-11-01",
        **{key.rstrip("_"): each for key, each in more.items()},
    }
    dates = ("from", "until", "checked_on")
    lines = [f'name = "{name}"', f'value = "{value}"', f'unit = "{unit}"']
    for key, each in stated.items():
        if each is not None:
            lines.append(f"{key} = {each}" if key in dates or isinstance(each, int) else f'{key} = "{each}"')
    return "\n[[parameter]]\n" + "\n".join(lines) + "\n"


def pack(*entries: str, regions: dict[str, str] | None = None, levels: dict[str, str] | None = None) -> bytes:
    """A whole file."""
    tables = {"regions": regions or {}, "levels": levels or {}}
    written = "".join(
        f"\n[{name}]\n" + "".join(f'"{key}" = "{each}"\n' for key, each in table.items())
        for name, table in tables.items()
        if table
    )
    return (PACK + written + "".join(entries)).encode("utf-8")
