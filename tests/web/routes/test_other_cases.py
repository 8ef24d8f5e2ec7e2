"""Other cases of the same person on the page: suggested, proposed by one and confirmed by another, taken back."""

from __future__ import annotations

from datetime import date

from tests.web.casework import Casework
from tests.web.page import Page
from victimcare.store.tables import CaseLink

BORN = date(1985, 3, 4)


def test_one_proposes_another_confirms_and_either_takes_it_back(casework: Casework) -> None:
    ref, other = casework.case("Élodie O’Sample", born_on=BORN), casework.case("Elodie O'Sample", born_on=BORN)
    officer, supervisor = casework.site.sign_in(), casework.site.sign_in("supervisor")
    assert (
        "0 linked, 1 more with the same name and date of birth" in casework.page(officer, f"/cases/{ref}/victim").text
    )
    path = f"/cases/{ref}/other-cases"
    form = casework.page(officer, path).form(path)
    sent = form.filled(other=other, reason="victim_said", confidence="certain")
    assert officer.post(path, sent).status_code == 303
    page = casework.page(officer, path)
    assert "Nobody yet: it waits for a second person" in page.text
    assert "Confirm: it is the same person" not in page.text
    link = {"form_key": "one", "link_id": "1", "what": "confirm"}
    assert officer.post(f"{path}/link", link).status_code == 403
    assert supervisor.post(f"{path}/link", {**link, "form_key": "two"}).status_code == 303
    assert "Confirmed by Example Supervisor" in casework.page(officer, f"/cases/{other}/other-cases").text
    undone = {"form_key": "three", "link_id": "1", "what": "another_person"}
    assert officer.post(f"/cases/{other}/other-cases/link", undone).status_code == 303
    assert "Linked (0)" in casework.page(officer, path).text
    with casework.site.database.reading() as connection:
        kept = connection.execute(CaseLink.__table__.select()).one()
    assert (kept.proposed_by, kept.confirmed_by, kept.undone_by, kept.why_undone) == (
        "officer", "supervisor", "officer", "another_person",
    )  # fmt: skip


def test_only_what_was_suggested_can_be_linked(sqlite_casework: Casework) -> None:
    ref, unlike = sqlite_casework.case(born_on=BORN), sqlite_casework.case("Robin Sample", born_on=BORN)
    browser, path = sqlite_casework.site.sign_in(), f"/cases/{ref}/other-cases"
    assert sqlite_casework.page(browser, path).forms[-1].action != path
    for other in (unlike, ref, "nonsense"):
        sent = {"form_key": other, "other": other, "reason": "victim_said", "confidence": "certain"}
        answer = browser.post(path, sent)
        assert (answer.status_code, Page(answer.text).errors()) == (422, ["Choose one of the cases suggested"])


def test_a_link_that_is_none_is_a_sentence(sqlite_casework: Casework) -> None:
    ref = sqlite_casework.case(born_on=BORN)
    sent = {"form_key": "one", "link_id": "7", "what": "confirm"}
    answer = sqlite_casework.site.sign_in().post(f"/cases/{ref}/other-cases/link", sent)
    assert (answer.status_code, Page(answer.text).errors()) == (422, ["There is no such link now"])
