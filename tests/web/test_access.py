"""What belongs to one case is not reached through another: whatever an address or a form names."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from tests.stored import Restored, recorded
from tests.web.attack import Attack, post
from tests.web.casework import Casework, add_strangers
from tests.web.every_form import FORMS, routes
from tests.web.site import Site

OF_ONE_CASE = ("{key}", "{duty}", "{point}", "{message_id}", "{referral_id}", "{question_id}")
"""What in an address belongs to one case."""


@pytest.fixture
def casework(sqlite_site: Site) -> Casework:
    add_strangers(sqlite_site)
    return Casework(sqlite_site)


@pytest.fixture
def stored(casework: Casework) -> Iterator[Restored]:
    held = Restored(casework.site.database)
    yield held
    held.close()


def of_another(path: str, action: str, other: str) -> str:
    """The address of the first case with the point, message, event or duty of the second."""
    named = re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", path)
    mine, theirs = (re.fullmatch(named, each) for each in (action, other))
    assert mine
    assert theirs
    return re.sub(r"\{(\w+)\}", lambda found: {**theirs.groupdict(), "ref": mine["ref"]}[found[1]], path)


WITH_PARTS = [path for path in FORMS if "{ref}" in path and any(part in path for part in OF_ONE_CASE)]


@pytest.mark.parametrize("path", WITH_PARTS)
def test_what_belongs_to_another_case_is_not_there_under_ones_own(
    casework: Casework, stored: Restored, path: str
) -> None:
    """Not even where both cases are in the same hands: the address names one case, and so does the audit trail."""
    mine, other = Attack(casework, FORMS[path], stored), Attack(casework, FORMS[path], stored)
    address = of_another(path, mine.action, other.action)
    answer = post(mine.browser, address, {**other.good, "csrf_token": mine.token})
    assert not recorded(stored.changed()), address
    assert answer.status_code in (404, 409, 422), f"{address}: {answer.status_code}"
    if path in routes(casework, "GET"):
        assert mine.browser.get(address).status_code == 404
