"""The command that makes a board pack, and tells whether one is still what it was made of."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import update

from tests.cli.conftest import Command
from tests.force import Force
from tests.packs import SPRING, add_duties, published
from victimcare.domain.people import Person, Role
from victimcare.editions.law import published_law
from victimcare.presentation.board_pack import pdf
from victimcare.store.board_packs import PACK_FILES
from victimcare.store.database import Database


@pytest.fixture
def database(installed: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Database]:
    """Of which a quarter is published. PDFs take long: tests/presentation/test_board_pack_files.py has one."""
    monkeypatch.setattr(pdf, "pdf_bytes", lambda page: b"%PDF-1.7 " + page[:20])
    with closing(Database(f"sqlite:///{installed / 'data' / 'victimcare.db'}")) as database:
        force = Force(database, published_law(), *[Person("board", "Board Example", Role.BOARD)] * 7)
        add_duties(force, SPRING)
        published(force, SPRING)
        yield database


@pytest.mark.usefixtures("database")
def test_a_pack_is_made_into_a_folder_and_is_what_it_was_made_of(
    command: Command, capsys: pytest.CaptureFixture[str], installed: Path
) -> None:
    assert command("report", "2026-q2", "--out", "packs") == 0
    first, *files = capsys.readouterr().out.splitlines()
    name = first.removeprefix("Pack ")
    assert len(files) == 5
    assert all((installed / file).stat().st_size for file in files)
    assert command("report", "--check", name[:12]) == 0
    assert capsys.readouterr().out == f"Pack {name} is what it was made of, byte for byte.\n"


def test_what_is_not_as_it_was_is_said(
    command: Command, capsys: pytest.CaptureFixture[str], database: Database
) -> None:
    assert command("report", "2026-q2", "--out", "packs") == 0
    name = capsys.readouterr().out.splitlines()[0].removeprefix("Pack ")
    with database.writing() as connection:
        connection.execute(update(PACK_FILES).where(PACK_FILES.c.format == "html").values(content=b"other"))
    assert command("report", "--check", name) == 1
    assert capsys.readouterr().err == f"victimcare: {name}: its html file is not as it was made\n"


@pytest.mark.usefixtures("database")
@pytest.mark.parametrize("arguments", [["2026-q9"], [], ["2026-q2", "--since", "2026-q3"], ["--check", "0000"]])
def test_what_there_is_not_is_said_in_a_sentence(
    command: Command, capsys: pytest.CaptureFixture[str], arguments: list[str]
) -> None:
    assert command("report", *arguments) == 1
    told = capsys.readouterr().err
    assert told.startswith("victimcare: ")
    assert "Error" not in told
