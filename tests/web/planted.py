"""A word that is found nowhere else in every kind of words that the database holds, and where each may show.

Locations may show nowhere but where they are revealed on purpose: no page that is only looked at has one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select

from tests.web.casework import PEOPLE, Casework
from tests.web.every_form import LATE
from tests.web.furnished import Furnished, Marks, furnish
from victimcare.commands.correct_identity import IdentityPutRight, correct_identity
from victimcare.commands.keep_form import keep_form
from victimcare.domain.identity import Identity
from victimcare.domain.people import Person
from victimcare.store import (
    case_lists,
    cases,
    disposals,
    incidents,
    left_messages,
    legal_holds,
    notes,
    protections,
    questions,
    record_packs,
    source_records,
    staff,
)
from victimcare.store.cases import CASES
from victimcare.store.disposals import Proposal
from victimcare.store.left_messages import Caller, NewMessage, Said
from victimcare.store.source_records import STORED, Kept

CASE = "/cases/{ref}"
SAFELY = (f"{CASE}/contact-details", f"{CASE}/contact-details/{{point}}", f"{CASE}/contact-details/{{point}}/confirm")
"""Where how to use a number safely is shown, without the number."""


@dataclass(frozen=True)
class Planted:
    """The column, the word in it, and the routes whose page may show it to those who may see the case.

    `typed`: its page is a form that has it filled in.
    """

    column: str
    word: str
    shown_at: frozenset[str] = frozenset()
    typed: bool = False


def _planted(column: str, word: str, *shown_at: str, typed: bool = False) -> Planted:
    return Planted(column, f"Canary{word}", frozenset(shown_at), typed)


PLANTED: tuple[Planted, ...] = (
    _planted("contact_point.sealed", "place"),
    _planted("contact_point.sealed", "telephone"),
    _planted("contact_point.sealed", "suspects"),
    _planted("contact_point.sealed_words", "codeword"),
    _planted(
        "contact_point.sealed_words",
        "library",
        *SAFELY,
        f"{CASE}/contacts",
        f"{CASE}/contacts/new",
        f"{CASE}/hand-over",
        f"{CASE}/messages/new",
        typed=True,
    ),
    _planted("case_note.sealed", "notedplace", f"{CASE}/record", f"{CASE}/notes"),
    _planted("case_note.sealed", "note", f"{CASE}/record", f"{CASE}/notes", f"{CASE}/print/summary"),
    _planted(
        "case_note.sealed", "handover", f"{CASE}/record", f"{CASE}/notes", f"{CASE}/hand-over", f"{CASE}/print/summary"
    ),
    _planted("message.sealed", "letter", f"{CASE}/record", f"{CASE}/messages"),
    _planted("left_message.sealed", "leftword", f"{CASE}/record", f"{CASE}/left-messages"),
    _planted("left_message.sealed", "caller", f"{CASE}/left-messages"),
    _planted(
        "person_to_tell.sealed_name",
        "guardian",
        f"{CASE}/record",
        f"{CASE}/victim",
        f"{CASE}/told/end",
        f"{CASE}/hand-over",
        f"{CASE}/contacts",
        f"{CASE}/contacts/new",
        f"{CASE}/contact-details/{{point}}",
        f"{CASE}/messages/new",
        f"{CASE}/support/refer/{{service_id}}",
        f"{CASE}/support/referrals/{{key}}/sent",
    ),
    _planted("needs_assessment.sealed_supporter", "supporter", f"{CASE}/record", f"{CASE}/victim", f"{CASE}/hand-over"),
    _planted("equality_answer.sealed_words", "belief", f"{CASE}/record", f"{CASE}/equality", typed=True),
    _planted("assignment.sealed_why", "reassigned", f"{CASE}/hand-over"),
    _planted("location_protection.sealed_reason", "fled", f"{CASE}/contact-details/protection"),
    _planted("location_protection.sealed_lifted_reason", "lifted"),
    _planted("case_restriction.sealed_reason", "restricted", f"{CASE}/who-may-see"),
    _planted("case_listing.sealed_reason", "excluded", f"{CASE}/who-may-see"),
    _planted("legal_hold.sealed_reason", "heldfor", f"{CASE}/retention"),
    _planted("legal_hold.sealed_lifted_reason", "heldnomore"),
    _planted("incident.sealed", "incident", "/incidents/{incident_id}"),
    _planted("incident.sealed_decision", "decision", "/incidents/{incident_id}"),
    _planted("disposal.sealed_reason", "keptfor"),
    _planted("emergency_access.sealed_words", "emergency", "/emergency-reviews/{number}"),
    _planted("emergency_access.sealed_review", "emergencyfound", "/emergency-reviews/{number}"),
    _planted("record_pack.sealed_recipient", "recipient", f"{CASE}/record"),
    _planted("identity_correction.sealed", "formername", f"{CASE}/record", f"{CASE}/identity"),
    _planted("identity_correction.sealed", "whycorrected", f"{CASE}/record", f"{CASE}/identity"),
    _planted("supervisor_question.sealed", "question", f"{CASE}/questions", f"{CASE}/questions/{{question_id}}/answer"),
    _planted("supervisor_question.sealed_answer", "answer", f"{CASE}/questions"),
    _planted("kept_form.sealed", "kept", "/kept-forms/{kept_id}", typed=True),
    _planted("saved_search.sealed_words", "searched", "/cases", typed=True),
    _planted("outgoing_referral.sealed_document", "sent", f"{CASE}/record", "/referrals/{sent_id}"),
    _planted("feedback_request.sealed_words", "feedback", "/team/feedback/{request_id}"),
    _planted("access_alert.sealed_words", "reviewed", "/access-alerts/{alert_id}"),
    _planted("source_record.sealed", "said"),
)

WORDS: Mapping[str, Planted] = {planted.word: planted for planted in PLANTED}

MARKUP = """<svg/onload=x>"'{{7*7}}</title>"""
"""What follows every word of a case that is not protected: no page may take it for markup."""
PLACE = "LU1 2AB"
"""In a protected case it follows every word: so every word of it tells where the victim is."""


def plant(
    casework: Casework,
    holder: str,
    letter: str,
    *,
    protected: bool = False,
    markup: Callable[[str], str] = lambda _word: MARKUP,
) -> Furnished:
    """A case of this officer with every word in it, each with the case's letter; its victim is "Canaryname" with it.

    `protected`: its location is, for the supervisor alone. `markup` gives what follows each word of any other case.
    """
    ref = casework.case(f"Canaryformername{letter}", officer=holder, at=LATE, area=None if holder in PEOPLE else "E99")
    words = {word: f"{word}{letter} {PLACE if protected else markup(word)}" for word in WORDS}
    marks = Marks(
        place=words["Canaryplace"],
        telephone=words["Canarytelephone"],
        suspects=words["Canarysuspects"],
        code_word=words["Canarycodeword"],
        if_another=words["Canarylibrary"],
        all_tell_place=protected,
        noted_place=words["Canarynotedplace"],
        note=words["Canarynote"],
        message=words["Canaryletter"],
        question=words["Canaryquestion"],
        answer=words["Canaryanswer"],
        person=words["Canaryguardian"],
        supporter=words["Canarysupporter"],
        words=words["Canarybelief"],
        emergency=words["Canaryemergency"],
        reviewed=words["Canaryreviewed"],
        found=words["Canaryemergencyfound"],
        incident=words["Canaryincident"],
        feedback=words["Canaryfeedback"],
        sent=words["Canarysent"],
    )
    furnished = furnish(casework, ref, marks, by=holder if holder in PEOPLE else "supervisor")
    name = f"Canaryname{letter}" if protected else f"Canaryname{letter} {markup('Canaryname')}"
    _correct(casework, ref, name, words["Canarywhycorrected"])
    with casework.site.database.writing() as connection:
        case_id = connection.execute(select(CASES.c.id).where(CASES.c.ref == ref)).scalar_one()
        planter = _Planter(connection, casework, case_id, words)
        decided = {"decision": "told", "by": "supervisor", "at": casework.site.clock.now, "vault": casework.vault}
        incidents.decide(connection, furnished.names["incident_id"], why=words["Canarydecision"], **decided)
        furnished.names["question_id"] = planter.everything(protected=protected)
        furnished.names["kept_id"] = planter.kept(ref, "supervisor" if protected else holder)
    return furnished


def _correct(casework: Casework, ref: str, name: str, note: str) -> None:
    right = IdentityPutRight(Identity(name, None, "direct", "en"), "written_down_wrongly", note=note)
    how = {"by": staff.SYSTEM, "now": casework.site.clock.now, "law": casework.law, "vault": casework.vault}
    with casework.site.database.writing() as connection:
        correct_identity(connection, ref=ref, put_right=right, **how)


@dataclass(frozen=True)
class _Planter:
    """Writes the words that `furnish` does not."""

    connection: Connection
    casework: Casework
    case_id: int
    words: Mapping[str, str]

    def everything(self, *, protected: bool) -> str:
        """Write them; the id of a question that nobody has answered."""
        now, vault = self.casework.site.clock.now, self.casework.vault
        of_case: dict[str, Any] = {"connection": self.connection, "case_id": self.case_id, "vault": vault}
        supervisor = PEOPLE["supervisor"]
        notes.add(
            **of_case,
            words=self.words["Canaryhandover"],
            contains_location=protected,
            by="supervisor",
            at=now,
            for_hand_over=True,
        )
        said = Said(self.words["Canaryleftword"], Caller(name=self.words["Canarycaller"]))
        left = NewMessage(said, "news", safe_to_ring=True, reply_by_on=now.date())
        left_messages.add(message=left, team_id=None, contains_location=protected, by=supervisor, at=now, **of_case)
        cases.note_why(self.connection, self.case_id, self.words["Canaryreassigned"], vault)
        mine = cases.ASSIGNMENTS.update().where(cases.ASSIGNMENTS.c.case_id == self.case_id)
        self.connection.execute(mine.values(from_officer_id="supervisor"))
        fled, lifted = (self.words[word].removesuffix(f" {PLACE}") for word in ("Canaryfled", "Canarylifted"))
        begun = {"custodian_id": "supervisor", "reason": fled, "by": supervisor, "now": now}
        protections.begin(**of_case, **begun)
        if not protected:
            protections.end(**of_case, reason=lifted, by=supervisor, now=now)
        named = {
            "supervisor",
            self.connection.execute(select(CASES.c.officer_id).filter_by(id=self.case_id)).scalar_one(),
        }
        case_lists.restrict(**of_case, reason=self.words["Canaryrestricted"], by=supervisor, at=now)
        case_lists.name_on(self.connection, self.case_id, sorted(named), by=supervisor, at=now)
        if "stranger" in named:  # no supervisor of that team could be named: administrators would be told its reference
            case_lists.lift(self.connection, self.case_id, by=supervisor, at=now)
        excluded = {"person_id": "editor", "reason": self.words["Canaryexcluded"]}
        case_lists.exclude(**of_case, **excluded, by=supervisor, at=now)
        self.retention(supervisor)
        self.pack(supervisor)
        said_by = {
            "source": "rms",
            "kind": "victim",
            "source_id": f"9/{self.case_id}",
            "version": 1,
            "content_hash": "",
        }
        by_system = Kept(**said_by, state=STORED, said=self.words["Canarysaid"], case_id=self.case_id)
        source_records.keep(self.connection, by_system, vault)
        question = self.words["Canaryquestion"]
        return questions.add(**of_case, words=question, contains_location=protected, by="officer", at=now)

    def retention(self, supervisor: Person) -> None:
        """A hold that was lifted, one that stands, and why the case was once kept longer."""
        words = ("Canaryheldfor", "Canaryheldnomore", "Canarykeptfor")
        held, no_more, kept_for = (self.words[word].removesuffix(f" {PLACE}") for word in words)
        how: dict[str, Any] = {"by": supervisor, "now": self.casework.site.clock.now, "vault": self.casework.vault}
        legal_holds.place(self.connection, case_id=self.case_id, reason=held, **how)
        hold = legal_holds.current(self.connection, self.case_id)
        assert hold
        legal_holds.lift(self.connection, hold, reason=no_more, **how)
        legal_holds.place(self.connection, case_id=self.case_id, reason=held, **how)
        at, on = how["now"], how["now"].date()
        run = {"at": at, "cases": 1, "found": 1, "cap": 1, "counts": {}, "state": "proposed"}
        run_id = disposals.add_run(self.connection, **run)
        disposals.propose(self.connection, run_id, [Proposal(self.case_id, "KEEP-VOID", on, on)])
        proposed = disposals.standing_of(self.connection, self.case_id, "proposed")
        decided = {"state": "kept", "reason": kept_for, "by": supervisor.id, "at": at, "vault": self.casework.vault}
        disposals.decide(self.connection, proposed.id, **decided, kept_until_on=on)

    def pack(self, supervisor: Person) -> None:
        """A pack for somebody who acts for the victim, in which nothing was decided about yet."""
        name = self.words["Canaryrecipient"]
        who = {"recipient": "representative", "recipient_name": name, "by": supervisor.id}
        how: dict[str, Any] = {**who, "at": self.casework.site.clock.now, "vault": self.casework.vault}
        record_packs.add(self.connection, case_id=self.case_id, items=[], left_out={}, **how)

    def kept(self, ref: str, who: str) -> str:
        """What somebody was writing about the case when their sign-in had ended; its id."""
        person, now = PEOPLE.get(who, PEOPLE["supervisor"]), self.casework.site.clock.now
        typed = {"words": [self.words["Canarykept"]]}
        path, vault = f"/cases/{ref}/notes", self.casework.vault
        return keep_form(self.connection, path=path, typed=typed, person=person, now=now, vault=vault)
