"""How far a victim came on the way to support."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.builders import event, journey
from victimcare.domain.support_reached import SupportReached, support_reached

WAY = (
    ("referral_offered", SupportReached.OFFERED),
    ("referral_consented", SupportReached.AGREED),
    ("referral_sent", SupportReached.REFERRED),
    ("referral_received", SupportReached.REFERRED),
    ("referral_accepted", SupportReached.ACCEPTED),
    ("support_contacted", SupportReached.CONTACTED),
    ("support_started", SupportReached.STARTED),
    ("support_ended", SupportReached.STARTED),
)
OF_A_SERVICE = {kind for kind, _ in WAY[2:]}


def reached(*kinds: str, contacts_recorded: bool = True, **corrected: str) -> SupportReached:
    events = [event("crime_reported", "2026-05-01", key="report", contacts_recorded=contacts_recorded)]
    for number, kind in enumerate(kinds):
        subject = "Example Support" if kind in OF_A_SERVICE or kind == "referral_refused" else None
        events.append(event(kind, f"2026-05-{number + 2:02}", key=f"{kind}-{number}", subject=subject))
    for number, (kind, key) in enumerate(corrected.items()):
        wrong = {"corrects": key, "correction": "never_happened"}
        events.append(event(kind, "2026-05-20", key=f"wrong-{number}", recorded="2026-06-01", **wrong))
    return support_reached(journey(*events))


@pytest.mark.parametrize("steps", range(len(WAY) + 1))
def test_each_step_brings_the_victim_further(steps: int) -> None:
    expected = WAY[steps - 1][1] if steps else SupportReached.NOT_OFFERED
    assert reached(*(kind for kind, _ in WAY[:steps])) is expected


def test_the_last_answer_counts() -> None:
    assert reached("referral_offered", "referral_declined") is SupportReached.DECLINED
    assert reached("referral_declined", "referral_consented") is SupportReached.AGREED
    assert reached("referral_consented", "referral_declined") is SupportReached.DECLINED


def test_a_referral_that_a_service_refused_was_still_sent() -> None:
    assert reached("referral_sent", "referral_refused") is SupportReached.REFERRED
    assert reached("referral_sent", "referral_accepted", "referral_refused") is SupportReached.ACCEPTED


def test_who_declines_after_being_referred_was_referred() -> None:
    assert reached("referral_sent", "referral_declined") is SupportReached.REFERRED


def test_what_was_corrected_away_was_never_reached() -> None:
    assert reached("referral_consented", "referral_sent", referral_sent="referral_sent-1") is SupportReached.AGREED
    assert reached("referral_offered", referral_offered="referral_offered-0") is SupportReached.NOT_OFFERED


def test_what_fits_no_referral_moves_nothing() -> None:
    assert reached("support_started") is SupportReached.NOT_OFFERED


@given(st.lists(st.sampled_from([kind for kind, _ in WAY]), max_size=8))
def test_a_source_without_contacts_proves_nothing(kinds: list[str]) -> None:
    assert reached(*kinds, contacts_recorded=False) is SupportReached.NO_EVIDENCE


@given(st.lists(st.sampled_from([kind for kind, _ in WAY]), max_size=8))
def test_it_is_referred_exactly_where_a_referral_was_sent(kinds: list[str]) -> None:
    assert reached(*kinds).is_referred == ("referral_sent" in kinds)
