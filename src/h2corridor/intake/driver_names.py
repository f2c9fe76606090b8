"""Which names of columns, and which values, speak of a person: a driver, an escort, whoever can be reached.

Names are read as suppliers write them: English words in any case, joined or not, pinyin, simplified and traditional
Chinese, full-width letters.
"""

import re
import unicodedata
from collections.abc import Sequence
from datetime import date

_PART = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+")
_SIMPLIFIED = str.maketrans(
    "機駕駛員運證電話號聯繫係絡從業資隨車乘務當執", "机驾驶员运证电话号联系系络从业资随车乘务当执"
)
_DRIVER = re.compile(
    r"(?:driver(?!less)|drv|chauffeur|fahrer|siji|sjxm|jiashi|yayun|xingming|sfz|shenfenzheng|shouji|wechat)"
)
_DEVICE = frozenset(
    {"motor", "door", "seat", "belt", "temperature", "assistance", "screw", "version", "power", "firmware"}
    | {"software", "voltage", "current", "airbag", "window", "torque", "gate", "board"}
)
_PEOPLE = frozenset({"person", "people", "crew", "passenger", "passengers", "employee", "worker", "staff", "escort"})
_NUMBER = frozenset({"no", "number", "id", "code", "class", "type"})
_IDENTITY = _NUMBER | {"name", "card", "phone", "tel", "mobile"}
_PHONE = frozenset({"phone", "telephone", "cellphone", "tel", "phoneno", "mobileno", "mobilephone"})
_PHONE_ALONE = _PHONE | _NUMBER | {"mobile"}
_OF_A_THING = frozenset({"sim", "iccid", "terminal", "device", "station", "model"})
_CARD = frozenset({"idcard", "idcards", "identitycard", "idcardno", "idno", "idnumber", "surname"})
_CARD_WORDS = ({"id", "card"}, {"identity", "card"}, {"id", "number"}, {"id", "no"}, {"identity", "number"})
_NAME_WORDS = ({"first", "name"}, {"last", "name"}, {"given", "name"}, {"family", "name"})
_LICENCE = frozenset({"licence", "license"})
_CHINESE = re.compile(
    r"司机|(?<!自动)(?<!辅助)(?<!智能)(?<!无人)驾驶(?!室|模式|里程|行为|时长|时间|辅助)|驾照|押运|随车人|乘务|乘客|姓名|联系人"
    r"|身份证|手机|微信|从业资格|[主副]驾(?!门|座|安全)|车手|当班人"
)
_CHINESE_PHONE = re.compile(r"(?:移动)?电话(?:号码?)?")
_TRUCK_TABLES = ("vehicles", "refuellings", "legs")
_MOBILE = re.compile(r"(?:\+?86)?1[3-9][0-9]{9}")
_CARD_NUMBER = re.compile(r"[1-8][0-9]{16}[0-9X]")
_CARD_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def names_driver(column: str, file: str = "") -> bool:
    """Whether the name of a column speaks of a person; a telephone of no one does beside trucks, fills and legs only.

    Examples
    --------
    >>> names_driver("driverName"), names_driver("司機姓名"), names_driver("driven_km")
    (True, True, False)
    >>> names_driver("contact_phone", "sites.csv"), names_driver("contact_phone", "legs.csv")
    (False, True)
    """
    column = unicodedata.normalize("NFKC", column).translate(_SIMPLIFIED).strip()
    said = {part.lower() for part in _PART.findall(column)}
    is_of_truck = file.rpartition("/")[2].lower().startswith(_TRUCK_TABLES)
    return bool(
        _CHINESE.search(column)
        or (_CHINESE_PHONE.search(column) if is_of_truck else _CHINESE_PHONE.fullmatch(column))
        or (any(_DRIVER.match(part) for part in said) and not said & _DEVICE)
        or (said & _PEOPLE and said & _IDENTITY)
        or said & _CARD
        or any(words <= said for words in (*_CARD_WORDS[:2], *_NAME_WORDS))
        or any(words == said for words in _CARD_WORDS[2:])
        or _names_phone(said, is_of_truck=is_of_truck)
        or (said & _LICENCE and ("driving" in said or said <= _LICENCE | _NUMBER))
    )


def identify_people(column: str, cells: Sequence[str]) -> bool:
    """Whether most cells that hold something are mainland identity card or mobile numbers.

    Examples
    --------
    >>> identify_people("remark", ["13800138000", "", "+86 139-0013-9000"])
    True
    """
    words = {part.lower() for part in _PART.findall(unicodedata.normalize("NFKC", column))}
    values = [re.sub(r"[\s-]", "", unicodedata.normalize("NFKC", cell)).upper() for cell in cells if cell.strip()]
    mobile = 0 if words & _OF_A_THING else sum(1 for value in values if _MOBILE.fullmatch(value))
    return 2 * (mobile + sum(1 for value in values if _is_card_number(value))) > len(values)


def _names_phone(said: set[str], *, is_of_truck: bool) -> bool:
    if said & _OF_A_THING:
        return False
    return bool(said & (_PHONE | {"mobile"})) and (said <= _PHONE_ALONE or (is_of_truck and bool(said & _PHONE)))


def _is_card_number(value: str) -> bool:
    """Whether it is a number of GB 11643: its date exists and its check digit is right."""
    if not _CARD_NUMBER.fullmatch(value):
        return False
    try:
        date(int(value[6:10]), int(value[10:12]), int(value[12:14]))
    except ValueError:
        return False
    total = sum(weight * int(digit) for weight, digit in zip(_CARD_WEIGHTS, value, strict=False))
    return "10X98765432"[total % 11] == value[17]
