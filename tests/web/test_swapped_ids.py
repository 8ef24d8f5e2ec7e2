"""Whatever a form or an address names is swapped for what is of another case, of another team, or of nobody.

The places are found in the forms and in the links of pages (`identifiers.py`): a new form is in it by itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import fields
from itertools import count
from typing import Any

import pytest

from tests.stored import Restored, recorded
from tests.web.attack import COUNTED, Attack, post
from tests.web.casework import PEOPLE, Casework, add_strangers
from tests.web.every_form import DETAILS, ENDING, FORMS, LATE, REFER, WHO_MAY_SEE, Opener, a_case, on_case, routes
from tests.web.furnished import Marks, furnish
from tests.web.identifiers import Identifiers, Swap, queries, swaps
from tests.web.page import Page
from tests.web.site import START, Site
from victimcare.store.services import SERVICES

pytestmark = pytest.mark.both_engines

EXCLUDING = WHO_MAY_SEE + "/exclusion"
ALSO = {
    ENDING: on_case(ENDING, ENDING, why="duty_declined:not_now", contact="x"),
    EXCLUDING: on_case(
        EXCLUDING, EXCLUDING, "supervisor", person="officer", officer="colleague", reason="An invented reason"
    ),
}
"""Forms that look at what they name only where something else is chosen than in `FORMS`."""
MAY_BE: dict[str, set[str]] = {
    REFER: {"{service_id}"},
    **{path: {"{service_id}"} for path in FORMS if path.startswith("/directory/")},
    **{path: {"{who}"} for path in FORMS if path.startswith("/people/{who}")},
    **{f"/jobs/notices/{{notice_id}}/{end}": {"{notice_id}"} for end in ("retry", "give-up")},
    **{f"/people/systems/{{system}}/{what}": {"{system}"} for what in ("secret", "{what}")},
    **{f"/people/systems/{{system}}/events{what}": {"{system}"} for what in ("", "/secret", "/{what}")},
    **{f"/board/actions/{{action_id}}/{what}": {"{action_id}"} for what in ("due", "end")},
    "/board/months/changes/{change_id}/withdraw": {"{change_id}"},
    WHO_MAY_SEE + "/restriction": {"names"},
}
"""What may name something else: every service of the directory, every notice, system, action, declared change and
everybody for whoever keeps them; and whoever works cases, though of another team, to whom being named opens nothing
before a case is their team's."""
SAYS_SO: dict[str, set[str]] = {
    "/team/reassign": {"used_form"},
    "/team/reassign/plan": set(),
    "/people/systems/profile": set(),
}
"""Forms that are answered with what was not done."""
NAMED_BY_FORMS = (DETAILS, EXCLUDING, ENDING, "/cases/{ref}/told/end", "/cases/{ref}/other-cases/link")
TURNED_AWAY = {400, 403, 404, 409, 422}
ALL = [(path, opener) for forms in (FORMS, ALSO) for path, opener in forms.items()]
SOME = [each for number, each in enumerate(ALL) if number % 8 == 1 or each[0] in NAMED_BY_FORMS]
OF_CASES = [each for each in ALL if "{ref}" in each[0]]


def begun(site: Site) -> Casework:
    """Everybody signed in, and a case of the other team with something of everything; its services take nobody."""
    add_strangers(site)
    site.keep_signed_in(PEOPLE)
    casework = Casework(site)
    ref = casework.case("Canaryname", officer="stranger", at=LATE)
    words = {each.name: f"Canary{each.name}" for each in fields(Marks) if each.type == "str"}
    furnish(casework, ref, Marks(**words), by="stranger")
    with site.database.writing() as connection:
        connection.execute(SERVICES.update().values(needs=""))
    return casework


def paths(forms: Sequence[tuple[str, Opener]]) -> list[str]:
    """What each test is called by: its form."""
    return [path for path, _ in forms]


@pytest.fixture(scope="module")
def start(module_site: Site) -> Iterator[Restored]:
    """What is stored before each test on SQLite."""
    begun(module_site)
    held = Restored(module_site.database)
    yield held
    held.close()


@pytest.fixture
def casework(module_site: Site, start: Restored) -> Iterator[Casework]:
    """The cases on SQLite."""
    module_site.clock.now = START
    yield Casework(module_site, count(100))
    start.restore()


@pytest.fixture
def stored(casework: Casework) -> Iterator[Restored]:
    held = Restored(casework.site.database)
    yield held
    held.close()


@pytest.fixture(scope="module")
def on_postgresql(postgresql_module_site: Site) -> Iterator[Restored]:
    """The cases on PostgreSQL, and what is stored before each test."""
    begun(postgresql_module_site)
    held = Restored(postgresql_module_site.database)
    yield held
    held.close()


@pytest.mark.parametrize(("path", "opener"), SOME, ids=paths(SOME))
def test_what_some_forms_name_is_not_swapped_for_what_is_of_others(
    casework: Casework, stored: Restored, path: str, opener: Opener
) -> None:
    check(casework, stored, path, opener, most=4)


@pytest.mark.slow
@pytest.mark.parametrize(("path", "opener"), ALL, ids=paths(ALL))
def test_what_a_form_names_is_not_swapped_for_what_is_of_others(
    casework: Casework, stored: Restored, path: str, opener: Opener
) -> None:
    check(casework, stored, path, opener)


@pytest.mark.postgres
def test_nor_on_postgresql(postgresql_module_site: Site, on_postgresql: Restored) -> None:
    for path, opener in OF_CASES[2::18]:
        check_on_postgresql(postgresql_module_site, on_postgresql, path, opener, most=2)


@pytest.mark.slow
@pytest.mark.postgres
@pytest.mark.parametrize(("path", "opener"), ALL, ids=paths(ALL))
def test_nor_any_on_postgresql(
    postgresql_module_site: Site, on_postgresql: Restored, path: str, opener: Opener
) -> None:
    check_on_postgresql(postgresql_module_site, on_postgresql, path, opener, most=3)


def check_on_postgresql(site: Site, start: Restored, path: str, opener: Opener, most: int) -> None:
    """The same, from what is stored before each test."""
    site.clock.now = START
    held = Restored(site.database)
    check(Casework(site, count(100)), held, path, opener, most=most)
    held.close()
    start.restore()


def check(casework: Casework, stored: Restored, path: str, opener: Opener, most: int = 10_000) -> None:
    """Every swap is turned away and changes nothing, or what was swapped is not looked at."""
    attack = Attack(casework, opener, stored)
    wrong = []
    for swap in some_of(swaps(attack, path, Identifiers(casework.site.database)), most):
        if swap.place in MAY_BE.get(path, ()) or theirs(attack, swap):
            continue
        answer = sent(attack, swap)
        changed = recorded(stored.changed())
        changed = {name: rows for name, rows in changed.items() if name not in {**COUNTED, **SAYS_SO}.get(path, ())}
        looked_at = "{" in swap.place or (
            swap.value != attack.opened.who and any(swap.value in repr(rows.come) for rows in changed.values())
        )
        fine = {303} if changed else TURNED_AWAY | ({200} if path in SAYS_SO else set())
        if (changed and looked_at) or answer.status_code not in fine:
            wrong.append(f"{swap.place} = {swap.value}: {answer.status_code}, changed {sorted(changed)}")
        if changed:
            stored.restore()
    assert wrong == []


def some_of(every: Iterable[Swap], most: int) -> Iterator[Swap]:
    """Of each place so many, from the first to the last, which names nothing."""
    places: dict[str, list[Swap]] = {}
    for swap in every:
        places.setdefault(swap.place, []).append(swap)
    for found in places.values():
        yield from found[:: -(len(found) // most + 1)]


def sent(attack: Attack, swap: Swap) -> Any:
    """The answer to the form with this swap."""
    attack.browser.client.cookies.clear()
    attack.browser.client.cookies.update(attack.cookies)
    return post(attack.browser, swap.action, {**swap.sent, "csrf_token": attack.token})


def theirs(attack: Attack, swap: Swap) -> bool:
    """Whether it names a case that the sender may work on anyway."""
    return swap.place == "{ref}" and attack.browser.get(f"/cases/{swap.value}").status_code == 200


@pytest.mark.parametrize("who", ["officer", "supervisor"])
def test_what_the_query_of_an_address_names_is_not_swapped_for_what_is_of_others(casework: Casework, who: str) -> None:
    """Every link with a query on every page of a case: nothing of the other team's case is in the answer."""
    case, browser = a_case(casework), casework.site.sign_in(who)
    stored = Identifiers(casework.site.database)
    pages = [
        "/",
        "/cases",
        "/messages",
        *([] if who == "officer" else ["/team", "/team/duties", "/team/reassign", "/incidents/new"]),
    ]
    pages += [case.address(path) for path in sorted(routes(casework, "GET")) if "{ref}" in path]
    links = {link for page in pages for link in Page(browser.get(page).text).links() if "?" in link}
    asked: dict[tuple[str, str], list[str]] = {}
    for link in sorted(links):
        for name, address in queries(link, stored):
            asked.setdefault((link.partition("?")[0], name), []).append(address)
    assert len(asked) >= 3
    for addresses in asked.values():
        for address in addresses[:: len(addresses) // 5 + 1]:
            answer = browser.get(address)
            assert answer.status_code in {200, 404, 409, 422}, address
            assert "Canary" not in answer.text, address
