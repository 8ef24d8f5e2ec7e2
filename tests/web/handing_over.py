"""Handing cases over as a supervisor does: choose, see what it would do, and do it."""

from __future__ import annotations

from typing import Any

from tests.web.casework import Casework
from tests.web.page import FormOnPage, Page
from tests.web.site import Browser
from victimcare.store.cases import CASES

CHOOSING, PLAN, DONE = "/team/reassign", "/team/reassign/plan", "/team/reassign"


def picked(casework: Casework, ref: str) -> str:
    """The case with who holds it, as the page's boxes have it."""
    with casework.site.database.reading() as connection:
        row = connection.execute(CASES.select().where(CASES.c.ref == ref)).first()
    return f"{ref}:{row.officer_id if row else 'officer'}"


def plan(casework: Casework, browser: Browser, *refs: str, officer: str = "colleague", why: str = "leave") -> Any:
    """What the service answers to being asked what it would do."""
    form = casework.page(browser, CHOOSING).form(PLAN)
    cases = [picked(casework, ref) for ref in refs]
    return browser.post(PLAN, {**form.filled(), "cases": cases, "officer": officer, "why": why})


def planned(casework: Casework, browser: Browser, *refs: str, **how: str) -> FormOnPage:
    """The form of the plan, which does it."""
    return Page(plan(casework, browser, *refs, **how).text).form(DONE)


def hand_over(casework: Casework, browser: Browser, *refs: str, **how: str) -> Any:
    """What the service answers to having done it."""
    return browser.post(DONE, planned(casework, browser, *refs, **how).filled())


def holder(casework: Casework, ref: str) -> str:
    """Who holds the case."""
    with casework.site.database.reading() as connection:
        return str(connection.execute(CASES.select().where(CASES.c.ref == ref)).one().officer_id)
