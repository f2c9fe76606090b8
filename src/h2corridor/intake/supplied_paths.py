"""Which paths a supplier may fill by a door: those of the trial format, and none that the gateway fills."""

from h2corridor.intake.columns import list_tables
from h2corridor.intake.signatures import FOLDER as SIGNATURES
from h2corridor.intake.signatures import KEYS_FILE
from h2corridor.intake.telemetry_paths import find_telemetry_path
from h2corridor.intake.trial_header import FILE as TRIAL_HEADER
from h2corridor.model.errors import InputError


def require_supplied_path(path: str) -> None:
    """Refuse a path that no supplier may fill.

    Raises
    ------
    InputError
        `inbox.unknown-path`: the trial format has no such file. `inbox.gateway-part`: a part of a day, which the
        gateway alone writes.
    """
    telemetry = find_telemetry_path(path)
    if telemetry is not None and telemetry.is_part:
        raise InputError(
            "inbox.gateway-part",
            "expected a whole day, came a part of one: parts are written by the gateway alone.",
            about=path,
            next_step=f"Send it as telemetry/{telemetry.vin}/{telemetry.day}.csv.gz.",
        )
    if telemetry is None and path not in {TRIAL_HEADER, *(table.file for table in list_tables())} and not _signs(path):
        raise InputError(
            "inbox.unknown-path",
            "expected trial.toml, a table of the trial format, telemetry/<VIN>/<day>.csv.gz or signatures/<name>.note.",
            about=ascii(path)[1:-1][:200],
            next_step="Give the path as it stands in the trial format.",
        )


def _signs(path: str) -> bool:
    name = path.removeprefix(SIGNATURES)
    return path == KEYS_FILE or (name != path and "/" not in name and name.endswith(".note"))
