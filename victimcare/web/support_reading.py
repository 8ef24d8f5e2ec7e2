"""Reading the way to support of a case, and the page that shows it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Path

from victimcare.domain.event_kinds import EventKind
from victimcare.domain.referral_policy import MODE_IN_WORDS
from victimcare.domain.support_needs import SUPPORT_NEEDS
from victimcare.editions.force_policy import published_policy
from victimcare.editions.referral_policy import published_referral_policy
from victimcare.queries.case_duties import DutyView
from victimcare.queries.case_page import CasePage
from victimcare.queries.support import SupportPage, support_page
from victimcare.queries.timeline import TimelineEntry
from victimcare.web.case_reading import TheCases
from victimcare.web.case_references import CaseRef
from victimcare.web.deps import CurrentPerson, Now, TheDatabase, TheLaw, TheVault

ServiceId = Annotated[str, Path(pattern=r"^[0-9a-z-]{1,40}$")]
EventKey = Annotated[str, Path(pattern=r"^[0-9A-Za-z_-]{1,64}$")]
OutgoingId = Annotated[str, Path(pattern=r"^[0-9a-f]{16}$")]


@dataclass(frozen=True, slots=True)
class SupportView:
    """The page of support, in words. `done` is what was just done."""

    case: CasePage
    page: SupportPage
    duties: tuple[DutyView, ...]
    done: str = ""
    changed: tuple[TimelineEntry, ...] = ()
    needs: tuple[tuple[str, str], ...] = tuple(SUPPORT_NEEDS.items())

    @property
    def mode(self) -> str:
        """The force's policy in words."""
        return MODE_IN_WORDS[self.page.file.policy.mode]

    @property
    def nobody_fits(self) -> bool:
        """Whether no service fits, or some need is met by none."""
        return bool(self.page.file.unmet) or not any(match.fits for match in self.page.file.matches)


class SupportReader:
    """Reads the way to support of the case in the address."""

    def __init__(
        self,
        ref: CaseRef,
        cases: TheCases,
        person: CurrentPerson,
        database: TheDatabase,
        now: Now,
        law: TheLaw,
        vault: TheVault,
    ) -> None:
        self._ref, self._cases, self._person = ref, cases, person
        self._database, self._now, self._law, self.vault = database, now, law, vault

    def case(self) -> CasePage:
        """The case, with who looked at it written down."""
        return self._cases.read(self._ref)

    def page(self) -> SupportPage:
        """Its way to support. Raises `NoSuchCase`."""
        with self._database.reading() as connection:
            return support_page(
                connection,
                person=self._person,
                ref=self._ref,
                now=self._now,
                law=self._law,
                policy=published_referral_policy(),
                contact=published_policy(),
                vault=self.vault,
            )

    def view(self, case: CasePage, changed: tuple[TimelineEntry, ...] = (), *, done: str = "") -> SupportView:
        """What the page of support shows."""
        return SupportView(case, self.page(), case.answerable_by(EventKind.REFERRAL_SENT), done, changed)


TheSupport = Annotated[SupportReader, Depends(SupportReader)]
