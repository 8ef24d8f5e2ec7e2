"""Two people save the same thing at the same moment: one wins, the other is told and keeps what they typed."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import func, insert, select

from tests.web.casework import Casework
from tests.web.page import Page
from tests.web.site import PASSWORD_HASH, TEAM, Browser, Site
from victimcare.store import accounts
from victimcare.store.cases import ASSIGNMENTS, CASES
from victimcare.store.journeys import EVENTS
from victimcare.store.tables import Audit, PersonRow

pytestmark = pytest.mark.both_engines

TOO_LATE = "somebody else handed it over while you were choosing"
AUDIT = Audit.__table__
CHANGED = AUDIT.c.operation.in_(("collection", "alteration"))
OFFICERS = ("officer", "colleague", "third")


@pytest.fixture
def casework(site: Site) -> Casework:
    """A case; a second supervisor and a third officer in its team."""
    with site.database.writing() as connection:
        for name, role in (("deputy", "supervisor"), ("third", "officer")):
            row = {"id": name, "name": f"Example {name.title()}", "role": role, "team_id": TEAM}
            connection.execute(insert(PersonRow.__table__), row)
            account = {"person_id": name, "username": name, "password_hash": PASSWORD_HASH}
            accounts.add_account(connection, **account, password_alone=True)
    return Casework(site)


def at_once(*doings: Callable[[], Any]) -> list[Any]:
    """What each answered; all start together."""
    barrier = Barrier(len(doings))

    def one(do: Callable[[], Any]) -> Any:
        barrier.wait()
        return do()

    with ThreadPoolExecutor(len(doings)) as threads:
        return list(threads.map(one, doings))


def pairs_of_edits(casework: Casework, pairs: int) -> None:
    """The officer and the supervisor record a contact, both having read the case as it was."""
    site, ref = casework.site, casework.case()
    site.keep_signed_in(["officer", "supervisor"])
    browsers = [site.sign_in("officer"), site.sign_in("supervisor")]
    before = count(casework, EVENTS)
    for number in range(pairs):
        forms = [casework.page(each, f"/cases/{ref}/contacts/new").form(f"/cases/{ref}/contacts") for each in browsers]
        notes = [f"Note {number} of the officer", f"Note {number} of the supervisor"]
        sent = [form.filled(reached="yes", channel="phone", note=note) for form, note in zip(forms, notes, strict=True)]
        answers = at_once(*(posting(*each) for each in zip(browsers, forms, sent, strict=True)))
        assert sorted(answer.status_code for answer in answers) == [303, 409], number
        lost = [answer.status_code for answer in answers].index(409)
        again = Page(answers[lost].text).form(forms[lost].action)
        assert again.ticked("note") == [notes[lost]], "what the other typed is kept"
        assert "Recorded while you were writing" in answers[lost].text
    assert count(casework, EVENTS) == before + pairs


def posting(browser: Browser, form: Any, sent: Any) -> Callable[[], Any]:
    token = browser.token()
    return lambda: browser.post(form.action, sent, token=token)


def hand_overs(casework: Casework, rounds: int) -> None:
    """Two supervisors who saw the same officer hand the case to two others."""
    site, ref = casework.site, casework.case()
    people = ("supervisor", "deputy")
    site.keep_signed_in(people)
    browsers = [site.sign_in(who) for who in people]
    tokens = [browser.token() for browser in browsers]
    holder = "officer"
    for number in range(rounds):
        takers = [who for who in OFFICERS if who != holder]
        written = count(casework, AUDIT, CHANGED)

        def send(who: int, takers: list[str] = takers, number: int = number, holder: str = holder) -> Any:
            seen = {"cases": [f"{ref}:{holder}"], "officer": takers[who], "why": "leave"}
            return browsers[who].post("/team/reassign", {**seen, "form_key": f"{number}-{who}"}, token=tokens[who])

        answers = at_once(lambda send=send: send(0), lambda send=send: send(1))
        assert [answer.status_code for answer in answers] == [200, 200]
        refused = [who for who, answer in enumerate(answers) if TOO_LATE in answer.text]
        assert len(refused) == 1, number
        with site.database.reading() as connection:
            holder = connection.execute(select(CASES.c.officer_id).where(CASES.c.ref == ref)).scalar_one()
            open_ones = ASSIGNMENTS.c.until_at.is_(None)
            held = connection.execute(select(ASSIGNMENTS.c.officer_id).where(open_ones)).scalars().all()
        assert held == [holder]
        assert holder == takers[1 - refused[0]]
        assert count(casework, AUDIT, CHANGED) == written + 1
    assert count(casework, ASSIGNMENTS) == rounds + 1


def count(casework: Casework, table: Any, *which: Any) -> int:
    with casework.site.database.reading() as connection:
        return int(connection.execute(select(func.count()).select_from(table).where(*which)).scalar_one())


def test_of_two_who_write_at_once_one_wins_and_the_other_keeps_their_words(casework: Casework) -> None:
    pairs_of_edits(casework, 2)


def test_of_two_supervisors_who_hand_a_case_over_at_once_one_does(casework: Casework) -> None:
    hand_overs(casework, 2)


@pytest.mark.slow
def test_two_hundred_pairs_of_edits(casework: Casework) -> None:
    pairs_of_edits(casework, 200)


@pytest.mark.slow
def test_five_hundred_hand_overs_of_one_case(casework: Casework) -> None:
    hand_overs(casework, 500)
