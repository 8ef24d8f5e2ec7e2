"""Contact points in the database: what is safe is judged at the moment of sending, by whoever may know it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from random import Random
from typing import Any

import pytest
from sqlalchemy import text

from tests.force import MONDAY, Force, a_force
from victimcare.commands.add_contact_point import NewPoint, add_contact_point, add_suspects_point
from victimcare.commands.contact_access import LocationProtected
from victimcare.commands.judge_contact_point import confirm_contact_point, mark_unsafe, someone_else_answered
from victimcare.commands.open_contact_point import PointWithheld, open_to_send, reveal_contact_point
from victimcare.commands.protect_location import CannotBeCustodian, lift_protection, protect_location
from victimcare.commands.write_note import write_note
from victimcare.domain.event_kinds import EventKind
from victimcare.domain.people import Person, Role
from victimcare.domain.safe_contact import PointKind, PointRefused, SafeUse, Standing
from victimcare.editions.force_policy import published_policy
from victimcare.queries.contact_details import cases_reached_at, contact_details
from victimcare.queries.notes import case_notes
from victimcare.store.cases import NoSuchCase
from victimcare.store.contact_points import NoSuchPoint, PointChanged, make_comparable
from victimcare.store.staff import PEOPLE
from victimcare.store.vault import Vault

VAULT, POLICY = Vault(b"k" * 32), published_policy()
NUMBER, HOME = "07700 900123", "14 Invented Street\nSampleton\nLU99 2ZZ"
USE = SafeUse(voicemail=False, say_who=False, times="After 4pm", if_another="Say nothing", code_word="Bluebell")


class Desk:
    """Ash's case, and its contact points. Every step happens a minute after the one before."""

    def __init__(self, force: Force, *victims: str) -> None:
        self.force = force
        self.now = MONDAY + timedelta(hours=1)
        self.refs = [c.case.ref for c in force.record_crime(*victims, officer_of_open_case="ash")]
        self.ref = self.refs[0]

    def do(self, command: Any, *, by: Person | None = None, **more: Any) -> Any:
        self.now += timedelta(minutes=1)
        with self.force.database.writing() as connection:
            return command(connection, **{"ref": self.ref, "by": by or self.force.ash, "now": self.now, **more})

    def add(self, value: str = NUMBER, kind: str = "phone", *, confirmed: bool = True, **more: Any) -> str:
        new = NewPoint(PointKind(kind), value, USE, confirmed=confirmed)
        return str(self.do(add_contact_point, new=new, vault=VAULT, **more))

    def suspects(self, value: str, kind: str = "phone", **more: Any) -> str:
        return str(
            self.do(add_suspects_point, suspect="Suspect 1", kind=PointKind(kind), value=value, vault=VAULT, **more)
        )

    def confirm(self, point: str, **more: Any) -> None:
        self.do(confirm_contact_point, point_id=point, use=USE, vault=VAULT, **more)

    def send(self, point: str, **more: Any) -> str:
        return str(self.do(open_to_send, point_id=point, vault=VAULT, policy=POLICY, **more).value)

    def reveal(self, point: str, **more: Any) -> str:
        return str(self.do(reveal_contact_point, point_id=point, vault=VAULT, policy=POLICY, **more).value)

    def standing(self, point: str, *, ref: str = "") -> Standing:
        found = self.details(ref=ref or self.ref).point(point)
        assert found is not None
        return found.verdict.standing

    def details(self, *, by: Person | None = None, ref: str = "") -> Any:
        with self.force.database.reading() as connection:
            return contact_details(
                connection,
                person=by or self.force.ash,
                ref=ref or self.ref,
                now=self.now,
                vault=VAULT,
                policy=POLICY,
            )

    def rows(self, query: str) -> list[Any]:
        with self.force.database.reading() as connection:
            return list(connection.execute(text(query)))

    def is_sent(self, point: str) -> bool:
        try:
            return bool(self.send(point))
        except PointWithheld:
            return False


@pytest.fixture
def desk(database_url: str) -> Iterator[Desk]:
    force = a_force(database_url)
    yield Desk(force, "Wren Sample", "Reed Sample")
    force.database.close()


@pytest.fixture
def sqlite_desk(sqlite_url: str) -> Iterator[Desk]:
    force = a_force(sqlite_url)
    yield Desk(force, "Wren Sample", "Reed Sample")
    force.database.close()


def test_what_is_confirmed_is_sent_to_and_what_is_not_is_not(desk: Desk) -> None:
    assert desk.send(desk.add()) == NUMBER
    unsure = desk.add("07700 900124", confirmed=False)
    assert not desk.is_sent(unsure)
    desk.confirm(unsure)
    assert desk.send(unsure) == "07700 900124"


def test_nothing_that_was_typed_can_be_read_in_the_database(desk: Desk) -> None:
    desk.add(HOME, "address")
    desk.do(write_note, words="Stays at 14 Invented Street", vault=VAULT)
    stored = repr(
        [desk.rows(f"SELECT * FROM {table}") for table in ("contact_point", "contact_hash", "case_note", "audit")]
    )
    assert not [words for words in ("Invented", "LU99", "Bluebell", "After 4pm", "Say nothing") if words in stored]


@pytest.mark.parametrize("change", ["supersede", "unsafe", "someone else", "news", "suspect", "time", "protect"])
def test_what_changes_between_queue_and_dispatch_is_not_sent(desk: Desk, change: str) -> None:
    point = desk.add()
    assert desk.is_sent(point)
    changes: dict[str, Any] = {
        "supersede": lambda: desk.add("07700 900125", supersedes=point),
        "unsafe": lambda: desk.do(mark_unsafe, point_id=point),
        "someone else": lambda: desk.do(someone_else_answered, point_id=point),
        "news": lambda: desk.force.record(desk.ref, EventKind.SUSPECT_BAILED, desk.now, subject="Suspect 1"),
        "suspect": lambda: desk.suspects("+44 7700 900123"),
        "time": lambda: setattr(desk, "now", desk.now + timedelta(days=91)),
        "protect": lambda: protect(desk, "elm"),
    }
    changes[change]()
    with pytest.raises(LocationProtected if change == "protect" else PointWithheld):
        desk.send(point)


def test_one_that_takes_anothers_place_does_so_in_the_same_transaction(desk: Desk) -> None:
    old = desk.add(HOME, "address")
    with pytest.raises(PointChanged):
        desk.add("15 Invented Street", "address", supersedes=old, seen_version=7)
    assert (len(desk.details().points), desk.standing(old)) == (1, Standing.SAFE)
    new = desk.add("15 Invented Street", "address", supersedes=old)
    assert (desk.standing(old), desk.standing(new)) == (Standing.DO_NOT_USE, Standing.SAFE)
    with pytest.raises(PointRefused):
        desk.add("16 Invented Street", "address", supersedes=old)
    with pytest.raises(PointRefused):
        desk.confirm(old)
    assert len(desk.details().points) == 2


def test_somebody_who_did_not_see_that_it_was_marked_does_not_confirm_it(desk: Desk) -> None:
    point = desk.add()
    seen = desk.details().point(point).version
    desk.do(mark_unsafe, point_id=point)
    with pytest.raises(PointChanged):
        desk.confirm(point, seen_version=seen)
    assert desk.standing(point) is Standing.UNSAFE


def test_news_of_bail_asks_again_on_every_case_of_the_crime(desk: Desk) -> None:
    mine, theirs = desk.add(), desk.add("07700 900126", ref=desk.refs[1])
    desk.force.record(desk.ref, EventKind.SUSPECT_RELEASED_UNDER_INVESTIGATION, desk.now, subject="Suspect 1")
    assert (desk.standing(mine), desk.standing(theirs, ref=desk.refs[1])) == (Standing.ASK_AGAIN, Standing.ASK_AGAIN)
    desk.confirm(mine)
    assert desk.is_sent(mine)
    assert desk.standing(theirs, ref=desk.refs[1]) is Standing.ASK_AGAIN


SPELLINGS = {
    "phone": (NUMBER, "07700900123", "+44 7700 900123", "0044 (0)7700-900-123", "(07700) 900 123"),
    "email": ("wren@example.org", "Wren@Example.org", "WREN@EXAMPLE.ORG", "wren@example.ORG", "wrEn@example.org"),
    "address": (
        HOME,
        "14 invented st, sampleton, lu992zz",
        "14 Invented St.\nLU99 2ZZ",
        "14, INVENTED STREET, LU99-2ZZ",
        "lu99 2zz, 14 Invented Street",
    ),
}
COMBINATIONS = [
    (kind, spelling, first)
    for kind, spellings in SPELLINGS.items()
    for spelling in spellings
    for first in ("the victim's first", "the suspect's first")
]


@pytest.mark.parametrize(("kind", "spelling", "order"), COMBINATIONS)
def test_what_is_also_a_suspects_is_flagged_and_never_used(
    sqlite_desk: Desk, kind: str, spelling: str, order: str
) -> None:
    """30 ways in which victim and suspect share a household; the suspect's is recorded on the other victim's case."""
    desk, value = sqlite_desk, SPELLINGS[kind][0]
    if order == "the victim's first":
        point = desk.add(value, kind)
        desk.suspects(spelling, kind, ref=desk.refs[1])
    else:
        desk.suspects(spelling, kind, ref=desk.refs[1])
        point = desk.add(value, kind)
    assert desk.standing(point) is Standing.A_SUSPECTS
    assert [other.same_as for other in desk.details().suspects] == [True]
    assert not desk.is_sent(point)
    with pytest.raises(PointRefused, match="suspect"):
        desk.confirm(point)
    with pytest.raises(PointWithheld):
        desk.reveal(point)


def test_a_suspects_own_point_is_never_opened_sent_to_or_judged(desk: Desk) -> None:
    theirs = desk.suspects(NUMBER)
    for refused in (desk.send, desk.reveal, desk.confirm, lambda p: desk.do(mark_unsafe, point_id=p)):
        with pytest.raises(NoSuchPoint):
            refused(theirs)
    with pytest.raises(PointChanged):
        desk.add("07700 900127", supersedes=theirs)


def test_a_suspect_of_another_crime_with_the_same_number_changes_nothing(desk: Desk) -> None:
    point = desk.add()
    (other,) = desk.force.record_crime("Sage Sample", ref="40/2/26", officer_of_open_case="ash")
    desk.suspects(NUMBER, ref=other.case.ref)
    assert desk.is_sent(point)


def protect(desk: Desk, custodian: str) -> None:
    desk.do(protect_location, by=desk.force.elm, custodian_id=custodian, reason="He is looking for her", vault=VAULT)


def test_of_a_protected_location_the_custodian_alone_opens_and_keeps_anything(desk: Desk) -> None:
    point = desk.add()
    protect(desk, "elm")
    for refused in (
        lambda: desk.reveal(point),
        lambda: desk.add(HOME, "address"),
        lambda: desk.confirm(point),
        lambda: desk.suspects(NUMBER),
    ):
        with pytest.raises(LocationProtected, match="ask Elm Example"):
            refused()
    assert (desk.details().points, desk.details().withheld) == ((), True)
    assert desk.reveal(point, by=desk.force.elm) == NUMBER
    protect(desk, "ash")
    assert desk.reveal(point) == NUMBER
    with pytest.raises(LocationProtected):
        desk.reveal(point, by=desk.force.elm)
    desk.do(lift_protection, by=desk.force.elm, reason="No longer needed", vault=VAULT)
    assert desk.reveal(point, by=desk.force.elm) == NUMBER
    kept = desk.rows("SELECT custodian_id, set_by, lifted_by FROM location_protection ORDER BY id")
    assert [tuple(row) for row in kept] == [("elm", "elm", "elm"), ("ash", "elm", "elm")]


@pytest.fixture
def gorse(desk: Desk) -> Person:
    """Another supervisor of the team; and somebody reviews who looks."""
    gorse = Person("gorse", "Gorse Example", Role.SUPERVISOR, "luton")
    with desk.force.database.writing() as connection:
        for who, role, team in (("gorse", Role.SUPERVISOR, "luton"), ("ivy", Role.PRIVACY_REVIEWER, None)):
            connection.execute(PEOPLE.insert().values(id=who, name=who, role=role.value, team_id=team))
    return gorse


def take(desk: Desk, by: Person) -> None:
    desk.do(protect_location, by=by, custodian_id=by.id, reason="I want to know it as well", vault=VAULT)


def told_of_custody(desk: Desk) -> list[str]:
    rows = desk.rows("SELECT recipient_id FROM outbox WHERE step = 'custody_taken' ORDER BY id")
    return sorted(row.recipient_id for row in rows)


def test_another_supervisor_neither_takes_custody_nor_ends_the_protection(desk: Desk, gorse: Person) -> None:
    protect(desk, "elm")
    for refused in (
        lambda: take(desk, gorse),
        lambda: desk.do(lift_protection, by=gorse, reason="No longer needed", vault=VAULT),
    ):
        with pytest.raises(LocationProtected, match="ask Elm Example"):
            refused()
    assert not desk.details(by=gorse).may_protect
    assert desk.details(by=desk.force.elm).may_protect
    assert told_of_custody(desk) == []


@pytest.mark.parametrize(
    "changed",
    [{"absent_from_on": MONDAY.date()}, {"active": False}, {"team_id": "bedford"}, {"role": "administrator"}],
    ids=["away", "gone", "another team", "another role"],
)
def test_where_the_custodian_cannot_be_asked_another_supervisor_decides_and_others_are_told(
    desk: Desk, gorse: Person, changed: dict[str, Any]
) -> None:
    point = desk.add()
    protect(desk, "elm")
    with desk.force.database.writing() as connection:
        connection.execute(PEOPLE.update().where(PEOPLE.c.id == "elm").values(changed))
    assert desk.details(by=gorse).may_protect
    take(desk, gorse)
    assert desk.reveal(point, by=gorse) == NUMBER
    assert told_of_custody(desk) == ["elm", "ivy"]


def test_whoever_protected_it_may_take_it_back_and_the_custodian_is_told(desk: Desk, gorse: Person) -> None:
    protect(desk, "ash")
    protect(desk, "elm")
    assert told_of_custody(desk) == ["ash", "gorse", "ivy"]
    desk.do(lift_protection, by=desk.force.elm, reason="No longer needed", vault=VAULT)
    assert told_of_custody(desk) == ["ash", "gorse", "ivy"], "the custodian's own decision is no news"


@pytest.mark.parametrize("who", ["ash", "cedar", "fir", "board", "administrator"])
def test_only_a_supervisor_of_the_case_protects(desk: Desk, who: str) -> None:
    with pytest.raises(NoSuchCase):
        desk.do(protect_location, by=getattr(desk.force, who), custodian_id="ash", reason="x" * 20, vault=VAULT)


@pytest.mark.parametrize("custodian", ["birch", "cedar", "fir", "admin", "board", "nobody", "system"])
def test_a_custodian_reaches_the_case(desk: Desk, custodian: str) -> None:
    with pytest.raises(CannotBeCustodian):
        protect(desk, custodian)
    assert desk.details().protection is None


@pytest.mark.parametrize("who", ["birch", "cedar", "fir", "board", "administrator"])
def test_whoever_has_not_the_case_reaches_nothing_of_it(desk: Desk, who: str) -> None:
    person, point = getattr(desk.force, who), desk.add()
    for refused in (
        lambda: desk.reveal(point, by=person),
        lambda: desk.send(point, by=person),
        lambda: desk.do(mark_unsafe, point_id=point, by=person),
        lambda: desk.details(by=person),
    ):
        with pytest.raises(NoSuchCase):
            refused()


def test_a_point_of_another_case_is_not_reached_through_ones_own(desk: Desk) -> None:
    (other,) = desk.force.record_crime("Sage Sample", ref="40/2/26", officer_of_open_case="birch")
    theirs = desk.add(ref=other.case.ref, by=desk.force.birch)
    for refused in (desk.send, desk.reveal, desk.confirm):
        with pytest.raises(NoSuchPoint):
            refused(theirs)


def test_every_opening_is_an_operation_of_its_own(desk: Desk) -> None:
    point = desk.add()
    desk.reveal(point)
    desk.send(point)
    written = desk.rows("SELECT operation, what, person_id, outcome FROM audit ORDER BY seq DESC LIMIT 2")
    assert [tuple(row) for row in written] == [
        ("disclosure", f"send to contact point {point}", "ash", "done"),
        ("disclosure", f"reveal contact point {point}", "ash", "done"),
    ]
    assert NUMBER not in repr(desk.rows("SELECT * FROM audit"))


def test_a_number_is_looked_for_without_being_opened(desk: Desk) -> None:
    desk.add()
    desk.suspects("07700 900200")

    def found(words: str, who: str = "ash") -> tuple[str, ...]:
        with desk.force.database.reading() as connection:
            return cases_reached_at(connection, person=getattr(desk.force, who), words=words, vault=VAULT)

    assert found("+44 7700 900 123") == (desk.ref,)
    assert (found("07700 900124"), found("07700 900200"), found(NUMBER, "cedar"), found("")) == ((), (), (), ())
    protect(desk, "elm")
    assert (found(NUMBER), found(NUMBER, "elm")) == ((), (desk.ref,))


def test_points_from_before_there_were_hashes_get_theirs(desk: Desk) -> None:
    desk.add()
    with desk.force.database.writing() as connection:
        before = connection.execute(text("SELECT * FROM contact_hash")).all()
        connection.execute(text("DELETE FROM contact_hash"))
        assert make_comparable(connection, VAULT) == 1
        assert connection.execute(text("SELECT * FROM contact_hash")).all() == before
        assert make_comparable(connection, VAULT) == 0


def test_a_note_that_tells_a_location_is_marked_and_left_out_of_what_is_shared(desk: Desk) -> None:
    desk.add(HOME, "address")
    words = ["All is well", "Ring 07700 900123", "He came to 14, Invented St again"]
    for each in words:
        desk.do(write_note, words=each, vault=VAULT)

    def read(who: str = "ash", **more: Any) -> list[tuple[str | None, bool]]:
        with desk.force.database.reading() as connection:
            person = getattr(desk.force, who)
            found = case_notes(connection, person=person, ref=desk.ref, vault=VAULT, **more)
        return [(note.words, note.contains_location) for note in found]

    assert read() == [(words[2], True), (words[1], True), (words[0], False)]
    assert read(with_locations=False) == [(words[0], False)]
    protect(desk, "elm")
    assert read() == [(None, True), (None, True), (words[0], False)]
    assert read("elm")[0] == (words[2], True)


@pytest.mark.parametrize("statement", ["UPDATE case_note SET contains_location = false", "DELETE FROM case_note"])
def test_a_note_is_kept_as_it_is(desk: Desk, statement: str) -> None:
    desk.do(write_note, words="All is well", vault=VAULT)
    with pytest.raises(Exception, match="kept for ever"), desk.force.database.writing() as connection:
        connection.execute(text(statement))


@pytest.mark.parametrize("seed", range(8))
def test_through_the_database_too_nothing_is_sent_to_what_is_not_safe(sqlite_desk: Desk, seed: int) -> None:
    """Histories as in tests/domain/test_safe_contact.py, on the store itself: sent only where the last word is safe."""
    desk, chance = sqlite_desk, Random(seed)
    words = {desk.add(): "safe"}
    for _ in range(40):
        point = chance.choice(list(words))
        step = chance.choice(("add", "supersede", "confirm", "unsafe", "someone else", "news", "send", "send"))
        try:
            if step == "add":
                sure = chance.random() < 0.5
                added = desk.add(f"07700 900{chance.randrange(1000):03}", confirmed=sure)
                words[added] = "safe" if sure else "new"
            elif step == "supersede":
                words[desk.add(f"07700 900{chance.randrange(1000):03}", supersedes=point)] = "safe"
                words[point] = "replaced"
            elif step == "confirm":
                desk.confirm(point)
                words[point] = "safe"
            elif step == "unsafe":
                desk.do(mark_unsafe, point_id=point)
                words[point] = "unsafe" if words[point] != "replaced" else "replaced"
            elif step == "someone else":
                desk.do(someone_else_answered, point_id=point)
                words[point] = "someone else" if words[point] != "replaced" else "replaced"
            elif step == "news":
                desk.force.record(desk.ref, EventKind.SUSPECT_BAILED, desk.now, subject="Suspect 1")
                words = {each: "replaced" if said == "replaced" else "old" for each, said in words.items()}
        except PointRefused:
            assert words[point] == "replaced"
        assert desk.is_sent(point) == (words[point] == "safe"), (step, words[point])
