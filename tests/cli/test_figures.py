"""Reckoning a quarter once more from the command line: what is printed, and what cannot be asked for."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

import victimcare.editions
from tests.cli.conftest import Command
from tests.published import publish
from tests.queries.worlds import LAW, random_journeys, store
from victimcare.domain.quarter import Quarter
from victimcare.editions.force_policy import PUBLISHED_POLICY
from victimcare.store.database import Database

DRAFT = Path(victimcare.editions.__file__).with_name("example-draft.toml")


@pytest.mark.usefixtures("installed")
def test_a_quarter_is_reckoned_once_more_beside_what_was_published(
    command: Command, capsys: pytest.CaptureFixture[str]
) -> None:
    database = Database("sqlite:///data/victimcare.db")
    store(database, random_journeys(3, 60))
    publish(database, LAW, [Quarter(2026, 2)], datetime(2026, 7, 14, 12, tzinfo=UTC))
    database.close()
    assert command("replay", "2026-q2") == 0
    assert command("replay", "2026-q2", "--known-on", "2026-06-30", "--json") == 0
    assert command("replay", "2026-q2", "--edition", f"{DRAFT}") == 0
    text = capsys.readouterr().out
    assert "Published" in text
    assert "Reckoned now" in text
    assert "Police" in text
    assert "6. Information about the investigation" in text
    assert "Too few officers to say what it asks of each." in text


@pytest.mark.usefixtures("installed")
def test_a_quarter_is_reckoned_by_the_own_times_of_a_forces_policy(
    command: Command, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    database = Database("sqlite:///data/victimcare.db")
    store(database, random_journeys(3, 60))
    publish(database, LAW, [Quarter(2026, 2)], datetime(2026, 7, 14, 12, tzinfo=UTC))
    database.close()
    policy = PUBLISHED_POLICY.read_text("utf-8")
    for own_times, code in (("R6-ARR = 3", 0), ("R6-ARR = 9", 2), ("R6-NONE = 1", 2), ("", 2)):
        file = tmp_path / "policy.toml"
        file.write_text(policy.replace("# R6-ARR = 3", own_times), "utf-8")
        assert command("replay", "2026-q2", "--policy", f"{file}") == code, own_times
    told = capsys.readouterr()
    assert "Reckoned now" in told.out
    for words in ("R6-ARR: no edition of the Code gives it more than 9 working days", "R6-NONE", "has no [own_times]"):
        assert words in " ".join(re.sub("[│╭╮╰╯─]", "", told.err).split())


@pytest.mark.usefixtures("installed")
def test_what_cannot_be_reckoned_is_said(command: Command, capsys: pytest.CaptureFixture[str]) -> None:
    tomorrow = f"{datetime.now(UTC).year + 1}-01-01"
    for wrong in (["2026-q5"], ["spring"], ["2026-q2", "--known-on", tomorrow], ["2026-q2", "--known-on", "May"]):
        assert command("replay", *wrong) == 2
    assert command("replay", "2026-q2", "--edition", "not-there.toml") == 1
    assert command("replay", "2026-q2") == 1
    told = capsys.readouterr().err
    for words in ("is no quarter such as", "nothing is known on it yet", "May is no day", "not-there.toml", "yet"):
        assert words in told
    assert "Traceback" not in told
