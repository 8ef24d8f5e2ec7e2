"""Every form of the service: how to have one before you. A new route that takes a form needs a line here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from fastapi.routing import iter_route_contexts
from sqlalchemy import select

from tests.holidays import document, listed
from tests.invented_edition import coming
from tests.packs import made_pack
from tests.published import publish_due
from tests.web.casework import MONDAY, Casework
from tests.web.due_cases import REASON, a_run, disposed_case, due_case
from tests.web.furnished import Furnished, furnish
from tests.web.judged import follow_the_law, judged_before_a_holiday
from tests.web.page import FormOnPage, Page
from tests.web.site import TEAM, an_invitation
from tests.web.systems import register, told_system
from victimcare.commands.find_breaches import find_breaches
from victimcare.commands.link_cases import propose_link
from victimcare.domain.event_kinds import EventKind
from victimcare.domain.snooping import Sign, Suspicion
from victimcare.editions.feedback import published_survey
from victimcare.editions.quality_questions import published_questions
from victimcare.store import access_alerts, case_lists, cases, emergency_access, staff
from victimcare.store.access_alerts import ALERTS
from victimcare.store.feedback import REQUESTS
from victimcare.web.policies import API, CALLBACKS
from victimcare.web.typed_dates import PARTS

LATE = MONDAY - timedelta(days=20)
BORN = date(1985, 3, 4)


@dataclass(frozen=True)
class Opened:
    """A form: who has it, the page that it is on, where it goes, and what is filled in beyond what the page did.

    Without a page its fields are those of `filling`.
    """

    who: str
    page: str
    action: str
    filling: dict[str, Any] = field(default_factory=dict)


Opener = Callable[[Casework], Opened]


def routes(casework: Casework, method: str) -> set[str]:
    """The paths that the service answers people with this method.

    For machines: test_callbacks, test_metrics; for the systems of other agencies: tests/web/api/access.txt.
    """
    found = iter_route_contexts(casework.site.app.routes)
    paths = {route.path for route in found if route.path and method in (getattr(route, "methods", None) or ())}
    return {path for path in paths if not path.startswith((API, CALLBACKS, "/metrics"))}


def day(field: str, typed: str) -> dict[str, str]:
    """A date as people type it into its three fields: `2 6 2026`."""
    return {f"{field}-{part}": value for part, value in zip(PARTS, typed.split(), strict=True)}


def a_case(casework: Casework) -> Furnished:
    """A case with something of everything; another of the same person may be suggested beside it."""
    return furnish(casework, casework.case("Wren Sample", at=LATE, born_on=BORN))


def on_case(page: str, action: str, who: str = "officer", **filling: Any) -> Opener:
    """A form about a case: the paths of its page (empty: none) and of its route."""

    def opened(casework: Casework) -> Opened:
        case = a_case(casework)
        return Opened(who, case.address(page) if page else "", case.address(action), dict(filling))

    return opened


def at(page: str, action: str, who: str, **filling: Any) -> Opener:
    """A form that is about no case."""
    return lambda casework: Opened(who, page, action, dict(filling))


def _proposed_list(action: str) -> Opener:
    def open_it(casework: Casework) -> Opened:
        browser = casework.site.sign_in("lead")
        form = casework.page(browser, HOLIDAYS).form(HOLIDAYS)
        assert browser.post(HOLIDAYS, form.filled(published=A_LIST)).status_code == 303
        return Opened("lead", HOLIDAYS, f"{HOLIDAYS}/{casework.named('holiday_list', 2)}{action}", {})

    return open_it


def _proposed_edition(action: str, *, approved: bool = False) -> Opener:
    def open_it(casework: Casework) -> Opened:
        browser = casework.site.sign_in("lead")
        form = casework.page(browser, EDITIONS).form(EDITIONS)
        assert browser.post(EDITIONS, form.filled(text=coming())).status_code == 303
        here = f"{EDITIONS}/{casework.named('code_edition', 1)}"
        if approved:
            approve = f"{here}/approve"
            assert browser.post(approve, casework.page(browser, EDITIONS).form(approve).filled()).status_code == 303
            follow_the_law(casework)
        return Opened("lead", EDITIONS, here + action, {})

    return open_it


def _system(what: str) -> Opener:
    def open_it(casework: Casework) -> Opened:
        page = f"/people/systems/{register(casework).id}"
        return Opened("administrator", page, f"{page}/{what}", {})

    return open_it


def _told_system(what: str, **values: Any) -> Opener:
    """A system that is told of duties, with a secret and something that it missed, so that every button is there."""

    def open_it(casework: Casework) -> Opened:
        page = f"/people/systems/{told_system(casework).id}/events"
        return Opened("administrator", page, f"{page}{what}", values)

    return open_it


def _verdict_to_decide(casework: Casework) -> Opened:
    ref, duty = judged_before_a_holiday(casework)
    verdict = f"/cases/{ref}/duties/{duty}/verdict"
    return Opened("supervisor", verdict, verdict, {"verdict": "follows"})


def _ending_to_decide(casework: Casework) -> Opened:
    case = a_case(casework)
    duty = case.names["duty"]
    page = f"/cases/{case.ref}/duties/{duty}/ending"
    browser = casework.site.sign_in()
    form = casework.page(browser, page).form(page)
    assert browser.post(page, form.filled(why="good_reason_requested:victim_unwell")).status_code == 303
    decision = f"/cases/{case.ref}/duties/{duty}/decision"
    return Opened("supervisor", decision, decision, {"decision": "good_reason_agreed"})


def a_late_duty(casework: Casework, ref: str) -> str:
    """The duty of an arrest of which this case's victim was told too late."""
    arrest = casework.record(ref, EventKind.SUSPECT_ARRESTED, LATE, subject="Suspect 9")
    with casework.site.database.writing() as connection:
        case_ids = connection.execute(select(cases.CASES.c.id).where(cases.CASES.c.ref == ref)).scalars().all()
        find_breaches(connection, case_ids=case_ids, now=casework.site.clock.now)
    return f"R6-ARR:{arrest}"


def _cause(casework: Casework) -> Opened:
    case = a_case(casework)
    path = f"/cases/{case.ref}/duties/{a_late_duty(casework, case.ref)}/cause"
    return Opened("officer", path, path, {"cause": "other", "words": "An invented reason", "location": "keep"})


def _end_telling(casework: Casework) -> Opened:
    case = a_case(casework)
    path = f"/cases/{case.ref}/told/end"
    return Opened("officer", path, path, {"person_id": str(case.person_id), "why": "no_longer"})


def _link(casework: Casework) -> Opened:
    case, other = a_case(casework), casework.case("Wren Sample", at=LATE, born_on=BORN)
    path = f"/cases/{case.ref}/other-cases"
    return Opened("officer", path, path, {"other": other, "reason": "victim_said", "confidence": "certain"})


def _settle_link(casework: Casework) -> Opened:
    case, other = a_case(casework), casework.case("Wren Sample", at=LATE, born_on=BORN)
    with casework.site.database.writing() as connection:
        named = {"reason": "victim_said", "confidence": "certain", "by": staff.SYSTEM, "now": casework.site.clock.now}
        named["vault"] = casework.vault
        link = propose_link(connection, ref=case.ref, other_ref=other, **named)
    filling = {"link_id": str(link), "what": "confirm", "form_key": "x"}
    return Opened("officer", "", f"/cases/{case.ref}/other-cases/link", filling)


def _message(casework: Casework) -> Opened:
    case = a_case(casework)
    path = f"/cases/{case.ref}/messages"
    filling = {"point": case.names["point"], "body": "Nothing new.", "step": "record", "duties": [], "told": []}
    return Opened("officer", f"{path}/new?template=arrest", path, filling)


def _posted(casework: Casework) -> Opened:
    case = a_case(casework)
    path = case.address("/cases/{ref}/messages/{message_id}")
    browser = casework.site.sign_in()
    assert browser.post(f"{path}/print", {"form_key": f"print{case.ref}"}).status_code in (200, 303)
    return Opened("officer", f"/cases/{case.ref}/messages", f"{path}/posted")


def _protected(casework: Casework) -> Opened:
    case = a_case(casework)
    path = f"/cases/{case.ref}/contact-details/protection"
    browser = casework.site.sign_in("supervisor")
    sent = {"form_key": f"protect{case.ref}", "custodian": "officer", "reason": "An invented reason"}
    assert browser.post(path, sent).status_code == 303
    return Opened("supervisor", f"{path}/lift", f"{path}/lift", {"reason": "An invented reason"})


def _replacing(casework: Casework) -> Opened:
    case = a_case(casework)
    path = f"/cases/{case.ref}/contact-details"
    page = f"{path}/new?instead_of={case.ref}-phone"
    use = {"times": "After 4pm", "if_another": "", "code_word": "", "voicemail": "no"}
    value = {"kind": "other", "value": "Ask at the library", "confirmed": "yes"}
    return Opened("officer", page, path, {**use, **value})


def _to_answer(casework: Casework) -> Opened:
    case = a_case(casework)
    path = f"/cases/{case.ref}/questions"
    browser = casework.site.sign_in()
    sent = {"form_key": f"ask{case.ref}", "words": "May I?"}
    assert browser.post(path, sent).status_code == 303
    links = casework.page(casework.site.sign_in("supervisor"), path).links(starts=f"{path}/")
    return Opened("supervisor", links[0], links[0], {"words": "Yes", "location": "keep"})


def _excluded(casework: Casework) -> Opened:
    case = a_case(casework)
    path = f"/cases/{case.ref}/who-may-see"
    browser = casework.site.sign_in("supervisor")
    form = casework.page(browser, f"{path}/exclusion").form(f"{path}/exclusion")
    sent = form.filled(person="colleague", reason="An invented reason", concerns="victim")
    assert browser.post(f"{path}/exclusion", sent).status_code == 303
    return Opened("supervisor", path, f"{path}/exclusion/colleague/end")


def _figures(casework: Casework) -> Opened:
    """Without a case of the quarter before there are none."""
    casework.case("Wren Sample", at=MONDAY - timedelta(days=90))
    publish_due(casework.site.database, casework.law, casework.site.clock.now)
    return Opened("board", "/board/compliance/file", "/board/compliance/file", {"purpose": "meeting"})


def _support_figures(casework: Casework) -> Opened:
    """Of the same quarter."""
    return replace(_figures(casework), page="/board/support/file", action="/board/support/file")


def _months(casework: Casework) -> Opened:
    """Of the months of the same quarter."""
    return replace(_figures(casework), page="/board/months/file", action="/board/months/file")


def _pack(casework: Casework) -> Opened:
    """Of figures that were published there can be a pack."""
    _figures(casework)
    return Opened("board", "/board/packs", "/board/packs", {"since": "none"})


def _replay(casework: Casework) -> Opened:
    """Of figures that were published before."""
    _figures(casework)
    return Opened("board", "/board/replays", "/board/replays/new", {"how": "known-2026-01-31"})


def _pack_file(casework: Casework) -> Opened:
    _figures(casework)
    name = made_pack(casework.site, casework.law)
    page = f"/board/packs/file?of={name}"
    return Opened("board", page, "/board/packs/file", {"purpose": "meeting"})


def _board_action(casework: Casework) -> Opened:
    """Held against a quarter that was published."""
    _figures(casework)
    filling = {"words": "Ring every victim on the day", "measure": "referred", "way": "up", "owner": "police"}
    filling |= day("decided_on", "18 5 2026") | day("due_on", "1 9 2026")
    return Opened("board", "/board/actions/new", "/board/actions", filling)


def _process_change(casework: Casework) -> Opened:
    """Of a quarter that was published."""
    _figures(casework)
    filling = {"agency": "police", "month": "2026-03", "reason": "Two teams became one", "decided_by": "board"}
    return Opened("board", PROCESS_CHANGES + "/new", PROCESS_CHANGES, filling | day("decided_on", "18 5 2026"))


def _without_keeper(casework: Casework) -> Opened:
    case, by = a_case(casework), staff.SYSTEM
    with casework.site.database.writing() as connection:
        case_id, at = cases.load(connection, case.ref).id, casework.site.clock.now
        case_lists.restrict(connection, case_id, reason="An invented reason", by=by, at=at, vault=casework.vault)
        case_lists.name_on(connection, case_id, ["officer"], by=by, at=at)
    return Opened("administrator", "/keepers", "/keepers", {"ref": case.ref, "supervisor": "supervisor"})


def _in_emergency(casework: Casework) -> Opened:
    case = a_case(casework)
    return Opened("officer", "", case.address("/emergency-access/{number}/end"))


def _to_review(casework: Casework) -> Opened:
    case, by, now = a_case(casework), staff.SYSTEM, casework.site.clock.now
    with casework.site.database.writing() as connection:
        number = emergency_access.open_case(
            connection,
            case_id=cases.load(connection, case.ref).id,
            by=by,
            session_id=f"again of {case.ref}",
            reason="other",
            words="An invented one",
            at=now,
            until_at=now,
            vault=casework.vault,
        )
    path = f"/emergency-reviews/{casework.named('emergency_access', number)}"
    return Opened("reviewer", path, path, {"outcome": "justified", "words": "It was one"})


def _alert(casework: Casework) -> Opened:
    with casework.site.database.writing() as connection:
        found = Suspicion("officer", Sign.REFUSED, 6)
        on, now = casework.site.clock.now.date(), casework.site.clock.now
        access_alerts.add(connection, [found], looked_on=on, now=now)
        wanted = select(ALERTS.c.id).where(ALERTS.c.reviewed_at.is_(None))
        path = f"/access-alerts/{connection.execute(wanted).scalar_one()}"
    return Opened("reviewer", path, path, {"outcome": "justified", "words": "A new link"})


def _restricted(casework: Casework) -> Opened:
    case = a_case(casework)
    path = f"/cases/{case.ref}/who-may-see"
    browser = casework.site.sign_in("supervisor")
    form = casework.page(browser, f"{path}/restriction").form(f"{path}/restriction")
    sent = form.filled(names=[], reason="An invented reason")
    assert browser.post(f"{path}/restriction", sent).status_code == 303
    return Opened("supervisor", path, f"{path}/restriction/lift")


def _lying_with(action: str, **filling: Any) -> Opener:
    """A referral that lies with the service of `helper`."""

    def opened(casework: Casework) -> Opened:
        case = a_case(casework)
        with casework.site.database.writing() as connection:
            theirs = staff.PEOPLE.update().where(staff.PEOPLE.c.id == "helper")
            connection.execute(theirs.values(service_id=case.names["sent_to"]))
        path = case.address("/referrals/{sent_id}")
        return Opened("helper", path, path + action, dict(filling))

    return opened


def _hand_over(casework: Casework) -> Opened:
    case = a_case(casework)
    filling = {"cases": [f"{case.ref}:officer:colleague", case.ref], "officer": "colleague", "why": "leave"}
    return Opened("supervisor", "", "/team/reassign", filling)


def _plan_of_a_hand_over(casework: Casework) -> Opened:
    case = a_case(casework)
    filling = {"cases": [f"{case.ref}:officer", case.ref], "officer": "colleague", "why": "leave"}
    return Opened("supervisor", "/team/reassign", "/team/reassign/plan", filling)


def _case_drawn(casework: Casework) -> Opened:
    path = a_case(casework).address("/team/samples/{month}/{holder}/{drawn}")
    asked = {f"about_{question.code}": "yes" for question in published_questions()}
    return Opened("supervisor", path, path, asked)


def _to_ask(casework: Casework) -> Opened:
    ref = casework.case("Wren Sample", at=MONDAY - timedelta(days=40))
    casework.safe_way(ref)
    path = f"/cases/{ref}/feedback"
    return Opened("supervisor", path, path, {"way": f"phone:{ref}-phone"})


def _asked(casework: Casework) -> Opened:
    """A case of which the victim is being rung to ask them."""
    to_ask = _to_ask(casework)
    browser = casework.site.sign_in(to_ask.who)
    form = casework.page(browser, to_ask.page).form(to_ask.action)
    assert browser.post(to_ask.action, form.filled(**to_ask.filling)).status_code == 303
    return to_ask


def _not_asked(casework: Casework) -> Opened:
    path = _asked(casework).page
    return Opened("supervisor", path, f"{path}/back")


def _to_take(casework: Casework) -> Opened:
    """The answers of somebody who was asked, taken by another than their case officer."""
    _asked(casework)
    with casework.site.database.reading() as connection:
        number = connection.execute(select(REQUESTS.c.number).order_by(REQUESTS.c.id.desc())).scalars().first()
    return Opened("colleague", "/feedback", "/feedback", {"number": number, **HEARD})


def _also_answered(casework: Casework) -> Opened:
    """A contact after an arrest that the victim was told of in it."""
    path = a_case(casework).address("/cases/{ref}/contacts/{key}/answers")
    form = casework.page(casework.site.sign_in(), path).form(path)
    duty = form.values("duties")[0]
    return Opened("officer", path, path, {"duties": [duty], "told": _of_duty(form, duty)})


def _referred(casework: Casework) -> Opened:
    """To a service to which the victim was not referred before."""
    service = casework.service(f"Example Third {next(casework.numbers)}")
    path = a_case(casework).address(REFER, service_id=service)
    form = casework.page(casework.site.sign_in(), path).form(path)
    duty = form.values("duties")[0]
    return Opened("officer", path, path, {**REFERRED, "duties": [duty], "told": _of_duty(form, duty)})


def _of_duty(form: FormOnPage, duty: str) -> list[str]:
    """All that can be told of a duty."""
    return [each for each in form.values("told") if each.startswith(f"{duty}:")]


def _rung(casework: Casework) -> Opened:
    """A victim rings about their case, which they name."""
    return Opened("officer", "/messages/new", "/messages", {**MESSAGE, "case_ref": a_case(casework).ref})


def _nobody_fits(casework: Casework) -> Opened:
    ref = casework.case(at=LATE)
    casework.record(ref, "support_needs_asked", LATE, emotional=True)
    path = f"/cases/{ref}/support"
    return Opened("officer", path, f"{path}/gap")


def _entry(action: str = "", **filling: Any) -> Opener:
    def opened(casework: Casework) -> Opened:
        path = f"/directory/{casework.service(f'Example {next(casework.numbers)}')}"
        return Opened("editor", path, path + action, dict(filling))

    return opened


def _crime(casework: Casework) -> Opened:
    crime_ref = f"40/9{next(casework.numbers)}/26"
    filling = {"crime_ref": crime_ref, "crime_type": "Burglary", "area": "E01", "name_1": "Wren Sample", "needs": []}
    return Opened("supervisor", "/crimes/new", "/crimes", filling)


def _void(casework: Casework) -> Opened:
    return on_case("/cases/{ref}/void", "/cases/{ref}/void", reason="duplicate", words="Twice", location="keep")(
        casework
    )


def _left(casework: Casework, **filled: str) -> None:
    sent = {"form_key": f"left{next(casework.numbers)}", "wants": "news", "safe_to_ring": "yes", **filled}
    assert casework.site.sign_in("stranger").post("/messages", sent).status_code == 200


def _answered(casework: Casework) -> Opened:
    case = a_case(casework)
    _left(casework, case_ref=case.ref)
    page = f"/cases/{case.ref}/left-messages"
    forms = casework.page(casework.site.sign_in(), page).forms
    return Opened("officer", page, next(form.action for form in forms if form.action.endswith("/answered")))


def _placed(casework: Casework) -> Opened:
    case = a_case(casework)
    _left(casework, name=f"Nobody {case.ref}", team=TEAM)
    forms = casework.page(casework.site.sign_in("supervisor"), "/messages").forms
    action = next(form.action for form in reversed(forms) if form.action.endswith("/case"))
    return Opened("supervisor", "/messages", action, {"ref": case.ref})


def _end_cover(casework: Casework) -> Opened:
    browser = casework.site.sign_in()
    form = casework.page(browser, "/leave").form("/leave")
    sent = {**form.filled(cover="supervisor"), **day("until_on", "1 6 2026")}
    assert browser.post("/leave", sent).status_code in (303, 422)
    return Opened("officer", "/leave", "/leave/end")


def _invited(casework: Casework) -> Opened:
    """The page that a one-time secret opens is an answer to the secret: it has no address of its own."""
    filling = {"given": an_invitation(casework.site), "password": "lantern gravel otter 7", "code": "000000"}
    return Opened("", "", "/welcome/account", filling)


def _decision_on_keeping(casework: Casework) -> Opened:
    path = f"/cases/{due_case(casework)}/retention"
    return Opened("supervisor", path, path, {"decision": "dispose", "reason": REASON})


def _undone(casework: Casework) -> Opened:
    _, number = disposed_case(casework)
    return Opened("supervisor", "/retention", f"/retention/disposals/{casework.named('disposal', number)}/undo")


def _agreed(casework: Casework) -> Opened:
    return Opened(
        "supervisor", "/retention", f"/retention/runs/{casework.named('retention_run', a_run(casework))}/agree"
    )


def _record_prepared(casework: Casework, *, approved: bool = False) -> str:
    """A case of which all that is held was decided about by the officer; the path of its pack."""
    path = f"/cases/{a_case(casework).ref}/record"
    officer = casework.site.sign_in()
    assert officer.post(path, given_all(casework.page(officer, path), path)).status_code == 303
    if approved:
        supervisor = casework.site.sign_in("supervisor")
        form = casework.page(supervisor, path).form(f"{path}/approve")
        assert supervisor.post(f"{path}/approve", form.filled()).status_code == 303
    return path


def given_all(page: Page, path: str) -> dict[str, Any]:
    """The form of a pack in which every item is given to the victim."""
    chosen = [value for each in page.all("option") if (value := each.attributes.get("value", "")).endswith("|give")]
    return page.form(path).filled(recipient="victim", decided=chosen)


def _record(casework: Casework) -> Opened:
    path = f"/cases/{a_case(casework).ref}/record"
    page = casework.page(casework.site.sign_in(), path)
    return Opened("officer", path, path, {"recipient": "victim", "decided": given_all(page, path)["decided"]})


def _record_to(what: str, who: str = "supervisor", *, approved: bool = False) -> Opener:
    def opened(casework: Casework) -> Opened:
        path = _record_prepared(casework, approved=approved)
        return Opened(who, path, f"{path}/{what}")

    return opened


def _incident(what: str, *, decided: bool = False, **filling: Any) -> Opener:
    def opened(casework: Casework) -> Opened:
        path = f"/incidents/{a_case(casework).names['incident_id']}"
        supervisor = casework.site.sign_in("supervisor")
        if decided:
            form = casework.page(supervisor, path).form(f"{path}/decision")
            sent = form.filled(decision="told", why="They were at risk of harm")
            assert supervisor.post(f"{path}/decision", sent).status_code == 303
        return Opened("supervisor", path, f"{path}/{what}", dict(filling))

    return opened


INCIDENT = {"found_time": "9:00", "words": "A letter went astray", **day("found_on", "20 5 2026")}
HAND_OVER = "/cases/{ref}/hand-over"
CHECKED_ON = day("looked_on", "20 5 2026")
RULE = "/code/2021-04-01/R6-ARR"
PROCESS_CHANGES = "/board/months/changes"
HOLIDAYS = "/code/bank-holidays"
EDITIONS = "/code/editions"
A_SAMPLE = (Path(__file__).parents[2] / "docs/records/wide/victims-2026-06.csv").read_text("windows-1252")
A_LIST = document(listed(**{"2027-05-07": "A jubilee"})).decode()
LEAVE = {"cover": "supervisor", **day("until_on", "1 6 2026")}
MESSAGE = {"name": "Wren Sample", "wants": "news", "safe_to_ring": "yes", "words": "", "location": "keep"}
REFERRED = {"agreed": "yes", "guardian": "yes", "specialist": "yes", "no_safe_way": "yes"}
DETAILS, MESSAGES = "/cases/{ref}/contact-details", "/cases/{ref}/messages"
POINT = DETAILS + "/{point}"
CORRECTED = "/cases/{ref}/corrections/{kind}/{key}"
ENDING = "/cases/{ref}/duties/{duty}/ending"
REFER, STEP = "/cases/{ref}/support/refer/{service_id}", "/cases/{ref}/support/referrals/{key}/{step}"
QUESTIONS = "/cases/{ref}/questions"
OUTGOING = "/cases/{ref}/support/outgoing/{referral_id}"
WHO_MAY_SEE, CONFLICT = "/cases/{ref}/who-may-see", "/cases/{ref}/conflict"
EVENT = "/cases/{ref}/events/{kind}"
CONTACT = {"reached": "yes", "channel": "phone", "duties": [], "told": []}

DUE_ON = {"due_on-day": "1", "due_on-month": "9", "due_on-year": "2026", "form_key": "x"}
FEEDBACK = "/cases/{ref}/feedback"
HEARD = {f"about_{question.code}": "yes" for question in published_survey().questions}

FORMS: dict[str, Opener] = {
    "/sign-in": at("/sign-in", "/sign-in", "", username="officer", password="wrong"),
    "/welcome": at("/welcome", "/welcome", "", secret="AAAA-BBBB"),
    "/welcome/account": _invited,
    "/sign-in/again": at("/sign-in/again", "/sign-in/again", "officer", username="officer", password="wrong"),
    "/password": at("/password", "/password", "officer", password="wrong", new_password="lantern gravel otter 7"),
    "/sign-in/stay": at("", "/sign-in/stay", "officer"),
    "/sign-ins/end": at("", "/sign-ins/end", "officer", sign_in="0" * 64),
    "/sign-ins/end-all": at("", "/sign-ins/end-all", "officer"),
    "/your-notices": at("/your-notices", "/your-notices", "officer", way="each"),
    "/sign-out": at("", "/sign-out", "officer"),
    "/board/referrals/file": at("/board/referrals/file", "/board/referrals/file", "board", purpose="meeting"),
    "/board/compliance/file": _figures,
    "/board/support/file": _support_figures,
    "/board/months/file": _months,
    "/board/packs": _pack,
    "/board/packs/file": _pack_file,
    "/board/replays/new": _replay,
    "/board/feedback/file": at("/board/feedback/file", "/board/feedback/file", "board", purpose="meeting"),
    "/board/actions": _board_action,
    "/board/actions/{action_id}/due": on_case("", "/board/actions/{action_id}/due", "board", why_due="x", **DUE_ON),
    "/board/actions/{action_id}/end": on_case(
        "/board/actions/{action_id}", "/board/actions/{action_id}/end", "board", step="done", why="It was done"
    ),
    PROCESS_CHANGES: _process_change,
    PROCESS_CHANGES + "/{change_id}/withdraw": on_case(
        PROCESS_CHANGES + "/{change_id}", PROCESS_CHANGES + "/{change_id}/withdraw", "board", why="It was none"
    ),
    "/feedback": _to_take,
    "/team/feedback/{request_id}": on_case(
        "/team/feedback/{request_id}", "/team/feedback/{request_id}", "supervisor", themes=["thanks"]
    ),
    FEEDBACK: _to_ask,
    FEEDBACK + "/back": _not_asked,
    FEEDBACK + "/stop": on_case(FEEDBACK, FEEDBACK + "/stop"),
    FEEDBACK + "/again": on_case("", FEEDBACK + "/again", form_key="x"),
    "/cases/search": at("/cases", "/cases/search", "officer", words="Sample"),
    "/crimes": _crime,
    EVENT: on_case(EVENT, EVENT, subject="Suspect 1"),
    "/cases/{ref}/contacts": on_case("/cases/{ref}/contacts/new", "/cases/{ref}/contacts", **CONTACT),
    "/cases/{ref}/contacts/{key}/answers": _also_answered,
    CORRECTED: on_case(CORRECTED, CORRECTED, correction="amends", happened_time="8:00am", step="record"),
    "/cases/{ref}/duties/{duty}/cause": _cause,
    ENDING: on_case(ENDING, ENDING, why="duty_not_applicable:other", contact=""),
    "/cases/{ref}/duties/{duty}/decision": _ending_to_decide,
    "/cases/{ref}/duties/{duty}/verdict": _verdict_to_decide,
    DETAILS + "/protection": on_case(
        DETAILS + "/protection", DETAILS + "/protection", "supervisor", custodian="officer", reason="An invented reason"
    ),
    DETAILS + "/protection/lift": _protected,
    DETAILS: _replacing,
    DETAILS + "/suspect": on_case(
        DETAILS + "/suspect", DETAILS + "/suspect", suspect="Suspect 1", kind="other", value="Ask at the mill"
    ),
    WHO_MAY_SEE + "/restriction": on_case(
        WHO_MAY_SEE + "/restriction",
        WHO_MAY_SEE + "/restriction",
        "supervisor",
        names=[],
        reason="An invented reason",
        location="keep",
    ),
    WHO_MAY_SEE + "/restriction/lift": _restricted,
    WHO_MAY_SEE + "/exclusion": on_case(
        WHO_MAY_SEE + "/exclusion",
        WHO_MAY_SEE + "/exclusion",
        "supervisor",
        person="colleague",
        reason="An invented reason",
        concerns="crime",
        location="keep",
    ),
    WHO_MAY_SEE + "/exclusion/{person_id}/end": _excluded,
    CONFLICT: on_case(CONFLICT, CONFLICT, reason="An invented reason", concerns="crime", location="keep"),
    "/keepers": _without_keeper,
    "/emergency-access": at(
        "/emergency-access", "/emergency-access", "officer", ref="AAAAA-AAAAA", reason="other", words="An invented one"
    ),
    "/emergency-access/{number}/end": _in_emergency,
    "/emergency-reviews/{number}": _to_review,
    "/access-alerts/{alert_id}": _alert,
    POINT + "/show": on_case(POINT, POINT + "/show"),
    POINT + "/confirm": on_case(POINT + "/confirm", POINT + "/confirm", voicemail="no", say_who="no"),
    POINT + "/unsafe": on_case("", POINT + "/unsafe", form_key="x"),
    POINT + "/someone-else": on_case("", POINT + "/someone-else", form_key="x"),
    "/cases/{ref}/notes": on_case("/cases/{ref}/notes", "/cases/{ref}/notes", words="Rang back", location="keep"),
    "/cases/{ref}/void": _void,
    QUESTIONS: on_case(QUESTIONS, QUESTIONS, words="May I?", location="keep"),
    QUESTIONS + "/{question_id}/answer": _to_answer,
    QUESTIONS + "/{question_id}/read": on_case(QUESTIONS, QUESTIONS + "/{question_id}/read"),
    MESSAGES: _message,
    MESSAGES + "/{message_id}/withdraw": on_case(MESSAGES, MESSAGES + "/{message_id}/withdraw"),
    MESSAGES + "/{message_id}/print": on_case(MESSAGES, MESSAGES + "/{message_id}/print"),
    MESSAGES + "/{message_id}/posted": _posted,
    "/cases/{ref}/identity": on_case(
        "/cases/{ref}/identity",
        "/cases/{ref}/identity",
        name="Lark Sample",
        reason="written_down_wrongly",
        note="Rang back",
        location="keep",
        step="record",
    ),
    "/cases/{ref}/closing": on_case("/cases/{ref}/closing", "/cases/{ref}/closing"),
    "/cases/{ref}/victims": on_case("/cases/{ref}/victims/new", "/cases/{ref}/victims", name_1="Lark Sample", needs=[]),
    "/cases/{ref}/needs": on_case(
        "/cases/{ref}/needs", "/cases/{ref}/needs", agency="police", stage="report", interpreter="no", step="record"
    ),
    "/cases/{ref}/choices": on_case(
        "/cases/{ref}/choices", "/cases/{ref}/choices", how_often="other", interval_days="9", step="record"
    ),
    "/cases/{ref}/equality": on_case(
        "/cases/{ref}/equality", "/cases/{ref}/equality", answer_sex="recorded", words_sex="Their words"
    ),
    "/cases/{ref}/other-cases": _link,
    "/cases/{ref}/other-cases/link": _settle_link,
    "/cases/{ref}/told": on_case(
        "/cases/{ref}/told", "/cases/{ref}/told", name="Lark", told_as="guardian", is_suspect="no", tells=["everything"]
    ),
    "/cases/{ref}/told/end": _end_telling,
    REFER: _referred,
    "/cases/{ref}/support/gap": _nobody_fits,
    OUTGOING + "/print": on_case("/cases/{ref}/support", OUTGOING + "/print"),
    OUTGOING + "/handed-over": on_case(OUTGOING + "/handed-over", OUTGOING + "/handed-over"),
    OUTGOING + "/withdraw": on_case("/cases/{ref}/support", OUTGOING + "/withdraw"),
    STEP: on_case(STEP, STEP, reason="duplicate"),
    "/directory": at("/directory/new", "/directory", "editor", name="Example", contact_way="Post", needs="emotional"),
    "/directory/{service_id}": _entry(),
    "/directory/{service_id}/retire": _entry("/retire"),
    "/code/{edition_id}/{entry_id}": at(RULE, RULE, "lead", finding="agrees", source="The Code, 6.4", **CHECKED_ON),
    HOLIDAYS: at(HOLIDAYS, HOLIDAYS, "lead", published=A_LIST),
    HOLIDAYS + "/{number}/approve": _proposed_list("/approve"),
    HOLIDAYS + "/{number}/refuse": _proposed_list("/refuse"),
    EDITIONS: at(EDITIONS, EDITIONS, "lead", text=coming()),
    EDITIONS + "/{number}/approve": _proposed_edition("/approve"),
    EDITIONS + "/{number}/refuse": _proposed_edition("/refuse"),
    EDITIONS + "/{number}/put-back": _proposed_edition("/put-back", approved=True),
    "/referrals/{sent_id}": _lying_with("", step="accepted", reason=""),
    "/referrals/{sent_id}/ways": _lying_with("/ways"),
    "/team/reassign": _hand_over,
    "/team/reassign/plan": _plan_of_a_hand_over,
    "/team/samples/{month}/{holder}/{drawn}": _case_drawn,
    "/messages": _rung,
    "/messages/{message_id}/case": _placed,
    "/cases/{ref}/left-messages/{message_id}/answered": _answered,
    "/cases/{ref}/hand-over": on_case(HAND_OVER, HAND_OVER, words="Rings on Mondays", location="keep"),
    "/cases/{ref}/hand-over/taken": on_case("", HAND_OVER + "/taken", form_key="x", did="acknowledged"),
    "/leave": at("/leave", "/leave", "officer", **LEAVE),
    "/leave/end": _end_cover,
    "/people": at(
        "/people/new", "/people", "administrator", name="Lark Example", role="board", team="", specialisms=[]
    ),
    "/people/{who}": at("/people/board", "/people/board", "administrator", specialisms=[]),
    "/people/{who}/secret": at("/people/editor", "/people/editor/secret", "administrator"),
    "/people/{who}/{what}": at("", "/people/editor/end-sign-ins", "administrator", form_key="x"),
    "/people/agencies/{agency}": at(
        "/people/agencies/hmcts", "/people/agencies/hmcts", "administrator", email="results@court.example.invalid"
    ),
    "/people/systems": at(
        "/people/systems/new",
        "/people/systems",
        "administrator",
        name="Records of the force",
        agency="police",
        source="rms",
        scopes=["records:bring"],
    ),
    "/people/systems/profile": at(
        "/people/systems/profile?example=wide",
        "/people/systems/profile",
        "administrator",
        name="victims-1.csv",
        lines=A_SAMPLE,
    ),
    "/people/systems/{system}/secret": _system("secret"),
    "/people/systems/{system}/{what}": _system("disable"),
    "/people/systems/{system}/events": _told_system("", url="https://court.example/told", kinds=["duty.owed"]),
    "/people/systems/{system}/events/secret": _told_system("/secret"),
    "/people/systems/{system}/events/{what}": _told_system("/test"),
    "/people/teams": at("/people/teams/new", "/people/teams", "administrator", name="East", area="E03"),
    "/people/teams/{team_id}": at(f"/people/teams/{TEAM}", f"/people/teams/{TEAM}", "administrator"),
    "/cases/{ref}/record": _record,
    "/cases/{ref}/record/approve": _record_to("approve"),
    "/cases/{ref}/record/release": _record_to("release", approved=True),
    "/cases/{ref}/record/withdraw": _record_to("withdraw", "officer"),
    "/cases/{ref}/retention": _decision_on_keeping,
    "/cases/{ref}/retention/hold": on_case(
        "/cases/{ref}/retention", "/cases/{ref}/retention/hold", "supervisor", reason=REASON
    ),
    "/retention/disposals/{disposal_id}/undo": _undone,
    "/retention/runs/{run_id}/agree": _agreed,
    "/incidents": at("/incidents/new", "/incidents", "supervisor", **INCIDENT),
    "/incidents/{incident_id}/decision": _incident("decision", decision="told", why="They were at risk of harm"),
    "/incidents/{incident_id}/close": _incident("close", decided=True),
    "/jobs/retry-notices": at("", "/jobs/retry-notices", "administrator", form_key="x"),
    "/jobs/notices/{notice_id}/retry": on_case(
        "/jobs/notices/{notice_id}", "/jobs/notices/{notice_id}/retry", "administrator"
    ),
    "/jobs/notices/{notice_id}/give-up": on_case(
        "/jobs/notices/{notice_id}", "/jobs/notices/{notice_id}/give-up", "administrator", because="told"
    ),
}
"""By the path of the route."""
