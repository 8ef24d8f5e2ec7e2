"""A case is never without an officer, and refuses what cannot be so, with a sentence for the person recording."""

from datetime import UTC, date, datetime, timedelta

import pytest

from tests.builders import event, journey
from victimcare.domain.case import Case, EventRefused, NoCaseOfficer, held_on, status_of
from victimcare.domain.event_kinds import EVENT_KINDS, DetailType, EventKind
from victimcare.domain.journey import Correction, JourneyEvent, Moment, Value
from victimcare.domain.people import CaseHolder

FRIDAY = datetime(2026, 5, 22, 14, tzinfo=UTC)
TODAY = date(2026, 5, 22)


def assigned(officer: str, on: str, team: str = "luton") -> JourneyEvent:
    return event("officer_assigned", on, key=f"{officer}-{on}", officer=officer, team=team)


def a_case(*events: JourneyEvent) -> Case:
    return Case("CASE", journey(assigned("ash", "2026-05-01"), *events, case_ref="CASE"), 1, "Luton", "Burglary")


def recorded_on_friday(kind: str, happened: Moment | date | str = TODAY, **more: object) -> JourneyEvent:
    return event(kind, happened, recorded=FRIDAY, **more)  # type: ignore[arg-type]


def refusal(case: Case, new: JourneyEvent) -> tuple[str, str]:
    with pytest.raises(EventRefused) as refused:
        case.record(new)
    assert str(refused.value) == f"{EVENT_KINDS[new.kind].title}: {refused.value.field}: {refused.value.why}"
    return refused.value.field, refused.value.why


class TestTheOfficer:
    def test_a_case_without_one_cannot_be(self) -> None:
        case = Case("CASE", journey(event("crime_recorded", "2026-05-01"), case_ref="CASE"), 1, "Luton", "Burglary")
        with pytest.raises(NoCaseOfficer, match="case CASE has no case officer"):
            _ = case.holder

    def test_the_one_assigned_last_holds_it(self) -> None:
        case = a_case(assigned("birch", "2026-05-20", "bedford"))
        assert case.holder == CaseHolder("birch", "bedford")
        assert [period.officer_id for period in case.custody()] == ["ash", "birch"]

    def test_in_the_order_of_recording_and_not_of_the_list(self) -> None:
        later, earlier = assigned("cedar", "2026-05-20"), assigned("birch", "2026-05-10")
        assert [period.officer_id for period in a_case(later, earlier).custody()] == ["ash", "birch", "cedar"]

    @pytest.mark.parametrize(
        ("day", "officer"),
        [("2026-04-01", "ash"), ("2026-05-01", "ash"), ("2026-05-19", "ash"), ("2026-05-20", "birch")],
    )
    def test_whoever_has_it_in_the_evening_held_it_that_day(self, day: str, officer: str) -> None:
        custody = a_case(assigned("birch", "2026-05-20")).custody()
        assert held_on(custody, date.fromisoformat(day)).officer_id == officer


class TestWhetherItIsOpen:
    @pytest.mark.parametrize(
        ("events", "status"),
        [
            ([], "open"),
            ([("case_closed", "2026-05-10")], "closed"),
            ([("case_closed", "2026-05-10"), ("case_reopened", "2026-05-11")], "open"),
            ([("case_reopened", "2026-05-09"), ("case_closed", "2026-05-10")], "closed"),
            ([("case_reopened", "2026-05-10"), ("case_closed", "2026-05-10")], "open"),
            ([("case_reopened", "2026-05-10"), ("case_closed", "2026-05-10T15:00:00+01:00")], "open"),
            ([("case_reopened", "2026-05-10T15:00:00+01:00"), ("case_closed", "2026-05-10")], "open"),
            (
                [("case_reopened", "2026-05-10T15:00:00+01:00"), ("case_closed", "2026-05-10T15:01:00+01:00")],
                "closed",
            ),
            ([("case_voided", "2026-05-10"), ("case_reopened", "2026-05-11")], "void"),
        ],
    )
    def test_it_goes_by_what_happened_last_and_in_doubt_it_is_open(
        self, events: list[tuple[str, str]], status: str
    ) -> None:
        for order in (events, events[::-1]):
            assert status_of(a_case(*(event(kind, on) for kind, on in order)).journey.chains().values()) == status

    def test_a_closing_that_never_happened_does_not_count(self) -> None:
        closed = event("case_closed", "2026-05-10", key="closed")
        gone = event("case_closed", "2026-05-10", corrects="closed", correction="never_happened")
        assert status_of(a_case(closed, gone).journey.chains().values()) == "open"


class TestRecording:
    def test_it_appends_and_counts_one_write(self) -> None:
        case = a_case()
        after = case.record(recorded_on_friday("vps_offered"), recorded_on_friday("vps_taken"))
        assert [e.kind.value for e in after.journey.events[1:]] == ["vps_offered", "vps_taken"]
        assert (case.version, after.version) == (1, 2)
        assert len(case.journey.events) == 1, "the case before is as it was"

    def test_what_is_recorded_later_has_a_later_instant_whatever_the_clock_says(self) -> None:
        case = a_case(recorded_on_friday("vps_offered"))
        assert case.next_instant(FRIDAY + timedelta(seconds=1)) == FRIDAY + timedelta(seconds=1)
        assert case.next_instant(FRIDAY) == FRIDAY + timedelta(microseconds=1)
        assert case.next_instant(FRIDAY - timedelta(hours=1)) == FRIDAY + timedelta(microseconds=1)


class TestWhen:
    def test_what_happens_at_this_instant_or_some_time_today_or_this_month_can_be_recorded(self) -> None:
        for happened in (Moment.instant(FRIDAY), Moment.day(TODAY), Moment.month(2026, 5)):
            a_case().record(recorded_on_friday("vps_offered", happened))

    @pytest.mark.parametrize(
        "happened",
        [
            Moment.instant(FRIDAY + timedelta(seconds=1)),
            Moment.day(TODAY + timedelta(days=1)),
            Moment.month(2026, 6),
        ],
    )
    def test_nothing_can_be_recorded_before_it_happens_or_is_received(self, happened: Moment) -> None:
        happens = recorded_on_friday("vps_offered", happened)
        assert refusal(a_case(), happens) == ("happened", "it cannot have happened after it was recorded")
        arrives = recorded_on_friday("court_outcome_received", TODAY, received=happened, subject="Hearing 1")
        assert refusal(a_case(), arrives) == ("received", "it cannot have been received after it was recorded")

    def test_the_day_is_londons(self) -> None:
        """At 23:30 UTC in summer it is tomorrow in London already; at 00:30 UTC in winter it is one day everywhere."""
        just_after_midnight = datetime(2026, 5, 21, 23, 30, tzinfo=UTC)
        new = event("vps_offered", TODAY, recorded=just_after_midnight)
        assert a_case().record(new).journey.events[-1] is new
        assert refusal(a_case(), event("vps_offered", date(2026, 5, 23), recorded=just_after_midnight))


class TestTurns:
    def test_only_what_is_open_is_closed_and_only_what_is_closed_is_reopened(self) -> None:
        closed, void = event("case_closed", "2026-05-10", key="closed"), event("case_voided", "2026-05-10")
        closing, reopening = recorded_on_friday("case_closed"), recorded_on_friday("case_reopened")
        assert refusal(a_case(), reopening) == ("happened", "this case is open already")
        assert refusal(a_case(closed), closing) == ("happened", "this case is closed already")
        assert refusal(a_case(void), reopening) == ("happened", "this case is void already")
        assert a_case(closed).record(reopening).version == a_case().record(closing).version == 2

    def test_a_closing_that_was_recorded_is_corrected_all_the_same(self) -> None:
        closed = event("case_closed", "2026-05-10", key="closed")
        a_case(closed).record(recorded_on_friday("case_closed", corrects="closed", correction="amends"))


class TestWhat:
    @pytest.mark.parametrize("kind", [k for k, facts in EVENT_KINDS.items() if facts.subject in ("suspect", "hearing")])
    def test_it_must_be_clear_which_suspect_or_hearing(self, kind: EventKind) -> None:
        what = EVENT_KINDS[kind].subject
        assert refusal(a_case(), complete(kind, subject=None)) == ("subject", f"say which {what} it is about")

    def test_published_outcomes_of_a_month_name_no_suspect(self) -> None:
        a_case().record(complete(EventKind.SUSPECT_CHARGED, Moment.month(2026, 5), subject=None))

    @pytest.mark.parametrize("kind", EventKind)
    def test_every_kind_can_be_recorded_with_all_its_details(self, kind: EventKind) -> None:
        closed = [event("case_closed", "2026-05-10")] if kind is EventKind.CASE_REOPENED else []
        a_case(*closed).record(complete(kind))

    @pytest.mark.parametrize(
        ("kind", "name"), [(k, d.name) for k, facts in EVENT_KINDS.items() for d in facts.details if d.required]
    )
    def test_what_is_required_must_be_given(self, kind: EventKind, name: str) -> None:
        assert refusal(a_case(), complete(kind, without=name)) == (name, "it must be given")

    @pytest.mark.parametrize(
        ("kind", "name", "wrong"),
        [
            ("hearing_listed", "hearing_on", "2026-06-01"),
            ("hearing_listed", "hearing_on", FRIDAY),
            ("hearing_listed", "hearing_type", "tea"),
            ("hearing_listed", "hearing_type", 1),
            ("contact_interval_agreed", "interval_days", "28"),
            ("contact_interval_agreed", "interval_days", True),
            ("contact_interval_agreed", "interval_days", -1),
            ("crime_reported", "offender_under_18", 1),
            ("crime_reported", "offender_under_18", "yes"),
            ("duty_not_safe", "reason", False),
        ],
    )
    def test_a_detail_of_another_type_is_refused_by_name(self, kind: str, name: str, wrong: Value) -> None:
        """A date with an hour, say, would be stored and could never be read again."""
        assert refusal(a_case(), complete(EventKind(kind), change={name: wrong}))[0] == name


class TestCorrecting:
    CHARGED = event("suspect_charged", "2026-05-20", key="charged", subject="Suspect 1")

    def test_any_version_can_be_named(self) -> None:
        once = recorded_on_friday(
            "suspect_charged", key="again", subject="Suspect 1", corrects="charged", correction="amends"
        )
        twice = recorded_on_friday(
            "suspect_charged", key="more", subject="Suspect 2", corrects="again", correction="changes_news"
        )
        after = a_case(self.CHARGED).record(once).record(twice)
        assert after.journey.chains()["charged"].current.subject == "Suspect 2"

    @pytest.mark.parametrize(
        ("kind", "corrects", "correction", "why"),
        [
            ("suspect_charged", "elsewhere", "amends", "the event to correct is not in this case"),
            ("suspect_charged", None, "amends", "the event to correct is not in this case"),
            ("suspect_arrested", "charged", "amends", "a correction keeps the kind of the event it corrects"),
            ("suspect_charged", "charged", None, "say what the correction does"),
        ],
    )
    def test_a_correction_names_an_event_of_its_kind_in_this_case_and_says_what_it_does(
        self, kind: str, corrects: str | None, correction: str | None, why: str
    ) -> None:
        new = recorded_on_friday(kind, subject="Suspect 1", corrects=corrects, correction=correction)
        assert refusal(a_case(self.CHARGED), new)[1] == why

    def test_who_was_the_officer_is_never_corrected(self) -> None:
        new = recorded_on_friday(
            "officer_assigned", officer="birch", team="luton", corrects="ash-2026-05-01", correction="never_happened"
        )
        assert "changed by assigning another" in refusal(a_case(), new)[1]

    def test_what_never_happened_needs_no_details(self) -> None:
        told = event("contact_made", "2026-05-20", key="told", channel="phone")
        gone = recorded_on_friday("contact_made", corrects="told", correction=Correction.NEVER_HAPPENED)
        assert not a_case(told).record(gone).journey.chains()["told"].happened


def complete(
    kind: EventKind,
    happened: Moment | None = None,
    *,
    subject: str | None = "Suspect 1",
    without: str = "",
    change: dict[str, Value] | None = None,
) -> JourneyEvent:
    """An event of this kind with every detail that it can have."""
    values: dict[DetailType, Value] = {
        DetailType.DATE: date(2026, 6, 1),
        DetailType.YES_NO: True,
        DetailType.NUMBER: 28,
        DetailType.LABEL: "label",
    }
    details = {
        detail.name: next(iter(detail.choices)) if detail.choices else values[detail.type]
        for detail in EVENT_KINDS[kind].details
        if detail.name != without
    }
    return recorded_on_friday(kind, happened or TODAY, subject=subject, details={**details, **(change or {})})
