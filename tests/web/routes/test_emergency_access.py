"""Emergency access: one case, an hour, seen by others at once, and reviewed; every refusal is written down and told."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import insert, select, update

from tests.queries.test_case_lists import keep_lists
from tests.web.casework import PEOPLE, Casework, add_strangers
from tests.web.page import Page
from tests.web.site import Browser, Site
from victimcare.commands.deliver_notices import begin_sending, lease_notices
from victimcare.commands.emergency_alerts import escalate_reviews
from victimcare.commands.protect_location import protect_location
from victimcare.domain.people import CaseLists
from victimcare.editions.escalation import published_ladder
from victimcare.store import cases
from victimcare.store.emergency_access import ACCESSES
from victimcare.store.outbox import OUTBOX
from victimcare.store.staff import PEOPLE as ROWS
from victimcare.store.tables import Audit

WHY = {"reason": "danger_to_victim", "words": "He has just been released and knows where she works"}
NAME = "Quillon Sample"


@dataclass
class Emergency:
    """A case of the officer, and the officer of another team who opens it."""

    work: Casework
    ref: str
    browser: Browser
    keys: list[str] = field(default_factory=list)

    def opens(self, ref: str | None = None, *, by: Browser | None = None, **changes: str) -> Any:
        """The form, sent."""
        self.keys.append("x")
        sent = {"ref": ref or self.ref, **WHY, **changes, "form_key": f"emergency{len(self.keys)}"}
        return (by or self.browser).post("/emergency-access", sent)

    @property
    def told(self) -> list[tuple[str, str]]:
        """Whom the outbox tells of what."""
        with self.work.site.database.reading() as connection:
            rows = connection.execute(select(OUTBOX.c.step, OUTBOX.c.recipient_id).order_by(OUTBOX.c.id))
            return [(row.step, row.recipient_id) for row in rows if row.step.startswith("emergency")]

    @property
    def last(self) -> tuple[str, str, str | None]:
        """The last row of the audit: what, its outcome, and why it was theirs."""
        with self.work.site.database.reading() as connection:
            columns = (Audit.what, Audit.outcome, Audit.basis)
            row = connection.execute(select(*columns).order_by(Audit.seq.desc())).first()  # type: ignore[call-overload]
            return tuple(row)

    def keep(self, lists: CaseLists) -> None:
        with self.work.site.database.writing() as connection:
            keep_lists(connection, cases.load(connection, self.ref).id, lists)


@pytest.fixture
def emergency(site: Site) -> Emergency:
    add_strangers(site)
    work = Casework(site)
    ref = work.case(NAME)
    work.safe_way(ref)
    with site.database.writing() as connection:
        connection.execute(update(ROWS).values(email="somebody@example.org"))
    return Emergency(work, ref, site.sign_in("stranger"))


def test_it_opens_one_case_to_look_at_and_how_to_reach_its_victim_and_nothing_else(emergency: Emergency) -> None:
    path = f"/cases/{emergency.ref}"
    assert emergency.browser.get(path).status_code == 404
    answer = emergency.opens()
    assert (answer.status_code, answer.headers["location"]) == (303, path)
    assert NAME in emergency.browser.get(path).text
    assert emergency.last == ("case", "done", "break-glass")
    assert emergency.browser.get(f"{path}/contact-details").status_code == 200
    shown = emergency.browser.post(f"{path}/contact-details/{emergency.ref}-phone/show", {"form_key": "k"})
    assert "07700 900123" in shown.text
    events = emergency.work.stored_events()
    contact = emergency.work.page(emergency.browser, f"{path}/contacts/new").form(f"{path}/contacts")
    for below, sent in (
        ("notes", {"words": "Anything", "form_key": "n"}),
        ("questions", {"words": "Anything", "form_key": "q"}),
        (f"contact-details/{emergency.ref}-phone/unsafe", {"form_key": "u"}),
        ("contacts", contact.filled(reached="yes", channel="phone")),
    ):
        answer = emergency.browser.post(f"{path}/{below}", sent)
        assert (answer.status_code, "for looking only" in answer.text) == (403, True), below
    assert emergency.work.stored_events() == events
    for elsewhere in ("/cases", "/cases?status=any"):
        assert NAME not in emergency.browser.get(elsewhere).text


def test_nothing_is_printed_with_it_and_no_page_offers_to(emergency: Emergency) -> None:
    emergency.opens()
    path = f"/cases/{emergency.ref}"
    assert f"{path}/print" not in emergency.browser.get(path).text
    for below in ("print", "print/record", "print/summary"):
        answer = emergency.browser.get(f"{path}/{below}")
        assert (answer.status_code, "for looking only" in answer.text) == (403, True), below
        assert NAME not in answer.text
    assert f"{path}/print" in emergency.work.site.sign_in().get(path).text


def test_one_case_at_a_time_in_whichever_of_their_sign_ins(emergency: Emergency) -> None:
    another = emergency.work.case("Somebody Else")
    elsewhere = emergency.work.site.browser()
    elsewhere.sign_in("stranger")
    assert emergency.opens().status_code == 303
    assert emergency.opens(another, by=elsewhere).status_code == 303
    assert elsewhere.get(f"/cases/{another}").status_code == 200
    assert emergency.browser.get(f"/cases/{emergency.ref}").status_code == 403, "it ended when the other began"


def test_it_is_not_longer_because_the_clock_was_set_back(emergency: Emergency) -> None:
    emergency.opens()
    emergency.work.site.clock.forward(hours=-20)
    assert emergency.browser.get(f"/cases/{emergency.ref}").status_code != 200


def test_every_page_says_so_until_it_is_ended(emergency: Emergency) -> None:
    emergency.opens()
    for path in (f"/cases/{emergency.ref}", "/", "/cases", "/help"):
        page = Page(emergency.browser.get(path).text)
        assert f"Emergency access to {emergency.ref} until 22 May 2026 at 11:30am" in page.text, path
    form = next(form for form in page.forms if form.action.startswith("/emergency-access/"))
    assert emergency.browser.post(form.action, form.filled()).status_code == 303
    assert "Emergency access" not in emergency.browser.get("/").text
    assert emergency.browser.get(f"/cases/{emergency.ref}").status_code == 403


def test_supervisors_and_reviewers_are_told_at_once_by_a_reference_only(emergency: Emergency) -> None:
    emergency.opens()
    assert emergency.told == [("emergency_opened", "reviewer"), ("emergency_opened", "supervisor")]
    now = emergency.work.site.clock.now
    with emergency.work.site.database.writing() as connection:
        sent = [
            begin_sending(connection, item=item, law=emergency.work.law, ladder=published_ladder(), now=now)
            for item in lease_notices(connection, now=now)
        ]
    assert [notice.subject for notice in sent if notice] == [f"Emergency access: case {emergency.ref}"] * 2
    assert not [notice for notice in sent if notice and (NAME in notice.body or "released" in notice.body)]


def excluded(emergency: Emergency) -> Any:
    emergency.keep(CaseLists(excluded=frozenset({"stranger"})))
    return emergency.opens()


def stale(emergency: Emergency) -> Any:
    emergency.work.site.clock.forward(minutes=11)
    return emergency.opens()


def second_case(emergency: Emergency) -> Any:
    other = emergency.work.case("Wren Sample")
    assert emergency.opens().status_code == 303
    return emergency.opens(other)


def expired(emergency: Emergency) -> Any:
    assert emergency.opens().status_code == 303
    for _ in range(3):
        emergency.work.site.clock.forward(minutes=20)
        answer = emergency.browser.get(f"/cases/{emergency.ref}")
    return answer


def after_log_out(emergency: Emergency) -> Any:
    assert emergency.opens().status_code == 303
    emergency.browser.post("/sign-out", {"form_key": "out"})
    return emergency.work.site.sign_in("stranger").get(f"/cases/{emergency.ref}")


def other_user(emergency: Emergency) -> Any:
    assert emergency.opens().status_code == 303
    with emergency.work.site.database.reading() as connection:
        number = connection.execute(select(ACCESSES.c.id)).scalar_one()
    colleague = emergency.work.site.sign_in("colleague")
    assert colleague.get(f"/cases/{emergency.ref}").status_code == 404
    return colleague.post(
        f"/emergency-access/{emergency.work.named('emergency_access', number)}/end", {"form_key": "end"}
    )


def address(emergency: Emergency) -> Any:
    now, vault = emergency.work.site.clock.now, emergency.work.vault
    with emergency.work.site.database.writing() as connection:
        how = {"reason": "An invented reason", "by": PEOPLE["supervisor"], "now": now, "vault": vault}
        protect_location(connection, ref=emergency.ref, custodian_id="supervisor", **how)
    assert emergency.opens().status_code == 303
    path = f"/cases/{emergency.ref}/contact-details/{emergency.ref}-phone/show"
    return emergency.browser.post(path, {"form_key": "show"})


REFUSALS: dict[str, Callable[[Emergency], Any]] = {
    "no reason": lambda emergency: emergency.opens(reason=""),
    "reason too short": lambda emergency: emergency.opens(words="Urgent"),
    "not proved again": stale,
    "a second case": second_case,
    "it has ended": expired,
    "it has ended (signed out)": after_log_out,
    "that of somebody else": other_user,
    "protected location": address,
    "no such case": excluded,
}


@pytest.mark.parametrize("why", REFUSALS)
def test_every_refusal_is_403_written_down_and_told_to_others(emergency: Emergency, why: str) -> None:
    answer = REFUSALS[why](emergency)
    assert answer.status_code == 403
    assert "07700 900123" not in answer.text
    told = [recipient for step, recipient in emergency.told if step == "emergency_refused"]
    assert told == ["reviewer", "supervisor"], why
    with emergency.work.site.database.reading() as connection:
        refused = select(Audit.what).where(Audit.outcome == "refused")  # type: ignore[call-overload]
        said = list(connection.execute(refused.order_by(Audit.seq)).scalars())
    assert said.count(f"emergency access: {why.partition(' (')[0]}") == 1


def test_a_case_that_does_not_exist_and_one_that_excludes_are_refused_alike(emergency: Emergency) -> None:
    none = emergency.opens("22222-22222")
    barred = excluded(emergency)
    assert (none.status_code, barred.status_code) == (403, 403)
    assert Page(none.text).text.replace("22222-22222", "") == Page(barred.text).text.replace(emergency.ref, "")


def test_a_restricted_case_opens_and_one_that_excludes_closes_at_once(emergency: Emergency) -> None:
    emergency.keep(CaseLists(restricted_to=frozenset({"officer", "supervisor"})))
    assert emergency.opens().status_code == 303
    assert emergency.browser.get(f"/cases/{emergency.ref}").status_code == 200
    emergency.keep(CaseLists(excluded=frozenset({"stranger"})))
    assert emergency.browser.get(f"/cases/{emergency.ref}").status_code == 404


def test_only_those_who_review_see_who_it_was_why_and_what_they_looked_at(emergency: Emergency) -> None:
    emergency.opens()
    emergency.browser.get(f"/cases/{emergency.ref}/notes")
    reviewer = emergency.work.site.sign_in("reviewer")
    page = emergency.work.page(reviewer, "/emergency-reviews")
    assert "Example Stranger" in page.text
    path = page.links(starts="/emergency-reviews/")[0]
    review = emergency.work.page(reviewer, path)
    assert WHY["words"] in review.text
    assert "Looked at, case" in review.text
    assert NAME not in review.text + page.text
    assert reviewer.get(f"/cases/{emergency.ref}").status_code == 403
    for who in ("officer", "supervisor", "board", "administrator", "editor", "stranger"):
        assert emergency.work.site.sign_in(who).get(path).status_code == 403
    sent = {"outcome": "not_justified", "words": "Their supervisor could be reached", "form_key": "r"}
    assert reviewer.post(path, sent).status_code == 303
    assert reviewer.post(path, {**sent, "form_key": "again"}).status_code == 409
    assert "Not justified" in reviewer.get("/emergency-reviews").text
    assert emergency.last[0] == "emergency accesses"


@pytest.mark.parametrize(
    ("outcome", "told"),
    [("justified", []), ("not_justified", ["supervisor", "their-supervisor"])],
)
def test_that_it_was_not_justified_is_told_to_who_supervises_the_case_and_who_opened_it(
    emergency: Emergency, outcome: str, told: list[str]
) -> None:
    above = {"id": "their-supervisor", "name": "Their Supervisor", "role": "supervisor"}
    with emergency.work.site.database.writing() as connection:
        connection.execute(insert(ROWS).values(**above, team_id=PEOPLE["stranger"].team_id))
        connection.execute(update(ROWS).where(ROWS.c.id == "stranger").values(role="supervisor"))
    emergency.opens()
    before = len(emergency.told)
    reviewer = emergency.work.site.sign_in("reviewer")
    path = emergency.work.page(reviewer, "/emergency-reviews").links(starts="/emergency-reviews/")[0]
    reviewer.post(path, {"outcome": outcome, "words": "Their supervisor could be reached", "form_key": "r"})
    assert emergency.told[before:] == [("emergency_not_justified", person) for person in told], "and not to themselves"


def test_the_supervisor_sees_who_of_which_team_opened_it_and_for_what(emergency: Emergency) -> None:
    emergency.opens()
    waits = emergency.work.page(emergency.work.site.sign_in("supervisor"), "/team/waiting").text
    assert "opened by Example Stranger, South, 22 May 2026 at 10:30am. Somebody is in danger" in waits


def test_what_nobody_reviews_in_three_working_days_is_told_once_more(emergency: Emergency) -> None:
    emergency.opens()
    now, law = emergency.work.site.clock.now, emergency.work.law
    with emergency.work.site.database.writing() as connection:
        # Friday 22 May, a bank holiday on Monday: the third working day is Thursday 28.
        assert escalate_reviews(connection, now=now + timedelta(days=6), calendar=law.calendar) == 0
        assert escalate_reviews(connection, now=now + timedelta(days=7), calendar=law.calendar) == 1
        assert escalate_reviews(connection, now=now + timedelta(days=8), calendar=law.calendar) == 0
    assert emergency.told[2:] == [("emergency_unreviewed", "reviewer"), ("emergency_unreviewed", "supervisor")]


def test_what_was_done_is_said_in_a_message_for_the_case_officer(emergency: Emergency) -> None:
    emergency.keep(CaseLists(restricted_to=frozenset({"officer", "supervisor"})))
    sent = {"name": "", "case_ref": emergency.ref, "crime_ref": "", "phone": "", "wants": "news", "safe_to_ring": "no"}
    emergency.opens()
    answer = emergency.browser.post("/messages", {**sent, "form_key": "after"})
    assert answer.status_code == 200
    officer = emergency.work.page(emergency.work.site.sign_in("officer"), f"/cases/{emergency.ref}/left-messages")
    assert len([form for form in officer.forms if form.action.endswith("/answered")]) == 1


def test_nobody_reviews_their_own(emergency: Emergency) -> None:
    emergency.opens()
    with emergency.work.site.database.writing() as connection:
        connection.execute(update(ACCESSES).values(person_id="reviewer"))
    reviewer = emergency.work.site.sign_in("reviewer")
    path = emergency.work.page(reviewer, "/emergency-reviews").links(starts="/emergency-reviews/")[0]
    answer = reviewer.post(path, {"outcome": "justified", "words": "It was", "form_key": "r"})
    assert answer.status_code == 403
