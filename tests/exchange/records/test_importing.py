"""Records that come in: what each becomes, again, in any order, changed at the source, changed here, and refused."""

import itertools
import random
import tempfile
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, text

from tests.exchange.records.said import (
    NOW,
    Records,
    Said,
    arrest,
    contact,
    crime,
    lines,
    needs,
    officer,
    referral,
    small_force,
    suspect,
    victim,
    vps,
)
from tests.force import VAULT
from tests.store.test_erasing import erase
from victimcare.commands.add_contact_point import NewPoint, add_contact_point
from victimcare.commands.assess_needs import NeedsAnswers, assess_needs
from victimcare.commands.correct_identity import IdentityPutRight, correct_identity
from victimcare.commands.protect_location import protect_location
from victimcare.commands.record_event import NewEvent, record_event
from victimcare.domain.event_kinds import EventKind
from victimcare.domain.identity import Identity
from victimcare.domain.journey import Correction, Moment
from victimcare.domain.people import Person, Role
from victimcare.domain.safe_contact import PointKind
from victimcare.editions.law import published_law
from victimcare.exchange.records.importing import import_records
from victimcare.store import staff
from victimcare.store.migrate import upgrade
from victimcare.store.rotating import rotate, vault_for
from victimcare.store.sealed_rows import sealed_columns
from victimcare.store.vault import Vault

REACHED = {"email": "wren@example.com", "address": "1 Sample Road, Luton"}
HEARING = {
    "kind": "event",
    "source": "rms",
    "id": "E9",
    "version": 1,
    "event": "hearing_listed",
    "crime": "C1",
    "subject": "Hearing 1",
    "happened_at": "2026-06-01",
    "received_at": "2026-06-02",
    "details": {"hearing_on": "2026-07-01", "hearing_type": "trial"},
}
EVERYTHING: tuple[Said, ...] = (
    officer(),
    crime(),
    suspect(),
    victim(phone="07700 900123", **REACHED),
    victim("V2", name="Lark Sample", joined_at="2026-05-25"),
    victim("V3", name="Robin Sample"),
    arrest(),
    arrest("E5", happened_at="2026-05-26"),
    vps(),
    contact(),
    contact("K2", reached=False, voicemail=True, happened_at="2026-05-23"),
    needs(),
    referral(),
    HEARING,
)
CHANGES: tuple[Said, ...] = (
    crime(version=2, reported_at="2026-05-17T09:00:00Z"),
    suspect(version=2, label="Suspect 2"),
    victim(version=2, name="Wren Sample-Right", phone="07700 900124", **REACHED),
    arrest(version=2, happened_at="2026-05-19"),
    contact(version=3, withdrawn=True),
    contact("K2", version=2, happened_at="2026-05-24", reached=False),
    referral(version=2, happened_at="2026-05-22"),
    {**HEARING, "version": 2, "happened_at": "2026-06-03", "received_at": "2026-06-04"}
    | {"details": {"hearing_on": "2026-07-09", "hearing_type": "trial"}},
)


def test_everything_becomes_what_it_is(records: Records) -> None:
    report = records.take(*EVERYTHING)
    assert report.is_whole
    assert {kind: dict(fates) for kind, fates in report.fates.items()} == {
        "officer": {"new": 1},
        "crime": {"new": 1},
        "suspect": {"new": 1},
        "victim": {"new": 3},
        "event": {"new": 4},
        "contact": {"new": 2},
        "needs": {"new": 1},
        "referral": {"new": 1},
    }
    assert records.rows("SELECT count(*), count(DISTINCT crime_id) FROM victim_case") == [(3, 1)]
    kinds = {event.kind for event in records.stored().case.journey.events}
    assert {EventKind.SUSPECT_ARRESTED, EventKind.VPS_OFFERED, EventKind.CONTACT_ATTEMPTED} <= kinds
    assert records.rows("SELECT name FROM person WHERE name = 'Rowan Example' AND role = 'officer'")
    [(rules,)] = records.rows("SELECT count(DISTINCT rule) FROM due WHERE rule LIKE 'R6-ARR%'")
    assert rules


def test_the_same_again_changes_nothing(records: Records) -> None:
    records.take(*EVERYTHING)
    before = records.rows("SELECT count(*) FROM journey_event"), records.standing()
    again = records.take(*EVERYTHING, *EVERYTHING)
    assert (records.rows("SELECT count(*) FROM journey_event"), records.standing()) == before
    assert again.is_whole
    assert again.duplicate == len(EVERYTHING)
    assert {fate for fates in again.fates.values() for fate in fates} == {"unchanged"}


def test_what_hangs_on_nothing_that_is_here_waits_and_is_joined_when_that_comes(records: Records) -> None:
    early = records.take(arrest(), contact(), victim())
    assert early.is_whole
    assert [(side.kind, side.waiting) for side in early.reconciliation.sides] == [
        ("contact", 1),
        ("event", 1),
        ("victim", 1),
    ]
    assert records.rows("SELECT count(*) FROM victim_case") == [(0,)]
    assert records.take(crime()).joined == 2  # the victim, and with them the contact
    assert records.take(suspect()).joined == 1
    assert records.rows("SELECT count(*) FROM source_record WHERE state = 'waiting'") == [(0,)]


def test_what_waits_is_sealed(records: Records) -> None:
    records.take(victim(name="Avocet Canary", phone="07700 900199"))
    [(sealed, rest)] = records.rows("SELECT sealed, source_id || content_hash || waits_for FROM source_record")
    assert b"Canary" not in bytes(sealed)
    assert "Canary" not in rest
    assert "source_record.sealed" in {column.name for column in sealed_columns()}


def test_an_older_version_that_comes_late_changes_nothing(records: Records) -> None:
    records.take(*EVERYTHING, *CHANGES)
    standing = records.standing()
    late = records.take(*EVERYTHING)
    assert records.standing() == standing
    assert late.is_whole
    assert late.fates["contact"]["older"] == 2


def test_a_change_at_the_source_is_a_correction_in_the_journey(records: Records) -> None:
    records.take(*EVERYTHING)
    report = records.take(*CHANGES)
    assert report.is_whole, records.rejects()
    journey = records.stored().case.journey
    arrests = [event for event in journey.events if event.kind is EventKind.SUSPECT_ARRESTED]
    assert [str(event.happened.on) for event in arrests if event.correction is None] == ["2026-05-20", "2026-05-26"]
    chain = next(chain for chain in journey.chains().values() if str(chain.root.happened.on) == "2026-05-20")
    assert (str(chain.current.happened.on), chain.current.subject) == ("2026-05-19", "Suspect 2")
    listed = next(c for c in journey.chains().values() if c.root.kind is EventKind.HEARING_LISTED)
    assert [event.correction for event in listed.told[1:]] == [Correction.AMENDS, Correction.CHANGES_NEWS]
    assert str(listed.current.details["hearing_on"]) == "2026-07-09"
    contacts = [c for c in journey.chains().values() if c.root.kind is EventKind.CONTACT_MADE]
    assert [chain.happened for chain in contacts] == [False]
    assert records.rows("SELECT count(*) FROM identity_correction") == [(1,)]
    assert records.rows("SELECT name FROM victim WHERE name LIKE 'Wren%'") == [("Wren Sample-Right",)]


def test_where_they_can_be_reached_goes_into_the_vault_and_is_not_confirmed(records: Records) -> None:
    records.take(*EVERYTHING)
    query = "SELECT kind, safety FROM contact_point ORDER BY kind"
    assert records.rows(query) == [("address", "not_confirmed"), ("email", "not_confirmed"), ("phone", "not_confirmed")]
    for (name,) in records.rows("SELECT what FROM audit"):
        assert "07700" not in name
    records.take(victim(version=2, phone="07700 900124"))
    query = "SELECT safety FROM contact_point WHERE kind = 'phone' ORDER BY added_at, safety"
    assert sorted(records.rows(query)) == [("do_not_use",), ("not_confirmed",)]


def test_a_number_that_somebody_judged_here_is_not_replaced(records: Records) -> None:
    records.take(crime(), victim(phone="07700 900123"))
    with records.database.writing() as connection:
        connection.execute(text("UPDATE contact_point SET safety = 'unsafe'"))
    records.take(victim(version=2, phone="07700 900124"))
    query = "SELECT safety, superseded_by FROM contact_point ORDER BY safety"
    assert records.rows(query) == [("not_confirmed", None), ("unsafe", None)]


def test_a_number_that_is_here_already_is_not_added_again(records: Records) -> None:
    records.take(crime(), victim())
    with records.database.writing() as connection:
        add_contact_point(
            connection,
            ref=records.ref(),
            new=NewPoint(PointKind.PHONE, "+44 7700 900123", confirmed=True),
            by=staff.SYSTEM,
            now=NOW,
            vault=VAULT,
        )
    records.take(victim(version=2, phone="07700 900123"))
    assert records.rows("SELECT safety FROM contact_point") == [("safe",)]


def test_a_protected_location_is_its_custodians_alone_and_the_rejects_do_not_tell_which_it_is(records: Records) -> None:
    records.take(crime(), victim())
    [(officer_id,)] = records.rows("SELECT officer_id FROM victim_case")
    with records.database.writing() as connection:
        protect_location(
            connection,
            ref=records.ref(),
            custodian_id=officer_id,
            reason="An invented reason",
            by=staff.SYSTEM,
            now=NOW,
            vault=VAULT,
        )
    report = records.take(victim(version=2, phone="07700 900123", name="Wren Other"))
    assert records.rejects() == [["1", "", "a person keeps this: ask the supervisor"]]
    assert records.rows("SELECT count(*) FROM contact_point") == [(0,)]
    assert records.rows("SELECT name FROM victim") == [("Wren Sample",)]  # all of a record, or nothing
    assert [each.source_id for each in report.reconciliation.different] == ["V1"]


def test_what_an_officer_corrected_here_stays_and_is_said(records: Records) -> None:
    records.take(crime(), suspect(), victim(), arrest())
    chain = next(
        c for c in records.stored().case.journey.chains().values() if c.root.kind is EventKind.SUSPECT_ARRESTED
    )
    here = NewEvent(
        EventKind.SUSPECT_ARRESTED,
        Moment.day(NOW.date().replace(month=5, day=18)),
        subject="Suspect 1",
        corrects=chain.key,
        correction=Correction.AMENDS,
    )
    ash = records_person(records)
    with records.database.writing() as connection:
        record_event(connection, ref=records.ref(), event=here, by=ash, now=NOW, law=published_law())
    report = records.take(arrest(version=2, happened_at="2026-05-19"))
    assert records.rejects() == [["1", "happened", "it changed at the source and here: what was recorded here stays"]]
    assert report.kept_here == 1
    assert report.reconciliation.agrees
    assert [side.changed_here for side in report.reconciliation.sides] == [1]
    chain = next(
        c for c in records.stored().case.journey.chains().values() if c.root.kind is EventKind.SUSPECT_ARRESTED
    )
    assert str(chain.current.happened.on) == "2026-05-18"


def test_an_officer_whose_team_is_another_here_was_changed_here(records: Records) -> None:
    records.take(officer(specialisms=["child"]))
    [(team,)] = records.rows("SELECT id FROM team WHERE name <> 'Luton A' LIMIT 1")
    for change in (f"team_id = '{team}'", "specialisms = ''"):
        with records.database.writing() as connection:
            connection.execute(text(f"UPDATE person SET {change} WHERE name = 'Rowan Example'"))
        [side] = records.take(officer(specialisms=["child"])).reconciliation.sides
        assert (side.here, side.changed_here) == (1, 1), change


def records_person(records: Records) -> staff.Person:
    """Whoever holds the case: somebody of the force."""
    with records.database.reading() as connection:
        return staff.person(connection, records.stored().case.holder.officer_id)


def test_a_name_corrected_here_stays_while_what_changed_beside_it_is_taken(records: Records) -> None:
    records.take(crime(), victim())
    with records.database.writing() as connection:
        correct_identity(
            connection,
            ref=records.ref(),
            put_right=IdentityPutRight(Identity("Wren Here", None, "direct", "en"), "written_down_wrongly"),
            by=records_person(records),
            now=NOW,
            law=published_law(),
            vault=VAULT,
        )
    report = records.take(victim(version=2, name="Wren There", language="pl"))
    assert records.rows("SELECT name, language FROM victim") == [("Wren Here", "pl")]
    assert (report.kept_here, report.reconciliation.agrees) == (1, True)


def test_a_victim_who_joined_later_has_the_crime_as_history_whoever_came_first(records: Records) -> None:
    joined = victim("V2", name="Lark Sample", joined_at="2026-05-25")
    records.take(crime(), suspect(), joined, arrest(), arrest("E5", happened_at="2026-05-26"), victim())
    chains = records.stored("V2").case.journey.chains().values()
    history = {str(chain.current.happened.on): chain.is_history for chain in chains if chain.current.subject}
    assert history == {"2026-05-20": True, "2026-05-26": False}
    of_first = records.stored("V1").case.journey.chains().values()
    assert not any(chain.is_history for chain in of_first)


def test_a_case_officer_who_is_named_takes_the_case(records: Records) -> None:
    records.take(officer(), crime(), victim(case_officer="O1"), victim("V2", case_officer="O99"))
    [(name,)] = records.rows(
        "SELECT p.name FROM victim_case c JOIN person p ON p.id = c.officer_id JOIN source_record s ON s.case_id = c.id"
        " WHERE s.source_id = 'V1'"
    )
    assert name == "Rowan Example"
    assert records.ref("V2")  # nobody waits for an officer


@pytest.mark.parametrize(
    ("said", "field", "why"),
    [
        (crime("C2", recorded_at="2030-01-01"), "recorded_at", "it cannot have happened yet"),
        (crime("C2", area="Luton", crime_type="Murder most foul"), "crime_type", "Input should be"),
        (officer("O2", team="Nowhere"), "team", "there is no team of this name here"),
        (arrest("E7", happened_at="2030-01-01"), "happened", "it cannot have happened after it was recorded"),
        (suspect("S2"), "label", "another suspect of the crime is called so"),
        (suspect("S2", label="Jack Canary"), "label", "String should match pattern"),
        (
            contact("K3", channel="email", reached=False, voicemail=True),
            "voicemail",
            "a voicemail is left by a phone call",
        ),
        (referral("R2", step="sent"), "service", "the directory has no service of this name"),
        (referral("R2", reason="declined"), "reason", "Input should be"),
        ({**arrest("E7"), "canary07700900111": 1}, "", "it has a field that the schema does not know for it"),
        ({**vps("E7"), "details": {"point": "report", "Wren.Canary 07700.900123": 1}}, "details", "it has a field"),
        ({**arrest("E7"), "Wren.Canary 07700.900123": 1}, "", "it has a field that the schema does not know for it"),
        ({**arrest("E7"), "event": "canary"}, "event", "must be one of"),
        (crime("C2", area="12 Canary Road, Luton LU1 2AB"), "area", "no team here works on an area of this name"),
        (crime("C2", incident_on="2090-01-01"), "incident_on", "must not be after the date reported"),
        (crime("C2", incident_on="0001-01-01"), "incident_on", "must not be before 1900"),
        (crime("C2", recorded_at="2026-05-01"), "recorded_at", "must not be before the date reported"),
        ({**HEARING, "subject": "John Canary Smith"}, "subject", "String should match pattern"),
        (victim("Wren Canary 1980-01-02"), "id", "String should match pattern"),
        (victim("WrenCanary"), "id", "String should match pattern"),
        (victim("V2", name="Wren\x00Canary"), "name", "must not include characters that cannot be read"),
        (victim("V2", address="1 Canary\u202e Road"), "address", "must not include characters that cannot be read"),
        (victim("V2", name=" "), "name", "must not be empty"),
        (victim("V2", born_on="2090-01-01"), "born_on", "must be today or in the past"),
        (victim("V2", born_on="0001-01-01"), "born_on", "must be today or in the past"),
        (victim("V2", phone="not a canary number at all"), "phone", "Enter a telephone number"),
        (victim("V2", email="12 Canary Road"), "email", "Enter an e-mail address"),
        ({**arrest("E7"), "kind": "canary"}, "kind", "must be one of"),
        ({**arrest("E7"), "source": "agency"}, "source", "is a name that this program uses itself"),
        ({**victim("V2"), "name": "Canary of LU1 2AB"}, "name", "must tell no place, number or address"),
        (victim("V1", name="Wren Canary"), "version", "it says something else than before under the same version"),
        (crime(version=2, crime_type="Robbery"), "crime_type", "there are cases of it already"),
        (victim(version=2, crime="C9"), "", "what it hangs on now is not here: send it again"),
    ],
)
def test_what_cannot_be_taken_is_refused_with_field_and_reason_and_the_rest_goes_in(
    records: Records, said: Said, field: str, why: str
) -> None:
    records.take(crime(), suspect(), victim())
    report = records.take(vps(), said, contact())
    [[line, named, reason]] = records.rejects()
    assert (line, named) == ("2", field)
    assert reason.strip('"').startswith(why)
    assert "anary" not in (records.folder / "rejects.csv").read_text("utf-8")
    assert report.rejected == 1
    assert not report.is_whole
    assert records.rows("SELECT count(*) FROM journey_event WHERE kind IN ('vps_offered', 'contact_made')") == [(2,)]


def test_a_crime_that_was_recorded_here_by_hand_is_not_doubled(records: Records) -> None:
    with records.database.writing() as connection:
        connection.execute(
            text(
                "INSERT INTO crime (source, source_ref, crime_type, area)"
                " VALUES ('recorded here', 'C1', 'Robbery', 'X')"
            )
        )
    report = records.take(crime(), victim())
    assert [(field, "was recorded here already" in why) for _, field, why in records.rejects()] == [("id", True)]
    assert [each.source_id for each in report.reconciliation.different] == ["C1"]


def test_what_was_disposed_of_does_not_come_back(records: Records) -> None:
    everything = (crime(), suspect(), victim(name="Avocet Canary"), arrest(), contact(), needs())
    records.take(*everything)
    [(case_id,)] = records.rows("SELECT id FROM victim_case")
    with records.database.writing() as connection:
        erase(connection, case_id, published_law())
    kept = records.rows("SELECT kind, state, sealed FROM source_record ORDER BY kind")
    assert kept == [("crime", "disposed", None), ("victim", "disposed", None)]
    left = str(records.rows("SELECT * FROM source_record"))
    guesses = (sha256(f"rms|{kind}|{ref}".encode()).hexdigest() for kind, ref in (("victim", "V1"), ("crime", "C1")))
    assert not any(guess in left for guess in ("V1", *guesses)), "without the vault nobody can try ids"
    report = records.take(*everything)
    assert {fate for fates in report.fates.values() for fate in fates} == {"disposed"}
    assert records.rows("SELECT count(*) FROM victim_case") == [(1,)]
    assert report.is_whole


def test_after_the_key_of_the_vault_was_changed_all_is_as_it_was(records: Records) -> None:
    gone = (crime("C9"), victim("V9", crime="C9"))
    records.take(*EVERYTHING, *gone)
    [(case_id,)] = records.rows("SELECT case_id FROM source_record WHERE source_id = 'V9'")
    with records.database.writing() as connection:
        erase(connection, case_id, published_law())
    both = Vault(b"n" * 32, bytes(32))
    rotate(records.database, both, now=NOW, progress=lambda _done, _of: None)
    new = vault_for(records.database, Vault(b"n" * 32))
    files = [lines(records.folder / "again.jsonl", *EVERYTHING, *gone)]
    report = import_records(records.database, files, law=published_law(), vault=new, now=NOW)
    fates = {fate for fates in report.fates.values() for fate in fates}
    assert (report.is_whole, fates) == (True, {"unchanged", "disposed"})
    assert report.fates["victim"]["disposed"] == 1


def test_the_order_in_which_a_list_comes_is_no_change(records: Records) -> None:
    trained = ["domestic_abuse", "sexual_violence"]
    records.take(crime(specialisms=trained))
    assert records.take(crime(specialisms=trained[::-1])).fates["crime"]["unchanged"] == 1


def test_one_missing_and_one_differing_among_many_are_found_and_named(records: Records) -> None:
    many = [crime(), suspect(), victim(), *(vps(f"E{n}") for n in range(300)), *(contact(f"K{n}") for n in range(100))]
    assert records.take(*many, chunk=200).reconciliation.agrees
    [(gone,)] = records.rows("SELECT event_key FROM source_record WHERE source_id = 'E217'")
    [(other,)] = records.rows("SELECT event_key FROM source_record WHERE source_id = 'K41'")
    with records.database.writing() as connection:
        let_rows_go(connection)
        connection.execute(text("DELETE FROM journey_event WHERE key = :key"), {"key": gone})
        connection.execute(text("UPDATE journey_event SET happened_on = '2026-05-01' WHERE key = :key"), {"key": other})
    found = records.take(*many, chunk=200).reconciliation
    assert [(each.source_id, each.why.value) for each in found.different] == [("K41", "differs"), ("E217", "missing")]
    assert not found.agrees
    hashes = {side.kind: side.hash_there == side.hash_here for side in found.sides}
    assert hashes == {"contact": False, "crime": True, "event": False, "suspect": True, "victim": True}
    assert {side.kind: (side.there, side.here) for side in found.sides}["event"] == (300, 299)


@pytest.mark.slow
def test_one_missing_among_ten_thousand_is_found_and_named(records: Records) -> None:
    many = [
        one
        for n in range(3_334)
        for one in (crime(f"C{n}"), victim(f"V{n}", crime=f"C{n}"), vps(f"E{n}", victim=f"V{n}"))
    ]
    file = lines(records.folder / "many.jsonl", *many)
    assert len(many) > 10_000
    assert records.read(file).reconciliation.agrees
    [(gone,)] = records.rows("SELECT event_key FROM source_record WHERE source_id = 'E2171'")
    with records.database.writing() as connection:
        let_rows_go(connection)
        connection.execute(text("DELETE FROM journey_event WHERE key = :key"), {"key": gone})
    found = records.read(file).reconciliation
    assert [(one.source_id, one.why.value) for one in found.different] == [("E2171", "missing")]


FALSIFIED = [
    ("victim", "DELETE FROM contact_hash", "DELETE FROM contact_point"),
    ("needs", "UPDATE needs_assessment SET interpreter = 'yes'"),
    (
        "event",
        "DELETE FROM journey_event WHERE kind = 'suspect_arrested' AND case_id = (SELECT max(id) FROM victim_case)",
    ),
    (
        "crime",
        "UPDATE journey_event SET happened_on = '2026-05-01', happened_at = NULL, precision = 'day'"
        " WHERE kind = 'crime_reported' AND case_id = (SELECT max(id) FROM victim_case)",
    ),
]


@pytest.mark.parametrize("falsified", FALSIFIED, ids=[kind for kind, *_ in FALSIFIED])
def test_what_was_falsified_here_is_found_whatever_it_is(records: Records, falsified: tuple[str, ...]) -> None:
    kind, *statements = falsified
    everything = (officer(), crime(), suspect(), victim(phone="07700 900123"), victim("V2"), arrest(), needs())
    assert records.take(*everything).is_whole
    with records.database.writing() as connection:
        let_rows_go(connection)
        for statement in statements:
            connection.execute(text(statement))
    found = records.take(*everything).reconciliation
    assert ([each.kind for each in found.different], found.agrees) == ([kind], False)
    assert {side.kind for side in found.sides if side.hash_there != side.hash_here} == {kind}


def test_what_waits_or_was_disposed_of_is_not_counted_as_here(records: Records) -> None:
    [side] = records.take(contact()).reconciliation.sides
    assert (side.there, side.here, side.waiting) == (1, 0, 1)


def test_a_language_that_an_officer_asked_for_is_no_difference(records: Records) -> None:
    records.take(crime(), victim())
    answers = {"communication": [], "disability": [], "criteria": [], "measures": []}
    asked = NeedsAnswers("police", "report", NOW.date(), "pl", "yes", **answers)
    by = Person("elm", "Elm Example", Role.SUPERVISOR, "luton")
    with records.database.writing() as connection:
        how = {"by": by, "now": NOW, "law": published_law(), "vault": VAULT}
        assess_needs(connection, ref=records.ref(), answers=asked, **how)
    [side] = [each for each in records.take(victim()).reconciliation.sides if each.kind == "victim"]
    assert (side.here, side.changed_here) == (1, 1)


def test_every_order_and_every_part_of_it_first_ends_the_same(records: Records) -> None:
    records.take(*EVERYTHING, *CHANGES)
    standing = records.standing()
    assert standing[0]["V1"][0]
    for seed in range(3):
        said = [*EVERYTHING, *CHANGES]
        random.Random(seed).shuffle(said)
        empty(records)
        for some in itertools.batched(said, 5) if hasattr(itertools, "batched") else [said[:9], said[9:]]:
            records.take(*some, chunk=1 + seed)
        assert records.standing() == standing, seed


EMPTIED = (
    *("source_record", "outbox", "due", "breach", "contact_hash", "contact_point", "needs_assessment"),
    *("identity_correction", "assignment", "victim_name_key"),
)


def let_rows_go(connection: Connection) -> None:
    """Take away what keeps the journey as it is."""
    if connection.dialect.name == "sqlite":
        for (name,) in connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).all():
            connection.execute(text(f"DROP TRIGGER {name}"))
    else:
        connection.execute(text("SET LOCAL session_replication_role = replica"))


def empty(records: Records) -> None:
    """Throw everything away that came in."""
    with records.database.writing() as connection:
        let_rows_go(connection)
        if connection.dialect.name == "sqlite":
            for table in (*EMPTIED, "journey_event", "audit_subject", "victim_case", "victim", "crime"):
                connection.execute(text(f"DELETE FROM {table}"))
        else:
            tables = ", ".join((*EMPTIED, "journey_event", "audit_subject", "victim_case", "victim", "crime"))
            connection.execute(text(f"TRUNCATE {tables} CASCADE"))
        connection.execute(text("DELETE FROM person WHERE name = 'Rowan Example'"))


SMALL = (crime(), suspect(), victim(phone="07700 900123"), victim("V2", joined_at="2026-05-21"), arrest(), vps())
SMALL += (
    contact(),
    arrest(version=2, happened_at="2026-05-22"),
    victim(version=2, name="Wren Right", phone="07700 900124"),
)
SMALL += (crime(version=2, recorded_at="2026-05-18T11:00:00Z"), contact(version=2, withdrawn=True))


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(said=st.permutations(SMALL), again=st.lists(st.sampled_from(SMALL), max_size=4), chunk=st.integers(1, 6))
def test_any_order_and_any_repetition_gives_the_same(
    sqlite_template: Path, said: list[Said], again: list[Said], chunk: int
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        first, other = (fresh(sqlite_template, Path(folder) / name) for name in ("first", "other"))
        first.take(*SMALL)
        other.take(*said, *again, chunk=chunk)
        assert other.standing() == first.standing()
        first.database.close()
        other.database.close()


def fresh(template: Path, folder: Path) -> Records:
    folder.mkdir()
    (folder / "victimcare.db").write_bytes(template.read_bytes())
    return small_force(f"sqlite:///{folder / 'victimcare.db'}", folder)


def test_a_database_of_before_is_migrated_to_take_records(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'new.db'}"
    upgrade(url)
    records = small_force(url, tmp_path)
    assert records.take(crime(), victim()).is_whole
    records.database.close()
