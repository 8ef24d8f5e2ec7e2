"""Whatever is recorded, in whatever order: what is stored is what the journeys say, and the pages can show it."""

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from datetime import date, timedelta
from hashlib import sha256
from itertools import count

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from sqlalchemy import Connection

from tests.consistency import check_consistent
from tests.force import MONDAY, VAULT, Force, a_force
from victimcare.commands.find_breaches import cases_to_search, find_breaches
from victimcare.commands.reassign_cases import reassign_cases
from victimcare.commands.record_crime import record_crime
from victimcare.commands.record_event import NewEvent, record_event
from victimcare.domain.calendar import london_date
from victimcare.domain.case import Case, EventRefused
from victimcare.domain.entitlements import assess
from victimcare.domain.event_kinds import EVENT_KINDS, Detail, DetailType, EventKind, Stage
from victimcare.domain.journey import Correction, DutyNamed, JourneyEvent, Moment, Value
from victimcare.editions.workload import published_weights
from victimcare.queries.case_list import CaseFilter, case_list
from victimcare.queries.case_page import case_page
from victimcare.queries.case_search import case_search
from victimcare.queries.hand_over_choice import hand_over_choice
from victimcare.queries.team import team_page
from victimcare.queries.worklist import worklist
from victimcare.store import bulk
from victimcare.store.cases import Recording, load, load_many

_BY_HAND = (EventKind.OFFICER_ASSIGNED, EventKind.CASE_VOIDED, EventKind.ALSO_ANSWERED)
KINDS = sorted(kind for kind in EventKind if kind not in _BY_HAND)
ANSWERS = sorted(kind for kind in KINDS if EVENT_KINDS[kind].stage in (Stage.CONTACT, Stage.DUTY, Stage.SUPPORT))
LABELS = {"tier": ("standard", "enhanced"), "complained_of": ("police", "cps"), "scope": ("all", "right:6")}
SUBJECTS = ("Suspect 1", "Suspect 2")
_numbers = count(1)


@pytest.fixture
def force(database_url: str) -> Iterator[Force]:
    force = a_force(database_url)
    yield force
    force.database.close()


class Keys:
    """Keys without order, as real ones are, and yet the same ones whenever a history is played again."""

    def __init__(self) -> None:
        self.made = count()
        self.history = ""

    def begin(self, history: str) -> None:
        self.made, self.history = count(), history

    def __call__(self) -> str:
        number = next(self.made)
        return f"{sha256(str(number).encode()).hexdigest()[:8]}-{number}-{self.history}"


KEYS = Keys()


def test_any_history_leaves_what_its_journeys_say(force: Force, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (record_crime, record_event):
        monkeypatch.setattr(sys.modules[module.__module__], "new_key", KEYS)
    run_state_machine_as_test(
        lambda: Histories(force),
        settings=settings(
            max_examples=12,
            stateful_step_count=15,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )


class Histories(RuleBasedStateMachine):
    """Three cases of two crimes, and a clock that only goes forward."""

    def __init__(self, force: Force) -> None:
        super().__init__()
        self.force = force
        self.now = MONDAY
        self.searched_on: date | None = None
        self.number = f"no.{next(_numbers):06}"
        KEYS.begin(self.number)

    @property
    def today(self) -> date:
        return london_date(self.now)

    @initialize()
    def two_crimes(self) -> None:
        crimes = [
            self.force.record_crime(*victims, ref=f"{crime} history {self.number}", officer_of_open_case="ash")
            for crime, victims in (("one", ("Wren Sample", "Robin Sample")), ("two", ("Jay Sample",)))
        ]
        cases = [case for crime in crimes for case in crime]
        self.ids = [case.id for case in cases]
        self.refs = [case.case.ref for case in cases]

    @rule(hours=st.integers(1, 24 * 40))
    def time_passes(self, hours: int) -> None:
        self.now += timedelta(hours=hours)

    @rule(data=st.data(), which=st.integers(0, 2), kind=st.sampled_from(KINDS))
    def something_happens(self, data: st.DataObject, which: int, kind: EventKind) -> None:
        self.record(which, self.an_event(data, kind))

    @rule(data=st.data(), which=st.integers(0, 2), kind=st.sampled_from(ANSWERS))
    def duties_are_answered(self, data: st.DataObject, which: int, kind: EventKind) -> None:
        case = self.case(which)
        owed = assess(case.journey, self.force.law.code, self.force.law.calendar)
        some = [owed[n % len(owed)] for n in data.draw(st.lists(st.integers(0, 29), max_size=3))]
        named = [
            DutyNamed(duty.rule.id, duty.start.current.key, frozenset(t.id for t in duty.rule.must_tell))
            for duty in some
        ]
        self.record(which, self.an_event(data, kind, duties=named))

    @rule(data=st.data(), which=st.integers(0, 2), correction=st.sampled_from(Correction))
    def something_is_corrected(self, data: st.DataObject, which: int, correction: Correction) -> None:
        events = self.case(which).journey.events
        event = events[data.draw(st.integers(0, 29)) % len(events)]
        if event.kind not in _BY_HAND:
            self.record(which, self.an_event(data, event.kind, corrects=event.key, correction=correction))

    @rule(data=st.data(), which=st.integers(0, 2))
    def an_earlier_contact_is_linked(self, data: st.DataObject, which: int) -> None:
        events = self.case(which).journey.events
        event, contact = (events[data.draw(st.integers(0, 29)) % len(events)] for _ in range(2))
        duties = [DutyNamed("R6-ARR", event.key)]
        self.record(
            which,
            NewEvent(
                EventKind.ALSO_ANSWERED, Moment.instant(self.now), details={"contact": contact.key}, duties=duties
            ),
        )

    @rule(which=st.integers(0, 2))
    def the_case_was_a_duplicate(self, which: int) -> None:
        details = {"reason": "duplicate", "second_person": "elm"}
        self.record(which, NewEvent(EventKind.CASE_VOIDED, Moment.instant(self.now), details=details))

    @rule(chosen=st.sets(st.integers(0, 2), min_size=1), to=st.sampled_from(["ash", "birch"]))
    def cases_are_handed_over(self, chosen: set[int], to: str) -> None:
        refs = [self.refs[which] for which in chosen]
        with self.force.database.writing() as connection:
            reassign_cases(
                connection,
                refs=refs,
                to_officer_id=to,
                why="leave",
                by=self.force.elm,
                now=self.now,
                law=self.force.law,
                vault=VAULT,
            )

    @rule(data=st.data(), kind=st.sampled_from([kind for kind in KINDS if not EVENT_KINDS[kind].of_crime]))
    def two_cases_are_written_in_bulk(self, data: st.DataObject, kind: EventKind) -> None:
        with self.force.database.writing() as connection:
            loaded = load_many(connection, self.ids[1:])
            changes = []
            for stored in loaded:
                event = self.an_event(data, kind)
                key, at = f"bulk-{next(_numbers)}", stored.case.next_instant(self.now)
                imported = JourneyEvent(key, kind, event.happened, at, subject=event.subject, details=event.details)
                with suppress(EventRefused):  # nothing that is open is reopened, in bulk neither
                    changes.append(bulk.ChangedCase(stored, stored.case.record(imported)))
            recording = Recording(by=self.force.elm, at=self.now, what="record in bulk")
            bulk.append_events(connection, changes, recording=recording, law=self.force.law)

    @rule(full=st.booleans())
    def breaches_are_looked_for(self, full: bool) -> None:
        reached_at = None if full else self.now - timedelta(days=60)
        with self.force.database.writing() as connection:
            found = cases_to_search(connection, reached_at=reached_at, now=self.now)
            find_breaches(connection, case_ids=[case_id for case_id in found if case_id in self.ids], now=self.now)
        self.searched_on = self.today if full else self.searched_on

    @invariant()
    def all_of_it_follows_from_the_journeys(self) -> None:
        check_consistent(self.force, self.ids, today=self.today, searched_on=self.searched_on)

    def teardown(self) -> None:
        """Every page can be shown, and the case pages say what the worklists say."""
        if not hasattr(self, "ids"):
            return
        with self.force.database.reading() as connection:
            self._check_pages(connection)

    def _check_pages(self, connection: Connection) -> None:
        force, today, law = self.force, self.today, self.force.law
        everybody = {"person": force.elm, "today": today, "law": law}
        pages = [case_page(connection, ref=ref, agency_names={}, **everybody) for ref in self.refs]  # type: ignore[arg-type]
        overdue = {(p.ref, d.rule) for p in pages for d in p.open_duties if d.standing.value == "overdue"}
        lists = [worklist(connection, person=p, today=today, law=law, limit=9999) for p in (force.ash, force.birch)]
        shown = [row for each in lists for row in each.overdue.rows]
        assert {(row.ref, row.rule) for row in shown if row.ref in self.refs} == overdue
        weighed = {**everybody, "weights": published_weights()}
        team = team_page(connection, **weighed)  # type: ignore[arg-type]
        choice = hand_over_choice(connection, limit=9999, **weighed)  # type: ignore[arg-type]
        assert team.overdue_total == choice.overdue_shown == len(shown)
        for person in (force.ash, force.birch):
            found = case_search(connection, person=person, words=f"history {self.number}", vault=VAULT)
            wanted = CaseFilter(status="any", found=found)
            listed = case_list(connection, person=person, wanted=wanted, page=1, today=today, law=law)
            assert {row.ref for row in listed.rows} == {p.ref for p in pages if p.officer_name == person.name}

    def case(self, which: int) -> Case:
        with self.force.database.writing() as connection:
            return load(connection, self.refs[which]).case

    def record(self, which: int, event: NewEvent) -> None:
        with self.force.database.writing() as connection:
            try:
                record_event(
                    connection, ref=self.refs[which], event=event, by=self.force.elm, now=self.now, law=self.force.law
                )
            except EventRefused:
                connection.rollback()

    def an_event(
        self,
        data: st.DataObject,
        kind: EventKind,
        *,
        duties: Sequence[DutyNamed] = (),
        corrects: str | None = None,
        correction: Correction | None = None,
    ) -> NewEvent:
        facts = EVENT_KINDS[kind]
        earlier = self.now - timedelta(hours=data.draw(st.integers(0, 24 * 30)))
        exactly = data.draw(st.booleans())
        return NewEvent(
            kind,
            Moment.instant(earlier) if exactly else Moment.day(london_date(earlier)),
            received=Moment.instant(self.now) if facts.received and data.draw(st.booleans()) else None,
            subject=data.draw(st.sampled_from(SUBJECTS)) if facts.subject else None,
            details={detail.name: self.a_value(data, detail) for detail in facts.details if self.given(data, detail)},
            duties=duties,
            corrects=corrects,
            correction=correction,
        )

    def given(self, data: st.DataObject, detail: Detail) -> bool:
        return detail.required or data.draw(st.booleans())

    def a_value(self, data: st.DataObject, detail: Detail) -> Value:
        choices: dict[DetailType, Callable[[], st.SearchStrategy[Value]]] = {
            DetailType.CODE: lambda: st.sampled_from(sorted(detail.choices or {})),
            DetailType.DATE: lambda: st.integers(-20, 60).map(lambda days: self.today + timedelta(days=days)),
            DetailType.YES_NO: st.booleans,
            DetailType.NUMBER: lambda: st.integers(0, 30),
            DetailType.LABEL: lambda: st.sampled_from(LABELS.get(detail.name, ("label",))),
        }
        return data.draw(choices[detail.type]())
