"""The file of refused rows: of the run that ended last, and of no run before it."""

from __future__ import annotations

from pathlib import Path

import pytest

from victimcare.exchange.rejects import Rejects


def refuse(path: Path, *reasons: str, fields: bool = False) -> None:
    with Rejects(path, fields=fields) as rejects:
        for line, reason in enumerate(reasons, 2):
            rejects.add("file.csv", line, reason, field="area")


def test_there_is_none_where_nothing_was_ever_refused(tmp_path: Path) -> None:
    refuse(tmp_path / "rejects.csv")
    assert not (tmp_path / "rejects.csv").exists()


@pytest.mark.parametrize(("fields", "header"), [(False, "file,line,reason"), (True, "file,line,field,reason")])
def test_one_of_an_earlier_run_has_nothing_in_it_when_this_run_refuses_nothing(
    tmp_path: Path, fields: bool, header: str
) -> None:
    path = tmp_path / "new" / "rejects.csv"
    refuse(path, "it is no day", fields=fields)
    assert len(path.read_text().splitlines()) == 2
    refuse(path, fields=fields)
    assert path.read_text().splitlines() == [header]


def test_a_run_that_is_interrupted_leaves_what_an_earlier_one_refused(tmp_path: Path) -> None:
    path = tmp_path / "rejects.csv"
    refuse(path, "it is no day")
    before = path.read_text()
    with pytest.raises(KeyboardInterrupt), Rejects(path):
        raise KeyboardInterrupt
    assert path.read_text() == before


def test_no_cell_of_it_runs_in_a_spreadsheet(tmp_path: Path) -> None:
    refuse(tmp_path / "rejects.csv", "=1+1")
    assert (tmp_path / "rejects.csv").read_text().splitlines()[1] == "file.csv,2,'=1+1"
