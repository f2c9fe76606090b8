"""Assessing: many shipments in columns, one shipment with its derivation, each against its stated limit.

    python bench/assess.py [SHIPMENTS]       shipments of three elements each (20000)

Limits: at least 100,000 assessed legs a second a core in columns; less than 1 ms for one shipment with derivation.
Beside them, measured in the same run: bare products and sums of as many rows in the same arithmetic, and the way from a
file's text to texts again. Ratios and counts say something about the software; nothing here passes or fails.
"""

import csv
import decimal
import io
import json
import random
import statistics
import sys
import time
from collections.abc import Callable

import numpy as np
from h2verify.derivation import arithmetic

from h2corridor.accounting.assessment import assess_chain
from h2corridor.accounting.shipment_columns import assess_batch
from h2corridor.accounting.shipments import ShipmentsAssessor
from h2corridor.app.examples import example_document
from h2corridor.app.rules import get_rule_set
from h2corridor.model.chain import decode_chain
from h2corridor.model.shipment_table import ShipmentTable, decode_categories, read_shipment_table

LEGS_LIMIT = 100_000
ONE_LIMIT_MS = 1.0
HEADER = ("shipment_id", "mass_kg", "element_id", "kind", "category", "mode", "distance_kind", "distance_km")
TIMES = 3


def say(line: str) -> None:
    """Print a line."""
    sys.stdout.write(f"{line}\n")


def drawn_table(shipments: int) -> str:
    """A table of random shipments: by truck, through a terminal, by train."""
    draw = random.Random(1)
    file = io.StringIO()
    rows = csv.writer(file)
    rows.writerow(HEADER)
    for number in range(shipments):
        mass = str(draw.randint(1, 24_000))
        for name, kind, category, mode in (
            ("E1", "transport", "truck", "road"),
            ("E2", "hub", "terminal", ""),
            ("E3", "transport", "train", "rail"),
        ):
            distance = ("sfd", f"{draw.randint(1, 99_999) / 100}") if mode else ("", "")
            rows.writerow([f"S{number}", mass, name, kind, category, mode, *distance])
    return file.getvalue()


def best(action: Callable[[], object]) -> float:
    """Seconds of the best of several runs."""
    seconds = []
    for _ in range(TIMES):
        began = time.perf_counter()
        action()
        seconds.append(time.perf_counter() - began)
    return min(seconds)


def bare(rows: int) -> None:
    """As much as no assessment can leave out: three products and two sums a row, in the same arithmetic."""
    values = np.array([decimal.Decimal(number) for number in range(rows)], dtype=np.object_)
    with decimal.localcontext(arithmetic()):
        products = [values * decimal.Decimal("0.15015") for _ in range(3)]
        np.add.reduce(products[0] + products[1])


def main() -> None:
    """Print figures and ratios."""
    shipments = int(sys.argv[1]) if len(sys.argv) > 1 else 20_000
    legs = 3 * shipments
    edition = get_rule_set("iso14083")
    text = drawn_table(shipments)
    shared = decode_categories(example_document("shipments-categories").encode(), about="categories")

    def table() -> ShipmentTable:
        return read_shipment_table(io.StringIO(text), about="table")

    batches = list(ShipmentsAssessor(table(), shared, edition).list_batches())
    columns = best(lambda: [assess_batch(rows, edition, on=day) for rows, day in batches])
    floor = best(lambda: bare(legs))
    whole = best(lambda: ShipmentsAssessor(table(), shared, edition).assess())
    say(
        f"in columns: {legs / columns:,.0f} legs/s, {legs / columns / LEGS_LIMIT:.1f} times the limit of {LEGS_LIMIT:,}"
    )
    say(f"  {columns / floor:.1f} times three products and two sums a leg alone")
    say(f"from a table's text to closed texts of every shipment and element: {legs / whole:,.0f} legs/s")

    chain = decode_chain(json.dumps(json.loads(example_document("freight-chain"))).encode())
    times = []
    for _ in range(300):
        began = time.perf_counter()
        result = assess_chain(chain, edition)
        times.append((time.perf_counter() - began) * 1000)
    one = statistics.median(times)
    sizes = f"{len(result.elements)} elements, {len(result.derivation)} steps"
    say(f"one shipment, {sizes}: {one:.2f} ms, {one / ONE_LIMIT_MS:.2f} of the limit")


if __name__ == "__main__":
    main()
