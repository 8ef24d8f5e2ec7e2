"""Figures that are published, and published again: what two of them tell whoever subtracts."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations
from random import Random
from typing import Any

import pytest

from tests.domain.recovery import Line, Name, recovered_by_elimination, recovered_by_subtraction
from victimcare.domain.agencies import OWN_AGENCY
from victimcare.domain.compliance import Outcome
from victimcare.domain.counted import (
    GAPS,
    NOT_ASKED,
    SPLITS,
    VICTIMS,
    Asked,
    CountedDuty,
    CountedOnce,
    CountedVictim,
    Overturned,
    Recorded,
    Tried,
    check,
    closed_case,
    gap,
    groups_in_all,
    opened_by,
    silent_case,
)
from victimcare.domain.published_figures import (
    DaysTaken,
    Publication,
    PublishedLine,
    PublishedTable,
    publish,
    shown_beside,
)
from victimcare.domain.quarter import Quarter
from victimcare.domain.replay_choices import DUTIES, Told
from victimcare.domain.small_numbers import SUPPRESSED, Count
from victimcare.domain.support_reached import REFERRED, SupportReached
from victimcare.domain.tally import Breakdown, By, Counted, Tally

SPRING = Quarter(2026, 2)
IN_JULY, IN_OCTOBER = date(2026, 7, 14), date(2026, 10, 14)
DUTY = CountedDuty(OWN_AGENCY, 6, "R6-ARR", "2026-04", "Luton", "Burglary", "standard", "luton", Outcome.MET, 2)
OF_RIGHTS, OF_AREAS = Breakdown(OWN_AGENCY, By.RIGHT), Breakdown(OWN_AGENCY, By.AREA)


def tally(*duties: tuple[Counted, int]) -> Tally:
    """So many of each of these."""
    counted = Tally()
    for duty, count in duties:
        for _ in range(count):
            counted.add(duty)
    return counted


def published(
    counted: Tally, *, threshold: int = 5, on: date = IN_JULY, earlier: Sequence[Publication] = ()
) -> Publication | None:
    return publish(counted, quarter=SPRING, known_on=on, threshold=threshold, earlier=earlier)


def first(counted: Tally, *, threshold: int = 5) -> Publication:
    publication = published(counted, threshold=threshold)
    assert publication
    return publication


def table_of(publication: Publication | None, breakdown: Breakdown) -> PublishedTable:
    assert publication
    table = publication.table(breakdown)
    assert table
    return table


def late(duty: CountedDuty) -> CountedDuty:
    return duty._replace(outcome=Outcome.MET_LATE, days=9)


BEDFORD = DUTY._replace(area="Bedford Borough")
USUAL = ((DUTY, 60), (late(DUTY), 20), (BEDFORD, 50), (late(BEDFORD), 10))


def test_a_table_has_the_sums_of_its_lines_and_the_day_as_of_which_it_is_known() -> None:
    table = table_of(first(tally(*USUAL)), OF_AREAS)
    assert table.known_on == IN_JULY
    assert (table.total.outcomes[Outcome.MET], table.total.outcomes[Outcome.MET_LATE]) == (110, 30)
    assert [(row.value, row.counted.total) for row in table.rows] == [("Bedford Borough", 60), ("Luton", 80)]


def test_what_is_hidden_of_a_right_is_hidden_of_its_rules() -> None:
    of_other = DUTY._replace(right=3, rule="R3-OTHER")
    publication = first(tally((DUTY, 40), (late(DUTY), 3), (of_other, 30), (late(of_other), 10)))
    rights = table_of(publication, OF_RIGHTS)
    assert {row.outcomes[Outcome.MET_LATE] for row in rights.rows} == {SUPPRESSED}
    (rule,) = table_of(publication, Breakdown(OWN_AGENCY, By.RULE, "6")).rows
    assert rule.outcomes[Outcome.MET_LATE] is SUPPRESSED


def test_an_agency_with_few_duties_is_not_broken_down_at_all() -> None:
    publication = first(tally((DUTY, 2), (BEDFORD, 1)))
    assert table_of(publication, OF_AREAS).rows == ()
    assert table_of(publication, OF_AREAS).total.counted.total is SUPPRESSED
    assert publication.table(Breakdown(OWN_AGENCY, By.RULE, "6")) is None


def test_what_victims_were_asked_is_told_of_a_team_that_is_shown_and_of_no_other() -> None:
    def victims(team: str, asked: int, not_asked: int) -> list[tuple[Counted, int]]:
        of = CountedVictim("2026-04", "Luton", "Burglary", team, SupportReached.STARTED)
        answers = {"Female": asked, NOT_ASKED: not_asked}
        return [(of._replace(characteristics=((By.SEX, answer),)), count) for answer, count in answers.items()]

    shown = first(tally(*victims("a", 20, 9), *victims("b", 30, 12), *victims("c", 2, 1), *victims("d", 4, 2)))
    in_all = table_of(shown, Breakdown(VICTIMS, By.ASKED))
    assert [(row.value, row.groups[0].total) for row in in_all.rows] == [(Asked.ALL, 56), (Asked.NONE, 24)]
    of_a = table_of(shown, Breakdown(VICTIMS, By.ASKED, "a"))
    assert [(row.value, row.groups[0].total) for row in of_a.rows] == [(Asked.ALL, 20), (Asked.NONE, 9)]
    assert not [
        count for count in table_of(shown, Breakdown(VICTIMS, By.ASKED, "c")).total.numbers if count != SUPPRESSED
    ]


def test_a_table_that_was_never_shown_is_not_where_its_sum_differs_by_a_few_from_what_was_shown() -> None:
    def with_areas(counted: Tally, *, areas: bool) -> Tally:
        if not areas:
            del counted.tables[OF_AREAS]
        return counted

    shown = first(with_areas(tally((DUTY, 40)), areas=False))
    again = published(with_areas(tally((DUTY, 42)), areas=True), on=IN_OCTOBER, earlier=[shown])
    assert again is None
    again = published(with_areas(tally((DUTY, 47)), areas=True), on=IN_OCTOBER, earlier=[shown])
    assert table_of(again, OF_AREAS).total.counted.total == 47


def test_only_our_own_duties_have_teams() -> None:
    publication = first(tally((DUTY, 10), (DUTY._replace(agency="cps"), 10)))
    assert publication.table(Breakdown(OWN_AGENCY, By.TEAM))
    assert publication.table(Breakdown("cps", By.TEAM)) is None


@pytest.mark.parametrize(
    ("of_two_days", "of_nine", "days"),
    [
        (5, 4, None),
        (6, 4, DaysTaken(2, None)),
        (4, 6, DaysTaken(9, None)),
        (45, 5, DaysTaken(2, 2)),
        (44, 6, DaysTaken(2, 9)),
    ],
)
def test_days_are_told_where_no_few_decide_them(of_two_days: int, of_nine: int, days: DaysTaken | None) -> None:
    slow = DUTY._replace(days=9)
    assert table_of(first(tally((DUTY, of_two_days), (slow, of_nine))), OF_AREAS).total.days == days


# ------------------------------------------------------------------------------------------------------ published again


def test_nothing_new_is_not_published_again() -> None:
    assert published(tally(*USUAL), on=IN_OCTOBER, earlier=[first(tally(*USUAL))]) is None


def test_what_one_late_record_changed_stays_as_it_was_published() -> None:
    changed = tally((DUTY, 61), (late(DUTY), 19), *USUAL[2:])
    assert published(changed, on=IN_OCTOBER, earlier=[first(tally(*USUAL))]) is None


def test_a_table_is_published_again_once_enough_has_changed_everywhere_in_it() -> None:
    before = first(tally(*USUAL))
    again = published(tally((DUTY, 65), (late(DUTY), 15), *USUAL[2:]), on=IN_OCTOBER, earlier=[before])
    assert again
    assert again.number == 2
    areas = table_of(again, OF_AREAS)
    assert (areas.known_on, areas.rows[1].outcomes[Outcome.MET]) == (IN_OCTOBER, 65)


def test_where_one_line_changed_by_a_few_its_table_stays_and_others_do_not() -> None:
    before = first(tally(*USUAL))
    changed = tally((DUTY, 64), (late(DUTY), 16), (BEDFORD, 52), (late(BEDFORD), 8))
    again = published(changed, on=IN_OCTOBER, earlier=[before])
    assert table_of(again, OF_AREAS) == table_of(before, OF_AREAS)
    assert table_of(again, OF_RIGHTS).rows[0].outcomes[Outcome.MET] == 116


def test_what_was_hidden_stays_hidden() -> None:
    before = first(tally((DUTY, 60), (late(DUTY), 3), (BEDFORD, 50), (late(BEDFORD), 10)))
    more = tally((DUTY, 60), (late(DUTY), 8), (BEDFORD, 50), (late(BEDFORD), 10))
    again = published(more, on=IN_OCTOBER, earlier=[before])
    assert table_of(again or before, OF_AREAS) == table_of(before, OF_AREAS), "8 - 5 would have been 3"


def test_what_is_hidden_of_a_line_may_not_differ_by_a_few_all_together_either() -> None:
    overdue = DUTY._replace(outcome=Outcome.OPEN)
    before = first(tally((DUTY, 40), (late(DUTY), 3), (overdue, 4)))
    assert table_of(before, OF_RIGHTS).total.counted.parts.count(SUPPRESSED) == 2
    six_more_met_and_one_late_less = tally((DUTY, 46), (late(DUTY), 2), (overdue, 4))
    again = published(six_more_met_and_one_late_less, on=IN_OCTOBER, earlier=[before])
    assert table_of(again, OF_RIGHTS) == table_of(before, OF_RIGHTS)
    again = published(tally((DUTY, 46), (late(DUTY), 3), (overdue, 4)), on=IN_OCTOBER, earlier=[before])
    assert table_of(again, OF_RIGHTS).known_on == IN_OCTOBER


def test_what_is_hidden_of_a_column_may_not_differ_by_a_few_all_together_either() -> None:
    elsewhere = DUTY._replace(area="Central Bedfordshire")
    before = first(tally((DUTY, 40), (BEDFORD, 3), (elsewhere, 4)))
    again = published(tally((DUTY, 46), (BEDFORD, 2), (elsewhere, 4)), on=IN_OCTOBER, earlier=[before])
    assert table_of(again, OF_AREAS) == table_of(before, OF_AREAS), "six more in Luton, and one less elsewhere"
    again = published(tally((DUTY, 46), (BEDFORD, 3), (elsewhere, 4)), on=IN_OCTOBER, earlier=[before])
    assert table_of(again, OF_AREAS).known_on == IN_OCTOBER


def test_it_is_compared_with_every_publication_before() -> None:
    before = first(tally(*USUAL))
    second = published(tally((DUTY, 70), (late(DUTY), 10), *USUAL[2:]), on=IN_OCTOBER, earlier=[before])
    assert second
    back = tally((DUTY, 62), (late(DUTY), 18), *USUAL[2:])
    assert published(back, on=IN_OCTOBER, earlier=[before, second]) is None, "two more than at first"


def test_a_higher_threshold_is_published_whatever_was_before() -> None:
    before = first(tally(*USUAL))
    again = published(tally(*USUAL), threshold=15, on=IN_OCTOBER, earlier=[before])
    assert again
    assert (again.threshold, table_of(again, OF_AREAS).rows[0].outcomes[Outcome.MET_LATE]) == (15, SUPPRESSED)


def test_a_lower_threshold_shows_no_more_than_was_shown() -> None:
    before = first(tally(*USUAL), threshold=15)
    again = published(tally(*USUAL, (late(DUTY._replace(agency="cps")), 7)), on=IN_OCTOBER, earlier=[before])
    assert again
    assert again.threshold == 15
    shown = [count for table in again.tables for row in (table.total, *table.rows) for count in row.numbers]
    assert not [count for count in shown if isinstance(count, int) and 0 < count < 15]


def random_duties(chance: Random, count: int) -> Iterator[CountedDuty]:
    for _ in range(count):
        right = chance.choice([3, 6, 6, 6])
        yield DUTY._replace(
            cause=chance.choice(["workload", "overlooked", None]),
            tried=chance.choice(list(Tried)),
            recorded=chance.choice(list(Recorded)),
            overturned=chance.choices(list(Overturned), [6, 1])[0],
            right=right,
            rule=f"R{right}-{chance.choice('AB')}",
            month=chance.choice(SPRING.months),
            area=chance.choice(["Luton", "Luton", "Bedford Borough", "Central Bedfordshire"]),
            crime_type=chance.choice(["Burglary", "Robbery", "Shoplifting"]),
            tier=chance.choice(["standard", "standard", "enhanced"]),
            team=chance.choice(["a", "b"]),
            outcome=chance.choices(list(Outcome)[:6], [40, 8, 3, 1, 5, 2])[0],
        )


def random_victims(chance: Random, count: int) -> Iterator[CountedVictim]:
    steps = [SupportReached.DECLINED, SupportReached.NOT_OFFERED, *REFERRED, SupportReached.NO_EVIDENCE]
    for _ in range(count):
        yield CountedVictim(
            chance.choice(SPRING.months),
            chance.choice(["Luton", "Luton", "Bedford Borough"]),
            chance.choice(["Burglary", "Robbery"]),
            chance.choices("abc", [9, 9, 1])[0],
            chance.choices(steps, [30, 10, 6, 3, 2, 8, 1])[0],
            (
                (By.SEX, chance.choices(["Female", "Male", NOT_ASKED], [5, 4, 1])[0]),
                (By.RELIGION, chance.choices(["none", NOT_ASKED], [7, 1])[0]),
            ),
        )


def random_others(chance: Random, count: int) -> Iterator[CountedOnce]:
    for _ in range(count):
        yield gap(chance.choice(["Luton", "Bedford Borough"]), chance.choice(["court", "stalking", "safety"]))
        yield check([(question, chance.choices(["yes", "no"], [6, 1])[0]) for question in ("plain", "next")])
        yield silent_case(chance.choices([5, 30, 60, 100], [20, 3, 2, 1])[0])
        yield closed_case(chance.choices([1, 2, 3], [20, 3, 1])[0])


def moved_duty(one: CountedDuty) -> CountedDuty:
    return one._replace(outcome=Outcome.MET)


def moved_victim(one: CountedVictim) -> CountedVictim:
    return one._replace(outcome=SupportReached.STARTED)


def moved_other(one: CountedOnce) -> CountedOnce:
    return gap("Luton", "court") if one.of == GAPS else one


@pytest.mark.parametrize(
    ("invented", "moved"),
    [(random_duties, moved_duty), (random_victims, moved_victim), (random_others, moved_other)],
    ids=["duties", "victims", "others"],
)
def test_no_hidden_number_is_recovered_from_two_publications_nor_any_small_change(
    invented: Callable[[Random, int], Iterator[Any]], moved: Callable[[Any], Any]
) -> None:
    """Whatever is shown of a quarter twice is subtracted too: the differences are numbers like others."""
    chance = Random(31)
    changed = 0
    for _ in range(60):
        items = list(invented(chance, chance.choice([30, 120, 500])))
        before = first(tally(*((one, 1) for one in items)))
        for place in chance.sample(range(len(items)), chance.choice([1, 3, len(items) // 3])):
            items[place] = moved(items[place])
        after = published(tally(*((one, 1) for one in items)), on=IN_OCTOBER, earlier=[before])
        if after is None:
            continue
        changed += 1
        given = Given({}, [], {})
        for table in sorted((*before.tables, *after.tables), key=lambda table: table.breakdown.by in SPLITS):
            given.add(table)
        assert recovered_by_subtraction(given.shown, given.sums) == set()
        assert recovered_by_elimination(given.shown, given.sums) == set()
        for versions in given.versions.values():
            assert all(abs(one - other) >= 5 for one, other in combinations(sorted(versions), 2))
    assert changed > 1


@pytest.mark.parametrize(
    ("invented", "moved", "menu"),
    [
        (random_duties, moved_duty, [Told.RIGHT]),
        (random_duties, moved_duty, [told for told in Told if told.of == DUTIES]),
        (random_victims, moved_victim, [told for told in Told if told.of == VICTIMS]),
        (random_others, moved_other, [Told.GAPS, Told.QUALITY, Told.SILENCE, Told.CONTINUITY]),
    ],
    ids=["duties by right", "any of duties", "victims", "others"],
)
def test_no_small_change_is_recovered_from_everything_that_can_be_reckoned_anew(
    invented: Callable[[Random, int], Iterator[Any]], moved: Callable[[Any], Any], menu: list[Told]
) -> None:
    """The whole menu is asked of a quarter, days and editions, and it is published again: all of that is subtracted."""
    chance = Random(47)
    shown_of_replays = 0
    for _ in range(6):
        items = list(invented(chance, chance.choice([120, 300])))
        publications = [first(tally(*((one, 1) for one in items)))]
        replays: list[Publication] = []
        for number in range(6):
            changed = chance.sample(range(len(items)), chance.choice([1, 3, 20, len(items) // 3]))
            other = [moved(one) if place in changed else one for place, one in enumerate(items)]
            reckoned = other[: chance.choice([len(other), len(other) - 2, len(other) - 60])]
            of = {"quarter": SPRING, "known_on": date(2026, 8, 1 + number), "told": chance.choice(menu).has}
            replays.append(
                shown_beside(tally(*((one, 1) for one in reckoned)), shown=(*publications, *replays), **of)  # type: ignore[arg-type]
            )
        again = publish(
            tally(*((moved(one), 1) for one in items)),
            quarter=SPRING,
            known_on=IN_OCTOBER,
            threshold=5,
            earlier=publications,
            beside=replays,
        )
        given = Given({}, [], {})
        tables = [table for one in (*publications, *replays, *((again,) if again else ())) for table in one.tables]
        for table in sorted(tables, key=lambda table: table.breakdown.by in SPLITS):
            given.add(table)
        assert recovered_by_subtraction(given.shown, given.sums) == set()
        assert recovered_by_elimination(given.shown, given.sums) == set()
        for versions in given.versions.values():
            assert all(abs(one - other) >= 5 for one, other in combinations(sorted(versions), 2))
        shown_of_replays += sum(len(one.tables) for one in replays)
    assert shown_of_replays > 0


def places_of(of: str, outcomes: Sequence[str]) -> list[int]:
    """Which numbers of a line of this count these outcomes."""
    numbers = [column for group in groups_in_all(of) for column in (*group, ("the sum of the group",))]
    return [place for place, column in enumerate(numbers) if set(column) <= set(outcomes)]


@dataclass
class Given:
    """What a reader is given: each line as of each day, what it adds up to, and every version of each number."""

    shown: dict[Name, Count]
    sums: list[Line]
    versions: dict[Name, set[int]]

    def add(self, table: PublishedTable) -> None:
        """A table as of its day."""
        of, split = table.breakdown.within, SPLITS.get(table.breakdown.by)
        whole: Name = (table.breakdown.of,)
        if of is not None and table.breakdown.by is not By.ANSWER:
            whole = (*whole, opened_by(table.breakdown.of).value, "None", of)
        if split:
            parts_of_it: list[Name] = [
                (*whole, str(table.known_on), place) for place in places_of(table.breakdown.of, split)
            ]
            whole = (*whole, "split", *split)
            if parts_of_it[0] in self.shown:
                self.sums.append((parts_of_it, (*whole, str(table.known_on), 1)))
        lines: list[Name] = [(table.breakdown.of, table.breakdown.by.value, str(of), row.value) for row in table.rows]
        for name, line in zip([whole, *lines], [table.total, *table.rows], strict=True):
            self._line(name, line, str(table.known_on))
        if lines:
            for place in range(len(table.total.numbers)):
                parts: list[Name] = [(*name, str(table.known_on), place) for name in lines]
                self.sums.append((parts, (*whole, str(table.known_on), place)))

    def _line(self, name: Name, line: PublishedLine, known_on: str) -> None:
        for place, count in enumerate(line.numbers):
            self.shown[*name, known_on, place] = count
            if isinstance(count, int):
                self.versions.setdefault((*name, place), set()).add(count)
        first_part = 0
        for group in line.groups:
            total = first_part + len(group.parts)
            parts: list[Name] = [(*name, known_on, part) for part in range(first_part, total)]
            self.sums.append((parts, (*name, known_on, total)))
            first_part = total + 1
