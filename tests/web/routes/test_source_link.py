"""From the page of a case back to the record that it came from: for whoever sees the case, and nobody else."""

import pytest

from tests.web.casework import Casework, add_strangers
from tests.web.site import add_people, make_site
from victimcare.domain.law import Law
from victimcare.editions.law import published_law
from victimcare.settings import Settings

LINK = "https://rms.example/crime/40%2F"


@pytest.fixture
def law() -> Law:
    return published_law()


def casework_with(links: dict[str, str], url: str, law: Law) -> Casework:
    settings = Settings().model_copy(update={"database_url": url, "source_links": links})
    site = make_site(url, law, settings=settings)
    add_people(site.database)
    add_strangers(site)
    return Casework(site)


def test_the_page_of_a_case_leads_to_its_source_and_to_nobody_who_may_not_see_it(sqlite_url: str, law: Law) -> None:
    casework = casework_with({"test": "https://rms.example/crime/{id}"}, sqlite_url, law)
    (ref,) = casework.crime("Wren Sample")
    page = casework.page(casework.site.sign_in(), f"/cases/{ref}").text
    assert casework.site.sign_in().get(f"/cases/{ref}").text.count(LINK) == 1
    assert "Open the crime’s record in the system that it came from" in page
    assert LINK not in casework.site.sign_in("board").get(f"/cases/{ref}").text
    casework.site.database.close()


def test_without_a_setting_there_is_no_link(sqlite_url: str, law: Law) -> None:
    casework = casework_with({"another": "https://rms.example/crime/{id}"}, sqlite_url, law)
    (ref,) = casework.crime("Wren Sample")
    assert "rms.example" not in casework.site.sign_in().get(f"/cases/{ref}").text
    casework.site.database.close()
