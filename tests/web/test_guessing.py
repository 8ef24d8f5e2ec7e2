"""Guessing against the whole service over HTTP: how few are evaluated, and that nothing tells who has an account.

`GUESSES=10000` and `PAIRS=500` make the long form of it; the quick one is smaller and as real.
"""

from __future__ import annotations

import os
import time
from concurrent.futures import ThreadPoolExecutor
from statistics import median, quantiles

import httpx2
import pytest
from sqlalchemy import update

from tests.web.site import Site, served, token_in
from victimcare.commands import sign_in as signing_in
from victimcare.store.tables import Account

pytestmark = pytest.mark.both_engines

GUESSES = int(os.environ.get("GUESSES", "120"))
PAIRS = int(os.environ.get("PAIRS", "8"))
LIMIT = 0.02
ENOUGH = 50
"""Pairs from which a p95 says something."""


def guess(client: httpx2.Client, token: str, username: str, password: str) -> int:
    form = {"csrf_token": token, "username": username, "password": password}
    return client.post("/sign-in", data=form).status_code


def opened(address: str) -> tuple[httpx2.Client, str]:
    headers = {"Origin": address, "Sec-Fetch-Site": "same-origin"}
    client = httpx2.Client(base_url=address, headers=headers, timeout=60)
    return client, token_in(client.get("/sign-in").text)


def test_of_many_guesses_at_once_ten_are_evaluated_and_others_are_not_held_up(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    evaluated: list[str] = []
    verify = signing_in.HASHER.verify
    monkeypatch.setattr(signing_in.HASHER, "verify", lambda *asked: bool(evaluated.append("x")) or verify(*asked))
    with served(site) as address:
        client, token = opened(address)
        other = httpx2.Client(base_url=address, timeout=60)
        took: list[float] = []

        def look(_: int) -> None:
            begun = time.perf_counter()
            assert other.get("/help").status_code == 200
            took.append(time.perf_counter() - begun)

        with ThreadPoolExecutor(4) as guessing, ThreadPoolExecutor(1) as looking:
            looks = looking.map(look, range(max(20, GUESSES // 20)))
            answers = list(guessing.map(lambda n: guess(client, token, "officer", f"guess {n}"), range(GUESSES)))
            list(looks)
        client.close()
        other.close()
    p95 = quantiles(took, n=20)[-1]
    print(f"{GUESSES} guesses, {len(evaluated)} evaluated; p95 of another page meanwhile {p95 * 1000:.0f} ms")
    assert (answers.count(422), answers.count(429), len(evaluated)) == (10, GUESSES - 10, 10)
    assert p95 < 0.5


def test_no_clock_tells_whether_a_user_name_is_known(sqlite_site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both are measured turn by turn, so that the machine's other work falls on both alike."""
    monkeypatch.setattr(signing_in, "PER_ACCOUNT", 10**6)
    monkeypatch.setattr(signing_in, "PER_ADDRESS", 10**6)
    real = signing_in.HASHER.hash("a password of the price that the service asks")
    with sqlite_site.database.writing() as connection:
        connection.execute(update(Account.__table__).values(password_hash=real))
    times: dict[str, list[float]] = {"officer": [], "nobody here": []}
    with served(sqlite_site) as address:
        client, token = opened(address)
        for _ in range(3):
            guess(client, token, "nobody here", "warming up")
        for _ in range(PAIRS):
            for username, measured in times.items():
                begun = time.process_time()
                assert guess(client, token, username, "wrong") == 422
                measured.append(time.process_time() - begun)
        client.close()
    for how, figure in (("median", median), ("p95", lambda measured: quantiles(measured, n=20)[-1])):
        known, unknown = (figure(measured) for measured in times.values())
        print(f"{how} of processor time: known {known * 1000:.1f} ms, unknown {unknown * 1000:.1f} ms")
        assert abs(known - unknown) < LIMIT or (how == "p95" and PAIRS < ENOUGH)
