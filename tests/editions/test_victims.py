"""The entries of an edition that say who counts as a victim and who has enhanced rights."""

from pathlib import Path

import pytest

from victimcare.editions.loader import BadEdition, load_edition

SHIPPED = Path(__file__).parents[2] / "victimcare/editions/2021-04-01.toml"


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        ('id = "intimidated"\n', 'id = "frightened"\n', "ground frightened: id"),
        ('tier = "enhanced"\nuntil_18', 'tier = "gold"\nuntil_18', "there is no tier 'gold'"),
        ('id = "domestic_abuse", title', 'id = "hate_crime", title', "another entry has the same id"),
        ('suggests = "domestic_abuse"', 'suggests = "abuse"', "there is no criterion 'abuse'"),
        ('told = "guardian"', 'told = "neighbour"', "there is no way of being told 'neighbour'"),
        ('id = "born_of_crime"', 'id = "witness"', "victim basis witness: id: another entry"),
    ],
)
def test_a_bad_entry_is_refused_by_name(tmp_path: Path, before: str, after: str, words: str) -> None:
    text = SHIPPED.read_text("utf-8")
    assert text.count(before) == 1
    broken = tmp_path / SHIPPED.name
    broken.write_text(text.replace(before, after), "utf-8")
    with pytest.raises(BadEdition, match=words):
        load_edition(broken)
