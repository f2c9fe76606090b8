"""Which paths are telemetry."""

from h2corridor.intake import list_telemetry_paths


def test_paths_are_sorted_by_truck_and_day() -> None:
    paths = [
        "telemetry/LTESTHYDR0GEN0002/2026-03-02.csv.gz",
        "telemetry/LTESTHYDR0GEN0001/2026-03-03.csv.gz",
        "telemetry/LTESTHYDR0GEN0001/2026-03-02.csv.gz",
        "legs.csv",
    ]
    found, findings = list_telemetry_paths(paths)

    assert [
        ("LTESTHYDR0GEN0001", "2026-03-02"),
        ("LTESTHYDR0GEN0001", "2026-03-03"),
        ("LTESTHYDR0GEN0002", "2026-03-02"),
    ] == [(each.vin, each.day) for each in found]
    assert findings == []


def test_parts_of_a_day_stand_in_their_order_before_the_whole_day() -> None:
    names = ["2026-03-02.000000000002", "2026-03-02.000000000010", "2026-03-02", "2026-03-03.000000000001"]
    paths = [f"telemetry/LTESTHYDR0GEN0001/{name}.csv.gz" for name in names]
    found, findings = list_telemetry_paths(reversed(paths))

    assert (paths, []) == ([each.path for each in found], findings)


def test_a_path_of_another_shape_is_a_finding_and_not_read() -> None:
    wrong = [
        "telemetry/2026-03-02.csv.gz",
        "telemetry/LTESTHYDR0GEN0001/2026-02-30.csv.gz",
        "telemetry/LTESTHYDR0GEN0001/2026-03-02.x.csv.gz",
        "telemetry/LTESTHYDR0GEN0001/2026-03-02..csv.gz",
        "telemetry/LTESTHYDR0GEN0001/2026-03-02.csv",
        "telemetry/ltesthydr0gen0001/2026-03-02.csv.gz",
        "telemetry/LTESTHYDR0GEN0001/x/2026-03-02.csv.gz",
    ]
    found, findings = list_telemetry_paths([*wrong, "telemetry/LTESTHYDR0GEN0001/2026-03-02.csv.gz"])

    assert 1 == len(found)
    assert [("telemetry.path-wrong", path) for path in sorted(wrong)] == [(each.check, each.file) for each in findings]


def test_no_telemetry_at_all_is_a_finding() -> None:
    _, findings = list_telemetry_paths(["legs.csv"])

    assert [("table.file-absent", "telemetry/")] == [(each.check, each.file) for each in findings]
