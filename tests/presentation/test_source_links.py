"""From a case back to its source: https only, and a reference never leads anywhere else."""

import json

import pytest

from victimcare.presentation.source_links import source_link
from victimcare.settings import Settings

LINKS = {"rms": "https://rms.example/crime/{id}?tab=victims"}


def test_a_reference_is_one_part_of_the_address_whatever_is_written_in_it() -> None:
    link = source_link(LINKS, source="rms", source_ref="40/1 26?x=//evil.example#&\"'<")
    assert link == "https://rms.example/crime/40%2F1%2026%3Fx%3D%2F%2Fevil.example%23%26%22%27%3C?tab=victims"
    assert source_link(LINKS, source="recorded here", source_ref="40/1/26") is None


@pytest.mark.parametrize(
    "template",
    [
        "http://rms.example/{id}",
        "javascript:alert({id})",
        "https://{id}.example/",
        "https://rms.example{id}",
        "https://rms.example/crime",
        'https://rms.example/"{id}',
        "https://user@rms.example/{id}",
        "//rms.example/{id}",
    ],
)
def test_an_address_that_could_lead_elsewhere_is_refused_at_the_start(
    template: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VICTIMCARE_SOURCE_LINKS", json.dumps({"rms": template}))
    with pytest.raises(ValueError, match="rms: it must be such as"):
        Settings()


def test_an_address_is_set_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VICTIMCARE_SOURCE_LINKS", json.dumps(LINKS))
    assert Settings().source_links == LINKS
