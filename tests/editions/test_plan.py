"""The plan's figures, and files that cannot be trusted."""

from datetime import date
from pathlib import Path

import pytest

from victimcare.editions.plan import PUBLISHED_PLAN, load_plan, published_plan
from victimcare.editions.reading import BadEdition


def test_5_and_25_percent_better_are_read_in_two_ways() -> None:
    plan = published_plan()
    targets = {reading.id: (plan.baseline, *reading.shares) for reading in plan.readings}
    assert targets == {"points": (0.20, 0.25, 0.45), "relative": (0.20, 0.21, 0.25)}


def test_the_first_target_is_six_months_and_the_second_four_years_from_the_start() -> None:
    plan = published_plan()
    assert plan.starts_on == date(2024, 10, 1)
    assert [target.by_on for target in plan.targets] == [date(2025, 3, 31), date(2028, 9, 30)]


def test_the_path_is_straight_between_the_points_and_ends_with_them() -> None:
    plan = published_plan()
    points = plan.readings[0]
    assert plan.path_on(points, date(2024, 9, 30)) is None
    assert plan.path_on(points, date(2024, 10, 1)) == pytest.approx(0.20)
    assert plan.path_on(points, date(2025, 3, 31)) == pytest.approx(0.25)
    half_way = date.fromordinal((date(2025, 3, 31).toordinal() + date(2028, 9, 30).toordinal()) // 2)
    assert plan.path_on(points, half_way) == pytest.approx(0.35, abs=0.0005)
    assert plan.path_on(points, date(2028, 10, 1)) is None


@pytest.mark.parametrize(
    ("right", "wrong", "sentence"),
    [
        ("baseline = 20\n", "baseline = 120\n", "plan.baseline: a percentage must be a whole number from 0 to 100"),
        ("baseline = 20\n", 'baseline = "20"\n', "plan.baseline: it must be a whole number, 0 or more"),
        ("baseline = 20\n", "", "plan.baseline: it is missing"),
        ("baseline = 20\n", "baseline = 20\nbase = 1\n", "plan.base: an edition has no such field here"),
        ("shares = [25, 45]", "shares = [25]", "reading points: shares: it must list 2 percentages"),
        ("shares = [25, 45]", "shares = [25, 4.5]", "reading points: shares: a percentage must be a whole number"),
        ("by_on = 2025-03-31", "by_on = 2029-03-31", "target: each target must come after the one before it"),
        ("by_on = 2025-03-31", "by_on = 2024-10-01", "target: each target must come after the one before it"),
        ('id = "relative"', 'id = "points"', "reading: a plan needs a reading, and each an id of its own"),
        ("[plan]", "[plan", "it is not valid TOML"),
    ],
)
def test_a_file_that_cannot_be_trusted_is_refused_by_field(
    tmp_path: Path, right: str, wrong: str, sentence: str
) -> None:
    text = PUBLISHED_PLAN.read_text("utf-8")
    assert right in text
    file = tmp_path / "plan.toml"
    file.write_text(text.replace(right, wrong, 1), "utf-8")
    with pytest.raises(BadEdition) as refused:
        load_plan(file)
    assert str(refused.value).startswith(f"plan.toml: {sentence}")


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadEdition, match="cannot be read"):
        load_plan(tmp_path / "plan.toml")
