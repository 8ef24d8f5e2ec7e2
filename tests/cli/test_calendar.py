"""The commands for the bank holidays: what they print, and that a list that shrank is refused."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from tests.cli.conftest import Command
from tests.holidays import SHIPPED, document, listed
from victimcare.domain.holiday_list import HolidayList


@pytest.mark.usefixtures("installed")
def test_a_list_is_proposed_and_shown(command: Command, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    published = tmp_path / "bank-holidays.json"
    published.write_bytes(document())
    assert command("calendar", "propose", f"{published}") == 0
    published.write_bytes(document(listed(**{"2027-05-07": "A jubilee"})))
    assert command("calendar", "propose", f"{published}") == 0
    assert command("calendar", "propose", f"{published}") == 0
    shorter = HolidayList({d: n for d, n in SHIPPED.holidays.items() if d.year < 2028}, date(2027, 12, 31))
    published.write_bytes(document(shorter))
    assert command("calendar", "propose", f"{published}") == 1
    assert command("calendar", "propose", "not-there.json") == 1
    assert command("calendar", "show") == 0
    told = capsys.readouterr()
    assert "It says what is known already.\nList 2 is proposed.\nList 2 was proposed already.\n" in told.out
    assert "2027: the list ends with this year" in told.err
    assert "  Friday 7 May 2027 becomes a bank holiday: A jubilee.\n" in told.out
