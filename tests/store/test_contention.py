"""Many write at once and a long report is read meanwhile: everybody gets through, and every write is there once."""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Event, Thread

import pytest
from sqlalchemy import text
from sqlalchemy.exc import TimeoutError as NoTurn

from tests.force import MONDAY, Force, a_force
from victimcare.queries.audit_check import check_audit
from victimcare.store import audit, turns

WRITERS = 16


@pytest.fixture
def force(sqlite_url: str) -> Iterator[Force]:
    force = a_force(sqlite_url)
    with force.database.writing() as connection:
        connection.execute(text("INSERT INTO setting (name, value) VALUES ('counter', '0')"))
    yield force
    force.database.close()


def count_up(force: Force) -> float:
    """Read the counter, write it, and the audit with it; the seconds that it took."""
    began = time.perf_counter()
    with force.database.writing() as connection:
        value = connection.execute(text("SELECT value FROM setting WHERE name = 'counter'")).scalar_one()
        connection.execute(text("UPDATE setting SET value = :v WHERE name = 'counter'"), {"v": str(int(value) + 1)})
        audit.write(connection, at=MONDAY, operation="alteration", what="count", person=force.ash)
    return time.perf_counter() - began


@contextmanager
def a_report(force: Force, seconds: float) -> Iterator[Event]:
    """Somebody reads as of one moment for so long; set when they have seen the same to the end."""
    same, first = Event(), Event()

    def read() -> None:
        with force.database.reading() as connection:
            asked = text("SELECT count(*) FROM audit")
            before, until = connection.execute(asked).scalar_one(), time.monotonic() + seconds
            first.set()
            while time.monotonic() < until:
                if connection.execute(asked).scalar_one() != before:
                    return
                time.sleep(0.01)
        same.set()

    reader = Thread(target=read)
    reader.start()
    first.wait()
    try:
        yield same
    finally:
        reader.join()


def check(force: Force, writes: int, report: float) -> list[float]:
    with a_report(force, report) as same, ThreadPoolExecutor(WRITERS) as pool:
        took = sorted(pool.map(lambda _: count_up(force), range(writes)))
    assert same.is_set(), "the report was read from one moment"
    with force.database.reading() as connection:
        counter = connection.execute(text("SELECT value FROM setting WHERE name = 'counter'")).scalar_one()
        rows = connection.execute(text("SELECT count(*) FROM audit WHERE what = 'count'")).scalar_one()
        assert check_audit(connection, []).wrong is None
    assert (int(counter), rows, len(took)) == (writes, writes, writes)
    return took


def test_sixteen_that_write_at_once_all_get_through(force: Force) -> None:
    took = check(force, 320, report=1)
    assert took[-1] < turns.LONGEST_WAIT


@pytest.mark.slow
def test_sixteen_writers_write_five_thousand_times_while_a_report_is_read(force: Force) -> None:
    took = check(force, 5_000, report=30)
    p99 = took[len(took) * 99 // 100]
    half = took[len(took) // 2]
    print(f"\n{len(took)} writes of {WRITERS} at once: none refused, half in {half:.3f} s, p99 {p99:.3f} s")
    assert p99 < 1


def test_they_go_in_the_order_in_which_they_came() -> None:
    queue, order = turns.Turns(), []

    def go(number: int) -> None:
        with queue.turn():
            order.append(number)

    with queue.turn():
        threads = [Thread(target=go, args=(number,)) for number in range(8)]
        for waiting, thread in enumerate(threads, start=1):
            thread.start()
            while len(queue._waiting) < waiting:
                time.sleep(0.001)
    for thread in threads:
        thread.join()
    assert order == list(range(8))


def test_whoever_waits_too_long_is_told_and_the_others_go_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(turns, "LONGEST_WAIT", 0.01)
    queue = turns.Turns()
    with queue.turn(), pytest.raises(NoTurn), queue.turn():
        pass
    with queue.turn():
        pass


def test_a_database_lets_its_writers_in_one_by_one(force: Force, monkeypatch: pytest.MonkeyPatch) -> None:
    """Left to SQLite, with sixteen some gave up after five seconds."""
    monkeypatch.setattr(turns, "LONGEST_WAIT", 0.01)
    with force.database.writing(), ThreadPoolExecutor(1) as other, pytest.raises(NoTurn):
        other.submit(count_up, force).result()
