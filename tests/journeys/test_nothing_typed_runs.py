"""What somebody typed is never a script, a form or a style of ours, on any page, in a real browser.

Two things would show it: the browser's complaint about a script that the policy of the page forbids, and an element
that only what was typed could have made.
"""

from __future__ import annotations

import pytest
from playwright.sync_api import Page

from tests.journeys.conftest import Desk, SignIn
from tests.journeys.test_every_address import ask_for_a_good_reason, by_who_opens_them, let_it_have_been_late
from tests.web.casework import PEOPLE
from tests.web.furnished import Furnished
from tests.web.planted import WORDS, plant
from victimcare.store import case_lists, cases, staff

TYPED = (
    "<script class=ran>alert(1)</script>",
    "<ScRiPt class=ran src=//example.invalid></sCrIpT>",
    "</script><script class=ran>alert(1)</script>",
    "<img class=ran src=x onerror=alert(1)>",
    "<img class=ran src='x' onerror='alert(1)'",
    "<svg class=ran onload=alert(1)>",
    "<svg><script class=ran>alert(1)</script></svg>",
    "<svg><animate class=ran onbegin=alert(1) attributeName=x>",
    "<math><mtext class=ran><style><img src onerror=alert(1)></style></mtext></math>",
    "<body class=ran onload=alert(1)>",
    "<iframe class=ran srcdoc='<script>parent.alert(1)</script>'></iframe>",
    "<iframe class=ran src=javascript:alert(1)></iframe>",
    "<object class=ran data=data:text/html,<script>alert(1)</script>></object>",
    "<embed class=ran src=javascript:alert(1)>",
    "<a class=ran href=javascript:alert(1)>here</a>",
    '<a class=ran href="java\tscript:alert(1)">here</a>',
    "<details class=ran open ontoggle=alert(1)>",
    "<input class=ran autofocus onfocus=alert(1)>",
    "<video class=ran><source onerror=alert(1)></video>",
    "<audio class=ran src=x onerror=alert(1)>",
    "<marquee class=ran onstart=alert(1)>",
    "<form class=ran action=//example.invalid><button>Save</button></form>",
    "</form><form class=ran method=post action=/sign-out>",
    "<button class=ran formaction=javascript:alert(1)>Save</button>",
    "<base class=ran href=//example.invalid/>",
    "<meta class=ran http-equiv=refresh content='0;url=//example.invalid'>",
    "<link class=ran rel=stylesheet href=//example.invalid>",
    "<style class=ran>*{display:none}</style>",
    "</title><script class=ran>alert(1)</script>",
    "</textarea><script class=ran>alert(1)</script>",
    "--><script class=ran>alert(1)</script><!--",
    "]]><script class=ran>alert(1)</script>",
    '" class="ran" autofocus onfocus="alert(1)',
    "' class='ran' autofocus onfocus='alert(1)",
    '" class=ran hx-get=/sign-out hx-trigger=load x="',
    "<div class=ran hx-on:load=alert(1) hx-trigger=load hx-get=/>",
    "`${alert(1)}`{{7*7}}{% raise %}<%= 7*7 %>#{7*7}<b class=ran>",
    "{{ ''.__class__.__mro__ }}<b class=ran>",
    '&lt;b class=ran&gt;<noscript><p class=ran title="</noscript><img src onerror=alert(1)>">',
    "\u202e<b class=ran>\u2028alert(1)\u2029<plaintext class=ran>",
)
PLACES = ("Canaryname", *WORDS)
DRAWN = frozenset({"/team/samples/{month}/{holder}/{drawn}"})
"""Where five cases of an officer are: of more than five that were put there, not all."""
RAN = "() => [...document.querySelectorAll('.ran, [onfocus], [onload]')].map(element => element.outerHTML.slice(0, 80))"


def open_everything(desk: Desk, sign_in: SignIn, first: int, every: int = 1) -> int:
    """Put each of what is typed in another place, beginning with `first`, open every page, and say how many.

    Or one page in so many.
    """
    typed = {place: TYPED[(first + n) % len(TYPED)] for n, place in enumerate(PLACES)}
    case = plant(desk.casework, "officer", "A", markup=typed.__getitem__)
    ask_for_a_good_reason(desk, case)
    let_it_have_been_late(desk, case)
    name_the_service(desk, case)
    opened = 0
    for who, addresses in by_who_opens_them(desk, case, DRAWN if first else frozenset()).items():
        page = sign_in(who)
        for address in addresses[::every]:
            opened += 1
            page.goto(desk.address + address)
            nothing_ran(page, desk, address)
    return opened


def name_the_service(desk: Desk, case: Furnished) -> None:
    """The case is restricted: its referral is shown to somebody of its service only if they are named."""
    work = desk.casework
    with work.site.database.writing() as connection:
        of_service = (
            staff.PEOPLE.update().where(staff.PEOPLE.c.id == "helper").values(service_id=case.names["service_id"])
        )
        connection.execute(of_service)
        case_id = cases.load(connection, case.ref).id
        case_lists.name_on(connection, case_id, ["helper"], by=PEOPLE["supervisor"], at=work.site.clock.now)


def nothing_ran(page: Page, desk: Desk, address: str) -> None:
    assert page.evaluate(RAN) == [], address
    assert desk.complaints == [], address
    assert page.url.startswith(desk.address), address


def test_there_are_forty_and_each_would_show() -> None:
    assert len(set(TYPED)) == 40
    assert all("ran" in typed for typed in TYPED)


def test_every_other_page_shows_it_as_it_was_typed(desk: Desk, sign_in: SignIn) -> None:
    """That no page takes it for markup, without a browser: tests/web/test_canaries.py."""
    assert open_everything(desk, sign_in, 0, every=2) > 50


@pytest.mark.slow
@pytest.mark.parametrize("first", range(len(TYPED)))
def test_every_page_shows_each_of_them_in_each_place_as_it_was_typed(desk: Desk, sign_in: SignIn, first: int) -> None:
    assert open_everything(desk, sign_in, first) > 50
