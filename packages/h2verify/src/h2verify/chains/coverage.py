"""What a chain does not cover, said in words: the sentences are part of the format, to the letter."""

from collections.abc import Iterable, Sequence

Note = dict[str, str]
"""The same said twice: `en` and `zh`."""


def unsaid_distance_note(leg_id: str) -> Note:
    """Of a leg that does not say which kind of transport distance it gives."""
    return {
        "en": f"leg {leg_id} does not say what kind of transport distance it gives; read as shortest feasible",
        "zh": f"运段 {leg_id} 未说明运输距离的种类，按最短可行距离读取",
    }


def open_round_note(leg_id: str) -> Note:
    """Of a leg that was served by a round which does not come back to where it began."""
    return {
        "en": f"empty running not covered: the truck of leg {leg_id} has no complete round trip in the data",
        "zh": f"空驶未全部涵盖：数据中没有运段 {leg_id} 车辆的完整往返",
    }


def excluded_hub_note(site_id: str, day: str) -> Note:
    """Of a hub that is passed on a day without complete operations."""
    return {
        "en": f"hub {site_id} has no operations on {day}",
        "zh": f"枢纽 {site_id} 当日（{day}）无作业数据",
    }


def each_once(notes: Iterable[Note]) -> list[Note]:
    """Give notes in their order; what was said before is not said again."""
    return list({(note["en"], note["zh"]): note for note in notes}.values())


def find_break(places: Sequence[tuple[str, str]], origin: str, destination: str) -> int | None:
    """The number of the first leg that does not begin where the one before it ended, or None.

    Parameters
    ----------
    places : origin and destination of each leg, in order
    origin, destination : of the consignment; where the last leg does not end there, the number is that of the legs
    """
    begins = [begin for begin, _ in places] + [destination]
    ends = [origin] + [end for _, end in places]
    return next((number for number, pair in enumerate(zip(ends, begins, strict=True)) if pair[0] != pair[1]), None)
