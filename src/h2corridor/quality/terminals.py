"""Checks of the terminals that trucks log in with."""

from collections.abc import Iterable

from h2corridor.activity.readings import Table
from h2corridor.model.findings import Finding
from h2corridor.quality.registry import CheckTables, Evidence, check
from h2corridor.quality.texts import instant_text


@check("identity.terminal-replaced")
def terminal_replaced(evidence: Evidence) -> Iterable[Finding]:
    """Logins with another terminal than is registered, or, where none is, than the truck's first; once a file."""
    registered = {each.vin: each.terminal_id for each in evidence.facts.vehicles}
    named: set[tuple[str, str]] = set()
    for login in evidence.logins:
        vin, came = login["vin"], login["terminal_id"]
        if vin not in registered:
            continue
        expected = registered[vin] or came
        registered[vin] = expected
        if came != expected and (login["file"], came) not in named:
            named.add((login["file"], came))
            yield Finding(
                check="identity.terminal-replaced",
                file=login["file"],
                row=login["row"],
                vin=vin,
                at=instant_text(login["at_s"]),
                params={"came": came, "registered": expected},
            )


def logins_of(tables: CheckTables) -> Table:
    """Every login of a truck in its own files, in order of time: vin, at_s, file, row, terminal_id."""
    uses = tables.uses
    rows = uses.filter((uses.use == "used") & uses.terminal_id.notnull())
    return rows.select("vin", "file", "row", "terminal_id", at_s=rows.device_time_s).order_by(
        ["vin", "at_s", "file", "row"]
    )
