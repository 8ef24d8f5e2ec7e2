"""What a system of an agency is told by itself: what it may ask for, signed, once, and nothing of anybody."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update
from standardwebhooks import Webhook, WebhookVerificationError

from tests.receiver import Received, Receiver, receiver
from tests.web.casework import MONDAY, PEOPLE, Casework
from tests.web.relations import protect
from tests.web.routes.test_service_referrals import Helping
from tests.web.systems import LATE, System, ask, listed_hearing, outcome, token_of, told_system
from victimcare.commands import keep_webhooks, settle_restored
from victimcare.commands.keep_api_clients import disable_client, enable_client
from victimcare.commands.send_message import Post
from victimcare.commands.take_referral_step import NewStep, take_referral_step
from victimcare.domain.agencies import SUPPORT_SERVICE
from victimcare.domain.api_scopes import ApiScope
from victimcare.domain.event_kinds import EventKind
from victimcare.domain.events_out import BOTH_SIGN_FOR, KEPT_FOR, PAUSES, STOPPED_AFTER, Told
from victimcare.domain.journey import Moment
from victimcare.domain.referral import Step
from victimcare.editions.escalation import published_ladder
from victimcare.editions.force_policy import published_policy
from victimcare.jobs.events_out import tell_systems
from victimcare.jobs.work import Work
from victimcare.notices.event_channel import EventChannel
from victimcare.notices.mailbox import Mailbox
from victimcare.store import case_lists, cases
from victimcare.store.api_clients import CLIENTS
from victimcare.store.audit import AUDIT
from victimcare.store.outbox import OUTBOX
from victimcare.store.outgoing_referrals import OUTGOING
from victimcare.store.webhook_events import ATTEMPTS, EVENTS_OUT
from victimcare.store.webhooks import WEBHOOKS


def restrict(casework: Casework, ref: str) -> None:
    """Keep somebody from the case."""
    why = {"reason": "An invented reason", "by": PEOPLE["supervisor"], "at": casework.site.clock.now}
    with casework.site.database.writing() as connection:
        case_id = cases.load(connection, ref).id
        case_lists.exclude(connection, case_id, "colleague", vault=casework.vault, **why)


class Telling:
    """A site whose systems are told at a receiver, and the job that tells them."""

    def __init__(self, casework: Casework, court: Receiver, folder: Path) -> None:
        self.casework, self.court, self.folder = casework, court, folder

    @property
    def site(self) -> Any:
        return self.casework.site

    def system(self, agency: str = "hmcts", **more: Any) -> System:
        return told_system(self.casework, agency, **{"url": self.court.url, **more})

    def run(self, failures: int = 0, **changes: Any) -> str:
        now = self.site.clock.now
        work = Work(
            database=self.site.database,
            law=self.casework.law,
            channel=Mailbox(self.folder, sender="care@police.invalid"),
            now=now,
            clock=lambda: self.site.clock.now,
            post=Post(self.casework.vault, published_policy()),
            events=EventChannel(loopback=True, seconds=5),
        )
        done = tell_systems(replace(work, **changes))
        assert done.failures == failures
        return done.summary

    def told(self) -> list[tuple[str, str | None]]:
        """What the job tells now: the type and the subject of each."""
        before = len(self.court.received)
        self.run()
        said = [json.loads(each.body) for each in self.court.received[before:]]
        return sorted((each["type"].removeprefix("victimcare."), each.get("subject")) for each in said)

    def rows(self, table: Any = EVENTS_OUT) -> list[Any]:
        with self.site.database.reading() as connection:
            return list(connection.execute(select(table)).all())

    def keep(self, command: Any, system: System, **more: Any) -> Any:
        how = {"client_id": system.id, "by": PEOPLE["administrator"], "now": self.site.clock.now}
        with self.site.database.writing() as connection:
            return command(connection, **how, **more)


@pytest.fixture
def telling(casework: Casework, tmp_path: Path) -> Iterator[Telling]:
    with receiver() as court:
        yield Telling(casework, court, tmp_path / "mail")


def verified(received: Received, secret: str, at: datetime, monkeypatch: pytest.MonkeyPatch) -> Any:
    """What the library of the specification says of it, at that time."""

    class Then(datetime):
        @classmethod
        def now(cls, tz: Any = None) -> Any:
            return at

    monkeypatch.setattr("standardwebhooks.webhooks.datetime", Then)
    return Webhook(secret).verify(received.body, received.headers)


def test_the_court_is_told_of_what_it_owes_signed_and_with_identifiers_alone(
    telling: Telling, monkeypatch: pytest.MonkeyPatch
) -> None:
    court = telling.system()
    ref = listed_hearing(telling.casework, "Wren Canaryname")
    assert telling.told() == [("duty.owed", ref)]
    (received,) = telling.court.received
    said = verified(received, court.signs, telling.site.clock.now, monkeypatch)
    assert received.headers["content-type"] == "application/cloudevents+json; charset=utf-8"
    assert said == {
        "specversion": "1.0",
        "id": received.headers["webhook-id"],
        "source": "/api/v1/cases",
        "type": "victimcare.duty.owed",
        "subject": ref,
        "time": LATE.strftime("%Y-%m-%dT%H:%M:%SZ"),
    }
    token = token_of(telling.casework, court)
    assert ask(telling.casework, token, "GET", f"{said['source']}/{said['subject']}").status_code == 200
    with pytest.raises(WebhookVerificationError):
        Webhook(court.signs).verify(received.body.replace(b"owed", b"ended"), received.headers)


def test_it_is_told_once_and_again_of_what_comes_of_it(telling: Telling) -> None:
    court = telling.system()
    ref = listed_hearing(telling.casework)
    assert telling.told() == [("duty.owed", ref)]
    assert telling.told() == []
    token = token_of(telling.casework, court)
    assert ask(telling.casework, token, "POST", f"/api/v1/cases/{ref}/events", outcome()).status_code == 201
    assert telling.told() == [("duty.ended", ref)]


def test_each_agency_hears_of_its_own_clock(telling: Telling) -> None:
    ref = listed_hearing(telling.casework)
    court, unit = telling.system(), telling.system("witness_care_unit")
    asked = ask(telling.casework, token_of(telling.casework, court), "POST", f"/api/v1/cases/{ref}/events", outcome())
    assert asked.status_code == 201
    telling.run()
    heard = {row.person_id: row.kind for row in telling.rows() if row.status == "delivered"}
    assert heard == {court.id: "duty.ended", unit.id: "duty.owed"}


@pytest.mark.parametrize(
    "how",
    [
        {"areas": ("E02",)},
        {"agency": "cps"},
        {"kinds": [Told.DUTY_ENDED]},
        {"scopes": [ApiScope.READ_CASES], "kinds": [Told.DUTY_ENDED]},
        {"signing": False},
    ],
)
def test_nothing_is_written_down_for_whom_it_does_not_concern(telling: Telling, how: dict[str, Any]) -> None:
    telling.system(**how)
    listed_hearing(telling.casework)
    assert not telling.rows()


def test_of_a_case_from_which_anybody_is_kept_no_system_hears_from_the_beginning(telling: Telling) -> None:
    telling.system()
    kept = telling.casework.case(at=LATE)
    restrict(telling.casework, kept)
    protected = telling.casework.case("Robin Sample", at=LATE)
    protect(telling.casework, protected)
    on = {"hearing_on": MONDAY.date() - timedelta(days=3), "hearing_type": "trial"}
    for ref in (kept, protected):
        telling.casework.record(ref, EventKind.SUSPECT_CHARGED, LATE, subject="Suspect 1")
        telling.casework.record(ref, EventKind.HEARING_LISTED, LATE, received=LATE, subject="Hearing 1", **on)
    assert not telling.rows()


@pytest.mark.parametrize("keeps", ["restrict", "protect", "void", "area", "scope", "disable", "kinds"])
def test_what_it_may_not_read_any_more_when_it_would_leave_does_not_leave(telling: Telling, keeps: str) -> None:
    court = telling.system()
    ref = listed_hearing(telling.casework)
    if keeps == "restrict":
        restrict(telling.casework, ref)
    elif keeps == "protect":
        protect(telling.casework, ref)
    elif keeps == "disable":
        telling.keep(disable_client, court)
    elif keeps == "kinds":
        new = keep_webhooks.NewWebhook(telling.court.url, [Told.DUTY_ENDED])
        telling.keep(keep_webhooks.keep_webhook, court, new=new, loopback=True)
    else:
        with telling.site.database.writing() as connection:
            if keeps == "scope":
                connection.execute(update(CLIENTS).values(scopes="events:record"))
            elif keeps == "area":
                connection.exec_driver_sql(f"UPDATE person SET areas = 'E02' WHERE id = '{court.id}'")
            else:
                connection.exec_driver_sql("UPDATE due SET owed_by = 'cps' WHERE owed_by = 'hmcts'")
    assert telling.told() == []
    assert [row.status for row in telling.rows()] == ["cancelled"]


def test_after_its_right_ended_it_hears_nothing_of_the_case_until_it_owes_something_there_again(
    telling: Telling,
) -> None:
    """Others recorded what it owed: it is not told that, nor what follows, nor once more what it missed before."""
    court, casework = telling.system(), telling.casework
    ref = listed_hearing(casework)
    telling.court.statuses = [410, 204]
    assert telling.told() == [("duty.owed", ref)]
    path, token = f"/api/v1/cases/{ref}", token_of(casework, court)
    assert ask(casework, token, "GET", path).status_code == 200
    now = telling.site.clock.now
    casework.record(ref, EventKind.COURT_OUTCOME_RECEIVED, now, received=now, subject="Hearing 1", outcome="guilty")
    casework.record(ref, EventKind.SUSPECT_BAILED, now, subject="Suspect 1")
    assert ask(casework, token, "GET", path).status_code == 404
    assert [row.kind for row in telling.rows()] == ["duty.owed"], "nothing was written down for it"
    telling.keep(keep_webhooks.start_telling, court)
    telling.keep(keep_webhooks.tell_again, court)
    assert telling.told() == [], "and what it missed is not sent again"
    assert [row.status for row in telling.rows()] == ["cancelled"]
    on = {"hearing_on": MONDAY.date() - timedelta(days=2), "hearing_type": "sentence"}
    casework.record(ref, EventKind.HEARING_LISTED, now, received=now, subject="Hearing 2", **on)
    assert telling.told() == [("duty.owed", ref)]
    assert ask(casework, token, "GET", path).status_code == 200


def test_that_it_was_told_is_written_down_as_disclosed_before_it_leaves(telling: Telling) -> None:
    court = telling.system()
    ref = listed_hearing(telling.casework)
    telling.run()
    with telling.site.database.reading() as connection:
        row = connection.execute(select(AUDIT).order_by(AUDIT.c.seq.desc())).first()
    assert (row.operation, row.what) == ("disclosure", f"tell system {court.id} of duty.owed")
    assert (row.recipient, row.person_id) == ("agency hmcts", "system")
    assert ref not in row.what


def test_a_write_that_fails_tells_nothing(telling: Telling, monkeypatch: pytest.MonkeyPatch) -> None:
    telling.system()
    monkeypatch.setattr("victimcare.store.cases.audit.write", lambda *_, **__: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        listed_hearing(telling.casework)
    assert not telling.rows()


def test_what_fails_is_tried_again_on_the_schedule_under_the_same_id_and_then_given_up(telling: Telling) -> None:
    telling.system()
    listed_hearing(telling.casework)
    telling.court.statuses = [500]
    clock = telling.site.clock
    for number, pause in enumerate(PAUSES, 1):
        assert telling.run() == "1 to be tried again"
        assert len(telling.court.received) == number
        clock.forward(seconds=pause.total_seconds() - 1)
        assert telling.run() == "Nothing to tell"
        clock.forward(seconds=1)
    telling.run()
    assert {each.headers["webhook-id"] for each in telling.court.received} == {telling.rows()[0].id}
    assert len({each.headers["webhook-timestamp"] for each in telling.court.received}) == 10
    assert [row.status for row in telling.rows()] == ["failed"]
    assert [(row.outcome, row.status) for row in telling.rows(ATTEMPTS)] == [("answered", 500)] * 10


def test_one_system_that_is_away_keeps_no_other_waiting_and_is_tried_once_in_a_run(telling: Telling) -> None:
    with receiver() as gone:
        away = telling.system(url=gone.url, areas=("E01",))
    telling.system()
    refs = sorted(listed_hearing(telling.casework, name) for name in ("Wren Sample", "Robin Sample", "Jay Sample"))
    assert telling.told() == [("duty.owed", ref) for ref in refs]
    attempts = [row.attempts for row in telling.rows() if row.person_id == away.id]
    assert sorted(attempts) == [0, 0, 1]


def test_one_that_fails_for_days_is_told_nothing_more_and_administrators_are_told_so(telling: Telling) -> None:
    court = telling.system()
    telling.court.statuses = [503]
    telling.site.clock.now = LATE
    listed_hearing(telling.casework)
    telling.run()
    telling.site.clock.forward(seconds=STOPPED_AFTER.total_seconds() - 1)
    telling.run()
    assert telling.rows(WEBHOOKS)[0].status == "on"
    telling.site.clock.forward(days=1)
    assert telling.run() == "1 stopped"
    assert telling.rows(WEBHOOKS)[0].status == "failing"
    told = [row for row in telling.rows(OUTBOX) if row.step == "system_stopped"]
    assert [(row.recipient_id, row.start_key.split()[0]) for row in told] == [("administrator", court.id)]
    assert [row.status for row in telling.rows()] == ["failed"]
    listed_hearing(telling.casework, "Robin Sample")
    assert len(telling.rows()) == 1


def test_a_success_in_between_begins_the_days_anew(telling: Telling) -> None:
    telling.system()
    telling.court.statuses = [503, 204, 503]
    listed_hearing(telling.casework)
    telling.run()
    telling.site.clock.forward(minutes=1)
    telling.run()
    assert telling.rows(WEBHOOKS)[0].failing_since is None
    telling.site.clock.forward(days=6)
    listed_hearing(telling.casework, "Robin Sample")
    telling.run()
    assert telling.rows(WEBHOOKS)[0].status == "on"


def test_one_that_answers_gone_is_told_nothing_more_at_once_and_again_when_it_is_let(telling: Telling) -> None:
    court = telling.system()
    telling.court.statuses = [410, 204]
    first, second = listed_hearing(telling.casework), listed_hearing(telling.casework, "Robin Sample")
    assert telling.run() == "1 stopped"
    assert len(telling.court.received) == 1
    assert telling.rows(WEBHOOKS)[0].status == "gone"
    telling.keep(keep_webhooks.start_telling, court)
    assert telling.told() == []
    telling.keep(keep_webhooks.tell_again, court)
    assert telling.told() == [("duty.owed", ref) for ref in sorted([first, second])]


def test_both_secrets_sign_for_a_time_and_then_the_new_one_alone(
    telling: Telling, monkeypatch: pytest.MonkeyPatch
) -> None:
    court = telling.system()
    new = telling.keep(keep_webhooks.give_signing_secret, court, vault=telling.casework.vault)
    telling.keep(keep_webhooks.tell_test, court)
    telling.run()
    for secret in (court.signs, new):
        said = verified(telling.court.received[-1], secret, telling.site.clock.now, monkeypatch)
        assert said["type"] == "victimcare.test"
    telling.site.clock.forward(seconds=BOTH_SIGN_FOR.total_seconds())
    telling.keep(keep_webhooks.tell_test, court)
    telling.run()
    assert verified(telling.court.received[-1], new, telling.site.clock.now, monkeypatch)
    with pytest.raises(WebhookVerificationError):
        verified(telling.court.received[-1], court.signs, telling.site.clock.now, monkeypatch)


def test_a_secret_that_somebody_knows_ends_at_once(telling: Telling, monkeypatch: pytest.MonkeyPatch) -> None:
    court = telling.system()
    telling.keep(keep_webhooks.give_signing_secret, court, vault=telling.casework.vault, at_once=True)
    telling.keep(keep_webhooks.tell_test, court)
    telling.run()
    with pytest.raises(WebhookVerificationError):
        verified(telling.court.received[-1], court.signs, telling.site.clock.now, monkeypatch)


def test_what_a_dead_sender_had_taken_is_sent_again_under_the_same_id(telling: Telling) -> None:
    telling.system()
    listed_hearing(telling.casework)

    class Dies(EventChannel):
        def send(self, message: Any) -> Any:
            super().send(message)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        telling.run(events=Dies(loopback=True))
    assert telling.run() == "Nothing to tell"
    telling.site.clock.forward(minutes=10)
    telling.run()
    first, again = (each.headers["webhook-id"] for each in telling.court.received)
    assert first == again
    assert [row.status for row in telling.rows()] == ["delivered"]


def test_one_whose_secret_does_not_open_keeps_no_other_waiting(telling: Telling) -> None:
    lost = telling.system()
    telling.system()
    ref = listed_hearing(telling.casework)
    with telling.site.database.writing() as connection:
        spoilt = update(WEBHOOKS).where(WEBHOOKS.c.person_id == lost.id).values(sealed_secret=b"spoilt" * 9)
        connection.execute(spoilt)
    assert telling.run(failures=1) == "1 broken, 1 told"
    assert [json.loads(each.body)["subject"] for each in telling.court.received] == [ref]


def test_a_restored_backup_tells_nothing_by_itself(telling: Telling) -> None:
    court = telling.system()
    ref = listed_hearing(telling.casework)
    how: dict[str, Any] = {"by": PEOPLE["administrator"], "now": telling.site.clock.now}
    with telling.site.database.writing() as connection:
        law = telling.casework.law
        more: dict[str, Any] = {"law": law, "ladder": published_ladder(), "own_agency": "police"}
        settle_restored.settle_restored(connection, said="restore backup", **how, **more)
        enable_client(connection, client_id=court.id, **how)
    assert telling.told() == []
    assert [row.status for row in telling.rows()] == ["held"]
    with telling.site.database.writing() as connection:
        assert settle_restored.release_held_back(connection, **how) >= 1
    assert telling.told() == [("duty.owed", ref)]


def test_what_was_told_is_forgotten_in_time_and_with_its_case(telling: Telling) -> None:
    telling.system()
    listed_hearing(telling.casework)
    telling.run()
    telling.site.clock.forward(seconds=KEPT_FOR.total_seconds())
    telling.run()
    assert telling.rows()
    telling.site.clock.forward(seconds=1)
    telling.run()
    assert not telling.rows()
    assert not telling.rows(ATTEMPTS)


def test_a_service_is_told_of_what_lies_with_it_and_of_what_others_recorded(telling: Telling, tmp_path: Path) -> None:
    helping = Helping(telling.casework, tmp_path, sent=False)
    service = telling.system(SUPPORT_SERVICE, service=helping.desk.service)
    telling.system(SUPPORT_SERVICE, service=telling.casework.service("Another"))
    assert telling.told() == []
    assert helping.desk.deliver() == "1 sent"
    assert telling.told() == [("referral.sent", helping.id)]
    assert json.loads(telling.court.received[-1].body)["source"] == "/api/v1/referrals"
    assert helping.say("accepted").status_code == 303
    assert telling.told() == []
    telling.site.clock.forward(days=1)
    step = {"happened": Moment.instant(telling.site.clock.now), "reason": None}
    with telling.site.database.writing() as connection:
        key = next(row.event_key for row in connection.execute(select(OUTGOING)))
        how: dict[str, Any] = {"by": PEOPLE["officer"], "now": telling.site.clock.now, "law": telling.casework.law}
        take_referral_step(connection, ref=helping.desk.ref, step=NewStep(key, Step.CONTACTED, **step), **how)
    assert telling.told() == [("referral.changed", helping.id)]
    telling.casework.record(
        helping.desk.ref,
        EventKind.REFERRAL_DECLINED,
    )
    telling.keep(keep_webhooks.tell_test, service)
    assert telling.told() == [("test", None)]


def test_a_referral_that_the_victim_takes_back_before_it_is_told_of_is_not_told_of(
    telling: Telling, tmp_path: Path
) -> None:
    helping = Helping(telling.casework, tmp_path, sent=False)
    telling.system(SUPPORT_SERVICE, service=helping.desk.service)
    assert helping.desk.deliver() == "1 sent"
    telling.casework.record(helping.desk.ref, EventKind.REFERRAL_DECLINED)
    assert telling.told() == []
    assert [row.status for row in telling.rows()] == ["cancelled"]


def test_a_dry_run_tells_nothing_and_says_how_many_wait(telling: Telling) -> None:
    telling.system()
    listed_hearing(telling.casework)
    assert telling.run(dry_run=True) == "1 event waiting"
    assert not telling.court.received


def test_nothing_that_is_told_is_in_the_log(telling: Telling, caplog: pytest.LogCaptureFixture) -> None:
    court = telling.system()
    ref = listed_hearing(telling.casework)
    caplog.set_level(0)
    telling.run()
    assert ref not in caplog.text
    assert court.signs not in caplog.text
