"""Who looked at a case: seen by its supervisor, printed for the victim without names, and written down in its turn."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from tests.plans import planned
from tests.web.casework import Casework
from tests.web.page import Page
from tests.web.relations import protect
from victimcare.domain.people import Person, Role
from victimcare.exchange.closed_audit import close_months
from victimcare.presentation.words import instant
from victimcare.queries import access_log
from victimcare.queries.access_log import REASONS
from victimcare.store import audit, cases, staff
from victimcare.store.audit_anchors import AnchorFile
from victimcare.store.tables import Audit


def log(casework: Casework, ref: str, query: str = "") -> Page:
    return casework.page(casework.site.sign_in("supervisor"), f"/cases/{ref}/access{query}")


def rows(page: Page) -> list[str]:
    return [row.text for row in page.rows()]


def test_it_says_who_did_what_and_how_the_case_was_theirs(casework: Casework) -> None:
    ref = casework.case("Wren Sample")
    officer = casework.site.sign_in()
    casework.contact(officer, ref)
    shown = rows(log(casework, ref))
    assert any("Example Officer" in row and "Changed record contact_made Their case" in row for row in shown)
    assert any("Example Supervisor" in row and "Looked at case Their team’s case" in row for row in shown)
    assert "Looked at" in shown[0], "the newest first: the supervisor who is looking now"


def test_who_was_turned_away_is_there_too(casework: Casework) -> None:
    ref = casework.case("Wren Sample")
    for path in ("", "/notes", "/contact-details", "/print/summary"):
        assert casework.site.sign_in("stranger").get(f"/cases/{ref}{path}").status_code == 404
    refused = rows(log(casework, ref, "?shown=refused"))
    assert len(refused) == 4
    assert all("Example Stranger" in row and "Refused" in row and "Not theirs then" in row for row in refused)
    assert rows(log(casework, ref, "?shown=outside")) == refused


def test_what_an_agency_read_is_said_to_concern_it(casework: Casework) -> None:
    ref = casework.case("Wren Sample")
    system = Person("a-system", "A system of the CPS", Role.API_CLIENT, agency="cps")
    with casework.site.database.writing() as connection:
        about = [cases.load(connection, ref).id]
        now = casework.site.clock.now
        audit.write(connection, at=now, operation="disclosure", what="case", person=system, case_ids=about)
    assert any("It concerns their agency" in row for row in rows(log(casework, ref)))
    printed = casework.page(casework.site.sign_in("supervisor"), f"/cases/{ref}/access/print")
    assert "It concerns their agency" in printed.text
    assert "Not recorded then" not in printed.text


def test_every_way_in_which_a_case_can_be_theirs_has_words() -> None:
    people = [Person("somebody", "Somebody", role, agency=agency) for role in Role for agency in (None, "cps")]
    ways = {audit._nearness(person, "another", "elsewhere")[1] for person in people}
    assert ways | {"case officer", "cover", "supervisor", "system", "break-glass"} == set(REASONS)


def test_that_a_case_does_not_exist_is_written_down_like_that_it_is_not_theirs(casework: Casework) -> None:
    before = len(casework.site.audit())
    assert casework.site.sign_in().get("/cases/22222-22222").status_code == 404
    assert casework.site.audit()[before:][1:] == [("access", "case", "officer", "refused")]


@pytest.mark.parametrize(("path", "to"), [("print/record", "victim"), ("print/summary", "staff")])
def test_to_whom_it_was_printed_is_written_down(casework: Casework, path: str, to: str) -> None:
    ref = casework.case("Wren Sample")
    casework.site.sign_in().get(f"/cases/{ref}/{path}")
    with casework.site.database.reading() as connection:
        rows = connection.execute(
            select(Audit.__table__.c.recipient).where(Audit.__table__.c.operation == "disclosure")
        )
        assert list(rows.scalars()) == [to]


def test_what_left_can_be_looked_for(casework: Casework) -> None:
    ref = casework.case("Wren Sample")
    casework.site.sign_in().get(f"/cases/{ref}/print/record")
    (only,) = rows(log(casework, ref, "?shown=left"))
    assert "Opened, printed or sent print the victim's record" in only


def test_what_is_printed_for_the_victim_names_no_staff(casework: Casework) -> None:
    ref = casework.case("Wren Sample")
    casework.page(casework.site.sign_in(), f"/cases/{ref}")
    page = casework.page(casework.site.sign_in("supervisor"), f"/cases/{ref}/access/print")
    assert "Example Officer" not in page.text
    assert any("Officer, North Looked at Their case" in row for row in rows(page))
    assert ("disclosure", "print who looked", "supervisor", "done") in casework.site.audit()


def test_no_team_is_named_where_the_location_is_protected(casework: Casework) -> None:
    ref = casework.case("Wren Sample")
    protect(casework, ref)
    casework.page(casework.site.sign_in(), f"/cases/{ref}")
    for path in ("access", "access/print"):
        page = casework.page(casework.site.sign_in("supervisor"), f"/cases/{ref}/{path}")
        assert not any("North" in row for row in rows(page))


@pytest.mark.parametrize("path", ["access", "access/print"])
def test_nobody_but_the_supervisor_of_the_case_sees_it(casework: Casework, path: str) -> None:
    ref = casework.case("Wren Sample")
    for who in ("officer", "colleague", "stranger", "board", "administrator"):
        assert casework.site.sign_in(who).get(f"/cases/{ref}/{path}").status_code == 403, who
    assert casework.site.sign_in("supervisor").get(f"/cases/{ref}/{path}").status_code == 200


def everything_leaves(casework: Casework) -> None:
    with casework.site.database.writing() as connection:
        how = {"at": casework.site.clock.now, "person": staff.SYSTEM}
        audit.write_everything_left(connection, what=f"export all as the file {'f' * 64}", **how)


@pytest.mark.both_engines
def test_every_case_that_was_there_says_that_everything_left(casework: Casework) -> None:
    """By one row of the audit, however many cases there are."""
    before, listed = casework.case("Wren Sample"), select(func.count()).select_from(audit.SUBJECT)
    with casework.site.database.reading() as connection:
        subjects = connection.execute(listed).scalar_one()
    everything_leaves(casework)
    with casework.site.database.reading() as connection:
        assert connection.execute(listed).scalar_one() == subjects
    after = casework.case("Lark Sample")
    (left,) = rows(log(casework, before, "?shown=left"))
    assert f"Left, with all that is held here export all as the file {'f' * 64} Done by the service itself" in left
    assert rows(log(casework, after, "?shown=left")) == []
    printed = casework.page(casework.site.sign_in("supervisor"), f"/cases/{before}/access/print")
    assert any("System Left, with all that is held here" in row for row in rows(printed))


def test_when_everything_left_is_looked_for_along_an_index(casework: Casework) -> None:
    ref = casework.case("Wren Sample")
    database = casework.site.database
    with planned(database) as plans, database.reading() as connection:
        case_id = cases.id_of(connection, ref)
        assert case_id is not None
        (plan,) = plans(connection, lambda connection: access_log.accesses_of(connection, case_id))[-1:]
    assert "ix_audit_everything_left" in plan


def test_a_long_log_is_shown_in_pages(casework: Casework) -> None:
    ref = casework.case("Wren Sample")
    officer = casework.site.sign_in()
    for _ in range(60):
        officer.get(f"/cases/{ref}")
    assert len(rows(log(casework, ref))) == 50
    assert len(rows(log(casework, ref, "?page=2"))) >= 10


def test_what_is_closed_is_said_to_be_closed_wherever_the_log_is_read(casework: Casework, tmp_path: Path) -> None:
    ref, clock = casework.case("Wren Sample"), casework.site.clock
    assert "is closed" not in log(casework, ref).text
    before = clock.now
    with casework.site.database.writing() as connection:
        audit.write(connection, at=before, operation="access", what="sign out", person=staff.SYSTEM)
    clock.now += timedelta(days=800)
    anchors = AnchorFile(tmp_path / "anchors.jsonl", key_file=tmp_path / "audit.key")
    how = {
        "before": before.date().replace(year=before.year + 1),
        "key": bytes(32),
        "anchors": anchors,
        "now": clock.now,
    }
    assert len(list(close_months(casework.site.database, tmp_path, **how))) == 1
    everything_leaves(casework)
    assert len(rows(log(casework, ref, "?shown=left"))) == 1, "it was there then, though the row that says so is closed"
    until = instant(before)
    assert f"What was done with any case up to {until} is closed" in log(casework, ref).text
    printed = casework.page(casework.site.sign_in("supervisor"), f"/cases/{ref}/access/print")
    assert f"up to {until} is kept apart" in printed.text
