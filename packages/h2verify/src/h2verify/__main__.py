"""`python -m h2verify`, and what the one-file archive runs."""

import sys

from h2verify.cli import main

if __name__ == "__main__":
    sys.exit(main())
