"""Reading a case together with what is known of its victim."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends

from victimcare.editions.force_policy import published_policy
from victimcare.queries.case_page import CasePage
from victimcare.queries.other_cases import OtherCases, other_cases
from victimcare.queries.victim_page import VictimPage, victim_page
from victimcare.web.case_reading import TheCases
from victimcare.web.deps import TheVault


@dataclass(frozen=True, slots=True)
class VictimReader:
    """Reads a case and its victim, and writes down that it was read."""

    cases: TheCases
    vault: TheVault

    def read(self, ref: str) -> tuple[CasePage, VictimPage]:
        """The case and its victim. Raises `NoSuchCase`, `CannotAudit`."""
        case = self.cases.read(ref)
        return case, self.victim(ref)

    def victim(self, ref: str) -> VictimPage:
        """The victim of a case that was just read. Raises `NoSuchCase`."""
        reader = self.cases
        with reader.database.reading() as connection:
            return victim_page(
                connection,
                person=reader.person,
                ref=ref,
                today=reader.today,
                law=reader.law,
                policy=published_policy(),
                vault=self.vault,
            )

    def others(self, ref: str) -> OtherCases:
        """The other cases of the victim of a case that was just read, which is written down too."""
        with self.cases.database.reading() as connection:
            found = other_cases(connection, person=self.cases.person, ref=ref)
        if found.case_ids:
            self.cases.consulted("other cases", found.case_ids)
        return found


TheVictims = Annotated[VictimReader, Depends(VictimReader)]
