"""The page on which somebody chooses how their notices come, the ladder's page, and what nobody was here to hear."""

import pytest
from sqlalchemy import insert, select, update

from tests.queries.test_case_lists import keep_lists
from tests.web.casework import MONDAY, Casework
from victimcare.domain.people import CaseLists
from victimcare.store.cases import CASES
from victimcare.store.dues import DUES
from victimcare.store.outbox import OUTBOX
from victimcare.store.staff import PEOPLE, TEAMS

TOLD_NOBODY = "so nobody was told"


def wants_each(casework: Casework, who: str) -> bool:
    with casework.site.database.reading() as connection:
        asked = select(PEOPLE.c.each_notice_alone).where(PEOPLE.c.id == who)
        return bool(connection.execute(asked).scalar_one())


def nobody_heard(casework: Casework) -> int:
    """The first duty of a case was told to the team's inbox; the team."""
    casework.case("Wren Sample")
    with casework.site.database.writing() as connection:
        duty = connection.execute(DUES.select().where(DUES.c.ended_on.is_(None), DUES.c.due_on.is_not(None))).first()
        assert duty is not None
        of_duty = {name: duty[i] for i, name in enumerate(duty._fields) if name in ("case_id", "rule", "start_key")}
        told = {"due_on": duty.due_on, "step": "late_1", "told_as": "officer", "team_id": duty.holder_team_id}
        times = {"created_at": MONDAY, "next_try_at": MONDAY, "reference": "ab12", "status": "failed"}
        connection.execute(insert(OUTBOX).values(**of_duty, **told, **times))
        return int(duty.case_id)


def test_each_chooses_how_their_own_notices_come(casework: Casework) -> None:
    browser = casework.site.sign_in("officer")
    page = casework.page(browser, "/your-notices")
    assert page.form("/your-notices").filled()["way"] == ["digest"]
    answer = browser.post("/your-notices", page.form("/your-notices").filled(way="each"))
    assert answer.headers["location"] == "/your-notices?saved=true"
    assert wants_each(casework, "officer")
    assert not wants_each(casework, "colleague")
    assert casework.page(browser, "/your-notices").form("/your-notices").filled()["way"] == ["each"]


def test_no_choice_is_said_and_changes_nothing(casework: Casework) -> None:
    browser = casework.site.sign_in("officer")
    form = casework.page(browser, "/your-notices").form("/your-notices")
    answer = browser.post("/your-notices", {**form.filled(), "way": "never"})
    assert answer.status_code == 422
    assert "Choose how your notices come" in answer.text
    assert not wants_each(casework, "officer")


@pytest.mark.parametrize("who", ["supervisor", "administrator"])
def test_the_ladder_is_shown_as_the_forces_policy(sqlite_casework: Casework, who: str) -> None:
    text = " ".join(sqlite_casework.site.sign_in(who).get("/escalation").text.split())
    assert "Force policy" in text
    for words in ("2 working days before", "3 working days late", "At once, by itself", "suspect released"):
        assert words in text


def test_what_nobody_was_here_to_hear_is_said_in_red_until_it_ends(casework: Casework) -> None:
    case_id = nobody_heard(casework)
    for who, path in (("supervisor", "/team"), ("administrator", "/jobs"), ("administrator", "/people/teams")):
        text = casework.site.sign_in(who).get(path).text
        assert "here to hear of 1 open duty" in text, path
        assert TOLD_NOBODY in text, path
    with casework.site.database.writing() as connection:
        connection.execute(update(TEAMS).values(inbox="team@example.invalid"))
    assert TOLD_NOBODY not in casework.site.sign_in("supervisor").get("/team").text
    with casework.site.database.writing() as connection:
        connection.execute(update(DUES).where(DUES.c.case_id == case_id).values(ended_on=MONDAY.date(), ending="met"))
    assert "here to hear" not in casework.site.sign_in("supervisor").get("/team").text


def test_a_case_from_which_somebody_is_kept_is_not_counted_for_them(casework: Casework) -> None:
    case_id = nobody_heard(casework)
    with casework.site.database.writing() as connection:
        keep_lists(connection, case_id, CaseLists(frozenset({"supervisor"})))
    assert "here to hear" not in casework.site.sign_in("supervisor").get("/team").text
    with casework.site.database.writing() as connection:
        connection.execute(update(TEAMS).values(inbox="team@example.invalid"))
    text = casework.site.sign_in("administrator").get("/jobs").text
    assert "here to hear of 1 open duty" in text
    assert "Of 1 no notice goes to the team’s inbox" in text
    assert "went to the team’s inbox" not in text


def test_a_supervisor_of_another_team_is_not_told_of_it(casework: Casework) -> None:
    nobody_heard(casework)
    with casework.site.database.writing() as connection:
        other = select(TEAMS.c.id).where(TEAMS.c.id.not_in(select(CASES.c.team_id))).limit(1).scalar_subquery()
        connection.execute(update(PEOPLE).where(PEOPLE.c.id == "supervisor").values(team_id=other))
    assert "here to hear" not in casework.site.sign_in("supervisor").get("/team").text
