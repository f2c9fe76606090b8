"""`python -m h2verify.page` prints the page."""

import sys

from h2verify.page import render_page

if __name__ == "__main__":
    sys.stdout.buffer.write(render_page().encode("utf-8"))
