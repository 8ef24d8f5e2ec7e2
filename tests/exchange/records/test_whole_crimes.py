"""What is new is taken in one piece, and what becomes of it is what taking it record by record makes of it."""

import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import update
from sqlalchemy.exc import IntegrityError

from tests.exchange.records.everything import differences, everything
from tests.exchange.records.said import (
    Records,
    Said,
    arrest,
    contact,
    crime,
    needs,
    officer,
    referral,
    small_force,
    suspect,
    victim,
    vps,
)
from tests.exchange.records.test_importing import EVERYTHING, empty
from victimcare.exchange.records import importing
from victimcare.store import dues
from victimcare.store.staff import PEOPLE

PLAIN = EVERYTHING[1:]


def both_ways(records: Records, *said: Said, **options: Any) -> tuple[dict[str, Any], dict[str, Any], Any]:
    """What the database holds after taking it in one piece, and after record by record; and the first report."""
    report = records.take(*said, **options)
    fast = everything(records)
    empty(records)
    slow = records.take(*said, in_one_piece=False, **options)
    assert slow.as_json() == report.as_json()
    assert slow.in_one_piece == 0
    return fast, everything(records), report


def test_in_one_piece_it_ends_as_record_by_record(records: Records) -> None:
    fast, slow, report = both_ways(records, *PLAIN)
    assert differences(fast, slow) == []
    assert (report.in_one_piece, report.is_whole) == (len(PLAIN), True)


def test_the_officers_of_many_new_cases_are_those_that_each_case_by_itself_would_have_had(records: Records) -> None:
    said = [one for n in range(40) for one in new_crime(n)]
    fast, slow, report = both_ways(records, *said)
    assert differences(fast, slow) == []
    assert report.in_one_piece == len(said)
    takers = records.rows("SELECT officer_id, count(*) FROM assignment GROUP BY officer_id")
    assert {"ash", "birch", "cedar"} <= {who for who, _ in takers}, "the work that each case brings is counted"


def new_crime(n: int) -> list[Said]:
    """A crime with one victim or two, in one area or the other; every third is of a crime that a specialist takes."""
    ref = f"C{n}"
    area = ("Luton", "Bedford Borough")[n % 4 == 0]
    said = [crime(ref, area=area, specialisms=["domestic_abuse"] if n % 7 == 0 else [])]
    for who in [f"{ref}/1", f"{ref}/2"][: 1 + n % 2]:
        said += [victim(who, crime=ref), vps(f"E{who}", victim=who), needs(f"N{who}", victim=who)]
    return said


def test_what_the_files_have_in_tables_one_after_the_other_goes_in_in_one_piece_too(records: Records) -> None:
    said = [one for n in range(12) for one in new_crime(n)]
    by_kind = sorted(said, key=lambda one: str(one["kind"]), reverse=True)
    report = records.take(*by_kind, chunk=10)
    assert (report.in_one_piece, report.is_whole) == (len(said), True)


def test_the_officer_whom_a_record_names_is_here_before_the_case_is(records: Records) -> None:
    report = records.take(victim(case_officer="O1"), crime(), officer())
    assert report.in_one_piece == 2
    [(name,)] = records.rows("SELECT name FROM person JOIN victim_case ON officer_id = person.id")
    assert name == "Rowan Example"


def test_who_no_longer_takes_cases_is_given_none_from_the_next_transaction_on(records: Records) -> None:
    said = [one for n in range(12) for one in (crime(f"C{n}"), victim(f"V{n}", crime=f"C{n}"))]
    promoted_at = len(said) + 6

    def tick(done: int, _total: int) -> None:
        if done == promoted_at:
            with records.database.writing() as connection:
                promoted = update(PEOPLE).where(PEOPLE.c.id == "birch").values(role="supervisor")
                connection.execute(promoted)

    records.take(*said, chunk=1, progress=tick)
    rows = records.rows("SELECT officer_id FROM assignment ORDER BY id")
    assert "birch" in {who for (who,) in rows[:3]}, "who has the least to do is asked first"
    assert "birch" not in {who for (who,) in rows[3:]}


@pytest.mark.parametrize("chunk", [1, 500])
def test_one_crime_of_two_systems_is_one_or_a_person_decides(records: Records, chunk: int) -> None:
    here, there = [crime(), victim()], [{**crime(), "source": "other"}, {**victim(), "source": "other"}]
    report = records.take(*here, *there, chunk=chunk)
    assert records.rows("SELECT count(*) FROM victim_case") == [(1,)]
    assert not report.is_whole


def test_what_each_of_many_victims_is_owed_is_derived_once(records: Records, monkeypatch: pytest.MonkeyPatch) -> None:
    derived: list[int] = []
    derive = dues.derive
    monkeypatch.setattr(dues, "derive", lambda *args, **how: (derived.append(1), derive(*args, **how))[1])
    records.take(crime(), *(victim(f"V{n}") for n in range(40)))
    assert records.rows("SELECT count(*) FROM victim_case") == [(40,)]
    assert len(derived) == 40


NOT_PLAIN: dict[str, tuple[tuple[Said, ...], tuple[Said, ...]]] = {
    "the crime is here": ((crime(),), (crime(), victim())),
    "something waits for it": ((contact(),), (crime(), victim())),
    "something waits for any case of it": ((crime(), suspect(), arrest()), (victim(), crime())),
    "a record comes in two versions": ((), (crime(), victim(), victim(version=2, name="Lark Sample"))),
    "a record comes twice": ((), (crime(), victim(), victim())),
    "a record hangs on what has not come": ((), (crime(), victim(), arrest())),
    "there is no victim": ((), (crime(), suspect())),
    "two suspects are called the same": ((), (crime(), victim(), suspect(), suspect("S2"))),
    "one day is in the future": ((), (crime(), victim(), contact(happened_at="2030-01-01"))),
}


@pytest.mark.parametrize("case", list(NOT_PLAIN))
def test_what_is_not_plain_is_taken_record_by_record(records: Records, case: str) -> None:
    before, said = NOT_PLAIN[case]
    if before:
        records.take(*before)
    assert records.take(*said, crime("C9"), victim("V9", crime="C9")).in_one_piece == 2


def test_an_id_that_two_crimes_name_makes_no_other_crime_slow(records: Records) -> None:
    others = [
        said for number in range(3, 9) for said in (crime(f"C{number}"), victim(f"V{number}", crime=f"C{number}"))
    ]
    report = records.take(crime("C1"), victim("V1", crime="C1"), crime("C2"), victim("V1", crime="C2"), *others)
    assert report.in_one_piece == len(others)
    assert report.rejected == 1


def test_one_crime_that_is_refused_keeps_no_other_out_and_leaves_no_work_behind(records: Records) -> None:
    said = [*new_crime(1), *new_crime(3), vps("E9", victim="C3/1", happened_at="2030-01-01"), *new_crime(5)]
    fast, slow, report = both_ways(records, *said, chunk=1)
    assert differences(fast, slow) == []
    assert (report.rejected, report.in_one_piece) == (1, len(new_crime(1)) + len(new_crime(5)))


def test_where_the_database_refuses_the_whole_it_is_known_of_which_record(
    records: Records, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuses(*_: object) -> set[int]:
        raise IntegrityError("", None, ValueError())

    monkeypatch.setattr(importing, "take_whole", refuses)
    report = records.take(crime(), victim())
    assert (report.is_whole, report.in_one_piece, report.fates["victim"]) == (True, 0, {"new": 1})


def test_what_is_here_as_it_is_said_is_passed_over_without_a_word(
    records: Records, monkeypatch: pytest.MonkeyPatch
) -> None:
    records.take(*PLAIN)

    def nothing_to_take(*_: object) -> Any:
        raise AssertionError("it was here")

    monkeypatch.setattr(importing, "take", nothing_to_take)
    report = records.take(*PLAIN)
    assert {fate for fates in report.fates.values() for fate in fates} == {"unchanged"}
    assert report.is_whole


def test_one_row_of_the_audit_names_every_case_that_was_opened(records: Records) -> None:
    records.take(*PLAIN)
    [(what, many)] = records.rows("SELECT what, case_count FROM audit WHERE operation = 'collection'")
    assert (what, many) == ("import records", 3)
    assert records.rows("SELECT count(*) FROM audit_subject") == [(3,)]


MOMENTS = st.sampled_from(["2026-05-18", "2026-05-20", "2026-05-26T09:00:00Z", "2026-06-08", "2026-06-20"])
EVENTS_OF_A_VICTIM = st.one_of(
    st.builds(lambda at: lambda n, v: vps(f"E{n}", victim=v, happened_at=at), MOMENTS),
    st.builds(
        lambda at, reached, gone: (
            lambda n, v: contact(f"K{n}", victim=v, happened_at=at, reached=reached, withdrawn=gone)
        ),
        MOMENTS,
        st.booleans(),
        st.booleans(),
    ),
    st.builds(
        lambda criteria: lambda n, v: needs(f"N{n}", victim=v, assessed_on=f"2026-05-2{n[-1]}", criteria=criteria),
        st.lists(st.sampled_from(["domestic_abuse", "hate_crime"]), unique=True, max_size=1),
    ),
    st.builds(lambda at: lambda n, v: referral(f"R{n}", victim=v, happened_at=at), MOMENTS),
)


@st.composite
def worlds(draw: Any) -> list[Said]:
    """Some crimes with what hangs on them, in any order; what cannot be taken is among it."""
    said: list[Said] = []
    for c in range(draw(st.integers(1, 3))):
        ref = f"C{c}0"
        said.append(crime(ref, area=draw(st.sampled_from(["Luton", "Bedford Borough"]))))
        if draw(st.booleans()):
            said.append(suspect(f"S{c}", crime=ref))
        for v in range(draw(st.integers(0, 3))):
            who = f"V{c}{v}"
            joined = draw(st.sampled_from([None, "2026-05-18", "2026-05-24"]))
            said.append(victim(who, crime=ref, joined_at=joined, born_on=draw(st.sampled_from([None, "2015-01-02"]))))
            for e, made in enumerate(draw(st.lists(EVENTS_OF_A_VICTIM, max_size=3))):
                said.append(made(f"{c}{v}{e}", who))
        for e in range(draw(st.integers(0, 2))):
            said.append(arrest(f"A{c}{e}", crime=ref, suspect=f"S{c}", happened_at=draw(MOMENTS)))
    return draw(st.permutations(said))


def check_worlds(template: Path, said: list[Said]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        found = []
        for name, in_one_piece in (("fast", True), ("slow", False)):
            at = Path(folder) / name
            at.mkdir()
            (at / "victimcare.db").write_bytes(template.read_bytes())
            records = small_force(f"sqlite:///{at / 'victimcare.db'}", at)
            report = records.take(*said, chunk=1, in_one_piece=in_one_piece)
            refused = records.rejects() if report.rejected else []
            found.append((everything(records), (report.as_json()["records"], refused)))
            records.database.close()
        (fast, report), (slow, other_report) = found
        assert differences(fast, slow) == []
        assert report == other_report


@settings(max_examples=5, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(said=worlds())
def test_any_world_ends_the_same_both_ways(sqlite_template: Path, said: list[Said]) -> None:
    check_worlds(sqlite_template, said)


@pytest.mark.slow
@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(said=worlds())
def test_any_of_many_worlds_ends_the_same_both_ways(sqlite_template: Path, said: list[Said]) -> None:
    check_worlds(sqlite_template, said)
