"""Whatever is refused to somebody signed in is a row of the audit: one, about the case where there is one."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import OperationalError

from tests.web.casework import Casework, add_strangers
from tests.web.every_form import BORN, given_all
from tests.web.routes.test_incidents import opened, recorded
from tests.web.routes.test_record_packs import a_record
from tests.web.site import Browser, Site
from victimcare.store import audit
from victimcare.store.audit import AUDIT, SUBJECT
from victimcare.store.cases import CASES


@pytest.fixture
def casework(site: Site) -> Casework:
    return Casework(site)


def refused(casework: Casework) -> list[tuple[str, str, str | None]]:
    """What was refused, to whom, and about which case."""
    joined = AUDIT.outerjoin(SUBJECT, SUBJECT.c.seq == AUDIT.c.seq).outerjoin(CASES, CASES.c.id == SUBJECT.c.case_id)
    wanted = select(AUDIT.c.what, AUDIT.c.person_id, CASES.c.ref).select_from(joined)
    with casework.site.database.reading() as connection:
        rows = connection.execute(wanted.where(AUDIT.c.outcome == "refused").order_by(AUDIT.c.seq))
        return [(row.what, row.person_id, row.ref) for row in rows]


def said(casework: Casework) -> list[tuple[str, str, str | None]]:
    """The same without what it takes to use the address."""
    return [(what.partition(": ")[2], who, ref) for what, who, ref in refused(casework)]


def test_approving_ones_own_pack_is_written_down(casework: Casework) -> None:
    ref = a_record(casework)
    path, supervisor = f"/cases/{ref}/record", casework.site.sign_in("supervisor")
    assert supervisor.post(path, given_all(casework.page(supervisor, path), path)).status_code == 303
    assert supervisor.post(f"{path}/approve", {"form_key": "own"}).status_code == 403
    assert said(casework) == [("own pack", "supervisor", ref)]


def test_confirming_ones_own_link_is_written_down(casework: Casework) -> None:
    ref, other = (casework.case("Wren Sample", born_on=BORN) for _ in range(2))
    officer, path = casework.site.sign_in(), f"/cases/{ref}/other-cases"
    form = casework.page(officer, path).form(path)
    sent = form.filled(other=other, reason="victim_said", confidence="certain")
    assert officer.post(path, sent).status_code == 303
    link = {"form_key": "one", "link_id": "1", "what": "confirm"}
    assert officer.post(f"{path}/link", link).status_code == 403
    assert said(casework) == [("second person needed", "officer", ref)]


def test_what_is_of_another_team_is_written_down(casework: Casework) -> None:
    recorded(casework)
    ours = next(link for link in links_of(casework.site.sign_in("supervisor"), casework) if "new" not in link)
    add_strangers(casework.site)
    with casework.site.database.writing() as connection:
        connection.execute(text("UPDATE person SET role = 'supervisor' WHERE id = 'stranger'"))
    chief = casework.site.sign_in("stranger")
    sent = {"decision": "told", "why": "Somebody else decides about it", "form_key": "d"}
    answers = [
        chief.get(ours),
        chief.post(f"{ours}/decision", sent),
        chief.post(f"/retention/disposals/{casework.named('disposal', 1)}/undo", {"form_key": "u"}),
        chief.post(f"/messages/{'0' * 16}/case", {"form_key": "m", "ref": "AAAAA-AAAAA"}),
    ]
    assert [answer.status_code for answer in answers] == [404, 404, 409, 409]
    assert [what for what, who, _ in refused(casework) if who == "stranger"] == [
        "see incidents: nothing there",
        "keep incidents: no such incident",
        "review records: no such disposal",
        "reassign cases: no message waits",
    ]


def links_of(browser: Browser, casework: Casework) -> list[str]:
    """The addresses on the register of incidents."""
    assert opened(casework)
    return casework.page(browser, "/incidents").links(starts="/incidents/")


@pytest.mark.parametrize("path", ["/access-alerts/{}", "/emergency-reviews/99", "/emergency-reviews/{}"])
def test_an_alert_that_is_none_is_written_down(casework: Casework, path: str) -> None:
    assert casework.site.sign_in("reviewer").get(path.format("0" * 16)).status_code in (403, 404)
    assert [who for _, who, _ in refused(casework)] == ["reviewer"]


def test_a_thing_of_a_case_that_it_has_not_is_written_down_with_the_case(casework: Casework) -> None:
    ref = casework.case("Wren Sample")
    assert casework.site.sign_in().get(f"/cases/{ref}/contact-details/nothing").status_code == 404
    assert said(casework) == [("nothing there", "officer", ref)]


def test_what_the_role_does_not_include_is_written_down_with_the_case(casework: Casework) -> None:
    ref = casework.case("Wren Sample")
    assert casework.site.sign_in("board").get(f"/cases/{ref}").status_code == 403
    assert refused(casework) == [("see a case: not allowed", "board", ref)]


def test_a_form_without_the_token_of_its_sign_in_is_written_down(casework: Casework) -> None:
    ref = casework.case("Wren Sample")
    sent = {"words": "Anything", "form_key": "n"}
    assert casework.site.sign_in().post(f"/cases/{ref}/notes", sent, token="another").status_code == 403
    assert said(casework) == [("form not ours", "officer", ref)]


def test_what_another_site_sends_is_nobodys_doing(casework: Casework) -> None:
    ref = casework.case("Wren Sample")
    elsewhere = {"Origin": "https://elsewhere.example", "Sec-Fetch-Site": "cross-site"}
    answer = casework.site.sign_in().post(f"/cases/{ref}/notes", {"words": "Anything"}, headers=elsewhere)
    assert answer.status_code == 403
    assert not refused(casework)


@pytest.mark.parametrize("path", ["/nowhere", "/cases/%20/notes", "/help/nothing"])
def test_an_address_that_is_none_of_ours_is_no_refusal(casework: Casework, path: str) -> None:
    assert casework.site.sign_in().get(path).status_code == 404
    assert not [row for row in refused(casework) if row[0] != "case"]


def test_nobody_is_written_down_where_nobody_is_signed_in(casework: Casework) -> None:
    ref = casework.case("Wren Sample")
    before = len(casework.site.audit())
    assert casework.site.browser().get(f"/cases/{ref}").status_code == 303
    assert len(casework.site.audit()) == before


def test_what_was_typed_wrong_is_no_refusal(casework: Casework) -> None:
    ref = casework.case("Wren Sample")
    officer = casework.site.sign_in()
    form = casework.page(officer, f"/cases/{ref}/notes").form(f"/cases/{ref}/notes")
    assert officer.post(form.action, form.filled(words="")).status_code == 422
    assert not refused(casework)


def test_where_it_cannot_be_written_the_refusal_stands(casework: Casework, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: Any, **__: Any) -> None:
        raise OperationalError("", {}, Exception("no space"))

    board = casework.site.sign_in("board")
    monkeypatch.setattr(audit, "write", fails)
    assert board.get("/cases").status_code == 403
