"""An address that is none, or at which there is nothing, is a sentence; and no password is ever in it."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import text

from tests.conftest import NewDatabase
from victimcare.store.addresses import BadAddress, CannotOpen, NoDatabase, check_address, place
from victimcare.store.database import Database
from victimcare.store.opening import opened


@pytest.mark.parametrize(
    "url",
    [
        "",
        "hunter2",
        "foo://user:hunter2@bar",
        "mysql://user:hunter2@server/name",
        "postgresql://user:hunter2@server/name",
        "postgresql+psycopg://user:hunter2@server:port/name",
    ],
)
def test_what_is_no_address_is_not_repeated(url: str) -> None:
    with pytest.raises(BadAddress, match="postgresql\\+psycopg://user@server:5432/name") as refused:
        check_address(url)
    assert "hunter2" not in str(refused.value)


@pytest.mark.parametrize(
    ("url", "where"),
    [
        ("sqlite:////data/victims.db", "/data/victims.db"),
        ("sqlite://", ":memory:"),
        ("postgresql+psycopg://user:hunter2@server:5433/name?password=hunter2", "server:5433/name"),
        ("postgresql+psycopg:///name", "this machine/name"),
    ],
)
def test_a_place_is_told_without_who_signs_in_there(url: str, where: str) -> None:
    check_address(url)
    assert place(url) == where


def test_a_file_that_is_not_there_is_not_made_nor_its_folder(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/none/victims.db"
    with pytest.raises(NoDatabase, match=f"no database of this program at {tmp_path}/none/victims.db"), opened(url):
        pass
    assert list(tmp_path.iterdir()) == []


def test_with_leave_to_begin_it_is_made_and_then_there(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/new/victims.db"
    with opened(url, begin=True):
        pass
    with opened(url) as database, database.reading() as connection:
        assert connection.execute(text("SELECT count(*) FROM victim_case")).scalar_one() == 0


def test_a_database_without_our_tables_is_none(new_database: NewDatabase) -> None:
    url = new_database()
    with closing(Database(url)) as database, database.reading():
        pass
    with pytest.raises(NoDatabase), opened(url):
        pass
    with opened(url, begin=True):
        pass


def test_a_file_that_is_no_database_is_told_in_the_words_of_sqlite(tmp_path: Path) -> None:
    file = tmp_path / "letter.txt"
    file.write_text("Dear Sir or Madam\n" * 100)
    with pytest.raises(CannotOpen, match=r"cannot be opened \(file is not a database\)"), opened(f"sqlite:///{file}"):
        pass


def test_a_server_that_is_not_there_is_told_in_the_words_of_postgresql() -> None:
    url = "postgresql+psycopg://user:hunter2@127.0.0.1:1/name"
    with pytest.raises(CannotOpen, match=r"at 127\.0\.0\.1:1/name cannot be opened") as refused, opened(url):
        pass
    assert "refused" in str(refused.value)
    assert "hunter2" not in str(refused.value)
    assert refused.value.__suppress_context__
