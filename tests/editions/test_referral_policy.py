"""The force's policy on referrals, and files that cannot be trusted."""

from datetime import date
from pathlib import Path

import pytest

from victimcare.domain.referral_policy import ReferralMode
from victimcare.editions.reading import BadEdition
from victimcare.editions.referral_policy import (
    PUBLISHED_REFERRAL_POLICY,
    load_referral_policy,
    published_referral_policy,
)

POLICY = published_referral_policy()


def test_referral_is_automatic_but_for_sexual_and_domestic_crime() -> None:
    assert POLICY.mode is ReferralMode.AUTOMATIC
    assert not POLICY.asks_first(frozenset({"emotional"}))
    assert POLICY.asks_first(frozenset({"emotional", "domestic_abuse"}))
    assert POLICY.asks_first(frozenset({"sexual_violence"}))


def test_until_needs_were_asked_a_crime_that_may_be_sexual_or_domestic_is_asked_about_first() -> None:
    violent, none = "Violence and sexual offences", frozenset[str]()
    assert POLICY.asks_first(none, needs_asked=False, crime_type=violent)
    assert not POLICY.asks_first(none, needs_asked=True, crime_type=violent)
    assert not POLICY.asks_first(none, needs_asked=False, crime_type="Burglary")


def test_a_guardian_must_agree_under_13() -> None:
    assert {age: POLICY.needs_guardian(age) for age in (12, 13, None)} == {12: True, 13: False, None: False}


def test_an_entry_is_out_of_date_the_day_after_its_time() -> None:
    checked_on = date(2026, 1, 1)
    assert not POLICY.is_out_of_date(checked_on, date(2026, 4, 1))
    assert POLICY.is_out_of_date(checked_on, date(2026, 4, 2))


@pytest.mark.parametrize(
    ("right", "wrong", "sentence"),
    [
        ('mode = "automatic', 'mode = "automated', "referral.mode: there is no way to refer 'automated_with_opt_out'"),
        ('["domestic_abuse"', '["domestic_abus"', "referral.consent_first_for: there is no need 'domestic_abus' (did"),
        ('["domestic_abuse", "sexual_violence"]', '"domestic_abuse"', "referral.consent_first_for: it must be a list"),
        ('["Violence', '["Violent', "referral.consent_first_until_asked: there is no type of crime"),
        ("_under = 13", '_under = "13"', "referral.guardian_consent_under: it must be a whole number, 0 or more"),
        ("_days = 90", "_days = 0", "directory.checked_every_days: it must be a whole number, 1 or more"),
        ("_days = 90", "_days = 90\nelse = 1", "directory.else: an edition has no such field here"),
        ("[directory]", "[directory", "it is not valid TOML"),
    ],
)
def test_a_file_that_cannot_be_trusted_is_refused_by_field(
    tmp_path: Path, right: str, wrong: str, sentence: str
) -> None:
    text = PUBLISHED_REFERRAL_POLICY.read_text("utf-8")
    assert right in text
    file = tmp_path / "policy.toml"
    file.write_text(text.replace(right, wrong, 1), "utf-8")
    with pytest.raises(BadEdition) as refused:
        load_referral_policy(file)
    assert str(refused.value).startswith(f"policy.toml: {sentence}")
