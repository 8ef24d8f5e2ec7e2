"""An officer is on leave, or leaves: the victim is answered, and nobody sees more than they need."""

from __future__ import annotations

from datetime import timedelta

from tests.journeys.conftest import Desk, SignIn
from tests.journeys.test_every_page import check, check_errors
from tests.web.casework import MONDAY
from tests.web.site import TEAM
from victimcare.store.staff import PEOPLE


def in_one_team(desk: Desk) -> None:
    with desk.casework.site.database.writing() as connection:
        connection.execute(PEOPLE.update().where(PEOPLE.c.id == "colleague").values(team_id=TEAM))


def test_a_victim_rings_while_their_officer_is_on_leave(desk: Desk, sign_in: SignIn) -> None:
    in_one_team(desk)
    desk.casework.case("Wren Sample")
    officer = sign_in("officer")
    officer.get_by_role("link", name="Leave and cover").click()
    check(officer, "leave")
    check_errors(officer, "leave", "Name the cover")
    officer.get_by_label("Who stands in?").select_option("Example Colleague")
    for part, value in (("day", "1"), ("month", "6"), ("year", "2026")):
        officer.fill(f"#until_on-{part}", value)
    officer.get_by_role("button", name="Name the cover").click()
    officer.get_by_role("heading", name="Arranged (1)").wait_for()
    check(officer, "leave, with a cover")

    switchboard = sign_in("stranger")
    switchboard.get_by_role("link", name="Take a message").click()
    check(switchboard, "take a message")
    check_errors(switchboard, "take a message", "Leave the message")
    switchboard.fill("#name", "Wren Samples")
    switchboard.get_by_label("News of the case").check()
    switchboard.get_by_label("Yes", exact=True).check()
    switchboard.get_by_role("button", name="Leave the message").click()
    switchboard.get_by_label("They know no more").wait_for()
    check(switchboard, "no case fits")
    switchboard.fill("#name", "Wren Sample")
    switchboard.fill("#words", "Has anybody been charged?")
    switchboard.get_by_role("button", name="Leave the message").click()
    switchboard.get_by_text("Tuesday 26 May 2026").wait_for()
    assert "Example Officer" not in switchboard.content()
    check(switchboard, "message left")

    cover = sign_in("colleague", javascript=False)
    assert "You stand in for Example Officer" in cover.locator("main").inner_text()
    cover.get_by_role("link", name="Read and answer").click()
    assert "Has anybody been charged?" in cover.locator("main").inner_text()
    assert "Covered by Example Colleague" in cover.locator("body").inner_text()
    cover.get_by_role("button", name="Record the contact").click()
    cover.get_by_label("Yes", exact=True).check()
    cover.get_by_label("Phone call").check()
    cover.get_by_role("button", name="Record", exact=True).click()
    assert "to answer by" not in cover.locator("body").inner_text()
    cover.get_by_role("link", name="Messages left").click()
    assert "Answered" in cover.locator("main").inner_text()

    back = sign_in("officer")
    back.get_by_role("link", name="Leave and cover").click()
    back.get_by_role("button", name="End it today").click()
    back.get_by_text("The cover has ended", exact=True).wait_for()
    cover.goto(f"{desk.address}/cases")
    assert "Wren Sample" not in cover.content()


def test_a_caller_whose_case_nobody_finds_is_looked_for_by_supervisors(desk: Desk, sign_in: SignIn) -> None:
    ref = desk.casework.case("Robin Sample")
    switchboard = sign_in("stranger")
    switchboard.goto(f"{desk.address}/messages/new")
    switchboard.fill("#name", "Robyn Sampel")
    switchboard.get_by_label("They are afraid").check()
    switchboard.get_by_label("No, or they did not say").check()
    switchboard.get_by_role("button", name="Leave the message").click()
    switchboard.get_by_label("They know no more").select_option("North")
    switchboard.get_by_role("button", name="Leave the message").click()
    switchboard.get_by_role("heading", name="Left with the supervisors").wait_for()
    supervisor = sign_in("supervisor")
    supervisor.get_by_role("link", name="Messages of the team").click()
    check(supervisor, "messages of the team")
    check_errors(supervisor, "messages of the team", "Give it to the case officer")
    supervisor.get_by_label("Reference of their case").fill(ref)
    supervisor.get_by_role("button", name="Give it to the case officer").click()
    supervisor.get_by_text("The message is with its case officer").wait_for()
    officer = sign_in("officer")
    officer.get_by_role("link", name="Read and answer").click()
    check(officer, "messages left")


def test_an_officer_who_leaves_hands_over(desk: Desk, sign_in: SignIn) -> None:
    in_one_team(desk)
    ref = desk.casework.case("Hazel Sample", at=MONDAY - timedelta(days=14))
    officer = sign_in("officer")
    officer.goto(f"{desk.address}/cases/{ref}")
    officer.get_by_role("link", name="Hand-over").click()
    check(officer, "hand-over")
    check_errors(officer, "hand-over", "Save")
    officer.fill("#words", "Never rings before noon")
    officer.get_by_role("button", name="Save").click()
    officer.locator(".app-note").get_by_text("Never rings before noon").wait_for()

    supervisor = sign_in("supervisor")
    supervisor.get_by_role("link", name="Hand cases over").click()
    supervisor.get_by_label(f"Choose {ref}").check()
    supervisor.get_by_label("New case officer").select_option(value="colleague")
    supervisor.get_by_label("Reason").fill("Leaves the force")
    supervisor.get_by_role("button", name="See what it would do").click()
    supervisor.get_by_role("button", name="Reassign 1 case").click()
    supervisor.get_by_role("alert").wait_for()
    supervisor.goto(f"{desk.address}/team/waiting")
    supervisor.get_by_role("heading", name="Handed over, and not acknowledged or the victim not told (1)").wait_for()
    check(supervisor, "team, with a case handed over")
    officer.goto(f"{desk.address}/cases/{ref}")
    assert "Hazel Sample" not in officer.content()

    colleague = sign_in("colleague")
    check(colleague, "today, with a case handed over")
    colleague.get_by_role("link", name="Read the hand-over and acknowledge").click()
    assert "Never rings before noon" in colleague.locator("main").inner_text()
    check(colleague, "hand-over to acknowledge")
    colleague.get_by_role("button", name="I have read it: acknowledge").click()
    colleague.get_by_role("button", name="The victim knows").click()
    colleague.get_by_role("link", name="Print").click()
    check(colleague, "print")
    for name in ("own record", "in short, for staff"):
        colleague.get_by_role("link", name=name).click()
        colleague.locator(".app-printed").wait_for()
        check(colleague, name)
        colleague.go_back()
    colleague.goto(desk.address)
    assert "Handed over to you" not in colleague.content()
