"""Recording what happened: every kind that is offered, none that is not, and nothing by halves."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from tests.web.casework import MONDAY, Casework
from tests.web.page import FormOnPage, Page, Sent
from victimcare.domain.event_kinds import EVENT_KINDS, DetailType, EventKind, Stage
from victimcare.queries.event_choices import kinds_by_stage, own_page
from victimcare.store.dues import DUES

STAGES = kinds_by_stage()
OFFERED = [kind for kinds in STAGES.values() for kind, _ in kinds]
RECORDED_HERE = [kind for kind in OFFERED if own_page(kind) is None]
NOT_OFFERED = [kind for kind in EventKind if kind not in OFFERED]
TYPED = {DetailType.DATE: "", DetailType.NUMBER: "28", DetailType.LABEL: "Label 1"}


def filled(form: FormOnPage, kind: EventKind) -> Sent:
    """The form of any kind, filled in with something valid in every field."""
    changes: dict[str, str] = {"happened_time": "9:05am"}
    if not any(form.values("happened_on-day")):
        changes.update({"happened_on__day": "22", "happened_on__month": "5", "happened_on__year": "2026"})
    if "subject" in form.names:
        changes["subject"] = "Thing 1"
    for detail in EVENT_KINDS[kind].details:
        name = f"detail_{detail.name}"
        if detail.type is DetailType.DATE:
            changes.update({f"{name}__day": "12", f"{name}__month": "June", f"{name}__year": "2026"})
        elif choices := [value for value in form.values(name) if value]:
            changes[name] = choices[0]
        else:
            changes[name] = TYPED[detail.type]
    return form.filled(**changes)


def open_form(casework: Casework, browser: Any, ref: str, kind: EventKind | str) -> FormOnPage:
    address = f"/cases/{ref}/events/{kind}"
    in_another_way = "?otherwise=true" if kind == EventKind.REFERRAL_SENT else ""
    return casework.page(browser, address + in_another_way).form(address)


def send(casework: Casework, browser: Any, ref: str, kind: EventKind | str, **changes: Any) -> Any:
    """Open the form of this kind, change some of a valid filling, and send it."""
    form = open_form(casework, browser, ref, kind)
    sent = filled(form, EventKind(kind))
    sent.update({name.replace("__", "-"): value for name, value in changes.items()})
    # The form carries the token of its page: no other page is asked for one.
    return browser.post(form.action, sent, token="")


@pytest.mark.parametrize("stage", STAGES, ids=lambda stage: stage.name.lower())
def test_every_kind_offered_can_be_recorded_and_is_then_in_the_journey(sqlite_casework: Casework, stage: Stage) -> None:
    record_and_read_back(sqlite_casework, [kind for kind, _ in STAGES[stage] if kind in RECORDED_HERE])


def test_the_day_from_which_the_victim_must_ask_or_on_which_a_court_decided_is_never_filled_in(
    sqlite_casework: Casework,
) -> None:
    ref, browser = sqlite_casework.case(), sqlite_casework.site.sign_in()
    days = {
        kind: open_form(sqlite_casework, browser, ref, kind).values("happened_on-day")
        for kind in ("sentence_received", "cps_decided_no_charge", "court_outcome_received", "suspect_arrested")
    }
    assert days.pop("suspect_arrested") == ["22"]
    assert set(map(tuple, days.values())) == {("",)}


def test_what_has_a_page_of_its_own_is_recorded_there_and_nowhere_else(casework: Casework) -> None:
    ref, browser = casework.case(), casework.site.sign_in()
    arrest = filled(open_form(casework, browser, ref, "suspect_arrested"), EventKind.SUSPECT_ARRESTED)
    before = casework.stored_events()
    elsewhere = [kind for kind in OFFERED if kind not in RECORDED_HERE]
    assert {"needs_assessed", "referral_sent", "referral_accepted", "support_ended"} <= set(elsewhere)
    for kind in elsewhere:
        page = browser.get(f"/cases/{ref}/events/{kind}")
        assert (page.status_code, page.headers["location"]) == (303, f"/cases/{ref}/{own_page(kind)}")
        assert browser.get(page.headers["location"]).status_code == 200
        if kind != EventKind.REFERRAL_SENT:
            assert browser.post(f"/cases/{ref}/events/{kind}", arrest).status_code == 404
    assert casework.stored_events() == before
    link = "?otherwise=true"
    assert browser.get(f"/cases/{ref}/events/referral_accepted{link}").status_code == 303
    assert casework.page(browser, f"/cases/{ref}/support").links(starts=f"/cases/{ref}/events/referral_sent{link}")


def test_kinds_with_every_type_of_detail_are_stored_alike_by_both_databases(casework: Casework) -> None:
    """A date, a number, a yes or no, codes, what the edition names, and each way of having a subject."""
    kinds = [
        "restorative_justice_answered",
        "vps_taken",
        "suspect_charged",
        "hearing_listed",
        "sentence_received",
        "complaint_made",
    ]
    types = {detail.type for kind in kinds for detail in EVENT_KINDS[EventKind(kind)].details}
    assert types == set(DetailType)
    record_and_read_back(casework, [EventKind(kind) for kind in kinds])


def record_and_read_back(casework: Casework, kinds: list[EventKind]) -> None:
    """Each is recorded from its form on one case; the last answer says so, and the case tells of every one."""
    ref, browser = casework.case(), casework.site.sign_in()
    for kind in kinds:
        if kind is EventKind.CASE_REOPENED:
            casework.record(ref, EventKind.CASE_CLOSED)
        before = casework.stored_events()
        answer = send(casework, browser, ref, kind)
        said = (kind, answer.status_code, casework.stored_events())
        assert said == (kind, 303, before + 1), Page(answer.text).errors()
    page = casework.page(browser, answer.headers["location"])
    assert f"Recorded {EVENT_KINDS[kinds[-1]].title}" in page.text
    journey = casework.page(browser, f"/cases/{ref}/journey")
    told = [heading.text for heading in journey.all("h3", class_="moj-timeline__title")]
    for kind in kinds:
        assert any(title.startswith(EVENT_KINDS[kind].title) for title in told), kind
    assert casework.page(browser, "/").title == "Today - victimcare"


def test_the_page_of_kinds_leads_to_every_kind_first_what_could_happen_next(casework: Casework) -> None:
    ref, browser = casework.case(), casework.site.sign_in()
    address = f"/cases/{ref}/events"
    every = {f"{address}/{kind}" for kind in RECORDED_HERE}
    links = casework.page(browser, address).links(starts=f"{address}/")
    assert set(links) == every
    assert len(links) == len(every), "on a new case each is there once"
    for subject in ("Suspect 1", "Suspect 2"):
        casework.record(ref, "suspect_arrested", subject=subject)
    casework.record(ref, "suspect_charged", subject="Suspect 2")
    page = casework.page(browser, address)
    assert {link.partition("?")[0] for link in page.links(starts=f"{address}/")} == every
    first, rest = (Page(part) for part in page.html.split("<details", 1))
    assert f"{address}/suspect_bailed?about=0" in first.links()
    assert f"{address}/suspect_bailed?about=1" not in first.links(), "who is charged is not bailed by the police"
    assert f"{address}/cps_changed_charges?about=1" in first.links()
    assert f"{address}/vcs_referred" in rest.links()
    assert "Suspect" not in "".join(page.links(starts=f"{address}/")), "a label stays out of addresses"


def test_the_suspects_known_are_offered_and_another_can_be_named(casework: Casework) -> None:
    ref, browser = casework.case(), casework.site.sign_in()
    casework.record(ref, "suspect_arrested", subject="Suspect 1")
    address = f"/cases/{ref}/events/suspect_interviewed"
    form = casework.page(browser, f"{address}?about=0").form(address)
    assert (form.values("subject"), form.ticked("subject")) == (["Suspect 1", "another"], ["Suspect 1"])
    for nothing in ("", "?about=7", "?about=-1", "?about=x"):
        assert casework.page(browser, address + nothing).form(address).ticked("subject") == []
    before = casework.stored_events()
    for subject, another, message in (
        ("another", "", "Enter a label for the new one, or choose one of those recorded so far"),
        ("Suspect 1", "Suspect 2", "Leave this empty, or choose Another"),
    ):
        refused = browser.post(address, form.filled(subject=subject, another_subject=another), token="")
        page = Page(refused.text)
        assert (refused.status_code, page.errors()) == (422, [message])
        assert page.form(address).ticked("subject") == [subject]
        assert page.form(address).ticked("another_subject") == [another]
    assert casework.stored_events() == before
    sent = form.filled(subject="another", another_subject="Suspect 2")
    assert browser.post(address, sent, token="").status_code == 303
    page = casework.page(browser, f"/cases/{ref}")
    assert "Suspect interviewed under caution (Suspect 2)" in page.text


@pytest.mark.parametrize("who", ["officer", "supervisor"])
def test_a_kind_that_is_not_offered_has_no_page_and_records_nothing(casework: Casework, who: str) -> None:
    ref = casework.case()
    browser, before = casework.site.sign_in(who), casework.stored_events()
    arrest = filled(open_form(casework, browser, ref, "suspect_arrested"), EventKind.SUSPECT_ARRESTED)
    del arrest["subject"]
    details = {"detail_reason": "r", "detail_contact": "c", "detail_officer": "colleague", "detail_team": "south"}
    for kind in NOT_OFFERED:
        named = {f"detail_{detail.name}" for detail in EVENT_KINDS[kind].details}
        sent = {**arrest, **{name: value for name, value in details.items() if name in named}}
        assert browser.get(f"/cases/{ref}/events/{kind}").status_code == 404
        assert browser.post(f"/cases/{ref}/events/{kind}", sent).status_code == 404
    assert {"crime_reported", "case_voided", "officer_assigned", "duty_declined", "contact_made"} <= set(NOT_OFFERED)
    assert casework.stored_events() == before


def test_every_duty_can_be_answered_from_a_form_that_is_offered(casework: Casework) -> None:
    rules = [rule for edition in casework.law.code.editions for rule in edition.rules]
    assert {rule.answered_by for rule in rules} <= {EventKind.CONTACT_MADE, *OFFERED}


def test_what_happened_to_the_crime_is_recorded_for_every_victim_of_it(casework: Casework) -> None:
    ref, other = casework.crime("Wren Sample", "Canary Person")
    browser = casework.site.sign_in()
    assert (
        "It is recorded once, for every victim of it."
        in casework.page(browser, f"/cases/{ref}/events/suspect_arrested").text
    )
    assert send(casework, browser, ref, "suspect_arrested").status_code == 303
    assert "Suspect arrested (Thing 1)" in casework.page(browser, f"/cases/{other}").text
    assert send(casework, browser, ref, "vps_offered").status_code == 303
    assert "Victim Personal Statement offered" not in casework.page(browser, f"/cases/{other}").text


def test_an_event_answers_the_duty_that_is_ticked_and_no_other(casework: Casework) -> None:
    ref = casework.case(at=datetime(2026, 5, 20, 9, tzinfo=UTC))
    browser = casework.site.sign_in()
    for duties, standing in (([], "Due"), (["R4-REF"], "Met")):
        form = open_form(casework, browser, ref, "referral_sent")
        ticked = [anchor for anchor in form.values("duties") if anchor.partition(":")[0] in duties]
        sent = {**filled(form, EventKind.REFERRAL_SENT), "duties": ticked, "answers_none": "" if ticked else "yes"}
        assert browser.post(form.action, sent).status_code == 303
        page = casework.page(browser, f"/cases/{ref}")
        cards = [div.text for div in page.all("div", class_="app-duty") if "-R4-REF-" in f"-{div.attributes['id']}"]
        assert standing in cards[0].replace("today", "")


# ------------------------------------------------------------------------------------------------------------ errors


def test_an_empty_form_names_everything_that_is_missing_in_the_order_of_the_page(casework: Casework) -> None:
    ref = casework.case()
    browser, before = casework.site.sign_in(), casework.stored_events()
    form = open_form(casework, browser, ref, "hearing_listed")
    emptied = {name: "" for name in form.names if name not in ("csrf_token", "form_key", "version", "events_seen")}
    answer = browser.post(form.action, {**form.filled(), **emptied})
    page = Page(answer.text)
    assert answer.status_code == 422
    assert page.title == "Error: Hearing listed - victimcare"
    assert page.errors() == [
        "Enter the date it happened",
        "Enter the date on which the news was received",
        "Enter which hearing it is about",
        "Enter day of the hearing",
        "Choose kind of hearing",
    ]
    targets = [a.attributes["href"].removeprefix("#") for a in page.all("a") if a.attributes["href"].startswith("#")]
    ids = [element.attributes["id"] for element in page.elements if element.attributes.get("id")]
    assert len(set(targets)) == 6
    assert [ids.index(target) for target in targets[1:]] == sorted(ids.index(target) for target in targets[1:])
    for message in page.errors():
        assert f"Error: {message}" in page.text
    assert casework.stored_events() == before


def test_what_was_typed_is_kept_beside_its_error(casework: Casework) -> None:
    ref = casework.case()
    browser = casework.site.sign_in()
    changes = {"happened_on__day": "31", "happened_on__month": "Feb", "detail_hearing_type": "trial", "subject": "H 7"}
    answer = send(casework, browser, ref, "hearing_listed", **changes)
    page = Page(answer.text)
    assert (answer.status_code, page.errors()) == (422, ["Date it happened must be a real date"])
    again = page.form(f"/cases/{ref}/events/hearing_listed")
    kept = ("happened_on-day", "happened_on-month", "detail_hearing_type", "subject", "happened_time")
    assert [again.ticked(name) for name in kept] == [["31"], ["Feb"], ["trial"], ["H 7"], ["9:05am"]]
    corrected = again.filled(happened_on__day="20", happened_on__month="May")
    assert browser.post(again.action, corrected).status_code == 303


@pytest.mark.parametrize(
    ("kind", "changes", "message"),
    [
        ("suspect_arrested", {"happened_on__day": "23"}, "Date must be today or in the past"),
        ("suspect_arrested", {"happened_time": "10:31am"}, "Time must be in the past"),
        ("suspect_arrested", {"happened_time": "25:00"}, "Time must be a time, like 9:32am or 14:30"),
        ("suspect_arrested", {"happened_on__year": "2011"}, "Date it happened must be a day from 2012 to 2098"),
        ("suspect_arrested", {"happened_on__year": "9999"}, "Date it happened must be a day from 2012 to 2098"),
        ("suspect_arrested", {"subject": "x" * 41}, "Suspect must be 40 characters or fewer"),
        (
            "suspect_arrested",
            {"happened_on__day": "29", "happened_on__month": "3", "happened_time": "1:30am"},
            "Time must be a time that existed: the clocks went forward that night",
        ),
        ("warrant_received", {"received_on__day": "23"}, "Date received must be today or in the past"),
        (
            "warrant_received",
            {"received_on__day": "21"},
            "Date received must not be before the date it happened",
        ),
        ("hearing_listed", {"detail_hearing_on__year": "2150"}, "Day of the hearing must be a day from 2012 to 2098"),
        ("hearing_listed", {"detail_hearing_type": "secret"}, "Choose kind of hearing"),
        ("complaint_made", {"detail_complained_of": "gold"}, "Choose agency complained of"),
        ("complaint_made", {"detail_complained_of": "Bedfordshire Police"}, "Choose agency complained of"),
        (
            "contact_interval_agreed",
            {"detail_interval_days": "0"},
            "Days between contacts must be a whole number from 1 to 10,000",
        ),
        (
            "contact_interval_agreed",
            {"detail_interval_days": "often"},
            "Days between contacts must be a whole number from 1 to 10,000",
        ),
        (
            "sentence_received",
            {"detail_custody_months": "-1"},
            "Months of custody must be a whole number from 0 to 10,000",
        ),
    ],
)
def test_what_cannot_be_is_refused_beside_its_field(
    sqlite_casework: Casework, kind: str, changes: dict[str, str], message: str
) -> None:
    ref = sqlite_casework.case(at=datetime(2026, 3, 2, 9, tzinfo=UTC))
    browser, before = sqlite_casework.site.sign_in(), sqlite_casework.stored_events()
    answer = send(sqlite_casework, browser, ref, kind, **changes)
    page = Page(answer.text)
    assert (answer.status_code, page.errors()) == (422, [message])
    assert f"Error: {message}" in page.text
    assert sqlite_casework.stored_events() == before


def test_after_midnight_in_summer_today_is_that_of_london(casework: Casework) -> None:
    ref = casework.case()
    casework.site.clock.now = datetime(2026, 5, 22, 23, 20, tzinfo=UTC)
    browser = casework.site.sign_in()
    form = open_form(casework, browser, ref, "suspect_arrested")
    assert form.ticked("happened_on-day") == ["23"]
    assert browser.post(form.action, form.filled(subject="Suspect 1")).status_code == 303
    assert "Suspect arrested (Suspect 1) by Example Officer 23 May 2026" in casework.page(browser, f"/cases/{ref}").text


def test_a_complaint_about_the_police_is_owed_by_the_police(casework: Casework) -> None:
    ref = casework.case()
    browser = casework.site.sign_in()
    assert send(casework, browser, ref, "complaint_made", detail_complained_of="police").status_code == 303
    owed = [
        card.text for card in casework.page(browser, f"/cases/{ref}").section("duties").all("div", class_="app-duty")
    ]
    assert any("omplaint" in duty and "Bedfordshire Police" in duty for duty in owed)


# ----------------------------------------------------------------------------------------- twice, and two at one time


def test_the_same_form_sent_twice_records_once(casework: Casework) -> None:
    ref = casework.case()
    browser = casework.site.sign_in()
    form = open_form(casework, browser, ref, "suspect_arrested")
    sent, before = filled(form, EventKind.SUSPECT_ARRESTED), casework.stored_events()
    assert browser.post(form.action, sent).status_code == 303
    again = browser.post(form.action, {**sent, "version": str(int(str(sent["version"][0])) + 1)})
    assert again.status_code == 409
    assert "You already sent this" in Page(again.text).text
    assert casework.stored_events() == before + 1


@pytest.mark.parametrize("form_key", ["", "x" * 65])
def test_a_form_without_a_key_of_ours_records_nothing(casework: Casework, form_key: str) -> None:
    ref = casework.case()
    browser, before = casework.site.sign_in(), casework.stored_events()
    assert send(casework, browser, ref, "vps_offered", form_key=form_key).status_code == 400
    assert casework.stored_events() == before


def test_the_second_of_two_sees_what_changed_keeps_what_they_typed_and_can_send_again(casework: Casework) -> None:
    ref = casework.case()
    officer, supervisor = casework.site.sign_in(), casework.site.sign_in("supervisor")
    mine = open_form(casework, officer, ref, "suspect_arrested")
    assert send(casework, supervisor, ref, "vps_offered").status_code == 303
    before = casework.stored_events()
    refused = officer.post(mine.action, mine.filled(subject="Suspect 7", happened_time="8am"))
    page = Page(refused.text)
    assert refused.status_code == 409
    assert casework.stored_events() == before
    assert page.errors() == ["Somebody else recorded something on this case meanwhile"]
    assert "Recorded while you were writing Victim Personal Statement offered, 22 May 2026, by Example Supervisor" in (
        page.text
    )
    again = page.form(mine.action)
    assert (again.ticked("subject"), again.ticked("happened_time")) == (["Suspect 7"], ["8am"])
    assert officer.post(again.action, again.filled()).status_code == 303
    assert "Suspect arrested (Suspect 7)" in casework.page(officer, f"/cases/{ref}").text


def test_who_sends_a_form_again_is_not_told_that_a_colleague_recorded_something(casework: Casework) -> None:
    ref = casework.case()
    browser = casework.site.sign_in()
    form = open_form(casework, browser, ref, "suspect_arrested")
    sent, before = filled(form, EventKind.SUSPECT_ARRESTED), casework.stored_events()
    assert browser.post(form.action, sent).status_code == 303
    again = browser.post(form.action, sent)
    assert again.status_code == 409
    assert Page(again.text).errors() == [
        "You recorded something on this case yourself meanwhile: look whether it was this"
    ]
    assert casework.stored_events() == before + 1


def test_what_another_answered_meanwhile_is_said_and_no_longer_ticked(casework: Casework) -> None:
    ref = casework.case(at=MONDAY - timedelta(days=7))
    officer, supervisor = casework.site.sign_in(), casework.site.sign_in("supervisor")
    mine, theirs = (open_form(casework, browser, ref, "referral_sent") for browser in (officer, supervisor))
    ticked = {"duties": mine.values("duties")}
    assert supervisor.post(theirs.action, {**filled(theirs, EventKind.REFERRAL_SENT), **ticked}).status_code == 303
    refused = officer.post(mine.action, {**filled(mine, EventKind.REFERRAL_SENT), **ticked})
    page = Page(refused.text)
    assert refused.status_code == 409
    assert "Recorded while you were writing Referral sent (Thing 1), 22 May 2026, by Example Supervisor" in page.text
    assert page.form(mine.action).values("duties") == []


def sentenced(casework: Casework, *hearings: str) -> str:
    """A case in which the victim must be referred to the Victim Contact Scheme, for each of these hearings."""
    ref = casework.case()
    for hearing in hearings:
        details = {"specified_offence": True, "custody_months": 18}
        casework.record(ref, "sentence_received", subject=hearing, received=casework.site.clock.now, **details)
    return ref


def is_owed(casework: Casework) -> bool:
    open_ones = select(DUES.c.rule).where(DUES.c.rule == "R11-VCSREF", DUES.c.ended_on.is_(None))
    with casework.site.database.reading() as connection:
        return connection.execute(open_ones).first() is not None


def test_an_act_that_by_itself_meets_one_duty_has_that_ticked(casework: Casework) -> None:
    ref, browser = sentenced(casework, "Hearing 1"), casework.site.sign_in()
    assert is_owed(casework)
    form = open_form(casework, browser, ref, "vcs_referred")
    assert [box.split(":")[0] for box in form.ticked("duties")] == ["R11-VCSREF"]
    assert browser.post(form.action, form.filled(), token="").status_code == 303
    assert not is_owed(casework)


@pytest.mark.parametrize("hearings", [("Hearing 1",), ("Hearing 1", "Hearing 2")])
def test_what_would_leave_a_duty_open_that_it_could_meet_says_so_before_it_is_saved(
    sqlite_casework: Casework, hearings: tuple[str, ...]
) -> None:
    ref, browser = sentenced(sqlite_casework, *hearings), sqlite_casework.site.sign_in()
    before = sqlite_casework.stored_events()
    form = open_form(sqlite_casework, browser, ref, "vcs_referred")
    answer = browser.post(form.action, form.filled(duties=[]), token="")
    assert (answer.status_code, Page(answer.text).errors()) == (
        422,
        ["Tick the duty that this meets, or that it meets none of them: else it stays open"],
    )
    assert sqlite_casework.stored_events() == before
    again = Page(answer.text).form(form.action)
    assert browser.post(form.action, again.filled(duties=[], answers_none="yes"), token="").status_code == 303
    assert is_owed(sqlite_casework)
