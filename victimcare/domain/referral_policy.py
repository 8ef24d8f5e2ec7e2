"""What a force decided about referrals where the Code leaves it open. Always shown as the force's policy."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum


class ReferralMode(StrEnum):
    """Whether a victim is referred unless they object, or only once they agreed."""

    AUTOMATIC = "automatic_with_opt_out"
    CONSENT_FIRST = "consent_first"


MODE_IN_WORDS = {
    ReferralMode.AUTOMATIC: "Victims are referred unless they say no.",
    ReferralMode.CONSENT_FIRST: "Victims are asked first, and referred only if they agree.",
}


@dataclass(frozen=True, slots=True)
class ReferralPolicy:
    """`consent_first_for` are needs for which the victim is always asked, and a specialist service comes first.

    Of a crime of a type in `consent_first_until_asked` they are asked too until somebody asked for their needs.
    Where `services_may_write` a confirmed address is a way to reach the victim too, except for those same crimes.
    Under `guardian_under` (years of age) a parent or guardian must agree. An entry of the directory is out of date
    when it was last checked more than `checked_every_days` calendar days ago. `seen_in`: where it was found.
    """

    mode: ReferralMode
    consent_first_for: frozenset[str]
    consent_first_until_asked: frozenset[str]
    services_may_write: bool
    guardian_under: int
    checked_every_days: int
    seen_in: str

    def asks_first(self, needs: frozenset[str], *, needs_asked: bool = True, crime_type: str = "") -> bool:
        """Whether a victim with these needs must agree before anything is sent."""
        return self.mode is ReferralMode.CONSENT_FIRST or self._is_delicate(needs, needs_asked, crime_type)

    def may_be_written_to(self, needs: frozenset[str], *, needs_asked: bool, crime_type: str) -> bool:
        """Whether a service may write to a victim with these needs at an address that is confirmed safe.

        Not where somebody at home may be the reason why they need support: what comes from a specialist says so.
        """
        return self.services_may_write and not self._is_delicate(needs, needs_asked, crime_type)

    def needs_guardian(self, age: int | None) -> bool:
        """Whether a parent or guardian must agree too; not where the age is not known."""
        return age is not None and age < self.guardian_under

    def _is_delicate(self, needs: frozenset[str], needs_asked: bool, crime_type: str) -> bool:
        unknown = not needs_asked and crime_type in self.consent_first_until_asked
        return unknown or bool(needs & self.consent_first_for)

    def is_out_of_date(self, checked_on: date, today: date) -> bool:
        """Whether an entry of the directory last checked on `checked_on` should be checked again."""
        return today - checked_on > timedelta(days=self.checked_every_days)
