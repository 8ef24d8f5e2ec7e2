"""Trying a profile in the browser: a file or pasted lines, what is wrong in words, and nothing of it anywhere after."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.stored import Stored
from tests.web.casework import Casework
from tests.web.page import Page
from victimcare.exchange.records.profiles import published_text

ADDRESS = "/people/systems/profile"
SAMPLE = (Path(__file__).parents[3] / "docs/records/wide/victims-2026-06.csv").read_bytes()
WIDE = published_text("wide")
NAME = "victims-2026-06.csv"


def sent(casework: Casework, *, file: tuple[str, bytes] = ("", b""), **fields: str) -> Any:
    """As a browser sends it, which sends an empty file of no name where none was chosen."""
    browser = casework.site.sign_in("administrator")
    filled: Mapping[str, str] = {"csrf_token": browser.token(), "profile": WIDE, "name": "", "lines": "", **fields}
    return browser.client.post(ADDRESS, data=filled, files={"sample": file}, headers=browser.headers)


def typed(page: Page, name: str) -> str:
    """What stands in a field of the form."""
    return "".join(page.form(ADDRESS).filled().get(name, ""))


def test_a_file_is_read_as_the_profile_says_and_shown_once(casework: Casework) -> None:
    answer = sent(casework, file=(NAME, SAMPLE))
    page = Page(answer.text)
    assert answer.status_code == 200
    assert "4 rows read" in page.text
    assert "victim: 4 records" in page.text
    assert "Zoë Invented" in page.text  # the profile says that the file is of windows-1252
    assert typed(page, "profile").strip() == WIDE.strip()


def test_lines_that_were_pasted_are_read_as_the_profile_says_too(casework: Casework) -> None:
    answer = sent(casework, lines=SAMPLE.decode("windows-1252"), name=NAME)
    assert "Zoë Invented" in answer.text
    assert answer.status_code == 200


def test_nothing_of_it_is_stored_or_written_down(casework: Casework) -> None:
    casework.site.sign_in("administrator").token()
    before = Stored(casework.site.database)
    sent(casework, file=(NAME, SAMPLE))
    sent(casework, lines=SAMPLE.decode("windows-1252"), name=NAME)
    changed = before.changed()
    before.close()
    assert not [name for name, rows in changed.items() if "Zoë" in repr(rows) or "40/90001" in repr(rows)]
    assert "Zoë" not in casework.site.sign_in("administrator").get(ADDRESS).text


@pytest.mark.parametrize(
    ("fields", "file", "said"),
    [
        ({"profile": ""}, (NAME, SAMPLE), "Paste the profile"),
        (
            {"profile": "[profile]\nname = 3"},
            (NAME, SAMPLE),
            "it must be words in quotation marks",
        ),
        ({"profile": "no = TOML ["}, (NAME, SAMPLE), "The profile is refused: the profile: it is not valid TOML"),
        ({}, ("", b""), "Choose a file, or paste its first lines"),
        ({"lines": "a,b"}, ("", b""), "Enter the name that the file has"),
        ({"lines": "a,b", "name": NAME}, (NAME, SAMPLE), "Choose a file or paste its lines, not both"),
        ({"lines": "a,ж", "name": NAME}, ("", b""), "The first lines have what cannot be written in windows-1252"),
        ({}, ("crimes.csv", SAMPLE), "The sample is refused: the profile One row a victim does not speak of"),
        ({}, (NAME, b""), "The sample is refused: it has no header"),
        ({}, (NAME, b"\x00\x01\x02"), "The sample is refused: its header cannot be read"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field_and_what_was_typed_stays(
    casework: Casework, fields: dict[str, str], file: tuple[str, bytes], said: str
) -> None:
    answer = sent(casework, file=file, **fields)
    page = Page(answer.text)
    assert answer.status_code == 422
    assert said in page.text
    assert typed(page, "name") == fields.get("name", "")
    assert typed(page, "lines").strip() == fields.get("lines", "")


def test_a_file_is_taken_nowhere_else_and_one_that_is_too_large_not_even_here(casework: Casework) -> None:
    browser = casework.site.sign_in("administrator")
    fields = {"csrf_token": browser.token(), "form_key": "x"}
    elsewhere = browser.client.post(
        "/people/systems", data=fields, files={"name": (NAME, SAMPLE)}, headers=browser.headers
    )
    assert elsewhere.status_code == 400
    assert sent(casework, file=(NAME, SAMPLE * 4_000)).status_code == 413
    twice = [("sample", (NAME, SAMPLE)), ("sample", (NAME, SAMPLE))]
    assert browser.client.post(ADDRESS, data=fields, files=twice, headers=browser.headers).status_code == 400


def test_an_example_fills_in_the_profile_and_no_other_file_does(casework: Casework) -> None:
    browser = casework.site.sign_in("administrator")
    assert 'source = "table-rms"' in typed(casework.page(browser, f"{ADDRESS}?example=tables"), "profile")
    for name in ("../../../../pyproject", "nobody", "/etc/passwd"):
        assert typed(casework.page(browser, f"{ADDRESS}?example={name}"), "profile").strip() == ""
