"""Keeping people: what an administrator changes holds at the next request, and nothing is left in nobody's hands."""

from __future__ import annotations

from datetime import timedelta
from email import message_from_bytes
from email.policy import default
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert, select, update

from tests.web.casework import PEOPLE as WHO
from tests.web.casework import Casework
from tests.web.page import Page
from tests.web.site import OTHER_TEAM, TEAM, Browser
from victimcare.commands.keep_people import give_secret
from victimcare.domain.position import ACCESS_GIVEN
from victimcare.jobs.delivery import deliver_outbox
from victimcare.jobs.work import Work
from victimcare.notices.channel import Notice, NotSent
from victimcare.notices.mailbox import Mailbox
from victimcare.store.outbox import OUTBOX
from victimcare.store.staff import PEOPLE
from victimcare.store.tables import Team

HOUR = timedelta(hours=1)


def one(casework: Casework, who: str, browser: Browser | None = None) -> Page:
    return casework.page(browser or casework.site.sign_in("administrator"), f"/people/{who}")


def press(casework: Casework, who: str, what: str) -> Any:
    """Press a button of somebody's page, whether or not the page shows it."""
    number = next(casework.numbers)
    return casework.site.sign_in("administrator").post(f"/people/{who}/{what}", {"form_key": f"button{number}"})


def save(casework: Casework, who: str, *, by: str = "administrator", **changed: Any) -> Any:
    browser = casework.site.sign_in(by)
    form = one(casework, who, browser).form(f"/people/{who}")
    return browser.post(form.action, {**form.filled(), **changed})


def off_duty(casework: Casework) -> None:
    with casework.site.database.writing() as connection:
        connection.execute(update(Team.__table__).values(duty_supervisor_id="colleague"))


def is_signed_in(browser: Browser) -> bool:
    return "Sign out" in browser.get("/help").text


@pytest.mark.parametrize("who", ["officer", "supervisor", "board", "editor"])
def test_nobody_but_administrators_keeps_people(casework: Casework, who: str) -> None:
    browser = casework.site.sign_in(who)
    for path in ("/people", "/people/new", "/people/officer", "/people/teams", f"/people/teams/{TEAM}"):
        assert browser.get(path).status_code == 403, path
    for path in ("/people", "/people/officer", "/people/officer/stop", "/people/officer/secret", "/people/teams"):
        assert browser.post(path, {"form_key": "x"}).status_code == 403, path


def test_an_administrator_adds_somebody_who_then_signs_in_with_their_own_password(casework: Casework) -> None:
    browser = casework.site.sign_in("administrator")
    form = casework.page(browser, "/people/new").form("/people")
    sent = form.filled(name="Lark Example", role="officer", team=TEAM, specialisms=["child"])
    answer = browser.post("/people", sent)
    assert answer.status_code == 303
    page = casework.page(browser, answer.headers["location"])
    assert "No secret yet" in page.text
    button = page.form(f"{answer.headers['location']}/secret")
    shown = Page(browser.post(button.action, button.filled()).text)
    [secret] = [code.text for code in shown.all("code")]
    assert casework.site.browser().post("/welcome", {"secret": secret}).status_code == 200
    assert secret not in casework.page(browser, answer.headers["location"]).html, "it is shown once"
    assert "Secret given" in casework.page(browser, "/people").text


@pytest.mark.parametrize(
    ("filled", "said"),
    [
        ({"name": ""}, "Enter their name"),
        ({"role": ""}, "Choose a role"),
        ({"role": "system"}, "Choose a role"),
        ({"team": ""}, "Choose a team: case officers and supervisors work in one"),
        ({"team": "nowhere"}, "Choose a team"),
        ({"role": "board"}, "Choose no team: the role secretariat of the board has none"),
        ({"role": "supervisor", "specialisms": ["child"]}, "Only case officers are trained for kinds of cases"),
        ({"email": "no address"}, "Work e-mail address is not one that is known here"),
    ],
)
def test_role_and_team_go_together(casework: Casework, filled: dict[str, Any], said: str) -> None:
    browser = casework.site.sign_in("administrator")
    form = casework.page(browser, "/people/new").form("/people")
    good = form.filled(name="Lark Example", role="officer", team=TEAM)
    answer = browser.post("/people", {**good, **filled})
    assert (answer.status_code, Page(answer.text).errors()) == (422, [said])


@pytest.mark.parametrize("what", ["stop", "left", "end-sign-ins", "secret"])
def test_every_sign_in_of_theirs_ends_with_it(casework: Casework, what: str) -> None:
    """At the next request: a page sends them to sign in, a form changes nothing."""
    browsers = [casework.site.sign_in("colleague") for _ in range(2)]
    token = browsers[0].token()
    assert press(casework, "colleague", what).status_code in (200, 303)
    assert [is_signed_in(browser) for browser in browsers] == [False, False]
    assert browsers[0].get("/").status_code == 303
    assert browsers[0].post("/leave", {"form_key": "x"}, token=token).headers["location"].startswith("/sign-in")
    again = casework.site.browser().sign_in("colleague").status_code
    assert again == (303 if what == "end-sign-ins" else 422)


@pytest.mark.parametrize("changed", [{"role": "supervisor"}, {"team": OTHER_TEAM}, {"role": "board", "team": ""}])
def test_another_role_or_team_ends_every_sign_in(casework: Casework, changed: dict[str, str]) -> None:
    browser = casework.site.sign_in("colleague")
    assert save(casework, "colleague", **changed).status_code == 303
    assert not is_signed_in(browser)
    assert casework.site.browser().sign_in("colleague").status_code == 303


def test_a_new_name_ends_nothing(casework: Casework) -> None:
    browser = casework.site.sign_in("colleague")
    assert save(casework, "colleague", name="Robin Example").status_code == 303
    assert "Robin Example" in browser.get("/help").text


def test_somebody_whose_signing_in_was_stopped_is_let_in_again(casework: Casework) -> None:
    press(casework, "colleague", "stop")
    assert "Stopped" in one(casework, "colleague").text
    assert press(casework, "colleague", "allow").status_code == 303
    assert casework.site.browser().sign_in("colleague").status_code == 303


def test_nobody_leaves_or_moves_with_open_cases_but_is_stopped_at_once(casework: Casework) -> None:
    for _ in range(2):
        casework.case(officer="colleague")
    said = "They hold 2 open cases: their supervisor hands them over on the page Team"
    assert Page(press(casework, "colleague", "left").text).errors() == [said]
    assert Page(save(casework, "colleague", team=OTHER_TEAM).text).errors() == [said]
    assert said in one(casework, "colleague").text
    assert casework.site.browser().sign_in("colleague").status_code == 303, "nothing was changed"
    assert press(casework, "colleague", "stop").status_code == 303
    assert casework.site.browser().sign_in("colleague").status_code == 422


def test_a_supervisor_on_duty_and_a_custodian_hand_over_first(casework: Casework) -> None:
    ref = casework.case()
    form = {"form_key": "protect", "custodian": "supervisor", "reason": "An invented reason"}
    path = f"/cases/{ref}/contact-details/protection"
    assert casework.site.sign_in("supervisor").post(path, form).status_code == 303
    said = Page(press(casework, "supervisor", "left").text).errors()
    assert said == [
        "They are the custodian of 1 protected location: their supervisor names another, under Hand cases over",
        "They are the supervisor on duty of North: name another on the page Teams",
    ]


def test_the_last_administrator_stays(casework: Casework) -> None:
    said = ["They are the last administrator: make somebody else one first"]
    for what in ("stop", "left"):
        assert Page(press(casework, "administrator", what).text).errors() == said
    assert Page(save(casework, "administrator", role="board").text).errors() == said
    assert save(casework, "board", role="administrator").status_code == 303
    assert save(casework, "administrator", by="board", role="board").status_code == 303


def test_somebody_who_comes_back_needs_a_new_secret(casework: Casework) -> None:
    press(casework, "editor", "left")
    assert Page(press(casework, "editor", "secret").text).errors() == [
        "They do not work here any more: note first that they are back"
    ]
    assert press(casework, "editor", "returned").status_code == 303
    assert casework.site.browser().sign_in("editor").status_code == 422
    assert press(casework, "editor", "secret").status_code == 200


def test_of_two_who_change_the_same_person_the_second_is_told(casework: Casework) -> None:
    browser = casework.site.sign_in("administrator")
    form = one(casework, "colleague", browser).form("/people/colleague")
    assert save(casework, "colleague", name="Robin Example").status_code == 303
    answer = browser.post(form.action, form.filled(name="Wren Example"))
    assert answer.status_code == 409
    assert "Wren Example" in answer.text, "what was typed is kept"


def test_everything_is_written_down_and_says_of_whom(casework: Casework) -> None:
    press(casework, "colleague", "stop")
    press(casework, "colleague", "allow")
    save(casework, "colleague", team=OTHER_TEAM)
    written = [what for _, what, who, _ in casework.site.audit() if who == "administrator" and what != "sign in"]
    assert written == [
        "stop signing in of colleague",
        "allow signing in of colleague",
        "change role or team of colleague",
    ]
    assert "Example" not in str(casework.site.audit())


def test_the_program_itself_is_nobody_to_keep(casework: Casework) -> None:
    assert casework.site.sign_in("administrator").get("/people/system").status_code == 404
    assert press(casework, "system", "stop").status_code == 404


def test_a_team_is_added_and_has_somebody_on_duty(casework: Casework) -> None:
    browser = casework.site.sign_in("administrator")
    form = casework.page(browser, "/people/teams/new").form("/people/teams")
    assert browser.post(form.action, form.filled(name="East", area="E03")).status_code == 303
    assert Page(
        browser.post(form.action, {**form.filled(name="EAST", area="E04"), "form_key": "again"}).text
    ).errors() == ["Another team has this name"]
    off_duty(casework)
    path = f"/people/teams/{TEAM}"
    form = casework.page(browser, path).form(path)
    assert Page(browser.post(path, {**form.filled(), "on_duty": "officer"}).text).errors() == [
        "Choose a supervisor of this team"
    ]
    assert browser.post(path, {**form.filled(), "on_duty": "supervisor", "form_key": "second"}).status_code == 303
    assert "Example Supervisor" in casework.page(browser, "/people/teams").text
    form = casework.page(browser, path).form(path)
    assert Page(browser.post(path, {**form.filled(), "on_duty": "", "form_key": "third"}).text).errors() == [
        "Choose who is on duty: somebody holds what nobody can take"
    ]


def test_a_team_has_somebody_above_it_and_an_inbox(casework: Casework) -> None:
    browser = casework.site.sign_in("administrator")
    path = f"/people/teams/{TEAM}"
    form = casework.page(browser, path).form(path)
    asked = {**form.filled(), "inbox": "team@example.invalid", "next_supervisor": "officer"}
    assert Page(browser.post(path, asked).text).errors() == ["Choose a supervisor"]
    asked |= {"next_supervisor": "supervisor", "form_key": "second"}
    assert Page(browser.post(path, asked).text).errors() == ["Choose somebody else than who is on duty"]
    with casework.site.database.writing() as connection:
        connection.execute(PEOPLE.update().where(PEOPLE.c.id == "colleague").values(role="supervisor"))
    asked |= {"next_supervisor": "colleague", "form_key": "third"}
    assert browser.post(path, asked).status_code == 303
    text = casework.page(browser, "/people/teams").text
    assert "team@example.invalid" in text
    assert "Example Colleague" in text
    asked = {**casework.page(browser, path).form(path).filled(), "inbox": "not an address", "form_key": "fourth"}
    assert browser.post(path, asked).status_code == 422


def test_a_refused_change_is_undone_whole(casework: Casework) -> None:
    """Leaving stops the signing in first: it is allowed still where the leaving is refused."""
    casework.case(officer="colleague")
    before = casework.site.audit()
    press(casework, "colleague", "left")
    assert casework.site.audit()[len(before) :] == [("access", "sign in", "administrator", "done")]
    assert casework.site.browser().sign_in("colleague").status_code == 303


def told_of_access(casework: Casework) -> list[tuple[str, str]]:
    """Whom the outbox tells that who can reach cases."""
    told = select(OUTBOX.c.start_key, OUTBOX.c.recipient_id).where(OUTBOX.c.step == ACCESS_GIVEN)
    with casework.site.database.reading() as connection:
        return sorted((row.start_key.split()[0], row.recipient_id) for row in connection.execute(told))


def test_nobody_decides_what_they_may_do_themselves(casework: Casework) -> None:
    """An administrator reaches no case, and would be a supervisor at once."""
    assert save(casework, "board", role="administrator").status_code == 303
    answer = save(casework, "administrator", role="supervisor", team=TEAM)
    assert answer.status_code == 422
    assert Page(answer.text).errors() == ["Ask another administrator: nobody decides what they may do themselves"]
    assert save(casework, "administrator", name="Another Name").status_code == 303


def test_supervisors_and_reviewers_hear_at_once_who_can_reach_cases_from_now_on(
    casework: Casework, tmp_path: Path
) -> None:
    assert save(casework, "editor", role="supervisor", team=TEAM).status_code == 303
    assert press(casework, "colleague", "secret").status_code == 200
    assert press(casework, "board", "secret").status_code == 200, "who reaches no case is no news"
    hear = ("reviewer", "supervisor")
    assert told_of_access(casework) == [
        *(("colleague", who) for who in ("editor", *hear)),
        *(("editor", who) for who in hear),
    ]
    assert [mail["Subject"] for mail in sent(casework, tmp_path)] == ["2 people were given access to cases"] * 2 + [
        "Somebody was given access to cases"
    ], "the editor, a supervisor now, hears of the colleague alone"


def sent(
    casework: Casework, folder: Path, *, after: timedelta = timedelta(), kind: type[Mailbox] = Mailbox
) -> list[Any]:
    """The mails that leave when the job looks at the outbox, so long after now."""
    now = casework.site.clock.now + after
    with casework.site.database.writing() as connection:
        connection.execute(update(PEOPLE).values(email=PEOPLE.c.id + "@example.invalid"))
    channel = kind(folder / str(after), sender="care@example.invalid")
    deliver_outbox(Work(casework.site.database, casework.law, channel, now, clock=lambda: now))
    found = [message_from_bytes(file.read_bytes(), policy=default) for file in (folder / str(after)).glob("*.eml")]
    return sorted(found, key=lambda mail: (mail["Subject"], mail["To"]))


def newcomers(casework: Casework, number: int, *, first: int = 0) -> None:
    """So many officers who never signed in, each given a secret."""
    with casework.site.database.writing() as connection:
        for each in range(first, first + number):
            row = {"id": f"new{each}", "name": f"New Example {each}", "role": "officer", "team_id": TEAM}
            connection.execute(insert(PEOPLE), row)
            how = {"by": WHO["administrator"], "now": casework.site.clock.now, "vault": casework.vault}
            give_secret(connection, person_id=f"new{each}", **how)


def test_of_newcomers_others_hear_in_one_mail_an_hour_later(casework: Casework, tmp_path: Path) -> None:
    """A force that begins gives hundreds of secrets in a morning."""
    newcomers(casework, 40)
    assert not sent(casework, tmp_path)
    mails = sent(casework, tmp_path, after=HOUR)
    assert [(mail["Subject"], mail["To"].partition("@")[0]) for mail in mails] == [
        ("40 people were given access to cases", who) for who in ("reviewer", "supervisor")
    ]
    lines = mails[0].get_content().splitlines()
    assert [each for each in range(40) if f"    New Example {each}" not in lines] == []
    assert statuses(casework) == {"sent"}
    assert not sent(casework, tmp_path, after=2 * HOUR)


def test_a_secret_for_somebody_who_signs_in_here_is_told_of_at_once_with_all_that_waits(
    casework: Casework, tmp_path: Path
) -> None:
    """It is how an administrator would sign in as them."""
    newcomers(casework, 2)
    assert press(casework, "colleague", "secret").status_code == 200
    assert [mail["Subject"] for mail in sent(casework, tmp_path)] == ["3 people were given access to cases"] * 2
    assert statuses(casework) == {"sent"}


class Refuses(Mailbox):
    """A mail server that takes nothing now."""

    def send(self, notice: Notice) -> None:
        raise NotSent("451 not now")


def test_what_was_gathered_is_tried_again_together(casework: Casework, tmp_path: Path) -> None:
    newcomers(casework, 3)
    assert not sent(casework, tmp_path, after=HOUR, kind=Refuses)
    assert statuses(casework) == {"waiting"}
    mails = sent(casework, tmp_path, after=2 * HOUR)
    assert [mail["Subject"] for mail in mails] == ["3 people were given access to cases"] * 2
    assert statuses(casework) == {"sent"}


def test_nobody_is_forgotten_where_the_server_is_away_while_others_come(casework: Casework, tmp_path: Path) -> None:
    newcomers(casework, 2)
    assert not sent(casework, tmp_path, after=HOUR, kind=Refuses)
    newcomers(casework, 1, first=2)
    moment_later = HOUR + timedelta(seconds=1)  # those of before are not tried again yet: this one gathers them
    assert not sent(casework, tmp_path, after=moment_later, kind=Refuses)
    newcomers(casework, 1, first=3)
    mails = sent(casework, tmp_path, after=24 * HOUR)
    assert [mail["Subject"] for mail in mails] == ["4 people were given access to cases"] * 2
    assert statuses(casework) == {"sent"}


def statuses(casework: Casework) -> set[str]:
    """What became of all that tells of access."""
    with casework.site.database.reading() as connection:
        return set(connection.execute(select(OUTBOX.c.status).where(OUTBOX.c.step == ACCESS_GIVEN)).scalars())
