"""CSV that every reader reads alike and no spreadsheet runs."""

import csv
from io import StringIO

import pytest

from victimcare.presentation.csv import RaggedRow, csv_bytes, guarded

LEADS = ["=", "+", "-", "@", "＝", "＋", "－", "＠"]


@pytest.mark.parametrize("lead", LEADS)
@pytest.mark.parametrize("before", ["", " ", "  ", "\u00a0", "\t", "\n", "\r", "\0", "\ufeff"])
def test_a_cell_that_would_run_is_kept_from_running(lead: str, before: str) -> None:
    cell = f"{before}{lead}HYPERLINK(1)"
    assert guarded(cell) == f"'{cell}"


@pytest.mark.parametrize("cell", ["\tx", "\rx", "\nx", "\0x", "-", "+44 7700 900123", "-1+1", "=1", "--1", "-1,5"])
def test_what_only_looks_like_a_number_is_guarded(cell: str) -> None:
    assert guarded(cell) == f"'{cell}"


@pytest.mark.parametrize("cell", ["", "12", "-5", "+5", "-0.25", "87.6", "[c]", "[z]", "a=b", "Police", "1,234"])
def test_plain_numbers_and_words_are_left_alone(cell: str) -> None:
    assert guarded(cell) == cell


def test_it_is_rfc_4180_in_utf_8_and_what_is_read_back_is_what_was_written() -> None:
    rows = [["Plan’s path", 'says "[c]"'], ["two\r\nlines", "a,b"]]
    written = csv_bytes(["One", "Two"], rows)
    assert written.startswith(b'"One","Two"\r\n"Plan\xe2\x80\x99s path","says ""[c]"""\r\n')
    assert list(csv.reader(StringIO(written.decode(), newline=""))) == [["One", "Two"], *rows]


def test_headers_are_guarded_too() -> None:
    assert csv_bytes(["=1"], []) == b'"\'=1"\r\n'


def test_a_row_that_does_not_fit_the_header_is_refused() -> None:
    with pytest.raises(RaggedRow, match="row 2 has 1 cells where the header has 2"):
        csv_bytes(["One", "Two"], [["1", "2"], ["3"]])
