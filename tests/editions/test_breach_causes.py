"""The causes that can be given of a breach."""

import re
from pathlib import Path

import pytest

from victimcare.domain.breach_causes import Whose
from victimcare.editions.breach_causes import IN_THE_NOTE, PUBLISHED_CAUSES, load_causes, published_causes
from victimcare.editions.reading import BadEdition
from victimcare.store.breaches import RECORDED_LATE


def test_there_is_a_cause_of_each_and_those_that_the_service_names_itself() -> None:
    assert {cause.whose for cause in published_causes().values()} == set(Whose)
    assert {RECORDED_LATE, IN_THE_NOTE} <= published_causes().keys()
    assert "the Code\n# knows none" in PUBLISHED_CAUSES.read_text("utf-8")


@pytest.mark.parametrize(
    ("right", "wrong", "why"),
    [
        ('whose = "own_force"', 'whose = "own_forse"', "there is no word for whose it is 'own_forse'"),
        ('code = "workload"', 'code = "overlooked"', "there is a cause overlooked already"),
        ('code = "other"', 'code = "another"', "cause: there must be a cause other"),
        ('words = "It was overlooked"', 'words = ""', "words: it must be words in quotation marks"),
    ],
)
def test_a_bad_file_is_refused_with_what_is_wrong(tmp_path: Path, right: str, wrong: str, why: str) -> None:
    text = PUBLISHED_CAUSES.read_text("utf-8")
    assert right in text
    file = tmp_path / "causes.toml"
    file.write_text(text.replace(right, wrong, 1), "utf-8")
    with pytest.raises(BadEdition, match=re.escape(why)):
        load_causes(file)
