"""Cases of which every page and form has something to show: what was written down about people, with marked words."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from sqlalchemy import insert, select

from tests.web.casework import PEOPLE, Casework
from tests.web.systems import told_system
from victimcare.domain.board_actions import Measure, Way
from victimcare.domain.event_kinds import EventKind
from victimcare.domain.feedback import FeedbackAnswer
from victimcare.domain.messages import Channel, Draft
from victimcare.domain.people import Person
from victimcare.domain.referral_content import ReferralDocument
from victimcare.domain.safe_contact import Point, PointKind, Safety, SafeUse
from victimcare.domain.snooping import Sign, Suspicion
from victimcare.editions.feedback import published_survey
from victimcare.store import (
    access_alerts,
    board_actions,
    contact_points,
    emergency_access,
    equality,
    feedback,
    incidents,
    messages,
    needs,
    notes,
    outgoing_referrals,
    people_to_tell,
    process_changes,
    questions,
    services,
    staff,
)
from victimcare.store.access_alerts import ALERTS
from victimcare.store.board_actions import NewAction
from victimcare.store.cases import CASES
from victimcare.store.contact_points import NewContactPoint
from victimcare.store.equality import Answer
from victimcare.store.feedback import NewRequest
from victimcare.store.known_for_referral import SafePoint, way_of
from victimcare.store.messages import NewMessage
from victimcare.store.needs import ASSESSMENTS, StoredAnswers
from victimcare.store.outbox import OUTBOX
from victimcare.store.outgoing_referrals import NewOutgoing
from victimcare.store.people_to_tell import NewPersonToTell
from victimcare.store.process_changes import NewChange
from victimcare.store.staff import PEOPLE as PERSON

STEP = "refused"


@dataclass(frozen=True)
class Marks:
    """What stands in the words of a case: `place` where the victim can be found, the others what was written down."""

    place: str = "1 Sample Row"
    telephone: str = ""
    suspects: str = ""
    noted_place: str = ""
    all_tell_place: bool = False
    code_word: str = ""
    if_another: str = "The library"
    note: str = "A note"
    message: str = "A message"
    question: str = "May I?"
    answer: str = "Yes"
    person: str = "Lark Sample"
    supporter: str = "Robin Sample"
    words: str = "Their own words"
    emergency: str = "An emergency"
    reviewed: str = "They are not related"
    found: str = "It was one"
    feedback: str = "They were kind"
    incident: str = "A letter went to the wrong house"
    sent: str = "Wren Sample"


@dataclass(frozen=True)
class Furnished:
    """A case, and the names in addresses of everything that it has."""

    ref: str
    names: dict[str, str]
    person_id: int

    def address(self, path: str, **other: str) -> str:
        """The address of a route of this case; `other` are names to put instead."""
        names = {**self.names, **(self.keys(path)), **other}
        return re.sub(r"\{(\w+)(:\w+)?\}", lambda found: names[found[1]], path)

    def keys(self, path: str) -> dict[str, str]:
        """What `{kind}` and `{key}` are on this path."""
        if "/referrals/" in path:
            return {"key": self.names["referral"]}
        if "/corrections/" in path:
            return {"kind": "suspect_arrested", "key": self.names["arrest"]}
        if "/contacts/" in path:
            return {"key": self.names["contact"]}
        return {"kind": "suspect_bailed"}


def furnish(casework: Casework, ref: str, marks: Marks | None = None, by: str = "officer") -> Furnished:
    """Give the case something of everything; `by` keeps it."""
    marks = marks or Marks()
    late = casework.site.clock.now - timedelta(days=1)
    person = PEOPLE[by]
    arrest = casework.record(ref, EventKind.SUSPECT_ARRESTED, late, subject="Suspect 1")
    contact = casework.record(ref, EventKind.CONTACT_MADE, late, channel="phone")
    assessed = casework.record(ref, EventKind.NEEDS_ASSESSED, late, tier="enhanced", grounds="vulnerable")
    number = next(casework.numbers)
    service, other = (casework.service(f"Example {name} {number}") for name in ("Support", "Other"))
    casework.record(ref, EventKind.REFERRAL_OFFERED)
    casework.record(ref, EventKind.REFERRAL_CONSENTED)
    referral = casework.record(ref, EventKind.REFERRAL_SENT, subject=f"Example Support {number}")
    with casework.site.database.writing() as connection:
        row = connection.execute(select(CASES).where(CASES.c.ref == ref)).one()
        made = _Maker(casework, connection, row, person, marks)
        made.assessment(assessed)
        made.sent(referral, service)
        point, message, told = made.point(), made.message(), made.told()
        sent = made.lies_with(service, referral)
        outgoing = made.outgoing(other)
        question = made.question()
        emergency, alert = made.emergency(), made.alert()
        notice = made.failed_notice()
        made.words()
        made_incident = made.incident()
        feedback_id = made.feedback()
        action_id = made.board_action()
        change_id = made.process_change()
        areas = staff.areas(connection)
    names = {
        "system": told_system(casework, areas=areas).id,
        "month": "2026-04",
        "holder": "officer",
        "drawn": ref,
        "ref": ref,
        "arrest": arrest,
        "contact": contact,
        "referral": referral,
        "point": point,
        "message_id": message,
        "service_id": service,
        "referral_id": outgoing,
        "question_id": question,
        "step": STEP,
        "duty": f"R6-ARR:{arrest}",
        "path": "no-such-page",
        "who": "editor",
        "what": "end-sign-ins",
        "team_id": "north",
        "agency": "hmcts",
        "person_id": "colleague",
        "number": casework.named("emergency_access", emergency),
        "alert_id": alert,
        "notice_id": casework.named("outbox", notice),
        "kept_id": "nothing-is-kept",
        "incident_id": made_incident,
        "request_id": casework.named("feedback_request", feedback_id),
        "action_id": casework.named("board_action", action_id),
        "change_id": casework.named("process_change", change_id),
        "disposal_id": casework.named("disposal", 1),
        "run_id": casework.named("retention_run", 1),
        "edition_id": "2021-04-01",
        "entry_id": "R6-ARR",
        "sent_id": sent,
        "sent_to": service,
    }
    return Furnished(ref, names, told)


class _Maker:
    """Writes to one case, in one transaction."""

    def __init__(self, casework: Casework, connection: Any, row: Any, person: Person, marks: Marks) -> None:
        self.connection, self.row, self.person, self.marks = connection, row, person, marks
        self.now, self.vault = casework.site.clock.now, casework.site.app.state.vault

    def point(self) -> str:
        """An address and a telephone number that are safe, and a suspect's; the id of the address."""
        case_id, marks = self.row.id, self.marks
        safe = Point(PointKind.ADDRESS, Safety.SAFE, self.now, self.person.id)
        phone = replace(safe, kind=PointKind.PHONE)
        use = SafeUse(times="After 4pm", if_another=marks.if_another, code_word=marks.code_word or marks.place)
        address, at = f"{self.row.ref}-address", {"added_at": self.now, "added_by": self.person.id}
        telephone, suspects = marks.telephone or marks.place, marks.suspects or marks.place
        points = [
            NewContactPoint(address, case_id, f"{marks.place} {self.row.ref}\nSampleton", safe, use, **at),
            NewContactPoint(
                f"{self.row.ref}-phone",
                case_id,
                f"{telephone} phone {self.row.ref}",
                phone,
                use,
                **at,
            ),
            NewContactPoint(
                f"{self.row.ref}-suspect",
                case_id,
                f"{suspects} 2",
                safe,
                suspect="Suspect 1",
                **at,
            ),
        ]
        contact_points.add(self.connection, points, self.vault)
        return address

    def message(self) -> str:
        """A letter that waits to be printed."""
        draft = Draft("A message for you", self.marks.message)
        message = NewMessage("arrest", "en", Channel.LETTER, f"{self.row.ref}-address", draft)
        return messages.add(
            self.connection,
            case_id=self.row.id,
            message=message,
            contains_location=True,
            by=self.person.id,
            at=self.now,
            vault=self.vault,
        )

    def told(self) -> int:
        """Somebody who is told everything; their number."""
        person = NewPersonToTell(self.marks.person, "guardian", ["everything"], self.now.date())
        return people_to_tell.add(
            self.connection, self.row.id, person, by=self.person.id, at=self.now, vault=self.vault
        )

    def words(self) -> None:
        """A note that tells a location, one that does not, and an answer in the victim's words."""
        place = self.marks.noted_place or self.marks.place
        for words, tells in ((f"{place} {self.marks.note}", True), (self.marks.note, self.marks.all_tell_place)):
            notes.add(
                self.connection,
                case_id=self.row.id,
                words=words,
                contains_location=tells,
                by=self.person.id,
                at=self.now,
                vault=self.vault,
            )
        answer = Answer("religion", "recorded", None, self.marks.words)
        equality.put(self.connection, self.row.victim_id, [answer], by=self.person.id, at=self.now, vault=self.vault)

    def incident(self) -> str:
        """Something that went wrong with the case; its id."""
        how = {"team_id": self.row.team_id, "found_at": self.now, "case_ids": [self.row.id], "by": "supervisor"}
        words = self.marks.incident
        return incidents.add(self.connection, words=words, at=self.now, vault=self.vault, **how)

    def feedback(self) -> str:
        """The victim was asked how it was for them, and said something in their own words; its id."""
        number = feedback.new_number(self.connection)
        case = {"case_id": self.row.id, "team_id": self.row.team_id, "area": self.row.area}
        new = NewRequest(
            number=number, point="first_weeks", channel="phone", message_id=None, asked_on=self.now.date(), **case
        )
        made = feedback.add(self.connection, new, by="supervisor", at=self.now)
        answers = dict.fromkeys((question.code for question in published_survey().questions), FeedbackAnswer.PARTLY)
        feedback.end(self.connection, made, ended_as="answered", by="colleague", at=self.now)
        feedback.keep_answers(self.connection, made, answers)
        feedback.keep_words(self.connection, made, self.marks.feedback, contains_location=True, vault=self.vault)
        return str(made)

    def board_action(self) -> str:
        """Something that the board decided, of no case; its number."""
        today = self.now.date()
        due_on = today + timedelta(days=90)
        what = ("Ring every victim on the day", Measure("police"), Way.UP, "2026-q1", "police", today, due_on)
        return str(board_actions.add(self.connection, NewAction(*what), by="board", at=self.now))

    def process_change(self) -> str:
        """That the board declared a process to be another; its number."""
        change = NewChange("police", date(2026, 1, 1), "Two teams became one", "board", self.now.date())
        return str(process_changes.declare(self.connection, change, by="board", at=self.now))

    def assessment(self, event_key: str) -> None:
        """An assessment of the police that names a supporter."""
        answers = StoredAnswers("police", "report", self.now.date(), "en", "no", supporter=self.marks.supporter)
        row = needs.assessment_row(
            answers,
            case_id=self.row.id,
            event_key=event_key,
            tier_found="enhanced",
            ground_found="vulnerable",
            by=self.person.id,
            at=self.now,
            vault=self.vault,
        )
        self.connection.execute(ASSESSMENTS.insert().values(**row))

    def question(self) -> str:
        """A question that was answered and not read; its id."""
        asked = {"case_id": self.row.id, "contains_location": True, "at": self.now, "vault": self.vault}
        made = questions.add(self.connection, words=self.marks.question, by=self.person.id, **asked)
        questions.answer(self.connection, made, words=self.marks.answer, by="supervisor", **asked)
        return made

    def emergency(self) -> int:
        """That somebody opened the case in an emergency, which was reviewed; its number."""
        opened = emergency_access.open_case(
            self.connection,
            case_id=self.row.id,
            by=PEOPLE["colleague"],
            session_id=f"of {self.row.ref}",
            reason="other",
            words=self.marks.emergency,
            at=self.now - timedelta(days=2),
            until_at=self.now - timedelta(days=2),
            vault=self.vault,
        )
        found = {"outcome": "justified", "words": self.marks.found, "by": PEOPLE["reviewer"]}
        emergency_access.review(self.connection, opened, **found, at=self.now, vault=self.vault)
        return opened

    def alert(self) -> str:
        """A sign that somebody looked at the case without a reason, which was reviewed; its id."""
        found = Suspicion("officer", Sign.SAME_NAME, 1, self.row.id)
        access_alerts.add(self.connection, [found], looked_on=self.now.date(), now=self.now)
        of_case = select(ALERTS.c.id).where(ALERTS.c.case_id == self.row.id)
        alert_id: str = self.connection.execute(of_case).scalar_one()
        said = {"outcome": "justified", "words": self.marks.reviewed, "by": "reviewer"}
        access_alerts.review(self.connection, alert_id, **said, now=self.now, vault=self.vault)
        return alert_id

    def failed_notice(self) -> int:
        """A notice to an officer that could not be sent; its id."""
        self.connection.execute(
            insert(OUTBOX).values(
                case_id=self.row.id,
                rule="R6-ARR",
                start_key="one of the past",
                step="late_1",
                due_on=self.now.date(),
                recipient_id="officer",
                status="failed",
                error="the mail server answered 550",
                created_at=self.now,
                next_try_at=self.now,
                attempts=25,
                reference=f"failed-{self.row.id}",
            )
        )
        failed = select(OUTBOX.c.id).where(OUTBOX.c.reference == f"failed-{self.row.id}")
        return int(self.connection.execute(failed).scalar_one())

    def outgoing(self, service_id: str) -> str:
        """A referral that was printed and waits to be handed over; its id."""
        new = NewOutgoing(service_id, by_email=False, guardian_agreed=True, told_no_safe_way=True)
        made = outgoing_referrals.add(self.connection, case_id=self.row.id, new=new, by=self.person.id, at=self.now)
        noted = {"fields": "Name", "content_hash": "0" * 64, "printed_at": self.now}
        outgoing_referrals.settle(self.connection, made, **noted)
        return made

    def lies_with(self, service_id: str, event_key: str) -> str:
        """What went with the referral is kept for the people of its service: of the first, that is `helper`; its id."""
        new = NewOutgoing(service_id, by_email=True, guardian_agreed=False, told_no_safe_way=False)
        made = outgoing_referrals.add(self.connection, case_id=self.row.id, new=new, by=self.person.id, at=self.now)
        address = f"{self.row.ref}-address"
        way = way_of(self.connection, self.row.id, SafePoint(address, PointKind.ADDRESS), self.vault)
        document = ReferralDocument("Example Support", f"referral-{made}", (("Name", self.marks.sent),), (way,))
        outgoing_referrals.keep_document(self.connection, made, document, [address], self.vault)
        outgoing_referrals.settle(self.connection, made, fields="Name", content_hash="0" * 64, event_key=event_key)
        helper = (PERSON.c.id == "helper") & PERSON.c.service_id.is_(None)
        self.connection.execute(PERSON.update().where(helper).values(service_id=service_id))
        return made

    def sent(self, event_key: str, service_id: str) -> None:
        """What went with the referral."""
        services.add_sent(
            self.connection,
            event_key=event_key,
            case_id=self.row.id,
            service_id=service_id,
            fields=["name"],
            content_hash="0" * 64,
            told_no_safe_way=False,
            by=self.person.id,
            at=self.now,
        )
