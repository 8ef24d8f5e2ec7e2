"""What is held on a victim, given to them: decided item by item, by two people, and what came later is not in it."""

from __future__ import annotations

import json
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

from tests.web.casework import Casework
from tests.web.every_form import BORN, LATE, given_all
from tests.web.furnished import Marks, furnish
from tests.web.page import Page
from tests.web.relations import protect
from tests.web.site import Browser
from victimcare.store import audit, staff

GOLDEN = Path(__file__).with_name("golden_record.jsonl")
MARKS = Marks(place="Canaryplace", person="Canaryguardian", supporter="Canarysupporter", question="Canaryquestion")


def a_record(casework: Casework) -> str:
    return furnish(casework, casework.case("Wren Sample", at=LATE, born_on=BORN), MARKS).ref


def sent(casework: Casework, browser: Browser, path: str, what: str = "") -> Any:
    """The button of the next step, pressed."""
    action = f"{path}/{what}"
    return browser.post(action, casework.page(browser, path).form(action).filled())


def prepared(casework: Casework, path: str, **other: Any) -> None:
    officer = casework.site.sign_in()
    filled = {**given_all(casework.page(officer, path), path), **other}
    assert officer.post(path, filled).headers["location"] == f"{path}?done=prepared"


def approved(casework: Casework, path: str) -> Browser:
    """The browser of the supervisor who approved it."""
    prepared(casework, path)
    supervisor = casework.site.sign_in("supervisor")
    assert sent(casework, supervisor, path, "approve").headers["location"] == f"{path}?done=approved"
    return supervisor


def released(casework: Casework, path: str) -> dict[str, str]:
    """The files of the pack."""
    supervisor = approved(casework, path)
    answer = sent(casework, supervisor, path, "release")
    assert answer.headers["content-type"] == "application/zip"
    with ZipFile(BytesIO(answer.content)) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist()}


def test_all_that_is_held_is_in_it_and_nothing_of_others_or_for_officers(casework: Casework) -> None:
    path = f"/cases/{a_record(casework)}/record"
    files = released(casework, path)
    assert sorted(files) == ["manifest.json", "record.css", "record.html", "record.jsonl"]
    for name in ("record.html", "record.jsonl"):
        assert "Canaryplace" in files[name], "their own address"
        assert "Wren Sample" in files[name]
        assert "left out: it is about somebody else" in files[name]
        for others in ("Canaryguardian", "Canarysupporter", "Canaryquestion", "Suspect 1"):
            assert others not in files[name], others
    assert "Who has looked at your record" in files["record.html"]
    assert json.loads(files["manifest.json"])["items"] > 10
    assert ("disclosure", "release record", "supervisor", "done") in casework.site.audit()


def test_that_it_left_with_everything_stands_among_those_who_looked(casework: Casework) -> None:
    path = f"/cases/{a_record(casework)}/record"
    with casework.site.database.writing() as connection:
        audit.write_everything_left(connection, at=casework.site.clock.now, what="export all", person=staff.SYSTEM)
    assert "Left, with all that is held here" in released(casework, path)["record.jsonl"]


def test_the_record_is_as_the_golden_file_has_it(casework: Casework) -> None:
    """What is held in another way, or more of it, shows here: look at the difference, then write the file anew."""
    ref = a_record(casework)
    lines = released(casework, f"/cases/{ref}/record")["record.jsonl"].replace(ref, "A-CASE")
    assert lines == GOLDEN.read_text("utf-8")


def test_the_page_shows_no_number_and_no_address(casework: Casework) -> None:
    ref = a_record(casework)
    page = casework.page(casework.site.sign_in(), f"/cases/{ref}/record")
    assert "Canaryquestion" not in page.text
    assert f"phone {ref}" not in page.text
    assert "Not shown on this page" in page.text


def test_nobody_approves_or_lets_out_what_they_prepared(casework: Casework) -> None:
    path = f"/cases/{a_record(casework)}/record"
    supervisor, officer = casework.site.sign_in("supervisor"), casework.site.sign_in()
    assert supervisor.post(path, given_all(casework.page(supervisor, path), path)).status_code == 303
    assert supervisor.post(f"{path}/approve", {"form_key": "own"}).status_code == 403
    assert officer.post(f"{path}/approve", {"form_key": "x"}).status_code == 403
    assert officer.post(f"{path}/release", {"form_key": "y"}).status_code == 403
    assert "a supervisor who did not must approve" in casework.page(supervisor, path).text


def test_it_does_not_leave_before_it_is_approved_and_leaves_once(casework: Casework) -> None:
    path = f"/cases/{a_record(casework)}/record"
    prepared(casework, path)
    supervisor = casework.site.sign_in("supervisor")
    assert supervisor.post(f"{path}/release", {"form_key": "early"}).status_code == 409
    assert sent(casework, supervisor, path, "approve").status_code == 303
    assert sent(casework, supervisor, path, "release").status_code == 200
    assert supervisor.post(f"{path}/release", {"form_key": "again"}).status_code == 409


def test_what_is_added_after_approval_is_not_in_it(casework: Casework) -> None:
    ref = a_record(casework)
    path = f"/cases/{ref}/record"
    supervisor = approved(casework, path)
    officer = casework.site.sign_in()
    note = casework.page(officer, f"/cases/{ref}/notes").form(f"/cases/{ref}/notes")
    assert officer.post(f"/cases/{ref}/notes", note.filled(words="Canarylate")).status_code == 303
    assert "Recorded since: not in it" in casework.page(supervisor, path).text
    answer = sent(casework, supervisor, path, "release")
    with ZipFile(BytesIO(answer.content)) as archive:
        assert "Canarylate" not in archive.read("record.jsonl").decode()


def test_a_change_of_what_was_approved_is_refused(casework: Casework) -> None:
    ref = a_record(casework)
    path = f"/cases/{ref}/record"
    supervisor = approved(casework, path)
    casework.contact(casework.site.sign_in(), ref)
    answer = sent(casework, supervisor, path, "release")
    assert answer.status_code == 409
    assert "has changed since it was decided" in Page(answer.text).errors()[0]
    assert sent(casework, supervisor, path, "withdraw").headers["location"] == f"{path}?done=withdrawn"


def test_every_item_is_decided_with_a_reason_where_it_is_left_out(casework: Casework) -> None:
    path = f"/cases/{a_record(casework)}/record"
    officer = casework.site.sign_in()
    filled = given_all(casework.page(officer, path), path)
    first, *rest = filled["decided"]
    for undecided in (first.replace("|give", "|"), first.replace("|give", "|no reason")):
        answer = officer.post(path, {**filled, "decided": [undecided, *rest]})
        assert answer.status_code == 422
        assert "Decide about each item" in Page(answer.text).errors()[0]
    short = officer.post(path, {**filled, "form_key": "short", "decided": rest})
    assert short.status_code == 409, "an item of which nothing was said"
    who = officer.post(path, {**filled, "recipient": "representative"})
    assert "Enter the name of the representative" in Page(who.text).errors()[0]


def test_what_is_left_out_is_not_in_it(casework: Casework) -> None:
    path = f"/cases/{a_record(casework)}/record"
    officer = casework.site.sign_in()
    filled = given_all(casework.page(officer, path), path)
    left = [
        each.replace("|give", "|safety") if each.startswith("contact_point") else each for each in filled["decided"]
    ]
    who = {"recipient": "representative", "recipient_name": "Robin Sample", "decided": left}
    assert officer.post(path, {**filled, **who}).status_code == 303
    supervisor = casework.site.sign_in("supervisor")
    page = casework.page(supervisor, path)
    assert "Their representative: Robin Sample" in page.text
    assert "Left out: Giving it could put somebody in danger" in page.text
    assert sent(casework, supervisor, path, "approve").status_code == 303
    answer = sent(casework, supervisor, path, "release")
    with ZipFile(BytesIO(answer.content)) as archive:
        assert "Sampleton" not in archive.read("record.jsonl").decode()


def test_of_a_protected_location_nothing_that_tells_it_leaves_whoever_asks(casework: Casework) -> None:
    """Not with what the custodian hands out either: a pack is opened elsewhere."""
    place = "14 Canary Row LU1 2AB"
    marks = Marks(place=place, telephone="01632 960001", note=place, message=place, words=place, answer=place)
    ref = furnish(casework, casework.case("Wren Sample", at=LATE, born_on=BORN), marks).ref
    protect(casework, ref)
    files = released(casework, f"/cases/{ref}/record")
    for name, content in files.items():
        for told in ("Canary Row", "LU1 2AB", "960001"):
            assert told not in content, name
