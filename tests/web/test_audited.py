"""Every page that shows something of a case is written down before it is shown, and is not shown where it cannot be."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import OperationalError

from tests.jobs.counted import all_have_run
from tests.web.casework import Casework, add_strangers
from tests.web.planted import plant
from tests.web.site import Site
from tests.web.test_canaries import HOLDERS, PROTECTED, WHO, World, crawl
from tests.web.told import CANARY, Answer
from victimcare.store import audit
from victimcare.store.audit import AUDIT

SHOWN = ("consultation", "disclosure")
SEE_MOST = ("officer", "supervisor")
SEE_SOMETHING = [pytest.param(who, marks=() if who in SEE_MOST else pytest.mark.slow) for who in WHO if who]
"""Everybody; who sees most first of all."""


@pytest.fixture(scope="module")
def world(module_site: Site) -> World:
    """Cases with every word in them; what runs by itself has run."""
    casework = Casework(module_site)
    add_strangers(module_site)
    cases = {
        letter: plant(casework, holder, letter, protected=letter == PROTECTED) for letter, holder in HOLDERS.items()
    }
    all_have_run(module_site.database, module_site.clock.now)
    return World(casework, cases)


def shows(world: World, answer: Answer) -> bool:
    """Whether something of a case is on this page: a planted word, or a reference that nobody asked for by it."""
    refs = (case.ref for case in world.cases.values())
    of_a_case = bool(CANARY.search(answer.body)) or any(r in answer.body and r not in answer.address for r in refs)
    return answer.status == 200 and of_a_case


def pages(world: World, who: str) -> Iterator[tuple[Answer, bool]]:
    """Every page that this person is shown, and whether it was written down that they were."""
    database = world.casework.site.database
    browser = world.casework.site.sign_in(who)
    with database.reading() as connection:
        last = connection.execute(select(func.max(AUDIT.c.seq))).scalar_one()
    for answer in crawl(world, browser, who):
        wanted = select(AUDIT.c.seq, AUDIT.c.operation).where(AUDIT.c.seq > last, AUDIT.c.person_id == who)
        with database.reading() as connection:
            rows = connection.execute(wanted.order_by(AUDIT.c.seq)).all()
        last = rows[-1].seq if rows else last
        yield answer, any(row.operation in SHOWN for row in rows)


@pytest.mark.parametrize("who", SEE_SOMETHING)
def test_every_page_that_shows_something_of_a_case_is_written_down(world: World, who: str) -> None:
    asked = list(pages(world, who))
    unseen = [answer.address for answer, written in asked if shows(world, answer) and not written]
    assert unseen == []
    if who in SEE_MOST:
        assert sum(shows(world, answer) for answer, _ in asked) > 40


@pytest.mark.parametrize("who", SEE_SOMETHING)
def test_no_page_that_shows_something_of_a_case_is_shown_where_that_cannot_be_written(
    world: World, who: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = world.casework.site.sign_in(who)
    browser.token()

    def fails(*_: object, **__: object) -> None:
        raise OperationalError("", {}, Exception("no space"))

    monkeypatch.setattr(audit, "write", fails)
    asked = list(crawl(world, browser, who))
    assert [answer.address for answer in asked if shows(world, answer)] == []
    if who in SEE_MOST:
        assert sum(answer.status == 503 for answer in asked) > 40
