"""What a system of an agency may be allowed to ask for: narrower than its role, chosen when it is registered."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from victimcare.domain.agencies import OWN_AGENCY, RECORDED_BY, SUPPORT_SERVICE


class ApiScope(StrEnum):
    """A scope as OAuth 2 names them (RFC 6749 section 3.3)."""

    READ_CASES = "cases:read"
    RECORD_EVENTS = "events:record"
    READ_REFERRALS = "referrals:read"
    ANSWER_REFERRALS = "referrals:answer"
    BRING_RECORDS = "records:bring"

    @property
    def in_words(self) -> str:
        """As it is said on pages."""
        return _WORDS[self]


_WORDS = {
    ApiScope.READ_CASES: "Read what the agency owes, by the case’s reference",
    ApiScope.RECORD_EVENTS: "Record the events that are the agency’s",
    ApiScope.READ_REFERRALS: "Read how far its referrals have come",
    ApiScope.ANSWER_REFERRALS: "Accept, refuse, say that contact was made or support started",
    ApiScope.BRING_RECORDS: "Bring in records of the force’s own system",
}
_OF_AGENCIES = frozenset({ApiScope.READ_CASES, ApiScope.RECORD_EVENTS})
_OF_SERVICES = frozenset({ApiScope.READ_REFERRALS, ApiScope.ANSWER_REFERRALS})

SCOPES_OF: Mapping[str, frozenset[ApiScope]] = {
    **dict.fromkeys(RECORDED_BY, _OF_AGENCIES),
    SUPPORT_SERVICE: _OF_SERVICES,
    OWN_AGENCY: frozenset({ApiScope.BRING_RECORDS}),
}
"""Which agencies can have a system here, and what it can be allowed at most. The force's own brings records, and reads
nothing: its people see here what is owed.
"""
