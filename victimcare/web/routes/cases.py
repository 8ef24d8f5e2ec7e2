"""The case list, its search, and the page of one case."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Literal
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import Field

from victimcare.commands.save_search import save_search
from victimcare.domain.event_kinds import EVENT_KINDS, EventKind
from victimcare.domain.messages import MessageTemplate
from victimcare.domain.people import Action, recording_of, scope_of
from victimcare.domain.readable_text import UNREADABLE
from victimcare.editions.force_policy import published_policy
from victimcare.editions.message_templates import written_about, written_for
from victimcare.presentation.paging import Paging
from victimcare.presentation.source_links import source_link
from victimcare.queries.agencies import Asked, agencies_asked
from victimcare.queries.case_list import PAGE_SIZE, CaseFilter, CaseList, case_list
from victimcare.queries.case_lists import RestrictedCase, restricted_to_others
from victimcare.queries.case_page import CasePage, case_page
from victimcare.queries.case_search import case_search
from victimcare.queries.searches import searched_words
from victimcare.web.case_references import CaseRef
from victimcare.web.deps import (
    Consulted,
    CurrentPerson,
    Now,
    TheDatabase,
    TheLaw,
    TheSettings,
    TheVault,
    TheVisit,
    Today,
)
from victimcare.web.forms import Form, Sent, blank
from victimcare.web.offered import one_of
from victimcare.web.pages import redirect, render
from victimcare.web.policies import policy

router = APIRouter()

Chip = tuple[str, str, str]


class SearchForm(Form):
    """Words of a name, a reference, or a number."""

    words: str = Field(title="Search", description="Enter a name, a reference or a number", max_length=100)


@dataclass(frozen=True, slots=True)
class CaseListView:
    """The list with its paging, each filter with the address that takes it away, and what is restricted to others."""

    list: CaseList
    paging: Paging
    chips: tuple[Chip, ...]
    search_id: str
    words: str
    restricted: tuple[RestrictedCase, ...] = ()

    @property
    def more(self) -> bool:
        """Whether the search found more than it shows."""
        return self.list.filter.found is not None and self.list.filter.found.more


_WAITED_FOR = {Action.DECIDE_GOOD_REASON, Action.VOID_CASE}


@dataclass(frozen=True, slots=True)
class CaseView:
    """The page of a case, what was just recorded on it, the message written for each rule, and that to tell it with.

    `decided`: it was something that waited for the supervisor who recorded it.
    """

    case: CasePage
    recorded: str
    written: Mapping[str, str]
    to_tell: MessageTemplate | None
    asked: Asked
    source_link: str | None = None
    decided: bool = False
    attempts: int = published_policy().attempts


@dataclass(frozen=True, slots=True)
class CaseLister:
    """Lists the cases that the person may see, and writes down which were shown."""

    person: CurrentPerson
    database: TheDatabase
    visit: TheVisit
    vault: TheVault
    today: Today
    law: TheLaw
    consulted: Consulted

    def view(
        self, *, status: str = "open", tier: str = "", late: bool = False, search: str = "", page: int = 1
    ) -> CaseListView:
        """A page of the list, most overdue first. A search that has ended narrows nothing. Raises `NotOffered`."""
        tier = one_of(tier, {known.id for known in self.law.code.on(self.today).tiers})
        with self.database.reading() as connection:
            session_id = self.visit.session_id or ""
            words = searched_words(connection, session_id=session_id, search_id=search, vault=self.vault)
            searched = bool(words.strip())
            found_so = case_search(connection, person=self.person, words=words, vault=self.vault) if searched else None
            wanted = CaseFilter(status=status, tier=tier or None, late=late, found=found_so)
            restricted = () if searched else restricted_to_others(connection, person=self.person)
            found = case_list(connection, person=self.person, wanted=wanted, page=page, today=self.today, law=self.law)
        shown = [*found.case_ids, *(case.case_id for case in restricted)]
        self.consulted("search" if searched and page == 1 else "case list", shown)
        asked = {"status": status, "tier": tier, "late": "true" if late else "", "search": search if words else ""}
        paging = Paging(found.page, found.total, PAGE_SIZE, _address(asked))
        return CaseListView(found, paging, _chips(found, asked, words), asked["search"], words, restricted)


TheLists = Annotated[CaseLister, Depends(CaseLister)]


@router.get("/cases", dependencies=[policy(Action.SEE_CASE)])
def cases_page(
    request: Request,
    lists: TheLists,
    status: Literal["open", "closed", "any"] = "open",
    tier: str = "",
    late: bool = False,
    search: Annotated[str, Query(pattern=r"^[0-9a-f]{0,16}$")] = "",
    page: int = 1,
) -> Response:
    """The cases that the person may see, most overdue first."""
    view = lists.view(status=status, tier=tier, late=late, search=search, page=page)
    return render(request, "cases/list.html", view, form=blank(SearchForm, words=view.words))


@router.post("/cases/search", dependencies=[policy(Action.SEE_CASE)])
def search_cases(
    request: Request, form: Sent[SearchForm], lists: TheLists, database: TheDatabase, visit: TheVisit, now: Now
) -> Response:
    """Search by name or reference: the words stay on the server, the address holds only the search's id."""
    unreadable = UNREADABLE in (form.error("words") or "")
    if not form.text("words").strip() and not unreadable:
        return redirect("/cases")
    if form.values is None:
        return render(request, "cases/list.html", lists.view(), form=form, status=422)
    with database.writing() as connection:
        words, session_id = form.values.words, visit.session_id or ""
        search_id = save_search(connection, session_id=session_id, words=words, now=now, vault=lists.vault)
    return redirect(_address({"status": "any", "search": search_id}))


@router.get("/cases/{ref}", dependencies=[policy(Action.SEE_CASE)])
def one_case(
    request: Request,
    ref: CaseRef,
    person: CurrentPerson,
    database: TheDatabase,
    today: Today,
    law: TheLaw,
    settings: TheSettings,
    consulted: Consulted,
    recorded: EventKind | None = None,
    corrected: bool = False,
) -> Response:
    """One case: who, what is owed and why by then, and the journey."""
    names = {"police": settings.force_name}
    with database.reading() as connection:
        view = case_page(connection, person=person, ref=ref, today=today, law=law, agency_names=names)
        asked = agencies_asked(connection, case_ids=[view.case_id])
    consulted("case", [view.case_id])
    words = ("Correction: " if corrected else "") + EVENT_KINDS[recorded].title if recorded else ""
    to_tell = written_about(recorded) if recorded and not corrected else None
    link = source_link(settings.source_links, source=view.crime_source, source_ref=view.crime_ref)
    action = recording_of(recorded) if recorded else Action.SEE_CASE
    decided = action in _WAITED_FOR and scope_of(person, action) is not None
    return render(request, "cases/case.html", CaseView(view, words, written_for(), to_tell, asked, link, decided))


def _address(asked: dict[str, str]) -> str:
    kept = {name: value for name, value in asked.items() if value and (name, value) != ("status", "open")}
    return f"/cases?{urlencode(kept)}" if kept else "/cases"


def _chips(found: CaseList, asked: dict[str, str], searched: str) -> tuple[Chip, ...]:
    words = {
        "search": f"“{searched}”",
        "status": {"closed": "Closed", "any": "Open and closed"}.get(found.filter.status, ""),
        "tier": dict(found.tiers).get(found.filter.tier or "", ""),
        "late": "Something overdue",
    }
    names = {"search": "search", "status": "status", "tier": "rights", "late": "overdue"}
    on = [name for name in names if asked.get(name) and words[name]]
    return tuple((names[name], words[name], _address({**asked, name: ""})) for name in on)
