"""Checks of single frames: damaged, unreadable, unregistered, foreign, repeated, late, conflicting.

Frames in the folder of a truck that is not registered are one finding a run, whatever else is wrong with them.
"""

import ibis
from h2verify.activity.uses import RE_ISSUE, REAL_TIME

from h2corridor.activity.readings import Column, Table
from h2corridor.model.received_frames import NO_VIN
from h2corridor.quality.registry import CheckTables, check
from h2corridor.quality.runs import ROWS_APART_MAX, runs_of
from h2corridor.quality.texts import byte_text

PLATFORM_COMMANDS = (0x05, 0x06)
TRUCK_COMMANDS = (0x01, 0x02, 0x03, 0x04)
_JUNK = "junk around the frame"
_UNKNOWN_ITEM = "unknown item type"


@check("frame.bad-check-byte")
def bad_check_byte(tables: CheckTables) -> Table:
    """Frames whose check byte does not fit."""
    return runs_of(_with_outcome(tables, "bad_check_byte"))


@check("frame.truncated")
def truncated(tables: CheckTables) -> Table:
    """Frames shorter than they say."""
    return runs_of(_with_outcome(tables, "truncated"))


@check("frame.garbage")
def garbage(tables: CheckTables) -> Table:
    """Bytes that are no frame."""
    return runs_of(_with_outcome(tables, "garbage"))


@check("frame.encrypted", encryption=byte_text)
def encrypted(tables: CheckTables) -> Table:
    """Frames whose data unit is encrypted."""
    return runs_of(_with_outcome(tables, "encrypted", "encryption"), by=["encryption"])


@check("frame.unreadable-time")
def unreadable_time(tables: CheckTables) -> Table:
    """Frames whose device time is no point in time."""
    return runs_of(_with_outcome(tables, "unreadable_time"))


@check("frame.unknown-command", command=byte_text)
def unknown_command(tables: CheckTables) -> Table:
    """Frames with a command that the standard does not name."""
    return runs_of(_with_outcome(tables, "unknown_command", "command"), by=["command"])


@check("frame.unknown-item")
def unknown_item(tables: CheckTables) -> Table:
    """Frames with an item whose length nobody can know."""
    rows = _with_outcome(tables, "ok", "tail_reason")
    rows = rows.filter(rows.tail_reason.contains(_UNKNOWN_ITEM))
    return runs_of(rows.mutate(item=rows.tail_reason.re_extract("0x[0-9a-f]+", 0)), by=["item"])


@check("frame.damaged-item")
def damaged_item(tables: CheckTables) -> Table:
    """Frames whose data unit could not be read to its end, for a reason other than an unknown item."""
    rows = _with_outcome(tables, "ok", "tail_reason")
    rows = rows.filter((rows.tail_reason != _JUNK) & ~rows.tail_reason.contains(_UNKNOWN_ITEM))
    return runs_of(rows.rename(reason="tail_reason"), by=["reason"])


@check("frame.junk-around")
def junk_around(tables: CheckTables) -> Table:
    """Rows in which other bytes stand around one sound frame."""
    rows = _with_outcome(tables, "ok", "tail_reason")
    return runs_of(rows.filter(rows.tail_reason.startswith(_JUNK)))


@check("frame.platform-login", command=byte_text)
def platform_login(tables: CheckTables) -> Table:
    """Frames with which a platform, and no truck, logs in or out; their data unit holds its name and password."""
    uses = tables.uses
    rows = uses.filter((uses.outcome == "ok") & uses.command.isin(PLATFORM_COMMANDS) & _is_ours(tables))
    return runs_of(_placed(rows, rows.folder_vin, command=rows.command), by=["command"])


@check("frame.wrong-edition")
def wrong_edition(tables: CheckTables) -> Table:
    """Frames of another edition than the one registered for their truck."""
    rows = tables.uses.filter(tables.uses.use == "other_edition")
    rows = rows.inner_join(tables.vehicles, rows.vin == tables.vehicles.truck_vin)
    placed = _placed(rows, rows.vin, came=rows.edition, registered=rows.truck_edition)
    return runs_of(placed, by=["came", "registered"])


@check("frame.repeated")
def repeated(tables: CheckTables) -> Table:
    """Rows whose content had already arrived."""
    rows = tables.uses.filter(tables.uses.use == "repeated")
    return runs_of(_placed(rows, rows.vin))


@check("frame.conflicting")
def conflicting(tables: CheckTables) -> Table:
    """Rows that say something else than an earlier one of the same truck and device time."""
    uses = tables.uses
    told = uses.filter(
        uses.use.isin(["used", "conflicting"]) & uses.command.isin([REAL_TIME, RE_ISSUE]) & (uses.clock_off == 0)
    )
    same = ibis.window(
        group_by=["vin", "device_time_s"],
        order_by=[told.received_at_ms.isnull(), told.received_at_ms, told.file, told.row],
    )
    told = told.mutate(other_file=told.file.first().over(same), first_row=told.row.first().over(same))
    is_first = (told.first_row == told.row) & (told.other_file == told.file)
    rows = told.filter((told.use == "conflicting") & ~is_first)
    row_text = rows.first_row.cast("string")
    other = (rows.other_file == rows.file).ifelse(row_text, row_text + " (" + rows.other_file + ")")
    return runs_of(_placed(rows, rows.vin, other_row=other), first=["other_row"])


@check("frame.late")
def late(tables: CheckTables) -> Table:
    """Good frames that were re-issued, arrived long after their device time, or came behind a younger one."""
    uses = tables.uses
    counted = uses.filter(uses.at_s.notnull())
    before = ibis.window(group_by=["file", "vin"], order_by="row", preceding=ROWS_APART_MAX, following=0)
    live_at_s = (counted.command == REAL_TIME).ifelse(counted.at_s, ibis.null("int64"))
    youngest = live_at_s.max().over(before)
    late_ms_min, very_late_ms_min = (
        int(tables.threshold("frame.late", name)) * 1000 for name in ("late_s_min", "very_late_s_min")
    )
    delay_ms = counted.received_at_ms - counted.device_time_s * 1000
    delayed = ((delay_ms > late_ms_min) & (counted.clock_off == 0)).fill_null(False)
    judged = counted.mutate(
        is_late=(counted.command == RE_ISSUE) | delayed | (counted.at_s < youngest).fill_null(False)
    )
    rows = judged.filter(judged.is_late)
    very_late = (rows.received_at_ms - rows.device_time_s * 1000 > very_late_ms_min).fill_null(False)
    return runs_of(_placed(rows, rows.vin, very_late=very_late.ifelse(1, 0)), sums=["very_late"])


@check("identity.unregistered-vin")
def unregistered_vin(tables: CheckTables) -> Table:
    """Frames of a truck that is not registered, and all that stands in such a truck's own files; a platform's link is
    none.
    """
    uses = tables.uses.filter(~_is_platform_link(tables.uses) & ~_is_before_login(tables.uses))
    not_ours = ~uses.folder_vin.isin(tables.vehicles.truck_vin)
    platforms = uses.command.isin(PLATFORM_COMMANDS).fill_null(False) & ~not_ours
    rows = uses.filter(((uses.use == "unregistered") & ~platforms) | (not_ours & (uses.use != "foreign")))
    return runs_of(_placed(rows, (rows.use == "unregistered").ifelse(rows.vin, rows.folder_vin)))


@check("frame.before-login")
def before_login(tables: CheckTables) -> Table:
    """Bytes that came on a connection before a truck was named on it, and are no frame that names one."""
    rows = tables.uses.filter(_is_before_login(tables.uses))
    return runs_of(_placed(rows, ibis.null("string")))


@check("identity.foreign-frame")
def foreign_frame(tables: CheckTables) -> Table:
    """Frames of one registered truck in the file of another."""
    rows = tables.uses.filter(tables.uses.use == "foreign")
    return runs_of(_placed(rows, rows.vin, folder_vin=rows.folder_vin), by=["folder_vin"])


def _with_outcome(tables: CheckTables, outcome: str, *columns: str) -> Table:
    """Give the rows of this outcome in files of registered trucks; the truck is the folder's, a damaged header names
    nobody.
    """
    uses = tables.uses
    rows = uses.filter((uses.outcome == outcome) & _is_ours(tables))
    if outcome == "ok":
        rows = rows.filter(~rows.use.isin(["unregistered", "other_edition"]) & rows.tail_reason.notnull())
    return _placed(rows, rows.folder_vin, **{name: rows[name] for name in columns})


def _is_platform_link(uses: Table) -> Column:
    """Whether a row stands in a folder in which a platform logs in and nothing speaks as a truck."""
    folder = ibis.window(group_by=uses.folder_vin)
    said = {"platform": uses.command.isin(PLATFORM_COMMANDS), "truck": uses.command.isin(TRUCK_COMMANDS)}
    counts = {name: each.fill_null(False).cast("int64").sum().over(folder) for name, each in said.items()}
    return (counts["platform"] > 0) & (counts["truck"] == 0)


def _is_before_login(uses: Table) -> Column:
    return (uses.folder_vin == NO_VIN) & (uses.outcome != "ok")


def _is_ours(tables: CheckTables) -> Column:
    """Whether a row stands in the folder of a registered truck."""
    return tables.uses.folder_vin.isin(tables.vehicles.truck_vin)


def _placed(rows: Table, vin: Column, **columns: Column) -> Table:
    at_s = ibis.coalesce(rows.at_s, rows.device_time_s)
    return rows.select(file=rows.file, row=rows.row, vin=vin, at_s=at_s, **columns)
