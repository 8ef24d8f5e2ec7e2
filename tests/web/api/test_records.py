"""The force's own records system brings records, a few at a time: taken as those in files are, and answered each."""

from __future__ import annotations

from hashlib import sha256
from typing import Any

import pytest
from sqlalchemy import select, text

from clients.python.victimcare_api import Problem
from tests.exchange.records.said import arrest, contact, crime, suspect, victim
from tests.web.casework import Casework
from tests.web.systems import ask, client_of, register, token_of
from victimcare.domain.agencies import OWN_AGENCY
from victimcare.domain.api_scopes import SCOPES_OF
from victimcare.exchange.records.sent import MOST
from victimcare.store.audit import AUDIT
from victimcare.store.source_records import RECORDS
from victimcare.web.api.bodies import LARGEST

PATH = "/api/v1/records"
CRIME = crime(area="E01", reported_at="2026-05-15", recorded_at="2026-05-15")


class Bringing:
    """The records system of the force."""

    def __init__(self, casework: Casework) -> None:
        self.casework = casework
        self.system = register(casework, OWN_AGENCY)
        self.client = client_of(casework, self.system)
        self.token = token_of(casework, self.system)

    def send(self, *said: Any, **headers: str) -> Any:
        return ask(self.casework, self.token, "POST", PATH, list(said), **headers)

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        with self.casework.site.database.reading() as connection:
            return [tuple(row) for row in connection.execute(text(query))]


@pytest.fixture
def bringing(casework: Casework) -> Bringing:
    return Bringing(casework)


def test_each_record_is_taken_and_it_is_said_what_became_of_it(bringing: Bringing) -> None:
    client = bringing.client
    began = client.bring([victim(), CRIME])
    assert [one.became for one in began] == ["new", "new"], "in the order in which they were sent, not taken"
    later = client.bring([CRIME, victim(version=2, name="Wren Right"), victim(version=1)])
    assert [one.became for one in later] == ["unchanged", "changed", "older"]
    assert bringing.rows("SELECT name FROM victim WHERE name LIKE 'Wren %'") == [("Wren Right",)]


def test_one_that_is_refused_is_said_by_field_and_reason_and_keeps_no_other_out(bringing: Bringing) -> None:
    wrong = crime("C2", area="Canaryplace", reported_at="2026-05-15", recorded_at="2026-05-15")
    answer = bringing.send(CRIME, wrong, victim("V7", phone="canary"), {**victim("V8"), "canaryfield": 1}, victim())
    found = [(one["became"], [each["field"] for each in one["refused"]]) for one in answer.json()["records"]]
    assert found == [("new", []), ("refused", ["area"]), ("refused", ["phone"]), ("refused", [""]), ("new", [])]
    assert "anary" not in answer.text


def test_what_waits_is_joined_when_what_it_hangs_on_comes(bringing: Bringing) -> None:
    [waits] = bringing.client.bring([contact(happened_at="2026-05-16")])
    assert waits.became == "waiting"
    answer = bringing.send(CRIME, victim()).json()
    assert ([one["became"] for one in answer["records"]], answer["joined"]) == (["new", "new"], 1)


def test_of_one_that_is_taken_in_part_it_is_said_what_was_not(bringing: Bringing) -> None:
    everything = [CRIME, suspect(), victim(), arrest(happened_at="2026-05-16")]
    assert {one.became for one in bringing.client.bring(everything)} == {"new"}
    other = bringing.send({**CRIME, "version": 2, "crime_type": "Robbery"})
    [one] = other.json()["records"]
    assert (one["became"], [each["field"] for each in one["refused"]]) == ("changed", ["crime_type"])


def test_the_same_request_again_is_answered_the_same_and_taken_once(bringing: Bringing) -> None:
    key = "records-of-monday-0001"
    first = bringing.send(CRIME, victim(), Idempotency_Key=key)
    again = bringing.send(CRIME, victim(), Idempotency_Key=key)
    assert (first.status_code, again.status_code) == (200, 200)
    assert again.json() == first.json()
    other = bringing.send(CRIME, Idempotency_Key=key)
    assert (other.status_code, other.headers["content-type"]) == (422, "application/problem+json")


def test_it_is_written_down_who_brought_how_many(bringing: Bringing) -> None:
    bringing.send(CRIME, victim())
    with bringing.casework.site.database.reading() as connection:
        of_it = select(AUDIT.c.what, AUDIT.c.case_count).where(AUDIT.c.person_id == bringing.system.id)
        assert ("bring in 2 records", 1) in [tuple(row) for row in connection.execute(of_it)], "and of which case"


@pytest.mark.parametrize("said", [[], [CRIME] * (MOST + 1), {"kind": "crime"}, ["crime"], [{"kind": "canary"}]])
def test_what_is_no_list_of_records_is_refused_whole(bringing: Bringing, said: Any) -> None:
    answer = ask(bringing.casework, bringing.token, "POST", PATH, said)
    assert (answer.status_code, answer.headers["content-type"]) == (422, "application/problem+json")
    assert bringing.rows("SELECT count(*) FROM source_record") == [(0,)]


def test_many_records_are_more_than_other_requests_hold_and_there_is_an_end(bringing: Bringing) -> None:
    many = [crime(f"C{n}", area="E01", reported_at="2026-05-15", recorded_at="2026-05-15") for n in range(MOST)]
    padded = [{**one, "id": f"C{n}{'/' * 80}9"[:100]} for n, one in enumerate(many)]
    answer = bringing.send(*[{**one, "more": "x" * 400} for one in padded])
    assert (answer.status_code, len(answer.request.content) > LARGEST) == (200, True)
    assert bringing.send({**CRIME, "more": "x" * 300_000}).status_code == 413


def test_nested_without_end_it_is_refused_in_words(bringing: Bringing) -> None:
    deep: Any = []
    for _ in range(200):
        deep = [deep]
    answer = bringing.send({**CRIME, "more": deep})
    assert (answer.status_code, answer.headers["content-type"]) == (422, "application/problem+json")


def test_a_system_brings_the_records_of_its_own_source_alone(bringing: Bringing) -> None:
    anothers = {**crime("C2", area="E01", reported_at="2026-05-15", recorded_at="2026-05-15"), "source": "niche"}
    answer = bringing.send(CRIME, anothers)
    found = [(one["became"], [each["field"] for each in one["refused"]]) for one in answer.json()["records"]]
    assert found == [("new", []), ("refused", ["source"])]
    assert bringing.rows("SELECT count(*) FROM source_record") == [(1,)]


def test_one_that_was_registered_before_sources_were_asked_for_is_bound_to_none(bringing: Bringing) -> None:
    with bringing.casework.site.database.writing() as connection:
        connection.execute(text("UPDATE api_client SET source = ''"))
    assert bringing.send({**CRIME, "source": "niche"}).json()["records"][0]["became"] == "new"
    page = bringing.casework.page(
        bringing.casework.site.sign_in("administrator"), f"/people/systems/{bringing.system.id}"
    )
    assert "Brings records of Any source" in page.text


def test_the_system_of_a_court_brings_nothing(bringing: Bringing) -> None:
    court = client_of(bringing.casework, register(bringing.casework))
    with pytest.raises(Problem) as refused:
        court.bring([CRIME])
    assert refused.value.status == 403


def test_the_records_system_reads_nothing(bringing: Bringing) -> None:
    assert {scope.value for scope in SCOPES_OF[OWN_AGENCY]} == {"records:bring"}
    with pytest.raises(Problem) as refused:
        list(bringing.client.duties())
    assert refused.value.status == 403


def test_what_was_sent_is_kept_sealed(bringing: Bringing) -> None:
    bringing.send(CRIME, victim(name="Wren Canaryname"))
    with bringing.casework.site.database.reading() as connection:
        assert "Canaryname" not in str(connection.execute(select(RECORDS)).all())


def test_its_page_says_that_it_is_told_nothing(bringing: Bringing) -> None:
    administrator = bringing.casework.site.sign_in("administrator")
    answer = administrator.get(f"/people/systems/{bringing.system.id}/events")
    assert answer.status_code == 200
    assert "there is nothing to tell it" in answer.text


def test_what_is_kept_of_a_request_tells_nothing_of_it_without_the_key(bringing: Bringing) -> None:
    answer = bringing.send(CRIME, victim())
    request = answer.request
    asked = f"{request.method}\n{request.url.path}\nNone\n".encode() + request.content
    [(kept,)] = bringing.rows("SELECT request_hash FROM api_write")
    assert kept != sha256(asked).hexdigest()
    assert kept == bringing.casework.vault.hash(sha256(asked).hexdigest())
