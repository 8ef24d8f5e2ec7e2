"""The commands for the editions of the Code: what they print, and that one that cannot be trusted is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import Command
from tests.invented_edition import invented

# A day that is ahead of whatever the machine's clock shows.
FAR = (("in_force_from = 2027-01-01", "in_force_from = 2080-01-01"), ("in_force_to = 2031-01-01\n", ""))


@pytest.mark.usefixtures("installed")
def test_an_edition_is_looked_at_proposed_and_shown(
    command: Command, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    file = tmp_path / "edition.toml"
    file.write_text(invented(*FAR, edition="2080-01-01"), "utf-8")
    assert [command("code", what, f"{file}") for what in ("preview", "propose", "propose")] == [0, 0, 0]
    file.write_text(invented(*FAR, ('open_duties = "stays"', 'open_dutys = "stays"'), edition="2080-01-01"), "utf-8")
    assert [command("code", what, f"{file}") for what in ("preview", "propose")] == [1, 1]
    assert command("code", "propose", "not-there.toml") == 1
    assert command("code", "show") == 0
    told = capsys.readouterr()
    assert "Edition 2080-01-01 would change" in told.out
    assert "Edition 2080-01-01 is proposed, number 1.\nEdition 2080-01-01 was proposed already, number 1.\n" in told.out
    assert "  R6-ARR changed: Tell the victim: suspect arrested or charged (not verified)\n" in told.out
    assert "    New: Limit, enhanced rights: 4 working days.\n" in told.out
    assert told.err.count("transition.open_duties: it is missing") == 2
    assert "not-there.toml: it cannot be read as text" in told.err
