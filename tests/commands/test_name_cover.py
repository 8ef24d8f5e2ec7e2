"""Cover: whoever stands in works on the cases meanwhile, on those days and no other."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from sqlalchemy import select, text

from tests.force import MONDAY, Force, a_force
from victimcare.commands.name_cover import NoSuchCover, end_cover, name_cover
from victimcare.commands.record_event import NewEvent, record_event
from victimcare.domain.cover import Cover, CoverRefused
from victimcare.domain.event_kinds import EventKind
from victimcare.domain.journey import Moment
from victimcare.domain.people import Person
from victimcare.editions.workload import published_weights
from victimcare.queries.case_page import case_page
from victimcare.queries.covers import cover_page, standing_in
from victimcare.queries.worklist import worklist
from victimcare.store import staff
from victimcare.store.cases import NoSuchCase
from victimcare.store.covers import with_cover
from victimcare.store.tables import Audit

FIRST, BACK = date(2026, 5, 19), date(2026, 5, 26)
DAY = timedelta(days=1)


@pytest.fixture
def force(database_url: str) -> Iterator[Force]:
    force = a_force(database_url)
    yield force
    force.database.close()


def name(force: Force, *, by: Person | None = None, **changes: object) -> int:
    cover = Cover(**{"officer_id": "ash", "cover_id": "birch", "from_on": FIRST, "until_on": BACK, **changes})
    with force.database.writing() as connection:
        return name_cover(connection, cover=cover, by=by or force.elm, now=MONDAY)


def on(force: Force, person: Person, day: date) -> Person:
    """The person as they are known on that day."""
    with force.database.reading() as connection:
        return with_cover(connection, person, on=day)


def test_the_cover_works_on_the_cases_from_the_first_day_until_the_officer_is_back(force: Force) -> None:
    ref = force.record_crime("Wren Sample", officer_of_open_case="ash")[0].case.ref
    name(force)
    seen: dict[date, int] = {}
    for day in (FIRST - DAY, FIRST, BACK - DAY, BACK):
        birch = on(force, force.birch, day)
        with force.database.reading() as connection:
            work = worklist(connection, person=birch, today=day, law=force.law)
            seen[day] = len({duty.ref for duty in work.due_soon.rows + work.due_today.rows + work.overdue.rows})
            if seen[day]:
                page = case_page(connection, person=birch, ref=ref, today=day, law=force.law, agency_names={})
                assert page.custody.cover is not None
                assert (page.custody.cover.cover_name, page.custody.cover.until_on) == ("Birch Example", BACK)
                assert page.may_record
            else:
                with pytest.raises(NoSuchCase):
                    case_page(connection, person=birch, ref=ref, today=day, law=force.law, agency_names={})
    assert list(seen.values()) == [0, 1, 1, 0]


def test_what_is_done_under_cover_is_audited_as_that_and_the_officer_keeps_the_case(force: Force) -> None:
    mine = force.record_crime("Robin Own", ref="40/2/26", officer_of_open_case="birch")[0].case.ref
    ref = force.record_crime("Wren Sample", officer_of_open_case="ash")[0].case.ref
    name(force)
    birch = on(force, force.birch, FIRST)
    now = MONDAY + DAY
    for case in (ref, mine):
        event = NewEvent(EventKind.CONTACT_ATTEMPTED, Moment.instant(now), details={"channel": "phone"})
        with force.database.writing() as connection:
            record_event(connection, ref=case, event=event, by=birch, now=now, law=force.law)
    audit = Audit.__table__
    with force.database.reading() as connection:
        rows = connection.execute(select(audit.c.basis).where(audit.c.person_id == "birch").order_by(audit.c.seq))
        assert list(rows.scalars()) == ["cover", "case officer"]
        page = case_page(connection, person=force.ash, ref=ref, today=FIRST, law=force.law, agency_names={})
    assert page.officer_name == "Ash Example"


def test_while_somebody_stands_in_no_new_case_goes_to_the_officer(force: Force) -> None:
    name(force)
    with force.database.reading() as connection:
        for day, here in ((FIRST - DAY, True), (FIRST, False), (BACK - DAY, False), (BACK, True)):
            (ash,) = staff.candidates(connection, today=day, weights=published_weights(), officer_ids=["ash"])
            assert ash.present is here, day


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"cover_id": "ash"}, "cover"),
        ({"cover_id": "cedar"}, "cover"),
        ({"cover_id": "board"}, "cover"),
        ({"cover_id": "nobody"}, "cover"),
        ({"officer_id": "cedar", "cover_id": "birch"}, "officer"),
        ({"officer_id": "nobody"}, "officer"),
        ({"from_on": MONDAY.date() - DAY}, "from_on"),
        ({"until_on": FIRST}, "until_on"),
        ({"until_on": FIRST + timedelta(days=400)}, "until_on"),
    ],
    ids=str,
)
def test_what_cannot_be_is_refused_at_its_field(force: Force, changes: dict[str, object], field: str) -> None:
    with pytest.raises(CoverRefused) as refused:
        name(force, **changes)
    assert refused.value.field == field


def test_nobody_is_covered_twice_at_once_or_by_somebody_who_is_away(force: Force) -> None:
    name(force)
    with pytest.raises(CoverRefused, match="named for some of these days"):
        name(force, cover_id="elm", from_on=BACK - DAY, until_on=BACK + DAY)
    with pytest.raises(CoverRefused, match="away themselves"):
        name(force, officer_id="elm", cover_id="ash")
    name(force, cover_id="elm", from_on=BACK, until_on=BACK + DAY)
    with force.database.writing() as connection:
        connection.execute(text("UPDATE person SET absent_from_on = '2026-06-05' WHERE id = 'birch'"))
    with pytest.raises(CoverRefused, match="away themselves"):
        name(force, from_on=date(2026, 6, 4), until_on=date(2026, 6, 6))
    name(force, from_on=date(2026, 6, 4), until_on=date(2026, 6, 5))


def test_officers_name_their_own_cover_and_nobody_elses(force: Force) -> None:
    with pytest.raises(CoverRefused):
        name(force, by=force.birch)
    with pytest.raises(CoverRefused):
        name(force, by=force.fir)
    name(force, by=force.ash)
    birch = on(force, force.birch, FIRST)
    with pytest.raises(CoverRefused, match="Choose"):
        name(force, by=birch, cover_id="elm", from_on=BACK, until_on=BACK + DAY)


def test_it_ends_early_at_once_and_only_by_those_who_may(force: Force) -> None:
    cover_id = name(force)
    for by in (force.birch, force.fir, on(force, force.birch, FIRST)):
        with pytest.raises(NoSuchCover), force.database.writing() as connection:
            end_cover(connection, cover_id=cover_id, by=by, now=MONDAY + DAY)
    with force.database.writing() as connection:
        end_cover(connection, cover_id=cover_id, by=force.ash, now=MONDAY + 2 * DAY)
    assert on(force, force.birch, FIRST).covering == {"ash"}
    assert on(force, force.birch, FIRST + DAY).covering == frozenset()
    with pytest.raises(NoSuchCover), force.database.writing() as connection:
        end_cover(connection, cover_id=cover_id, by=force.ash, now=MONDAY + 2 * DAY)
    later = name(force, from_on=BACK, until_on=BACK + DAY)
    with force.database.writing() as connection:
        end_cover(connection, cover_id=later, by=force.elm, now=MONDAY + 2 * DAY)
    assert on(force, force.birch, BACK).covering == frozenset()


def test_the_page_shows_ones_own_and_to_a_supervisor_the_teams(force: Force) -> None:
    force.record_crime("Wren Sample", officer_of_open_case="ash")
    name(force)
    with force.database.reading() as connection:
        pages = {
            who: cover_page(connection, person=getattr(force, who), today=FIRST)
            for who in ("ash", "birch", "elm", "cedar", "fir", "board")
        }
        (standing,) = standing_in(connection, person=on(force, force.birch, FIRST), today=FIRST)
    assert (standing.name, standing.until_on, standing.open_cases) == ("Ash Example", BACK, 1)
    assert {who: len(page.covers) for who, page in pages.items()} == {
        "ash": 1, "birch": 1, "elm": 1, "cedar": 0, "fir": 0, "board": 0,
    }  # fmt: skip
    assert {who: [cover.may_end for cover in page.covers] for who, page in pages.items() if page.covers} == {
        "ash": [True],
        "birch": [False],
        "elm": [True],
    }
    assert [who for who, _ in pages["ash"].officers] == ["ash"]
    assert [who for who, _ in pages["elm"].officers] == ["ash", "birch", "elm"]
    assert pages["board"].officers == ()
