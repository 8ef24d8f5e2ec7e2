"""What counts how much in a workload: from its file, with whatever is wrong in it named."""

import re
from pathlib import Path

import pytest

from victimcare.domain.workload import Weights, share
from victimcare.editions.law import published_law
from victimcare.editions.reading import BadEdition
from victimcare.editions.workload import PUBLISHED_WEIGHTS, load_weights, published_weights

CODE = published_law().code


def test_the_shipped_weights() -> None:
    assert published_weights() == Weights(
        own_duty=100,
        duty_of_others=25,
        tiers={"enhanced": 50},
        rules={"R6-NOINV": 50, "R6-POLNFA": 50},
        victim_not_told=100,
    )


@pytest.mark.parametrize(
    ("right", "wrong", "why"),
    [
        ("of_the_police = 1", "of_the_police = -1", "duty.of_the_police: it must be a number from 0 to 1000"),
        ("of_the_police = 1", "of_the_police = true", "duty.of_the_police: it must be a number from 0 to 1000"),
        ("of_the_police = 1", 'of_the_police = "1"', "duty.of_the_police: it must be a number from 0 to 1000"),
        ("of_the_police = 1", "of_the_police = nan", "duty.of_the_police: it must be a number from 0 to 1000"),
        ("0.25", "0.255", "duty.of_another_agency: it must have two decimals at most"),
        ("enhanced = 0.5", "enhnaced = 0.5", "more_by_tier.enhnaced: there is no tier 'enhnaced' (did you mean 'enhan"),
        ("R6-NOINV", "R6-NOINVE", "there is no rule 'R6-NOINVE' (did you mean 'R6-NOINV'?)"),
        ("victim_not_told = 1", "", "hand_over.victim_not_told: it is missing"),
        ("[hand_over]", "[hand_over]\nofficer = 1", "hand_over.officer: an edition has no such field here"),
        ("[hand_over]", "[[hand_over]", "it is not valid TOML"),
    ],
)
def test_a_bad_file_is_refused_in_a_sentence(tmp_path: Path, right: str, wrong: str, why: str) -> None:
    text = PUBLISHED_WEIGHTS.read_text("utf-8")
    assert right in text
    file = tmp_path / "workload.toml"
    file.write_text(text.replace(right, wrong, 1), "utf-8")
    with pytest.raises(BadEdition, match=re.escape(why)):
        load_weights(file, CODE)


def test_a_duty_of_the_police_counts_more_by_its_tier_and_its_rule_and_one_of_others_does_not() -> None:
    weights = published_weights()
    assert weights.of_duty(owed_by="police", tier="standard", rule="R4-REF") == 100
    assert weights.of_duty(owed_by="police", tier="enhanced", rule="R6-NOINV") == 200
    assert weights.of_duty(owed_by="cps", tier="enhanced", rule="R6-NOINV") == 25
    assert share(8400, 100) == 0.84
