"""The force's policy on referrals, read from its file."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from pathlib import Path

from victimcare.domain.crime_types import CRIME_TYPES
from victimcare.domain.referral_policy import ReferralMode, ReferralPolicy
from victimcare.domain.support_needs import SUPPORT_NEEDS
from victimcare.editions.reading import Table, read_document

PUBLISHED_REFERRAL_POLICY = Path(__file__).with_name("referral_policy.toml")


@cache
def published_referral_policy() -> ReferralPolicy:
    """The policy shipped with the program; read once. Raises `BadEdition`."""
    return load_referral_policy(PUBLISHED_REFERRAL_POLICY)


def load_referral_policy(path: Path) -> ReferralPolicy:
    """The policy in this file. Raises `BadEdition`, which names file and field."""
    document = read_document(path)
    referral, directory = document.table("referral"), document.table("directory")
    policy = ReferralPolicy(
        mode=referral.code("mode", ReferralMode, "way to refer"),
        consent_first_for=_known(referral, "consent_first_for", SUPPORT_NEEDS, "need"),
        consent_first_until_asked=_known(referral, "consent_first_until_asked", CRIME_TYPES, "type of crime"),
        services_may_write=referral.flag("services_may_write"),
        guardian_under=referral.number("guardian_consent_under", least=0),
        checked_every_days=directory.number("checked_every_days", least=1),
        seen_in=referral.text("seen_in"),
    )
    for table in (referral, directory, document):
        table.finish()
    return policy


def _known(table: Table, field: str, words: Iterable[str], noun: str) -> frozenset[str]:
    value = table.value(field)
    if not isinstance(value, list) or not all(isinstance(word, str) for word in value):
        raise table.bad(field, "it must be a list of words")
    return frozenset(table.known(field, word, words, noun) for word in value)
