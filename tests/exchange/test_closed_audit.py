"""Old months of the audit leave the database as files: nothing of them is lost, and what is left is still proved."""

from __future__ import annotations

import json
import shutil
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import delete, update

from tests.backups import Kept
from tests.everything import anchors_in, arrive, leave
from tests.force import VAULT, Force, a_force
from tests.outbox import case_of_an_arrest
from victimcare.domain.audit_chain import Anchor, Link, hash_of
from victimcare.domain.people import Person, Role
from victimcare.exchange import closed_audit
from victimcare.exchange.backup.kind import Unsound
from victimcare.exchange.closed_audit import (
    NoSuchCase,
    NotAsWritten,
    NotSigned,
    OtherFile,
    TooYoung,
    close_months,
    read_closed,
)
from victimcare.exchange.sealed_file import Damaged, SealedWithAnother
from victimcare.queries.audit_check import check_audit, current_anchor, next_anchor
from victimcare.store import audit, audit_segments
from victimcare.store.append_only import released
from victimcare.store.audit import AUDIT
from victimcare.store.audit_anchors import AnchorFile
from victimcare.store.audit_segments import AuditInUse
from victimcare.store.database import Database, is_sqlite

KEY = bytes(range(32))
BEGUN = datetime(2024, 11, 3, 9, tzinfo=UTC)
NOW = datetime(2026, 5, 22, 12, tzinfo=UTC)
BEFORE = date(2025, 2, 1)
EVERY = timedelta(days=4)
OFFICER = Person("o1", "Example Officer", Role.OFFICER, "north")


@dataclass(frozen=True)
class Trail:
    """An audit of half a year, in several chains where there are several, anchored each month; and a case of it."""

    force: Force
    file: AnchorFile
    folder: Path
    rows: list[Link]
    ref: str

    def close(self, *, before: date = BEFORE, key: bytes = KEY) -> list[closed_audit.Closed]:
        closing_of = close_months(self.force.database, self.folder, before=before, key=key, anchors=self.file, now=NOW)
        return list(closing_of)

    def here(self) -> list[Link]:
        with self.force.database.reading() as connection, closing(audit.links(connection)) as links:
            return [link._replace(case_ids=list(link.case_ids)) for link in links]

    def wrong(self, anchors: list[Anchor] | None = None) -> str:
        """What a check finds: nothing, or its sentence."""
        known = self.file.anchors() if anchors is None else anchors
        with self.force.database.reading() as connection:
            found = check_audit(connection, known).wrong
        return found.sentence if found else ""

    def before(self, day: date) -> list[Link]:
        return [link for link in self.rows if link.entry.at < day.isoformat()]


@pytest.fixture
def trail(database_url: str, tmp_path: Path) -> Iterator[Trail]:
    made = half_a_year(database_url, tmp_path)
    yield made
    made.force.database.close()


def half_a_year(url: str, tmp_path: Path) -> Trail:
    force = a_force(url)
    case = case_of_an_arrest(force)[0]
    file = AnchorFile(tmp_path / "anchors.jsonl", key_file=tmp_path / "audit.key")
    with force.database.writing() as connection, released(connection, "audit"), released(connection, "audit_subject"):
        connection.execute(delete(audit.SUBJECT))
        connection.execute(delete(AUDIT))
    engine = force.database.engine
    connections = [engine.connect() for _ in range(1 if engine.dialect.name == "sqlite" else 3)]
    for number in range(45):
        at, ids = BEGUN + number * EVERY, [case.id] if number % 3 else []
        with connections[number % len(connections)].begin() as transaction:
            audit.write(
                transaction.connection, at=at, operation="consultation", what="case", person=OFFICER, case_ids=ids
            )
        if number % 7 == 0:
            with force.database.reading() as connection:
                file.add(current_anchor(connection, now=at))
    for opened in connections:
        opened.close()
    (tmp_path / "closed").mkdir()
    made = Trail(force, file, tmp_path / "closed", [], case.case.ref)
    made.rows.extend(made.here())
    return made


def test_each_month_is_a_file_that_has_exactly_its_rows(trail: Trail) -> None:
    closed = trail.close()
    assert [done.segment.month for done in closed] == ["2024-11", "2024-12", "2025-01"]
    read = [link for done in closed for link in read_closed(done.file, key=KEY, anchors=trail.file.anchors())[1]]
    assert sorted(read, key=lambda link: link.entry.seq) == trail.before(BEFORE)
    assert all(done.file.stat().st_mode & 0o077 == 0 for done in closed)


def test_what_is_left_begins_with_the_last_row_that_left_and_is_proved_as_before(trail: Trail) -> None:
    trail.close()
    left, kept = trail.here(), [link for link in trail.rows if link not in trail.before(BEFORE)]
    chains = {link.entry.chain for link in trail.rows}
    assert [link for link in left if link in kept] == kept
    assert len(left) == len(kept) + len(chains) + len({"2024-11", "2024-12", "2025-01"}), "with what says it was closed"
    assert trail.wrong() == trail.wrong([]) == ""
    assert [link.entry.operation for link in left[-3:]] == ["erasure"] * 3
    assert left[-1].entry.what.startswith("close audit of 2025-01 as the file ")


def test_the_first_row_of_a_chain_leaves_with_the_second(trail: Trail) -> None:
    """Alone it would be both the last that leaves and the first that stays."""
    keep_of_each_chain(trail, 1)
    assert trail.close() == []
    for day in (9, 10):  # of two, one has another before it, whichever chain they come to
        with trail.force.database.writing() as connection:
            at = datetime(2025, 1, day, tzinfo=UTC)
            audit.write(connection, at=at, operation="access", what="sign in", person=OFFICER)
    chains = Counter(link.entry.chain for link in trail.here())
    (done,) = trail.close()
    assert done.segment.month == "2025-01"
    assert done.segment.rows == sum(rows for rows in chains.values() if rows > 1)
    assert trail.wrong([]) == ""
    assert trail.close() == []


def keep_of_each_chain(trail: Trail, count: int) -> None:
    """So many of the first rows; nothing was anchored of the others."""
    chains: dict[int, list[int]] = {}
    for link in trail.rows:
        chains.setdefault(link.entry.chain, []).append(link.entry.seq)
    gone = [seq for seqs in chains.values() for seq in seqs[count:]]
    with trail.force.database.writing() as connection, released(connection, "audit"):
        with released(connection, "audit_subject"):
            connection.execute(delete(audit.SUBJECT).where(audit.SUBJECT.c.seq.in_(gone)))
        connection.execute(delete(AUDIT).where(AUDIT.c.seq.in_(gone)))
    trail.file.file.unlink()


def test_a_row_written_afterwards_follows_in_its_chain_and_more_can_be_closed(trail: Trail) -> None:
    trail.close(before=date(2025, 1, 1))
    with trail.force.database.writing() as connection:
        audit.write(connection, at=NOW, operation="consultation", what="case", person=OFFICER)
    assert [done.segment.month for done in trail.close()] == ["2025-01"]
    assert trail.close() == []
    assert trail.wrong() == ""


def test_without_the_signature_the_first_row_that_is_left_is_bad(trail: Trail) -> None:
    copied = trail.file.anchors()
    trail.close()
    assert "closed after these anchors were copied" in trail.wrong(copied)


def test_nobody_takes_out_more_than_was_closed(trail: Trail) -> None:
    trail.close()
    for row in [*trail.here()[:1], *trail.here()[4:7]]:
        with trail.force.database.engine.connect() as connection, connection.begin() as never:
            with released(connection, "audit"), released(connection, "audit_subject"):
                connection.execute(delete(audit.SUBJECT).where(audit.SUBJECT.c.seq == row.entry.seq))
                connection.execute(delete(AUDIT).where(AUDIT.c.seq == row.entry.seq))
            assert check_audit(connection, trail.file.anchors()).wrong, row.entry.seq
            never.rollback()


def test_a_file_that_was_changed_is_found(trail: Trail) -> None:
    (file, *_) = [done.file for done in trail.close()]
    written = bytearray(file.read_bytes())
    written[len(written) // 2] ^= 1
    file.write_bytes(written)
    with pytest.raises(Damaged):
        read_closed(file, key=KEY)
    with pytest.raises(SealedWithAnother):
        read_closed(file, key=bytes(32))


def test_a_file_with_other_rows_than_those_that_were_signed_is_found(trail: Trail, tmp_path: Path) -> None:
    """Whoever has the key can seal rows of their own that follow one another."""
    other = a_file_of_other_rows(trail, tmp_path)
    (file, *_) = [done.file for done in trail.close()]
    assert read_closed(other, key=KEY)[0].rows
    with pytest.raises(NotSigned, match="with --anchors and --public-key"):
        read_closed(other, key=KEY, anchors=trail.file.anchors())
    assert read_closed(file, key=KEY, anchors=trail.file.anchors())


def test_an_audit_that_was_changed_is_not_closed(trail: Trail) -> None:
    with trail.force.database.writing() as connection, released(connection, "audit"):
        connection.execute(update(AUDIT).where(AUDIT.c.seq == trail.rows[3].entry.seq).values(person_id="o2"))
    with pytest.raises(NotAsWritten, match=rf"row {trail.rows[3].entry.seq} was changed"):
        trail.close()
    assert len(trail.here()) == len(trail.rows)
    assert not list(trail.folder.iterdir())


def test_what_is_still_read_is_not_closed(trail: Trail) -> None:
    with pytest.raises(TooYoung, match="from 2025-05 on they stay open"):
        trail.close(before=date(2025, 6, 1))
    assert trail.close(before=date(2025, 5, 1))


@pytest.mark.parametrize("stopped_at", ["add", "take_out", "write"])
def test_stopped_anywhere_it_is_as_if_it_had_not_begun_and_goes_on(
    trail: Trail, monkeypatch: pytest.MonkeyPatch, stopped_at: str
) -> None:
    of = {"add": trail.file.__class__, "take_out": audit_segments, "write": audit}[stopped_at]
    with monkeypatch.context() as stopping:
        stopping.setattr(of, stopped_at, stop)
        with pytest.raises(KeyboardInterrupt):
            trail.close()
    assert trail.here() == trail.rows
    assert trail.wrong() == ""
    assert len(trail.close()) == 3
    assert trail.wrong() == ""


def test_what_was_signed_as_closed_and_is_still_there_is_proved_as_before(
    trail: Trail, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever stopped it there might else take out what lies before, up to the row with which a chain may begin."""
    with monkeypatch.context() as stopping:
        add = trail.file.add
        stopping.setattr(trail.file, "add", lambda anchor: (add(anchor), stop()))
        with pytest.raises(KeyboardInterrupt):
            trail.close()
    assert trail.here() == trail.rows
    closed = {head.chain: head.seq for head in trail.file.anchors()[-1].closed}
    before = [link.entry for link in trail.rows if link.entry.seq < closed.get(link.entry.chain, 0)]
    between = [row.seq for row, one_before in zip(before[3:], before, strict=False) if row.chain == one_before.chain]
    assert between
    with trail.force.database.engine.connect() as connection, connection.begin() as never:
        with released(connection, "audit"), released(connection, "audit_subject"):
            connection.execute(delete(audit.SUBJECT).where(audit.SUBJECT.c.seq.in_(between)))
            connection.execute(delete(AUDIT).where(AUDIT.c.seq.in_(between)))
        assert check_audit(connection, trail.file.anchors()).wrong
        never.rollback()


def test_what_is_left_leaves_with_everything_and_is_proved_where_it_arrives(
    trail: Trail, sqlite_template: Path, tmp_path: Path
) -> None:
    trail.close()
    exported = leave(trail.force.database, tmp_path / "all.export", vault=VAULT)
    (elsewhere := tmp_path / "elsewhere").mkdir()
    shutil.copyfile(sqlite_template, elsewhere / "victimcare.db")
    with closing(Database(f"sqlite:///{elsewhere / 'victimcare.db'}")) as new:
        arrive(new, exported.file, anchors=anchors_in(elsewhere))
        with new.reading() as connection:
            assert check_audit(connection, anchors_in(elsewhere).anchors()).wrong is None


def test_a_backup_of_what_is_left_is_restored_and_proved_without_the_anchors_from_before(
    sqlite_template: Path, tmp_path: Path
) -> None:
    file = Path(shutil.copyfile(sqlite_template, tmp_path / "victimcare.db"))
    trail = half_a_year(f"sqlite:///{file}", tmp_path)
    trail.close()
    trail.force.database.close()
    kept = Kept(f"sqlite:///{file}", tmp_path / "restored")
    made = kept.back_up()
    others = AnchorFile(tmp_path / "others.jsonl", key_file=tmp_path / "others.key")
    others.add(Anchor(NOW, ()))
    with pytest.raises(Unsound, match="does not follow the beginning of the chain"):
        kept.restore(made.file, anchors=others)
    kept.restore(made.file)
    with closing(Database(kept.url)) as database, database.reading() as connection:
        assert check_audit(connection, kept.anchors.anchors()).wrong is None
        assert audit_segments.beginnings(connection)


def test_where_the_anchors_are_lost_the_first_new_one_says_where_the_chains_begin(trail: Trail) -> None:
    """Else nothing would verify any more, and nobody could say so."""
    trail.close()
    trail.file.file.unlink()
    assert trail.wrong() == ""
    with trail.force.database.reading() as connection:
        trail.file.add(next_anchor(connection, trail.file.last(), now=NOW))
        trail.file.add(next_anchor(connection, trail.file.last(), now=NOW))
    assert trail.wrong() == ""
    assert [bool(anchor.closed) for anchor in trail.file.anchors()] == [True, False]


def test_while_the_audit_is_read_it_is_not_closed_and_nobody_waits_for_long(
    trail: Trail, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On SQLite who reads keeps nobody from writing."""
    monkeypatch.setattr(audit_segments, "_WAITS", 1)
    with trail.force.database.reading() as connection, closing(audit.links(connection)) as links:
        next(links)
        if not is_sqlite(connection):
            with pytest.raises(AuditInUse, match="Run it again when that is over"):
                trail.close()
            assert trail.here() == trail.rows
    assert len(trail.close()) == 3
    assert trail.wrong() == ""


def stop(*_: object, **__: object) -> None:
    raise KeyboardInterrupt


def test_a_file_of_that_month_with_other_rows_is_not_written_over(trail: Trail, tmp_path: Path) -> None:
    other = a_file_of_other_rows(trail, tmp_path)
    other.rename(trail.folder / other.name)
    with pytest.raises(OtherFile, match="name another folder"):
        trail.close()
    assert trail.here() == trail.rows


def a_file_of_other_rows(trail: Trail, folder: Path) -> Path:
    """A file of the first month, well made, of an audit that has one row more."""
    file, until = folder / "audit-2024-11.sealed", datetime(2024, 12, 1, tzinfo=UTC)
    with trail.force.database.engine.connect() as connection, connection.begin() as never:
        last = audit_segments.ends_before(connection, until)[0]
        row = next(link for link in trail.rows if link.entry.seq == last.seq)
        with released(connection, "audit"):
            forged = row.entry._replace(seq=last.seq, person_id="o2")
            hashed = hash_of(row.follows, forged)
            connection.execute(update(AUDIT).where(AUDIT.c.seq == last.seq).values(person_id="o2", hash=hashed))
        closed_audit._write(connection, file, date(2024, 11, 1), audit_segments.ends_before(connection, until), KEY)
        never.rollback()
    return file


def test_what_was_done_with_one_case_can_be_read_and_that_it_was_is_written_down(trail: Trail) -> None:
    (done, *_) = trail.close()
    lines = list(
        closed_audit.print_closed(
            trail.force.database, done.file, key=KEY, anchors=trail.file.anchors(), case=trail.ref, now=NOW
        )
    )
    expected = [link.entry.seq for link in trail.before(date(2024, 12, 1)) if link.case_ids]
    assert [json.loads(line)["seq"] for line in lines] == expected
    last = trail.here()[-1]
    assert (last.entry.operation, last.entry.what, len(last.case_ids)) == ("disclosure", "read audit of 2024-11", 1)
    with pytest.raises(NoSuchCase, match="NOT-1"):
        closed_audit.print_closed(trail.force.database, done.file, key=KEY, anchors=[], case="NOT-1", now=NOW)


def test_the_log_of_a_case_says_up_to_when_it_is_closed(trail: Trail) -> None:
    with trail.force.database.reading() as connection:
        assert audit_segments.closed_until(connection) is None
    trail.close()
    with trail.force.database.reading() as connection:
        until = audit_segments.closed_until(connection)
    assert until == datetime.fromisoformat(trail.before(BEFORE)[-1].entry.at)
