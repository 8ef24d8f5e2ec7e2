"""What an agency reads and records: what it owes, where it owes it, and nothing of anybody."""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from clients.python.victimcare_api import Agency, Problem
from tests.stored import Stored, recorded
from tests.web.casework import PEOPLE, Casework
from tests.web.relations import protect
from tests.web.systems import ask, client_of, listed_hearing, outcome, register, token_of
from victimcare.commands.record_event import NewEvent
from victimcare.commands.record_for_agency import record_for_agency
from victimcare.domain.case import EventRefused
from victimcare.domain.event_kinds import EventKind
from victimcare.domain.journey import Moment
from victimcare.domain.people import Person
from victimcare.store import api_clients, audit, case_lists, cases
from victimcare.store.audit import AUDIT, SUBJECT
from victimcare.store.dues import DUES
from victimcare.store.journeys import EVENTS
from victimcare.store.staff import PEOPLE as STAFF
from victimcare.web.api.callers import Rates


class Court:
    """The court's system, of the area of the case, and a case of which it owes the result of a trial."""

    def __init__(self, casework: Casework) -> None:
        self.casework = casework
        self.ref = listed_hearing(casework)
        self.system = register(casework)
        self.client: Agency = client_of(casework, self.system)
        self.token = token_of(casework, self.system)

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        return ask(self.casework, self.token, method, path, body, **headers)

    def record(self, **changes: Any) -> Any:
        return self.ask("POST", f"/api/v1/cases/{self.ref}/events", outcome(**changes))

    def sees(self) -> bool:
        """In the list of cases, in that of duties, by its reference: all three or none."""
        seen = {
            self.ref in dict(self.client.cases()),
            self.ref in {duty.case for duty in self.client.duties()},
            self.ask("GET", f"/api/v1/cases/{self.ref}").status_code == 200,
        }
        assert len(seen) == 1
        return seen.pop()

    def is_kept_out(self) -> bool:
        """It reads nothing of the case and records nothing there, as if there were none."""
        before = self.casework.stored_events()
        none = self.ask("GET", "/api/v1/cases/NOWHERE-1").json()
        answers = [self.ask("GET", f"/api/v1/cases/{self.ref}"), self.record()]
        told = [{**answer.json(), "reference": none["reference"]} for answer in answers]
        assert told == [none, none]
        assert self.casework.stored_events() == before
        return not self.sees()


@pytest.fixture
def court(casework: Casework) -> Court:
    return Court(casework)


@pytest.fixture
def sqlite_court(sqlite_casework: Casework) -> Court:
    return Court(sqlite_casework)


def due(casework: Casework, ref: str, rule: str) -> list[Any]:
    with casework.site.database.reading() as connection:
        case_id = cases.id_of(connection, ref)
        return list(connection.execute(select(DUES).where(DUES.c.case_id == case_id, DUES.c.rule == rule)).all())


def test_a_court_reads_what_it_owes_by_the_reference_alone(court: Court) -> None:
    said = court.ask("GET", f"/api/v1/cases/{court.ref}").json()
    assert set(said) == {"case", "version", "duties", "may_record"}
    (duty,) = said["duties"]
    assert (duty["rule"], duty["subject"], duty["due_on"]) == ("H-COURT9", "Hearing 1", "2026-05-22")
    assert duty["answered_by"] == ["court_outcome_received", "sentence_received"]
    assert "sentence_received" in said["may_record"]
    assert "contact_made" not in said["may_record"]
    (row,) = court.client.duties()
    assert (row.case, row.rule, row.expected) == (court.ref, "H-COURT9", True)


def test_the_courts_clock_and_the_units_are_each_their_own(court: Court) -> None:
    """The unit had the result by other ways a day after the hearing, and says so: each is judged by its own day."""
    unit = client_of(court.casework, register(court.casework, "witness_care_unit"))
    unit.record(court.ref, outcome(happened_at="2026-05-19T15:00:00Z", received_at="2026-05-20T08:00:00Z"))
    (of_court,) = due(court.casework, court.ref, "H-COURT9")
    (of_unit,) = due(court.casework, court.ref, "R9-OUT")
    assert (of_court.owed_by, of_unit.owed_by) == ("hmcts", "witness_care_unit")
    assert str(of_court.ended_on) == "2026-05-20"
    assert str(of_unit.started_on) == "2026-05-20"


@pytest.mark.parametrize("received", ["2026-05-20T08:00:00Z", "2026-05-19"])
def test_a_court_does_not_say_when_others_heard_from_it(court: Court, received: str) -> None:
    answer = court.record(happened_at="2026-05-19T15:00:00Z", received_at=received)
    assert answer.status_code == 409
    assert [wrong["field"] for wrong in answer.json()["errors"]] == ["received"]
    assert due(court.casework, court.ref, "R9-OUT") == []


def test_the_prosecutor_does_not_say_that_another_tells_the_victim(casework: Casework) -> None:
    ref = listed_hearing(casework)
    casework.record(ref, EventKind.CPS_CHANGED_CHARGES, subject="Suspect 1")
    cps = client_of(casework, register(casework, "cps"))
    decided = {"kind": "cps_decided_no_charge", "happened_at": "2026-05-20", "subject": "Suspect 1"}
    with pytest.raises(Problem) as refused:
        cps.record(ref, {**decided, "details": {"told_by": "police"}})
    assert (refused.value.status, list(refused.value.errors)) == (409, ["details.told_by"])
    cps.record(ref, {**decided, "details": {"told_by": "cps"}})


def test_news_that_does_not_say_when_it_was_received_was_received_now(court: Court) -> None:
    assert court.record().status_code == 201
    (of_unit,) = due(court.casework, court.ref, "R9-OUT")
    assert of_unit.started_on == court.casework.site.clock.now.date()


def test_what_it_recorded_is_recorded_by_it_and_audited_as_any_other_event(court: Court) -> None:
    key = court.record().json()["event"]
    with court.casework.site.database.reading() as connection:
        row = connection.execute(select(EVENTS).where(EVENTS.c.key == key)).one()
        wrote = connection.execute(select(AUDIT).order_by(AUDIT.c.seq.desc()).limit(1)).one()
    assert (row.recorded_by, row.source) == (court.system.id, "agency")
    assert (wrote.operation, wrote.what, wrote.person_id) == (
        "alteration",
        "record court_outcome_received",
        court.system.id,
    )
    assert (wrote.role, wrote.basis) == ("api_client", "agency")


def test_a_case_in_which_it_has_recorded_something_stays_its_own_to_read(court: Court) -> None:
    assert court.record().status_code == 201
    assert not list(court.client.duties())
    assert court.ref in dict(court.client.cases())
    assert court.client.case(court.ref).duties == ()


def test_everything_that_is_read_is_disclosed_to_the_agency_before_it_leaves(court: Court) -> None:
    court.client.case(court.ref)
    list(court.client.cases())
    list(court.client.duties())
    with court.casework.site.database.reading() as connection:
        rows = connection.execute(select(AUDIT).order_by(AUDIT.c.seq.desc()).limit(3)).all()
        about = set(connection.execute(select(SUBJECT.c.case_id).where(SUBJECT.c.seq == rows[0].seq)).scalars())
    assert {(row.operation, row.recipient, row.case_count) for row in rows} == {("disclosure", "agency hmcts", 1)}
    assert all(row.sign_in and row.request_id for row in rows)
    assert len(about) == 1


def test_what_did_not_change_is_disclosed_too(court: Court) -> None:
    etag = court.client.case(court.ref).etag
    before = len(court.casework.site.audit())
    answer = court.ask("GET", f"/api/v1/cases/{court.ref}", If_None_Match=etag)
    assert (answer.status_code, answer.content) == (304, b"")
    assert len(court.casework.site.audit()) == before + 1


def test_where_it_cannot_be_written_down_nothing_is_read(court: Court, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(audit, "write", lambda *_, **__: 1 / 0)
    for path in ("/api/v1/cases", "/api/v1/duties", f"/api/v1/cases/{court.ref}"):
        answer = court.ask("GET", path)
        assert (answer.status_code, answer.headers["retry-after"]) == (503, "60")
        assert court.ref not in answer.text
        assert answer.headers["content-type"] == "application/problem+json"


def test_a_refused_attempt_is_written_down(court: Court) -> None:
    other = listed_hearing(court.casework, officer="stranger", area="E02")
    assert court.ask("GET", f"/api/v1/cases/{other}").status_code == 404
    with court.casework.site.database.reading() as connection:
        row = connection.execute(select(AUDIT).order_by(AUDIT.c.seq.desc()).limit(1)).one()
    assert (row.operation, row.what, row.person_id, row.outcome) == ("access", "case", court.system.id, "refused")
    assert row.case_count == 1


@pytest.mark.parametrize(
    ("why", "status", "what"),
    [
        ("future", 409, "record for an agency: event refused"),
        ("body", 422, "record for an agency: not as the contract"),
        ("key", 422, "record for an agency: request validation error"),
        ("other", 422, "record for an agency: key used otherwise"),
        ("changed", 412, "record for an agency: case changed"),
        ("expired", 401, "record for an agency: no good token"),
    ],
)
def test_what_cannot_be_recorded_of_a_case_is_written_down_as_refused(
    court: Court, why: str, status: int, what: str
) -> None:
    path, headers, said = f"/api/v1/cases/{court.ref}/events", {"Idempotency-Key": "k" * 16}, outcome()
    if why == "future":
        said = outcome(happened_at="2030-01-01")
    elif why == "body":
        said = {"kind": "court_outcome_received", "name": "Canary"}
    elif why == "key":
        headers = {"Idempotency-Key": "short"}
    elif why == "other":
        assert court.ask("POST", path, said, **headers).status_code == 201
        said = outcome(happened_at="2026-05-16")
    elif why == "changed":
        headers["If-Match"] = '"1"'
    else:
        court.casework.site.clock.forward(minutes=16)
    assert court.ask("POST", path, said, **headers).status_code == status
    with court.casework.site.database.reading() as connection:
        row = connection.execute(select(AUDIT).order_by(AUDIT.c.seq.desc()).limit(1)).one()
        about = connection.execute(select(SUBJECT.c.case_id).where(SUBJECT.c.seq == row.seq)).scalars().all()
        assert about == [cases.id_of(connection, court.ref)]
    assert (row.operation, row.what, row.person_id, row.outcome) == ("access", what, court.system.id, "refused")


def test_of_no_case_nothing_is_written_down_of_what_is_sent_wrong(court: Court) -> None:
    before = len(court.casework.site.audit())
    answer = court.ask("POST", "/api/v1/cases/22222-22222/events", {"kind": "nothing"})
    assert answer.status_code == 422
    assert len(court.casework.site.audit()) == before


# What is not there for it


def test_a_case_that_does_not_concern_the_agency_is_none(court: Court) -> None:
    court.ref = court.casework.case("Lark Sample")
    assert court.is_kept_out()


def test_a_case_of_an_area_that_is_not_the_systems_is_none(court: Court) -> None:
    court.ref = listed_hearing(court.casework, "Lark Sample", officer="stranger", area="E02")
    assert court.is_kept_out()


def test_a_case_from_which_anybody_is_kept_is_none(court: Court) -> None:
    """Nobody knows who reads what a system was told."""
    why = {"reason": "An invented reason", "by": PEOPLE["supervisor"], "at": court.casework.site.clock.now}
    with court.casework.site.database.writing() as connection:
        case_id = cases.load(connection, court.ref).id
        case_lists.exclude(connection, case_id, "colleague", vault=court.casework.vault, **why)
    assert court.is_kept_out()


def test_a_restricted_case_is_none_even_where_the_system_was_named_in_it(court: Court) -> None:
    by, now, vault = PEOPLE["supervisor"], court.casework.site.clock.now, court.casework.vault
    with court.casework.site.database.writing() as connection:
        case_id = cases.load(connection, court.ref).id
        case_lists.restrict(connection, case_id, reason="An invented reason", by=by, at=now, vault=vault)
        case_lists.name_on(connection, case_id, ["officer", court.system.id], by=by, at=now)
    assert court.is_kept_out()


def test_a_case_with_a_protected_location_is_none(court: Court) -> None:
    protect(court.casework, court.ref)
    assert court.is_kept_out()


def test_a_void_case_is_none(court: Court) -> None:
    assert court.record().status_code == 201
    void = {"reason": "duplicate", "second_person": "supervisor"}
    court.casework.record(court.ref, EventKind.CASE_VOIDED, **void)
    assert court.is_kept_out()


def test_what_another_agency_owes_is_not_shown(court: Court) -> None:
    unit = client_of(court.casework, register(court.casework, "witness_care_unit"))
    assert {duty.rule for duty in unit.case(court.ref).duties} == {"R8-HEAR"}
    assert {duty.rule for duty in court.client.case(court.ref).duties} == {"H-COURT9"}
    probation = client_of(court.casework, register(court.casework, "probation"))
    assert not list(probation.cases())


# What it may record


@pytest.mark.parametrize("kind", ["contact_made", "vcs_referred", "cps_changed_charges"])
def test_what_is_another_agencys_to_record_is_refused_as_if_there_were_no_case(court: Court, kind: str) -> None:
    bodies: dict[str, dict[str, Any]] = {
        "contact_made": {"details": {"channel": "phone"}, "answers": [{"duty": "R8-HEAR:abc"}]},
        "vcs_referred": {},
        "cps_changed_charges": {"subject": "Suspect 1"},
    }
    body = {"kind": kind, "happened_at": "2026-05-20", **bodies[kind]}
    before = court.casework.stored_events()
    assert court.ask("POST", f"/api/v1/cases/{court.ref}/events", body).status_code == 404
    assert court.casework.stored_events() == before


@pytest.mark.parametrize("kind", ["case_closed", "officer_assigned", "referral_accepted", "suspect_charged", "x"])
def test_what_no_agency_records_is_none_of_the_contract(court: Court, kind: str) -> None:
    body = {"kind": kind, "happened_at": "2026-05-20"}
    assert court.ask("POST", f"/api/v1/cases/{court.ref}/events", body).status_code == 422


@pytest.mark.parametrize(
    "changes",
    [
        {"recorded_by": "officer"},
        {"recorded_at": "2020-01-01T00:00:00Z"},
        {"corrects": "abc"},
        {"source": "recorded"},
        {"version": 1},
        {"details": {"outcome": "guilty", "agency": "police"}},
        {"details": {"outcome": "anything"}},
        {"details": {"outcome": ["guilty"]}},
        {"happened_at": "yesterday"},
        {"happened_at": 20260520},
        {"happened_at": "2026-02-30"},
        {"happened_at": "2026-05-20T10:00:00"},
        {"happened_at": None},
        {"subject": None},
        {"subject": ""},
        {"subject": "x" * 41},
        {"subject": "Hearing\u202e1"},
        {"subject": "<b>1</b>"},
        {"answers": [{"duty": "no duty"}]},
        {"answers": [{"duty": "H-COURT9:abc", "met": True}]},
    ],
    ids=str,
)
def test_what_the_contract_has_not_is_refused_and_not_said_again(court: Court, changes: dict[str, Any]) -> None:
    before = court.casework.stored_events()
    answer = court.record(**changes)
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["errors"]
    assert court.casework.stored_events() == before
    for sent in ("recorded_by", "officer", "anything", "yesterday", "<b>"):
        assert sent not in answer.text


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"happened_at": "2026-06-22"}, "happened"),
        ({"happened_at": "2026-05-22T09:30:01Z"}, "happened"),
        ({"happened_at": "2025-05-15"}, "happened"),
        ({"happened_at": "2011-12-31"}, "happened_at"),
        ({"received_at": "2026-06-22"}, "received"),
        ({"received_at": "2026-05-14"}, "received"),
        ({"subject": "LU1 2AB"}, "subject"),
        ({"answers": [{"duty": "R9-OUT:abc"}]}, "answers"),
        ({"answers": [{"duty": "H-COURT9:abc"}, {"duty": "H-COURT9:abc"}]}, "answers"),
    ],
    ids=str,
)
def test_what_cannot_be_is_refused_in_a_sentence_and_nothing_is_stored(
    court: Court, changes: dict[str, Any], field: str
) -> None:
    before = court.casework.stored_events()
    answer = court.record(**changes)
    assert (answer.status_code, [each["field"] for each in answer.json()["errors"]]) == (409, [field])
    assert court.casework.stored_events() == before


def test_a_unit_that_told_the_victim_answers_its_own_duty_and_says_what_it_told(court: Court) -> None:
    unit = client_of(court.casework, register(court.casework, "witness_care_unit"))
    (duty,) = unit.case(court.ref).duties
    told = {"kind": "contact_made", "happened_at": "2026-05-22T08:00:00Z", "details": {"channel": "phone"}}
    unit.record(court.ref, {**told, "answers": [{"duty": duty.name, "told": list(duty.must_tell)}]})
    assert unit.case(court.ref).duties == ()
    (row,) = due(court.casework, court.ref, "R8-HEAR")
    assert row.ending == "met"


def test_a_contact_that_answers_nothing_of_theirs_is_not_theirs_to_record(court: Court) -> None:
    """Whether the police keep in touch as agreed is not for another agency to say."""
    unit = client_of(court.casework, register(court.casework, "witness_care_unit"))
    told = {"kind": "contact_made", "happened_at": "2026-05-22", "details": {"channel": "phone"}}
    for answers in ([], [{"duty": "R1-WRITTEN:abc"}]):
        with pytest.raises(Problem) as refused:
            unit.record(court.ref, {**told, "answers": answers})
        assert refused.value.status in (409, 422)


def test_what_another_agency_owes_and_what_is_owed_in_another_case_is_not_answered(court: Court) -> None:
    casework = court.casework
    casework.record(court.ref, EventKind.CPS_CHANGED_CHARGES, subject="Suspect 1")
    other = listed_hearing(casework, "Lark Sample")
    unit = client_of(casework, register(casework, "witness_care_unit"))
    cps = client_of(casework, register(casework, "cps"))
    told = {"kind": "contact_made", "happened_at": "2026-05-22T08:00:00Z", "details": {"channel": "phone"}}
    before = casework.stored_events()
    for (duty,) in (cps.case(court.ref).duties, unit.case(other).duties):
        with pytest.raises(Problem) as refused:
            unit.record(court.ref, {**told, "answers": [{"duty": duty.name, "told": list(duty.must_tell)}]})
        assert (refused.value.status, list(refused.value.errors)) == (409, ["answers"])
    assert casework.stored_events() == before


def test_the_command_itself_takes_no_contact_that_answers_nothing(court: Court) -> None:
    unit = register(court.casework, "witness_care_unit")
    event = NewEvent(EventKind.CONTACT_MADE, Moment.day(date(2026, 5, 22)), details={"channel": "phone"})
    how = {"now": court.casework.site.clock.now, "law": court.casework.law}
    with court.casework.site.database.writing() as connection:
        by = stored_client(connection, unit.id)
        with pytest.raises(EventRefused, match="say which duty of yours it answered"):
            record_for_agency(connection, ref=court.ref, event=event, by=by, **how)


def stored_client(connection: Any, client_id: str) -> Person:
    found = api_clients.client(connection, client_id)
    assert found
    return found.person


def test_of_a_crime_with_two_victims_both_have_the_news_and_no_answer_tells_of_the_other(
    casework: Casework,
) -> None:
    first, second = casework.crime("Wren Sample", "Lark Sample", at=casework.site.clock.now - timedelta(days=20))
    on = {"hearing_on": casework.site.clock.now.date() - timedelta(days=5), "hearing_type": "trial"}
    casework.record(first, EventKind.HEARING_LISTED, subject="Hearing 1", **on)
    protect(casework, second)
    court = client_of(casework, register(casework))
    assert set(dict(court.cases())) == {first}
    casework.site.clock.forward(minutes=1)
    court.record(first, outcome(happened_at="2026-05-18"))
    assert {len(due(casework, ref, "R9-OUT")) for ref in (first, second)} == {1}
    assert set(dict(court.cases())) == {first}


def test_what_was_recorded_of_one_victims_case_opens_no_other_of_the_crime(casework: Casework) -> None:
    first, second = casework.crime("Wren Sample", "Lark Sample", at=casework.site.clock.now - timedelta(days=20))
    on = {"hearing_on": casework.site.clock.now.date() - timedelta(days=5), "hearing_type": "trial"}
    casework.record(first, EventKind.HEARING_LISTED, subject="Hearing 1", **on)
    casework.site.clock.forward(minutes=1)
    casework.record(second, EventKind.CASE_CLOSED, reason="completed")
    court = client_of(casework, register(casework))
    casework.site.clock.forward(minutes=1)
    before = set(dict(court.cases()))
    court.record(first, outcome(happened_at="2026-05-18"))
    after = set(dict(court.cases()))
    assert first in after
    assert second in before or second not in after, "of a case in which it owed nothing it owes nothing now"


# Once, and on what was read


def test_the_same_key_and_request_get_the_same_answer_and_are_written_once(court: Court) -> None:
    path, key = f"/api/v1/cases/{court.ref}/events", "a" * 16
    first = court.ask("POST", path, outcome(), Idempotency_Key=key)
    before = court.casework.stored_events()
    court.casework.site.clock.forward(minutes=10)
    again = court.ask("POST", path, outcome(), Idempotency_Key=key)
    assert (again.status_code, again.json()) == (first.status_code, first.json())
    assert court.casework.stored_events() == before
    other = court.ask("POST", path, outcome(happened_at="2026-05-19"), Idempotency_Key=key)
    assert (other.status_code, other.json()["type"]) == (422, "urn:victimcare:problem:key-used-otherwise")
    assert court.casework.stored_events() == before


def test_a_key_is_of_one_system_and_what_failed_can_be_asked_again_under_it(court: Court) -> None:
    path, key = f"/api/v1/cases/{court.ref}/events", "b" * 16
    assert court.ask("POST", path, outcome(happened_at="2026-06-22"), Idempotency_Key=key).status_code == 409
    assert court.ask("POST", path, outcome(), Idempotency_Key=key).status_code == 201
    unit = token_of(court.casework, register(court.casework, "witness_care_unit"))
    body = {"kind": "witness_needs_assessed", "happened_at": "2026-05-20"}
    assert ask(court.casework, unit, "POST", path, body, Idempotency_Key=key).status_code == 201


def test_an_answer_under_a_key_is_not_given_once_the_case_is_kept_from_the_system(court: Court) -> None:
    path, key = f"/api/v1/cases/{court.ref}/events", "c" * 16
    assert court.ask("POST", path, outcome(), Idempotency_Key=key).status_code == 201
    protect(court.casework, court.ref)
    assert court.ask("POST", path, outcome(), Idempotency_Key=key).status_code == 404


@pytest.mark.parametrize("key", ["", "short", "x" * 65, "with spaces in it all", "é" * 20])
def test_a_write_without_a_key_of_its_own_is_refused(court: Court, key: str) -> None:
    headers = {"Idempotency-Key": key.encode()} if key else {}
    answer = court.casework.site.browser().client.post(
        f"/api/v1/cases/{court.ref}/events",
        json=outcome(),
        headers={"Authorization": f"Bearer {court.token}", **headers},
    )
    assert answer.status_code == 422


def test_what_was_read_before_somebody_else_wrote_is_not_written_on(court: Court) -> None:
    read = court.client.case(court.ref)
    court.casework.record(court.ref, EventKind.SUSPECT_ARRESTED, subject="Suspect 2")
    with pytest.raises(Problem) as refused:
        court.client.record(court.ref, outcome(), as_read=read)
    assert (refused.value.status, refused.value.slug) == (412, "case-changed")
    assert court.client.record(court.ref, outcome(), as_read=court.client.case(court.ref))


# Pages of lists


def test_a_list_is_read_to_its_end_a_page_at_a_time(sqlite_court: Court) -> None:
    court = sqlite_court
    refs = {court.ref, *(listed_hearing(court.casework, f"Wren {n}") for n in range(4))}
    for path in ("/api/v1/cases", "/api/v1/duties"):
        seen, cursor, pages = [], "", 0
        while cursor is not None:
            page = court.ask("GET", f"{path}?limit=2" + (f"&cursor={cursor}" if cursor else "")).json()
            seen += [item["case"] for item in page["items"]]
            cursor, pages = page["next"], pages + 1
        assert (sorted(seen), pages) == (sorted(refs), 3), path


@pytest.mark.parametrize("query", ["limit=0", "limit=101", "limit=x", "limit=1.5", "offset=3", "limit=2&role=board"])
def test_a_question_that_the_contract_has_not_is_refused(sqlite_court: Court, query: str) -> None:
    assert sqlite_court.ask("GET", f"/api/v1/cases?{query}").status_code == 422


@pytest.mark.parametrize("cursor", ["AAAA", "W10", "WyJhIiwiYiJd", "eyJhIjoxfQ", "WzFd", "WyJcdTAwMDAiXQ"])
def test_a_cursor_that_is_none_of_ours_is_refused(sqlite_court: Court, cursor: str) -> None:
    for path in ("/api/v1/cases", "/api/v1/duties", "/api/v1/referrals"):
        assert sqlite_court.ask("GET", f"{path}?cursor={cursor}").status_code in (403, 409)


# How often, how much, how


def test_who_asks_too_often_is_told_how_long_to_wait(sqlite_court: Court) -> None:
    court, clock = sqlite_court, sqlite_court.casework.site.clock
    court.casework.site.app.state.rates = Rates(3)
    assert [court.ask("GET", "/api/v1/cases").status_code for _ in range(4)] == [200, 200, 200, 429]
    answer = court.ask("GET", "/api/v1/cases")
    assert (answer.status_code, answer.headers["retry-after"]) == (429, "60")
    other = token_of(court.casework, register(court.casework, "cps"))
    assert ask(court.casework, other, "GET", "/api/v1/cases").status_code == 200
    clock.forward(seconds=60)
    assert court.ask("GET", "/api/v1/cases").status_code == 200


def test_whoever_guesses_tokens_is_slowed_down(sqlite_court: Court) -> None:
    told = [ask(sqlite_court.casework, f"guess{n}", "GET", "/api/v1/cases").status_code for n in range(62)]
    assert (told[0], told[59], told[60]) == (401, 401, 429)
    assert sqlite_court.ask("GET", "/api/v1/cases").status_code == 200


def test_a_whole_network_of_ipv6_addresses_is_slowed_down_as_one(
    sqlite_court: Court, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = []
    for number in range(62):
        monkeypatch.setattr("tests.web.in_process.WHERE_FROM", (f"2001:db8::{number + 1:x}", 50000))
        told.append(ask(sqlite_court.casework, f"guess{number}", "GET", "/api/v1/cases").status_code)
    assert (told[0], told[59], told[60]) == (401, 401, 429)
    monkeypatch.setattr("tests.web.in_process.WHERE_FROM", ("2001:db8:0:1::1", 50000))
    assert ask(sqlite_court.casework, "guess", "GET", "/api/v1/cases").status_code == 401


@pytest.mark.parametrize(
    ("content", "kind", "status"),
    [
        (b"{}", "text/plain", 415),
        (b"{}", "", 415),
        (b"kind=x", "application/x-www-form-urlencoded", 415),
        (b"{", "application/json", 422),
        (b"[]", "application/json", 422),
        (b"null", "application/json", 422),
        (b"\xff\xfe", "application/json", 422),
        (b'{"kind": NaN}', "application/json", 422),
        (json.dumps(outcome()).encode()[:-1] + b', "subject": "Hearing 2"}', "application/json", 422),
        (b"[" * 10_000, "application/json", 422),
        (b'"' + b"x" * 20_000 + b'"', "application/json", 413),
        (b'"' + b"x" * 1_100_000 + b'"', "application/json", 413),
        (b'{"kind": "\\ud800"}', "application/json", 422),
        (b'{"kind": 1' + b"0" * 5_000 + b"}", "application/json", 422),
    ],
    ids=lambda value: str(value)[:30],
)
def test_a_body_that_is_no_body_is_refused(sqlite_court: Court, content: bytes, kind: str, status: int) -> None:
    headers = {"Authorization": f"Bearer {sqlite_court.token}", "Idempotency-Key": "d" * 16}
    client = sqlite_court.casework.site.browser().client
    path = f"/api/v1/cases/{sqlite_court.ref}/events"
    answer = client.post(path, content=content, headers={**headers, **({"Content-Type": kind} if kind else {})})
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(
    ("method", "path", "status", "allow"),
    [
        ("GET", "/api/v1/nothing", 404, None),
        ("POST", "/api/v2/cases", 404, None),
        ("GET", "/api/", 404, None),
        ("DELETE", "/api/v1/cases/CASE-1", 405, "GET"),
        ("PUT", "/api/v1/cases", 405, "GET"),
        ("GET", "/api/v1/token", 405, "POST"),
        ("GET", "/api/v1/cases/CASE-1/events", 405, "POST"),
        ("POST", "/api/v1/openapi.json", 405, "GET"),
    ],
)
def test_an_address_that_is_none_is_told_as_a_problem(
    sqlite_court: Court, method: str, path: str, status: int, allow: str | None
) -> None:
    answer = sqlite_court.ask(method, path)
    assert (answer.status_code, answer.headers.get("allow")) == (status, allow)
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["status"] == status


def test_a_fault_of_ours_is_told_without_what_was_being_done(
    sqlite_court: Court, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("victimcare.web.routes.api_cases.agency_case", lambda *_, **__: 1 / 0)
    answer = sqlite_court.ask("GET", f"/api/v1/cases/{sqlite_court.ref}")
    assert (answer.status_code, answer.json()["title"]) == (500, "Internal Server Error")
    assert answer.json()["reference"]
    assert "Zero" not in answer.text


# Structure


def test_the_people_of_a_force_do_not_find_the_system_among_themselves(court: Court) -> None:
    browser = court.casework.site.sign_in("administrator")
    assert "Example hmcts" not in browser.get("/people").text


def test_a_system_whose_areas_were_taken_away_sees_nothing(court: Court) -> None:
    assert court.sees()
    with court.casework.site.database.writing() as connection:
        connection.execute(update(STAFF).where(STAFF.c.id == court.system.id).values(areas=""))
    assert not court.sees()


def test_reading_changes_nothing(sqlite_court: Court) -> None:
    stored = Stored(sqlite_court.casework.site.database)
    sqlite_court.client.case(sqlite_court.ref)
    list(sqlite_court.client.duties())
    assert set(recorded(stored.changed())) <= {"api_token"}
    stored.close()
