"""Who tries to see a protected location is refused; its custodian is told at once, and a reviewer is asked about it."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select, update

from tests.queries.test_case_lists import keep_lists
from tests.web.casework import Casework, add_strangers
from tests.web.relations import protect
from tests.web.site import Site
from victimcare.commands import emergency_alerts
from victimcare.commands.deliver_notices import begin_sending, lease_notices
from victimcare.domain.calendar import london_date
from victimcare.domain.people import CaseLists
from victimcare.domain.snooping import Sign, suspicions
from victimcare.editions.escalation import published_ladder
from victimcare.queries.snooping import everybodys_day
from victimcare.store import case_lists, cases
from victimcare.store.outbox import OUTBOX
from victimcare.store.staff import PEOPLE as ROWS

TRIED = "protected_location_tried"


@pytest.fixture
def work(site: Site) -> Casework:
    add_strangers(site)
    with site.database.writing() as connection:
        connection.execute(update(ROWS).values(email="somebody@example.org"))
    return Casework(site)


def a_protected(work: Casework) -> str:
    """A case of the officer's, whose victim the supervisor alone may reach."""
    ref = work.case("Wren Sample")
    work.safe_way(ref)
    protect(work, ref)
    return ref


def told(work: Casework) -> list[str]:
    """Who is told of a try."""
    with work.site.database.reading() as connection:
        rows = connection.execute(select(OUTBOX).where(OUTBOX.c.step == TRIED).order_by(OUTBOX.c.id))
        return [row.recipient_id for row in rows]


def refused(work: Casework) -> list[tuple[str, str]]:
    """What was refused, to whom."""
    return [(what, who) for _, what, who, outcome in work.site.audit() if outcome == "refused"]


def signs(work: Casework) -> list[tuple[str, Sign, int]]:
    """What the look through this day finds."""
    with work.site.database.reading() as connection:
        found = suspicions(everybodys_day(connection, london_date(work.site.clock.now)))
    return sorted((each.person_id, each.sign, each.count) for each in found)


def tries(work: Casework, ref: str, who: str = "officer") -> list[Any]:
    """To see the page of a number, and to have it shown."""
    browser, path = work.site.sign_in(who), f"/cases/{ref}/contact-details/{ref}-phone"
    return [browser.get(path), browser.post(f"{path}/show", {"form_key": f"{ref}{who}"})]


def test_the_custodian_and_those_who_review_are_told_at_once(work: Casework) -> None:
    ref = a_protected(work)
    answers = tries(work, ref)
    assert [answer.status_code for answer in answers] == [403, 403]
    assert told(work) == ["reviewer", "supervisor"]
    assert refused(work) == [
        ("open contact details: protected location", "officer"),
        ("open contact details: protected location", "officer"),
    ]


def test_each_try_is_written_down_and_told_once_a_day_for_each_person_and_case(work: Casework) -> None:
    refs = [a_protected(work), a_protected(work)]
    for ref in [*refs, refs[0]]:
        tries(work, ref)
    assert told(work) == ["reviewer", "supervisor"] * 2
    assert len(refused(work)) == 6
    work.site.clock.forward(days=1)
    tries(work, refs[0])
    assert told(work) == ["reviewer", "supervisor"] * 3


def test_the_custodian_sees_it_and_nobody_is_told(work: Casework) -> None:
    assert [answer.status_code for answer in tries(work, a_protected(work), "supervisor")] == [200, 200]
    assert not told(work)


def test_what_is_told_is_a_reference_and_nothing_else(work: Casework) -> None:
    ref = a_protected(work)
    tries(work, ref)
    now = work.site.clock.now
    with work.site.database.writing() as connection:
        items = lease_notices(connection, now=now)
        sent = [
            begin_sending(connection, item=item, law=work.law, ladder=published_ladder(), now=now) for item in items
        ]
    assert len(sent) == 2
    for notice in sent:
        assert notice is not None
        assert notice.subject == f"Somebody tried to see a protected location: case {ref}"
        for word in ("Wren", "Example", "officer", "07700"):
            assert word not in notice.subject + notice.body, word


def test_the_row_and_what_tells_of_it_are_one_transaction(work: Casework, monkeypatch: pytest.MonkeyPatch) -> None:
    ref = a_protected(work)

    def fails(*_: object, **__: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(emergency_alerts.outbox, "tell", fails)
    answers = tries(work, ref)
    assert [answer.status_code for answer in answers] == [500, 500]
    assert not refused(work)


def test_nobody_who_is_excluded_is_told_and_a_custodian_who_left_is_replaced(work: Casework) -> None:
    ref = a_protected(work)
    with work.site.database.writing() as connection:
        case_id = cases.load(connection, ref).id
        keep_lists(connection, case_id, CaseLists(excluded=frozenset({"reviewer"})))
        connection.execute(update(ROWS).where(ROWS.c.id == "supervisor").values(active=False))
        connection.execute(update(ROWS).where(ROWS.c.id == "colleague").values(role="supervisor"))
        assert case_lists.lists_of(connection, [case_id])[case_id].excluded == {"reviewer"}
    tries(work, ref)
    assert told(work) == ["colleague"]


def test_one_try_is_a_question_for_a_reviewer_the_next_morning(work: Casework) -> None:
    first, second = a_protected(work), a_protected(work)
    tries(work, first)
    tries(work, second)
    assert signs(work) == [("officer", Sign.PROTECTED, 2), ("officer", Sign.PROTECTED, 2)]
    work.site.sign_in("officer").get(f"/cases/{first}/contact-details/new")
    assert ("officer", Sign.REFUSED, 5) in signs(work)


def test_names_tried_by_taking_messages_are_searches(work: Casework) -> None:
    browser = work.site.sign_in("colleague")
    sent = {"wants": "news", "safe_to_ring": "no"}
    for n in range(12):
        answer = browser.post("/messages", {**sent, "name": f"Robin Nobody{n}", "form_key": f"m{n}"})
        assert answer.status_code == 422
    assert signs(work) == [("colleague", Sign.SEARCHED, 12)]


def test_who_is_excluded_and_asks_by_a_message_is_refused_and_counted(work: Casework) -> None:
    ref = work.case("Wren Sample")
    with work.site.database.writing() as connection:
        keep_lists(connection, cases.load(connection, ref).id, CaseLists(excluded=frozenset({"colleague"})))
    browser, sent = work.site.sign_in("colleague"), {"wants": "news", "safe_to_ring": "no"}
    for n in range(5):
        browser.post("/messages", {**sent, "name": "Wren Sample", "form_key": f"m{n}"})
    assert refused(work) == [("take message", "colleague")] * 5
    assert ("colleague", Sign.REFUSED, 5) in signs(work)


def test_what_a_role_does_not_include_is_counted(work: Casework) -> None:
    board = work.site.sign_in("board")
    for _ in range(5):
        assert board.get("/cases").status_code == 403
    assert signs(work) == [("board", Sign.REFUSED, 5)]


def test_no_page_offers_what_is_refused(work: Casework) -> None:
    ref = a_protected(work)
    officer = work.site.sign_in("officer")
    for below in ("", "/contact-details", "/contacts/new", "/victim", "/messages"):
        page = work.page(officer, f"/cases/{ref}{below}")
        for link in page.links(starts=f"/cases/{ref}/contact-details/"):
            assert officer.get(link).status_code != 403, (below, link)
