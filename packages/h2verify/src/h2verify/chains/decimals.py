"""Integers of small units as the decimal texts of documents."""


def decimal_text(value: int, unit_power: int) -> str:
    """Give an integer of a small unit as a decimal text of a unit `10**unit_power` times as large, no zero at its end.

    Examples
    --------
    >>> decimal_text(31483996, 6), decimal_text(20000000, 3), decimal_text(0, 3)
    ('31.483996', '20000', '0')
    """
    digits = str(abs(value)).rjust(unit_power + 1, "0")
    cut = len(digits) - unit_power
    fraction = digits[cut:].rstrip("0")
    text = f"{digits[:cut]}.{fraction}" if fraction else digits[:cut]
    return f"-{text}" if value < 0 else text
