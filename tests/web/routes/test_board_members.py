"""A member of the board reads what its secretariat asks for: nothing on their pages leads to what refuses them."""

from __future__ import annotations

import pytest

from tests.published import publish_due
from tests.queries.worlds import store
from tests.web.page import Page
from tests.web.routes.test_board import IN_TIME, arrest
from tests.web.routes.test_board_actions import decide
from tests.web.routes.test_board_packs import ask, run_job
from tests.web.routes.test_board_process_changes import declare
from tests.web.site import Site
from victimcare.commands.ask_for_pack import NotTheirPack, ask_for_pack
from victimcare.domain.law import Law
from victimcare.domain.people import Person, Role
from victimcare.presentation.board_pack import pdf


@pytest.fixture
def worked(site: Site, law: Law, monkeypatch: pytest.MonkeyPatch) -> Site:
    """The secretariat recorded an action, declared a change and had a pack made of a published quarter."""
    monkeypatch.setattr(pdf, "pdf_bytes", lambda page: b"%PDF-1.7 " + page[:20])
    store(site.database, [arrest(number, IN_TIME, referred=number < 20) for number in range(50)], law=law)
    publish_due(site.database, law, site.clock.now)
    assert decide(site)[0] == declare(site)[0] == 303
    assert ask(site).status_code == 303
    run_job(site, law)
    return site


def walked(site: Site, who: str) -> tuple[set[str], set[str]]:
    """Every page below /board to which links lead from the first, and where their forms would be sent."""
    browser, found, forms = site.sign_in(who), {"/board"}, set()
    to_see = ["/board"]
    while to_see:
        address = to_see.pop()
        answer = browser.get(address)
        assert answer.status_code == 200, f"{who} is led to {address}: {answer.status_code}"
        page = Page(answer.text)
        forms |= {form.action for form in page.forms if form.action.startswith("/board") and form.method == "post"}
        links = {link.partition("#")[0] for link in page.links(starts="/board")}
        new = {link for link in links if link.partition("?")[0] not in {each.partition("?")[0] for each in found}}
        found |= new
        to_see += sorted(new)
    return {each.partition("?")[0] for each in found}, forms


def test_a_member_is_led_to_all_that_there_is_to_read_and_to_nothing_that_refuses_them(worked: Site) -> None:
    pages, forms = walked(worked, "member")
    all_pages, all_forms = walked(worked, "board")
    names = worked.app.state.row_names
    asked_for = {"/board/replays", "/board/actions/new", "/board/months/changes/new"}
    assert all_pages - pages == asked_for
    assert pages < all_pages
    assert {form for form in forms if not form.endswith("/file")} == set()
    assert {form for form in all_forms if not form.endswith("/file")} >= {
        "/board/packs",
        f"/board/actions/{names.name('board_action', 1)}/end",
        f"/board/months/changes/{names.name('process_change', 1)}/withdraw",
        "/board/actions",
        "/board/months/changes",
    }


def test_a_member_takes_a_pack_that_the_secretariat_had_made(worked: Site) -> None:
    browser = worked.sign_in("member")
    page = Page(browser.get("/board/packs").text)
    assert "The secretariat of the board has them made." in page.text
    (address,) = (link for link in page.links(starts="/board/packs/file") if link.endswith("-csv"))
    form = Page(browser.get(address).text).form("/board/packs/file")
    taken = browser.post(form.action, form.filled(purpose="meeting"))
    assert taken.status_code == 200
    assert taken.content.startswith(b"PK")


def test_a_member_cannot_ask_for_a_pack_by_whatever_way(worked: Site) -> None:
    answer = worked.sign_in("member").post("/board/packs", {"period": "2026-q1", "since": "none"})
    assert answer.status_code == 403
    member = Person("member", "Example Member", Role.BOARD_MEMBER)
    chosen = {"period": "2026-q1", "baseline": "", "force": "", "threshold": 5}
    with pytest.raises(NotTheirPack), worked.database.writing() as connection:
        ask_for_pack(connection, by=member, now=worked.clock.now, **chosen)  # type: ignore[arg-type]
