"""Every page of the board at a year's deadlines of a force and at ten years', on both engines; and counting.

The published crimes of 24 months make 476,973 duties of the Code (`one.db`), ten forces of them 4,769,730 (`ten.db`).
PostgreSQL gets a copy of both where its programs are found (tests/postgres.py says where), and loses them afterwards.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from statistics import median
from time import perf_counter, process_time

from sqlalchemy import Connection, func, insert, select, text

from bench.copying import copied
from bench.measuring import Measured, Took, in_words
from bench.pages import signed_in
from bench.worlds import AT, QUARTERS, ten_worlds, world
from tests.postgres import NoPostgres, server
from victimcare.commands.ask_for_pack import ask_for_pack
from victimcare.commands.keep_board_actions import NewAction, decide_action
from victimcare.commands.publish_figures import publish_figures, tally_quarter
from victimcare.domain.board_actions import Measure, Way
from victimcare.domain.calendar import london_date
from victimcare.domain.feedback import FeedbackAnswer
from victimcare.domain.people import Person, Role
from victimcare.domain.published_figures import publish
from victimcare.domain.quarter import Quarter
from victimcare.domain.small_numbers import THRESHOLD
from victimcare.editions.feedback import published_survey
from victimcare.editions.law import published_law
from victimcare.settings import Settings
from victimcare.store.board_actions import ACTIONS
from victimcare.store.cases import CASES
from victimcare.store.database import Database, is_sqlite
from victimcare.store.dues import DUES
from victimcare.store.feedback import GIVEN, REQUESTS
from victimcare.store.vault import Vault
from victimcare.web.app import create_app

PAGES = (
    ("the summary", "/board"),
    ("compliance, a quarter", "/board/compliance"),
    (
        "compliance, 12 months by area, changed since",
        "/board/compliance?period=year-to-2023-q1&by=area&since=year-to-2022-q1",
    ),
    ("duties of a quarter", "/board/compliance?by=rule"),
    ("months", "/board/months"),
    ("support, 12 months by team", "/board/support?period=year-to-2023-q1&by=team"),
    ("behind the figures", "/board/behind"),
    ("journeys", "/board/journeys"),
    ("gaps", "/board/gaps"),
    ("referrals", "/board/referrals"),
    ("feedback by team", "/board/feedback?by=team"),
    ("actions", "/board/actions"),
    ("packs", "/board/packs"),
)
"""Each with its heaviest menu."""
_YEAR = QUARTERS[-4:]
_ROUNDS = 15
_AIMS = {"a year": 0.3, "ten years": 1.0}
"""Seconds of a page."""
_GROWTH, _TEN_TIMES_AS_MANY = 1.5, 15
_ASKED_ONE_IN, _ANSWERED_PER_CENT, _ACTIONS = 2, 40, 20
_BOARD = Person("board-1", "", Role.BOARD)


@dataclass(frozen=True, slots=True)
class Found:
    """What was measured in one database. `counting` and `publishing` are of a quarter and of 12 months."""

    duties: int
    pages: dict[str, Took]
    counting: Took
    publishing: Took


def measure() -> list[Measured]:
    """Pages against their aims in milliseconds, then the larger database against the smaller."""
    lines = []
    for engine, addresses in _databases():
        found = {size: _measured(url) for size, url in addresses.items()}
        for size, one in found.items():
            lines += [
                _page(f"{engine}, {one.duties:,} duties: {name}", took, _AIMS[size]) for name, took in one.pages.items()
            ]
        lines += _growth(engine, found["a year"], found["ten years"])
    return lines


def _page(what: str, took: Took, aim: float) -> Measured:
    words = f"{in_words(took.processor)} ({in_words(took.clock)} by the clock)"
    return Measured(what, words, f"aim, {in_words(aim)}", took.processor / aim, 1)


def _growth(engine: str, small: Found, large: Found) -> Iterator[Measured]:
    for name, took in large.pages.items():
        yield _compared(f"{engine}, ten times the duties: {name}", small.pages[name], took, _GROWTH)
    yield _compared(
        f"{engine}, counting a quarter of ten times the duties", small.counting, large.counting, _TEN_TIMES_AS_MANY
    )
    what = f"{engine}, publishing 12 months of ten times the duties"
    yield _compared(what, small.publishing, large.publishing, _TEN_TIMES_AS_MANY)


def _compared(what: str, small: Took, large: Took, aim: float) -> Measured:
    ratio = large.processor / small.processor
    return Measured(what, in_words(large.processor), f"{in_words(small.processor)} of a tenth", ratio, aim)


def _databases() -> Iterator[tuple[str, dict[str, str]]]:
    """The addresses of both sizes on each engine that is here."""
    files = {"a year": world(), "ten years": ten_worlds()}
    for file in files.values():
        _furnish(Database(f"sqlite:///{file}"))
    yield "SQLite", {size: f"sqlite:///{file}" for size, file in files.items()}
    try:
        with server() as postgres:
            yield "PostgreSQL", {size: copied(file, postgres, file.stem) for size, file in files.items()}
    except NoPostgres as missing:
        print(f"PostgreSQL was not measured: {missing}")


def _measured(url: str) -> Found:
    database = Database(url)
    pages = {name: _took(database, path) for name, path in PAGES}
    with database.reading() as connection:
        duties = connection.execute(select(func.count()).where(~DUES.c.policy)).scalar_one()
        counting = _timed(connection, lambda: tally_quarter(connection, quarter=_YEAR[-1], law=published_law()))
        publishing = _timed(connection, lambda: _publish_anew(connection, _YEAR))
    database.close()
    return Found(duties, pages, counting, publishing)


def _publish_anew(connection: Connection, quarters: Sequence[Quarter]) -> None:
    """All of publishing them for the first time but the rows that keep them."""
    for quarter in quarters:
        tally = tally_quarter(connection, quarter=quarter, law=published_law())
        publish(tally, quarter=quarter, known_on=london_date(AT), threshold=THRESHOLD)


def _took(database: Database, path: str) -> Took:
    """By the clock the median, in processor time the quickest; on PostgreSQL the mean, with the server's own."""
    settings = Settings(database_url=database.url, cookie_secure=False)
    app = create_app(
        settings=settings, law=published_law(), database=database, vault=Vault(bytes(32)), clock=lambda: AT
    )
    server, browser = signed_in(app, "board")
    assert browser.get(path).status_code == 200
    server.took.clear()
    with database.reading() as connection:
        before = _of_postgres(connection)
        for _ in range(_ROUNDS):
            assert browser.get(path).status_code == 200
        of_postgres = (_of_postgres(connection) - before) / _ROUNDS
    clock = median(each.clock for each in server.took)
    return Took(clock, min(each.processor for each in server.took) + of_postgres)


def _timed(connection: Connection, work: Callable[[], object]) -> Took:
    began, start, of_postgres = process_time(), perf_counter(), _of_postgres(connection)
    work()
    ran = process_time() - began + _of_postgres(connection) - of_postgres
    return Took(perf_counter() - start, ran)


def _of_postgres(connection: Connection) -> float:
    """Seconds of the processor that the server's processes took so far; nothing on SQLite, which runs in ours."""
    if is_sqlite(connection):
        return 0.0
    mine = connection.execute(select(func.pg_backend_pid())).scalar_one()
    server = _stat(Path(f"/proc/{mine}/stat"))[1]
    of_it = (_stat(file) for file in Path("/proc").glob("[0-9]*/stat"))
    ticks = sum(int(one[11]) + int(one[12]) for one in of_it if len(one) > 12 and one[1] == server)
    return ticks / os.sysconf("SC_CLK_TCK")


def _stat(file: Path) -> list[str]:
    """What the system says of a process, after its name; nothing of one that is gone."""
    try:
        return file.read_text().rpartition(")")[2].split()
    except OSError:
        return []


# --------------------------------------------------------------------------------------- what the pages have to show


def _furnish(database: Database) -> None:
    """Once: publish two years, ask one victim of some, decide actions, and ask for packs."""
    with database.writing() as connection:
        if connection.execute(select(func.count()).select_from(ACTIONS)).scalar_one() >= _ACTIONS:
            return
        for quarter in QUARTERS:
            tally = tally_quarter(connection, quarter=quarter, law=published_law())
            publish_figures(connection, tally, quarter=quarter, now=AT, threshold=THRESHOLD)
        _ask_victims(connection)
        for number in range(_ACTIONS):
            decide_action(connection, action=_action(number), by=_BOARD, now=AT)
        for quarter in _YEAR:
            ask_for_pack(connection, period=quarter.id, baseline="", force="", threshold=THRESHOLD, by=_BOARD, now=AT)
        if is_sqlite(connection):
            connection.execute(text("ANALYZE"))
    database.close()


def _action(number: int) -> NewAction:
    decided_on = (AT - timedelta(days=30 * number)).date()
    measure = Measure("police", right=(None, 3, 6, 8)[number % 4])
    baseline = QUARTERS[number % len(QUARTERS)].id
    return NewAction(
        "What is to be done", measure, Way.UP, baseline, "police", decided_on, (AT + timedelta(days=90)).date()
    )


def _ask_victims(connection: Connection) -> None:
    """One case of two, some days after it was opened; of those one in so many answers every question."""
    cases = connection.execute(select(CASES.c.id, CASES.c.team_id, CASES.c.area, CASES.c.opened_on)).all()
    points = [point.code for point in published_survey().points]
    asked = [
        {
            "id": row.id,
            "case_id": row.id,
            "number": f"bench-{row.id}",
            "point": points[row.id % len(points)],
            "channel": "phone",
            "team_id": row.team_id,
            "area": row.area,
            "asked_on": row.opened_on + timedelta(days=30),
            "written_by": _BOARD.id,
            "written_at": AT,
            "contains_location": False,
            **({"ended_as": "answered", "ended_at": AT, "ended_by": _BOARD.id} if _answers(row.id) else _WAITS),
        }
        for row in cases
        if row.id % _ASKED_ONE_IN == 0
    ]
    connection.execute(insert(REQUESTS), asked)
    answers = list(FeedbackAnswer)
    said = [
        {"request_id": one["id"], "question": question.code, "answer": answers[(one["id"] // 2 + place) % 4].value}
        for one in asked
        if one["ended_as"]
        for place, question in enumerate(published_survey().questions)
    ]
    connection.execute(insert(GIVEN), said)


_WAITS = {"ended_as": None, "ended_at": None, "ended_by": None}


def _answers(case_id: int) -> bool:
    return case_id // _ASKED_ONE_IN % 100 < _ANSWERED_PER_CENT
