"""The command line: reads arguments, calls one use case, prints. No decision about data or figures is taken here.

Exit status: 0 it ran (findings included); 2 unusable input or usage; 1 failure.
"""

import io
import sys

from h2corridor.model.errors import CorridorError


def main() -> None:
    """Run the command line and exit."""
    from h2verify.errors import VerifyError

    from h2corridor.cli.commands import app
    from h2corridor.cli.options import asked_language
    from h2corridor.console.error_texts import speak

    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
    try:
        app()
    except (VerifyError, CorridorError) as error:
        sys.stderr.write(f"{speak(error.message, asked_language(sys.argv))}\n")
        sys.exit(error.exit_status if isinstance(error, CorridorError) else 1)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(1)


__all__ = ["main"]
