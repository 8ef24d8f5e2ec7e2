"""The file of a force that says who is what: read whole, or refused with what is wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from victimcare.domain.people import Role
from victimcare.editions.claims_mapping import BadMapping, load_claims_mapping


def write(folder: Path, text: str) -> Path:
    file = folder / "claims.toml"
    file.write_text(text, "utf-8")
    return file


def test_roles_teams_and_names_of_claims_are_read(tmp_path: Path) -> None:
    text = '[claims]\nrole = "job"\n[roles]\n"Case officers" = "officer"\n[teams]\n"Unit 7" = "north"\n'
    mapping = load_claims_mapping(write(tmp_path, text))
    assert (mapping.roles, mapping.teams) == ({"Case officers": Role.OFFICER}, {"Unit 7": "north"})
    assert (mapping.role_claim, mapping.team_claim, mapping.username_claim) == ("job", "groups", "preferred_username")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "roles: Field required"),
        ("[roles]\n", "roles"),
        ('[roles]\na = "owner"\n', "roles.a"),
        ('[roles]\na = "system"\n', "nobody is the program itself"),
        ('[roles]\na = "officer"\n[default]\nrole = "officer"\n', "default: Extra inputs"),
        ('[roles]\na = "officer"\n[claims]\ngroup = "x"\n', "claims.group"),
        ("[roles\n", "claims.toml: "),
    ],
)
def test_a_file_that_is_not_plain_is_refused(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(BadMapping) as refused:
        load_claims_mapping(write(tmp_path, text))
    assert said in str(refused.value)


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadMapping, match="No such file"):
        load_claims_mapping(tmp_path / "claims.toml")
