"""Systems of agencies that record events while people turn pages, over HTTP, on a copy of the world.

In one process, and in one for systems beside one for people.

The asking shares the machine with the server: what is printed is what two cores do together.
"""

from __future__ import annotations

import asyncio
import os
import re
import secrets
import socket
import subprocess
import sys
import uuid
from base64 import urlsafe_b64encode
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import AsyncExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import cycle
from pathlib import Path
from shutil import copyfile
from tempfile import TemporaryDirectory
from time import monotonic, sleep

import httpx2
from sqlalchemy import select

from bench.measuring import Measured
from bench.worlds import world
from victimcare.commands.keep_api_clients import NewClient, give_client_secret, register_client
from victimcare.domain.api_scopes import SCOPES_OF
from victimcare.domain.people import Person, Role
from victimcare.exchange.demonstration.people import PASSPHRASE
from victimcare.store.cases import CASES
from victimcare.store.concerned import concerning
from victimcare.store.database import Database
from victimcare.store.staff import PEOPLE

EVENTS, PAGES = 100, 50
"""Asked for in each second."""
_SECONDS = 20
_AGENCY = "witness_care_unit"
_READERS = ("officer", "supervisor")
_P95 = 0.3


@dataclass(slots=True)
class Answered:
    """How long each answer took that came in time, and how many were none."""

    seconds: list[float] = field(default_factory=list)
    refused: int = 0
    last_at: float = 0.0

    def p95(self) -> float:
        """Of the answers, in seconds."""
        return sorted(self.seconds)[int(len(self.seconds) * 0.95)] if self.seconds else float("inf")


def measure() -> list[Measured]:
    """Pages, events, and both at once: how many were answered a second, and how long 95 in 100 took."""
    with TemporaryDirectory() as folder:
        file = Path(copyfile(world(), Path(folder) / "victimcare.db"))
        client_id, secret, refs = _registered(file)
        lines: list[Measured] = []
        with _serving(file) as one, _serving(file) as other:
            for name, addresses, events, pages in (
                ("alone", (one, one), 0, PAGES),
                ("alone", (one, one), EVENTS, 0),
                ("at once, in one process", (one, one), EVENTS, PAGES),
                ("at once, in a process each", (one, other), EVENTS, PAGES),
            ):
                told, read, took = asyncio.run(_load(addresses, client_id, secret, refs, events=events, pages=pages))
                lines += _lines(f"events of agencies {name}", told, events, took)
                lines += _lines(f"pages {name}", read, pages, took)
    return lines


def _lines(what: str, answered: Answered, a_second: int, took: float) -> Iterator[Measured]:
    if not a_second:
        return
    rate = len(answered.seconds) / took
    said = f"{rate:.0f} a second, {answered.refused} refused"
    yield Measured(what, said, f"{a_second} a second asked", a_second / rate if rate else float("inf"), 1.05)
    yield Measured(f"{what}, 95 in 100 within", f"{answered.p95():.3f} s", f"{_P95} s", answered.p95() / _P95, 1.0)


def _registered(file: Path) -> tuple[str, str, list[str]]:
    """A system of the agency, and the cases that concern it."""
    database = Database(f"sqlite:///{file}")
    with database.writing() as connection:
        row = connection.execute(select(PEOPLE).where(PEOPLE.c.role == Role.ADMINISTRATOR.value)).first()
        assert row is not None
        how = {"by": Person(row.id, row.name, Role.ADMINISTRATOR), "now": datetime.now(UTC)}
        theirs = CASES.c.id.in_(concerning(_AGENCY))
        found = connection.execute(select(CASES.c.ref, CASES.c.area).where(theirs)).all()
        areas = frozenset(case.area for case in found)
        new = NewClient("A system to measure with", _AGENCY, SCOPES_OF[_AGENCY], areas, None, "")
        client_id = register_client(connection, new=new, **how)
        secret = give_client_secret(connection, client_id=client_id, **how)
    database.close()
    return client_id, secret, [case.ref for case in found]


@contextmanager
def _serving(file: Path) -> Iterator[str]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    told = {
        "VICTIMCARE_DATABASE_URL": f"sqlite:///{file}",
        "VICTIMCARE_VAULT_KEY": urlsafe_b64encode(bytes(32)).decode(),
        "VICTIMCARE_PORT": str(port),
        "VICTIMCARE_API_REQUESTS_A_MINUTE": "1000000",
    }
    command = [sys.executable, "-m", "victimcare", "web"]
    with (file.parent / "log").open("wb") as log:
        server = subprocess.Popen(command, env={**os.environ, **told}, cwd=file.parent, stdout=log, stderr=log)
        try:
            address = f"http://127.0.0.1:{port}"
            _wait_for(address)
            yield address
        finally:
            server.terminate()
            server.wait()


def _wait_for(address: str) -> None:
    for _ in range(120):
        try:
            httpx2.get(f"{address}/sign-in")
        except httpx2.ConnectError:
            sleep(0.5)
        else:
            return
    sys.exit("the service did not start")


async def _load(
    addresses: tuple[str, str], client_id: str, secret: str, refs: Sequence[str], *, events: int, pages: int
) -> tuple[Answered, Answered, float]:
    told, read = Answered(), Answered()
    async with AsyncExitStack() as stack:
        limits = httpx2.Limits(max_connections=100)
        clients = [
            await stack.enter_async_context(httpx2.AsyncClient(base_url=address, timeout=60, limits=limits))
            for address in (addresses[0], *[addresses[1] for _ in _READERS])
        ]
        agency, *readers = clients
        token = await agency.post("/api/v1/token", data={"grant_type": "client_credentials"}, auth=(client_id, secret))
        bearer = {"Authorization": f"Bearer {token.json()['access_token']}"}
        turns = [await _turning(reader, who) for reader, who in zip(readers, _READERS, strict=True)]
        page, case = cycle([turn for pair in zip(*turns, strict=False) for turn in pair]), cycle(refs)

        async def record() -> int:
            body = {
                "kind": "hearing_listed",
                "happened_at": datetime.now(UTC).date().isoformat(),
                "subject": f"Hearing {secrets.randbelow(9000) + 1000}",
                "details": {"hearing_on": "2028-03-01", "hearing_type": "sentence"},
            }
            headers = {**bearer, "Idempotency-Key": str(uuid.uuid4())}
            return (await agency.post(f"/api/v1/cases/{next(case)}/events", json=body, headers=headers)).status_code

        async def turn() -> int:
            reader, path = next(page)
            return (await reader.get(path)).status_code

        began = monotonic()
        await asyncio.gather(_asked(record, events, told), _asked(turn, pages, read))
        return told, read, max(told.last_at, read.last_at) - began


async def _turning(reader: httpx2.AsyncClient, who: str) -> list[tuple[httpx2.AsyncClient, str]]:
    """The pages that this person turns: their day, their list, and cases of it."""
    token = re.search(r'name="csrf_token" value="([^"]+)"', (await reader.get("/sign-in")).text)
    assert token
    form = {"csrf_token": token[1], "username": who, "password": PASSPHRASE, "next": "/"}
    headers = {"Sec-Fetch-Site": "same-origin"}
    assert (await reader.post("/sign-in", data=form, headers=headers)).status_code == 303
    cases = sorted(set(re.findall(r'href="(/cases/[A-Z0-9]+-[A-Z0-9]+)"', (await reader.get("/cases")).text)))[:8]
    return [(reader, path) for path in ("/", "/cases", *cases)]


async def _asked(ask: Callable[[], Awaitable[int]], a_second: int, answered: Answered) -> None:
    """Ask so often, whether or not what was asked before is answered: that is how people and systems come."""

    async def one() -> None:
        began = monotonic()
        status = await ask()
        answered.last_at = monotonic()
        if status < 300:
            answered.seconds.append(answered.last_at - began)
        else:
            answered.refused += 1

    begun, waiting = monotonic(), []
    for number in range(a_second * _SECONDS):
        await asyncio.sleep(max(0.0, begun + number / a_second - monotonic()))
        waiting.append(asyncio.create_task(one()))
    await asyncio.gather(*waiting)
