"""Every way of changing the audit trail shows: 7 kinds of tampering at 20 places, on both databases."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Connection, delete, insert, text, update

from tests.force import Force, a_force
from tests.outbox import case_of_an_arrest
from victimcare.domain.audit_chain import Anchor, Entry, Link, as_hashed, hash_of
from victimcare.domain.people import Person, Role
from victimcare.queries.audit_check import check_audit, current_anchor
from victimcare.store import audit
from victimcare.store.audit import AUDIT, SUBJECT
from victimcare.store.database import is_sqlite

NOON = datetime(2026, 5, 22, 12, tzinfo=UTC)
ROWS = 60
ANCHORED_EVERY = 10
PLACES = 20
OFFICER = Person("o1", "Example Officer", Role.OFFICER, "north")


@dataclass(frozen=True)
class Trail:
    """An audit trail of some rows in several chains, and what was anchored as it grew."""

    force: Force
    anchors: list[Anchor]
    rows: list[Link]

    def after(self, row: Link) -> list[Link]:
        """The row and those that follow it in its chain."""
        return [link for link in self.rows if link.entry.chain == row.entry.chain and link.entry.seq >= row.entry.seq]


@pytest.fixture
def trail(database_url: str) -> Iterator[Trail]:
    force = a_force(database_url)
    case_id = case_of_an_arrest(force)[0].id
    engine, anchors = force.database.engine, []
    connections = [engine.connect() for _ in range(1 if engine.dialect.name == "sqlite" else 6)]
    for number in range(ROWS):
        with connections[number % len(connections)].begin() as transaction:
            at, ids = NOON + timedelta(seconds=number), [case_id] if number % 3 else []
            audit.write(
                transaction.connection, at=at, operation="consultation", what="case", person=OFFICER, case_ids=ids
            )
        if number % ANCHORED_EVERY == ANCHORED_EVERY - 1:
            with force.database.reading() as connection:
                anchors.append(current_anchor(connection, now=at))
    for open_connection in connections:
        open_connection.close()
    with force.database.reading() as connection:
        rows = list(audit.links(connection))
    yield Trail(force, anchors, rows)
    force.database.close()


def edit(connection: Connection, trail: Trail, row: Link) -> set[int]:
    change(connection, row, person_id="o2")
    return {row.entry.seq}


def take_out(connection: Connection, trail: Trail, row: Link) -> set[int]:
    remove(connection, [row])
    return {link.entry.seq for link in trail.after(row)}


def cut_the_tail(connection: Connection, trail: Trail, row: Link) -> set[int]:
    after = trail.after(row)
    remove(connection, after)
    return {link.entry.seq for link in after}


def put_in(connection: Connection, trail: Trail, row: Link) -> set[int]:
    """A row of its own number, well made, that follows the one before the gap that it is put into."""
    forged = row.entry._replace(seq=trail.rows[-1].entry.seq + 1, at=as_hashed(NOON))
    values = {**forged._asdict(), "at": NOON, "follows": row.hash, "hash": hash_of(row.hash, forged)}
    connection.execute(insert(AUDIT), values)
    return {forged.seq}


def swap(connection: Connection, trail: Trail, row: Link) -> set[int]:
    other = next((link for link in reversed(trail.rows) if link.entry.seq != row.entry.seq), row)
    for one, with_that_of in ((row, other), (other, row)):
        at = datetime.fromisoformat(with_that_of.entry.at)
        said = {**with_that_of.entry._asdict(), "at": at, "follows": with_that_of.follows, "hash": with_that_of.hash}
        change(connection, one, **{name: value for name, value in said.items() if name not in {"seq", "chain"}})
    return {row.entry.seq, other.entry.seq}


def chain_anew(connection: Connection, trail: Trail, row: Link) -> set[int]:
    """The row says something else, and every later one of its chain gets the hash that fits."""
    follows, after = row.follows, trail.after(row)
    for link in after:
        said = link.entry._replace(person_id="o2") if link is row else link.entry
        own = hash_of(follows, said)
        change(connection, link, person_id=said.person_id, follows=follows, hash=own)
        follows = own
    return {link.entry.seq for link in after}


def back_to_an_anchor(connection: Connection, trail: Trail, row: Link) -> set[int]:
    """As the database was when an older anchor was made: a restored copy, or a tail cut off cleanly."""
    older = [anchor for anchor in trail.anchors[:-1] if as_hashed(anchor.at) <= row.entry.at] or trail.anchors[:1]
    ends = {head.chain: head.seq for head in older[-1].heads}
    gone = [link for link in trail.rows if link.entry.seq > ends.get(link.entry.chain, 0)]
    remove(connection, gone)
    return {link.entry.seq for link in gone}


KINDS: dict[str, Callable[[Connection, Trail, Link], set[int]]] = {
    "edited": edit,
    "taken out of the middle": take_out,
    "cut off at the end": cut_the_tail,
    "put in": put_in,
    "swapped": swap,
    "chained anew": chain_anew,
    "back to an older anchor": back_to_an_anchor,
}


def test_what_nobody_changed_is_found_as_it_was_written(trail: Trail) -> None:
    told: list[tuple[int, int]] = []
    with trail.force.database.reading() as connection:
        found = check_audit(connection, trail.anchors, progress=lambda done, of: told.append((done, of)))
    assert (found.wrong, found.rows) == (None, len(trail.rows))
    assert tuple(sorted(found.heads.values())) == trail.anchors[-1].heads
    assert told == [(0, len(trail.rows))]


def test_each_tampering_is_found_and_its_row_is_named(trail: Trail, capsys: pytest.CaptureFixture[str]) -> None:
    places = random.Random(7).sample(trail.rows[: -ANCHORED_EVERY // 2], PLACES)
    found = 0
    for kind, tamper in KINDS.items():
        for row in places:
            with trail.force.database.engine.connect() as connection:
                without_guards(connection)
                suspected = tamper(connection, trail, row)
                wrong = check_audit(connection, trail.anchors).wrong
                connection.rollback()
            assert wrong is not None, f"{kind} at row {row.entry.seq} was not found"
            assert wrong.seq in suspected, f"{kind} at row {row.entry.seq}: {wrong.sentence}"
            assert str(wrong.seq) in wrong.sentence
            found += 1
    with capsys.disabled():
        print(f"\n{found} of {len(KINDS) * PLACES} tamperings found ({trail.force.database.engine.dialect.name})")
    assert found == 140


def test_without_anchors_a_cut_tail_cannot_show(trail: Trail) -> None:
    """Why anchors are needed, and why they are kept elsewhere."""
    with trail.force.database.engine.connect() as connection:
        without_guards(connection)
        cut_the_tail(connection, trail, trail.rows[-1])
        assert check_audit(connection, []).wrong is None
        connection.rollback()


def test_another_case_put_beside_a_row_is_found(trail: Trail) -> None:
    row = trail.rows[-1]
    with trail.force.database.engine.connect() as connection:
        without_guards(connection)
        connection.execute(insert(SUBJECT), {"seq": row.entry.seq, "case_id": 999_999})
        wrong = check_audit(connection, trail.anchors).wrong
        connection.rollback()
    assert wrong is not None
    assert wrong.seq == row.entry.seq
    assert wrong.sentence == f"the list of the cases that row {row.entry.seq} is about was changed"


def without_guards(connection: Connection) -> None:
    """As somebody who owns the database: no trigger and no foreign key stands in the way until the rollback."""
    if is_sqlite(connection):
        names = text("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name IN ('audit', 'audit_subject')")
        for name in connection.execute(names).scalars().all():
            connection.execute(text(f"DROP TRIGGER {name}"))
    else:
        connection.execute(text("SET session_replication_role = replica"))


def change(connection: Connection, row: Link, **values: object) -> None:
    connection.execute(update(AUDIT).where(AUDIT.c.seq == row.entry.seq).values(**values))


def remove(connection: Connection, rows: list[Link]) -> None:
    numbers = [link.entry.seq for link in rows]
    connection.execute(delete(SUBJECT).where(SUBJECT.c.seq.in_(numbers)))
    connection.execute(delete(AUDIT).where(AUDIT.c.seq.in_(numbers)))


def test_every_column_is_in_the_hash() -> None:
    bound = {*Entry._fields, "follows", "hash"}
    assert {column.name for column in AUDIT.columns} == bound
