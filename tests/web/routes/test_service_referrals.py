"""The people of a service: they see what was sent to it, as it was sent and as long as it is open, and nothing else."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from tests.web.casework import Casework
from tests.web.page import Page
from tests.web.relations import protect
from tests.web.routes.test_referrals import NUMBER, Desk
from tests.web.routes.test_support import kinds
from victimcare.store import case_lists, cases
from victimcare.store.audit import AUDIT
from victimcare.store.outgoing_referrals import OUTGOING
from victimcare.store.staff import PEOPLE, SYSTEM


class Helping:
    """Somebody of the service to which a referral left by sealed e-mail."""

    def __init__(self, casework: Casework, folder: Path, *, sent: bool = True) -> None:
        self.casework, self.desk = casework, Desk(casework, folder)
        self.of(self.desk.service)
        assert self.desk.refer().status_code == 303
        if sent:
            assert self.desk.deliver() == "1 sent"
        with casework.site.database.reading() as connection:
            self.id = connection.execute(select(OUTGOING.c.id)).scalar_one()
        self.path = f"/referrals/{self.id}"
        self.browser = casework.site.sign_in("helper")

    def of(self, service_id: str | None) -> None:
        """Make them somebody of this service."""
        with self.casework.site.database.writing() as connection:
            connection.execute(PEOPLE.update().where(PEOPLE.c.id == "helper").values(service_id=service_id))

    def listed(self) -> list[str]:
        return self.casework.page(self.browser, "/referrals").links(starts="/referrals/")

    def page(self) -> Page:
        return self.casework.page(self.browser, self.path)

    def ways(self) -> Any:
        form = self.page().form(f"{self.path}/ways")
        return self.browser.post(form.action, form.filled())

    def say(self, step: str, reason: str = "") -> Any:
        form = self.page().form(self.path)
        return self.browser.post(self.path, form.filled(step=step, reason=reason))

    def sees_nothing(self) -> bool:
        """Not in the list, nor by its address, nor by any of its forms."""
        return self.is_answered_nothing() and self.listed() == []

    def is_answered_nothing(self) -> bool:
        """Neither by its address nor by any of its forms."""
        sent = {"form_key": "x", "csrf_token": self.browser.token(), "step": "accepted"}
        sent |= {"happened_on-day": "22", "happened_on-month": "5", "happened_on-year": "2026", "reason": ""}
        button = {name: sent[name] for name in ("form_key", "csrf_token")}
        forms = [(self.path, sent), (f"{self.path}/ways", button)]
        answers = [self.browser.client.post(path, data=form, headers=self.browser.headers) for path, form in forms]
        answers.append(self.browser.get(self.path))
        return [answer.status_code for answer in answers] == [404] * 3


@pytest.fixture
def helping(casework: Casework, tmp_path: Path) -> Helping:
    return Helping(casework, tmp_path)


@pytest.fixture
def sqlite_helping(sqlite_casework: Casework, tmp_path: Path) -> Helping:
    return Helping(sqlite_casework, tmp_path)


def test_they_begin_with_their_referrals_by_reference_and_open_one_to_read_what_was_sent(helping: Helping) -> None:
    assert helping.casework.site.browser().sign_in("helper").headers["location"] == "/referrals"
    page = helping.casework.page(helping.browser, "/referrals")
    assert f"referral-{helping.id} 22 May 2026 Sent, 22 May 2026" in page.text
    assert helping.listed() == [helping.path]
    for told in ("Wren", helping.desk.ref, "Burglary", NUMBER):
        assert told not in page.html
    one = helping.page()
    for said in ("Name Wren Sample", "Safe ways to make contact Telephone", "Type of crime Burglary"):
        assert said in one.text
    for told in (helping.desk.ref, NUMBER, "Heron", "The library"):
        assert told not in one.html


def test_the_ways_to_the_victim_are_opened_on_purpose_and_every_reading_is_a_disclosure(helping: Helping) -> None:
    opened = helping.ways()
    assert opened.status_code == 200
    assert f"Telephone {NUMBER}" in Page(opened.text).text
    assert "Heron" not in opened.text
    assert NUMBER not in helping.page().html
    rows = (AUDIT.c.operation, AUDIT.c.what, AUDIT.c.case_count, AUDIT.c.basis, AUDIT.c.recipient)
    with helping.casework.site.database.reading() as connection:
        read = connection.execute(select(*rows).where(AUDIT.c.person_id == "helper", AUDIT.c.case_count > 0)).all()
    to = f"service {helping.desk.service}"
    assert {tuple(row[2:]) for row in read} == {(1, "referral", to)}
    assert {(row.operation, row.what) for row in read} == {
        ("disclosure", f"referral {helping.id}"),
        ("disclosure", f"open the ways of referral {helping.id}"),
    }


def test_they_say_what_became_of_it_step_by_step(helping: Helping) -> None:
    for step, kind in (("accepted", "accepted"), ("contacted", "support_contacted"), ("started", "support_started")):
        assert helping.say(step).status_code == 303
        assert kinds(helping.casework, helping.desk.ref)[-1].endswith(kind)
    assert helping.page().form is not None
    assert "So far: support started" in helping.page().text
    shown = helping.casework.page(helping.desk.browser, helping.desk.path).text
    assert "Support started" in shown


def test_a_refusal_says_why_and_ends_it_and_what_was_sent_is_kept_no_longer(helping: Helping) -> None:
    refused = helping.say("refused")
    assert refused.status_code == 422
    assert "Choose why it was refused" in refused.text
    assert helping.say("accepted", "no_capacity").status_code == 422
    assert helping.say("refused", "no_capacity").status_code == 303
    assert helping.sees_nothing()
    with helping.casework.site.database.reading() as connection:
        assert connection.execute(select(OUTGOING.c.sealed_document)).scalar_one() is None


def test_before_it_has_left_there_is_nothing(sqlite_casework: Casework, tmp_path: Path) -> None:
    helping = Helping(sqlite_casework, tmp_path, sent=False)
    assert helping.sees_nothing()
    assert helping.desk.deliver() == "1 sent"
    assert helping.listed() == [helping.path]


def _declines(helping: Helping) -> None:
    helping.casework.record(helping.desk.ref, "referral_declined")


def _opts_out(helping: Helping) -> None:
    helping.casework.record(helping.desk.ref, "opted_out", scope="all")


def _of_another(helping: Helping) -> None:
    helping.of(helping.casework.service("Example Elsewhere"))


def _of_none(helping: Helping) -> None:
    helping.of(None)


def _listed(helping: Helping, *, restricted: bool) -> None:
    how: dict[str, Any] = {"by": SYSTEM, "at": helping.casework.site.clock.now}
    why = {"reason": "An invented reason", "vault": helping.casework.vault}
    with helping.casework.site.database.writing() as connection:
        case_id = cases.load(connection, helping.desk.ref).id
        if restricted:
            case_lists.restrict(connection, case_id, **why, **how)
            case_lists.name_on(connection, case_id, ["officer"], **how)
        else:
            case_lists.exclude(connection, case_id, "helper", **why, **how)


def _excluded(helping: Helping) -> None:
    _listed(helping, restricted=False)


def _restricted(helping: Helping) -> None:
    _listed(helping, restricted=True)


def _void(helping: Helping) -> None:
    helping.casework.record(helping.desk.ref, "case_voided", reason="duplicate", second_person="supervisor")


def _ended(helping: Helping) -> None:
    for step in ("referral_accepted", "support_started", "support_ended"):
        helping.casework.record(helping.desk.ref, step, subject="Example Support")


@pytest.mark.parametrize(
    "happens", [_declines, _opts_out, _of_another, _of_none, _excluded, _restricted, _void, _ended]
)
def test_it_is_gone_at_once_and_nothing_of_it_is_answered(sqlite_helping: Helping, happens: Any) -> None:
    before = sqlite_helping.casework.stored_events()
    assert sqlite_helping.listed() == [sqlite_helping.path]
    happens(sqlite_helping)
    recorded = sqlite_helping.casework.stored_events()
    assert sqlite_helping.sees_nothing()
    assert sqlite_helping.casework.stored_events() == recorded >= before
    refused = ("access", f"referral {sqlite_helping.id}: not with their service", "helper", "refused")
    assert sqlite_helping.casework.site.audit().count(refused) == 3


@pytest.mark.parametrize(
    ("no", "yes"),
    [("referral_declined", "referral_consented"), ("opted_out", "opted_in")],
)
def test_a_yes_to_another_service_gives_nothing_back_and_what_was_sent_is_destroyed(
    helping: Helping, no: str, yes: str
) -> None:
    work, ref = helping.casework, helping.desk.ref
    scope = {"scope": "all"} if no == "opted_out" else {}
    work.record(ref, no, **scope)
    with work.site.database.reading() as connection:
        assert connection.execute(select(OUTGOING.c.sealed_document)).scalar_one() is None
    work.record(ref, yes, **scope)
    work.record(ref, "referral_sent", subject="Example Elsewhere")
    assert helping.sees_nothing()
    assert "do not see it here any more" in work.page(helping.desk.browser, helping.desk.path).text


def test_a_no_to_other_things_destroys_nothing(sqlite_helping: Helping) -> None:
    sqlite_helping.casework.record(sqlite_helping.desk.ref, "opted_out", scope="right:6")
    assert NUMBER in sqlite_helping.ways().text


def test_without_its_own_copy_a_referral_is_not_there_whatever_else_of_the_case_lies_with_a_service(
    sqlite_helping: Helping,
) -> None:
    work = sqlite_helping.casework
    other = work.record(sqlite_helping.desk.ref, "referral_sent", subject="Example Support")
    with work.site.database.writing() as connection:
        sent = connection.execute(select(OUTGOING)).one()._asdict()
        connection.execute(OUTGOING.insert().values({**sent, "id": "f" * 16, "event_key": other}))
        connection.execute(OUTGOING.update().where(OUTGOING.c.id == sqlite_helping.id).values(sealed_document=None))
    assert sqlite_helping.listed() == [f"/referrals/{'f' * 16}"]
    assert sqlite_helping.is_answered_nothing()


def test_what_is_new_on_the_case_is_not_shown_and_what_is_unsafe_now_is_withheld(sqlite_helping: Helping) -> None:
    work, desk = sqlite_helping.casework, sqlite_helping.desk
    desk.contacts.add("07700 900456", "phone")
    desk.contacts.send("", f"/{desk.point}/unsafe")
    opened = Page(sqlite_helping.ways().text).text
    for told in (NUMBER, "07700 900456", "The library"):
        assert told not in opened
    assert "1 way that went with this referral must not be used any more" in opened
    work.record(desk.ref, "suspect_arrested", subject="Suspect 1")
    assert "Suspect" not in sqlite_helping.page().text


def test_of_a_location_that_was_protected_since_no_way_is_opened(sqlite_helping: Helping) -> None:
    protect(sqlite_helping.casework, sqlite_helping.desk.ref)
    opened = Page(sqlite_helping.ways().text).text
    assert NUMBER not in opened
    assert "must not be used any more" in opened


def test_a_way_that_is_to_be_used_otherwise_now_is_withheld_until_they_have_asked(sqlite_helping: Helping) -> None:
    desk = sqlite_helping.desk
    confirm = f"/{desk.point}/confirm"
    desk.contacts.send(confirm, confirm)
    assert "After 4pm" in sqlite_helping.ways().text, "confirmed as it was"
    desk.contacts.send(confirm, confirm, times="Before noon")
    opened = sqlite_helping.ways().text
    for told in (NUMBER, "After 4pm", "Before noon"):
        assert told not in opened
    assert "1 way that went with this referral must not be used any more" in opened


def test_of_a_location_that_was_protected_since_the_officers_team_is_not_told(sqlite_helping: Helping) -> None:
    assert "Case officer Example Officer, North" in sqlite_helping.page().text
    protect(sqlite_helping.casework, sqlite_helping.desk.ref)
    page = sqlite_helping.page()
    assert "Name Wren Sample" in page.text
    assert "North" not in page.html


def test_one_service_says_nothing_of_what_lies_with_another(sqlite_helping: Helping) -> None:
    """Of the same case: each sees its own, and the steps of each are its own."""
    work, desk = sqlite_helping.casework, sqlite_helping.desk
    other = work.service("Example Elsewhere")
    work.record(desk.ref, "referral_sent", subject="Example Elsewhere")
    sqlite_helping.of(other)
    assert sqlite_helping.sees_nothing()
    sqlite_helping.of(desk.service)
    assert "Elsewhere" not in sqlite_helping.page().text
