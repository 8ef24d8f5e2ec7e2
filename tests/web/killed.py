"""Processes of the service that are killed while they work, and people who go on until they are answered."""

from __future__ import annotations

import os
import random
import re
import signal
import socket
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event, Lock
from typing import Any

from httpx2 import Client, HTTPError

from tests.forked import FORKED
from tests.web.site import PASSWORD, TOKEN
from victimcare.editions.law import published_law
from victimcare.jobs.runner import serve as serve_jobs
from victimcare.notices.channel import Channel
from victimcare.notices.mailbox import Mailbox
from victimcare.notices.smtp import MailServer
from victimcare.settings import Settings
from victimcare.store.database import Database
from victimcare.store.vault import Vault
from victimcare.web.app import create_app
from victimcare.web.serving import serve

SENDER = "care@police.invalid"
PAGES = 2
_FORM_KEY = re.compile(r'name="form_key" value="([^"]+)"')


def serve_pages(url: str, listening: socket.socket) -> None:
    """The pages, on a socket that outlives the process."""
    law, settings = published_law(), Settings(database_url=url, cookie_secure=False)
    serve(create_app(settings=settings, law=law, database=Database(url), vault=Vault(bytes(32))), listening)


def channel_to(mail: Path | int) -> Channel:
    """Into a folder, or to the mail server at a port of this machine."""
    if isinstance(mail, int):
        return MailServer("127.0.0.1", mail, sender=SENDER)
    return Mailbox(mail, sender=SENDER)


def run_jobs(url: str, mail: Path | int) -> None:
    """All that runs by itself."""
    channel = channel_to(mail)
    serve_jobs(Database(url), law=published_law(), channel=channel, stop=Event())


@dataclass
class Service:
    """Two processes with pages behind one address, and some with jobs; whichever dies is started anew."""

    url: str
    mail: Path | int
    kills: int = 0
    _listening: list[socket.socket] = field(default_factory=list)
    _processes: list[Any] = field(default_factory=list)

    def start(self, *, jobs: int = 1) -> None:
        """Begin, with so many processes with jobs."""
        self._listening = [socket.create_server(("127.0.0.1", 0)) for _ in range(PAGES)]
        self._processes = [self._started(number) for number in range(PAGES)]
        self.start_jobs(jobs)

    def start_jobs(self, how_many: int) -> None:
        """Begin with so many more."""
        for _ in range(how_many):
            self._processes.append(self._started(len(self._processes)))

    @property
    def addresses(self) -> list[str]:
        """Where the pages are."""
        return [f"http://127.0.0.1:{each.getsockname()[1]}" for each in self._listening]

    def kill_one(self, chosen: random.Random) -> None:
        """Kill one of them with -9, whatever it is at, and start it anew."""
        number = chosen.randrange(len(self._processes))
        # One that began while the database was away has ended by itself: it is started anew too, as an engine does.
        with suppress(ProcessLookupError):
            os.kill(self._processes[number].pid, signal.SIGKILL)
        self._processes[number].join()
        assert self._processes[number].exitcode in (-signal.SIGKILL, 1)
        self._processes[number] = self._started(number)
        self.kills += 1

    def stop(self) -> None:
        """End all of it."""
        for process in self._processes:
            process.kill()
            process.join()
        for each in self._listening:
            each.close()

    def _started(self, number: int) -> Any:
        pages = number < PAGES
        what, given = (serve_pages, self._listening[number]) if pages else (run_jobs, self.mail)
        process = FORKED.Process(target=what, args=(self.url, given))
        process.start()
        return process


class Acknowledged:
    """What people were told is stored."""

    def __init__(self) -> None:
        self._lock = Lock()
        self.words: list[str] = []
        self.retries = 0

    def add(self, words: str, tries: int) -> None:
        """One more."""
        with self._lock:
            self.words.append(words)
            self.retries += tries - 1


def write_notes(service: Service, who: str, ref: str, done: Event, acknowledged: Acknowledged) -> None:
    """Write one note after another on a case; each form is sent until it is stored, or was already."""
    number = 0
    with Client(trust_env=False, timeout=20) as connected:
        client = _Stubborn(service.addresses, connected)
        client.sign_in(who)
        while not done.is_set():
            number += 1
            words = f"Note {number} on {ref}"
            page = client.get(f"/cases/{ref}/notes")
            form = {"csrf_token": _found(TOKEN, page), "form_key": _found(_FORM_KEY, page), "words": words}
            tries = client.post(f"/cases/{ref}/notes", form, stored=(303, 409))
            acknowledged.add(words, tries)


def open_in_emergency(service: Service, who: str, refs: list[str], done: Event, opened: Acknowledged) -> None:
    """Open one case after another in an emergency, of which others are told at once; each until it is stored.

    One sign-in opens one case.
    """
    while refs and not done.is_set():
        ref = refs.pop()
        with Client(trust_env=False, timeout=20) as connected:
            client = _Stubborn(service.addresses, connected)
            client.sign_in(who)
            page = client.get("/emergency-access")
            why = {"ref": ref, "reason": "danger_to_victim", "words": "Released, and knows where she works"}
            form = {"csrf_token": _found(TOKEN, page), "form_key": _found(_FORM_KEY, page), **why}
            opened.add(ref, client.post("/emergency-access", form, stored=(303, 409)))


class _Stubborn:
    """A browser whose person tries again, at whichever process answers."""

    def __init__(self, addresses: list[str], client: Client) -> None:
        self._addresses, self._client = addresses, client

    def sign_in(self, who: str) -> None:
        form = {"csrf_token": _found(TOKEN, self.get("/sign-in")), "username": who, "password": PASSWORD}
        self.post("/sign-in", form, stored=(303,))

    def get(self, path: str) -> str:
        return self._until(lambda address: self._client.get(f"{address}{path}"), (200,))[0]

    def post(self, path: str, form: dict[str, str], *, stored: tuple[int, ...]) -> int:
        def send(address: str) -> Any:
            headers = {"Origin": address, "Sec-Fetch-Site": "same-origin"}
            return self._client.post(f"{address}{path}", data=form, headers=headers)

        return self._until(send, stored)[1]

    def _until(self, ask: Any, good: tuple[int, ...]) -> tuple[str, int]:
        last, until = "", time.monotonic() + 60
        for tries in range(1, 10_000):
            try:
                answer = ask(self._addresses[tries % 2])
                if answer.status_code in good:
                    return answer.text, tries
                last = f"{answer.status_code} {answer.text[:300]}"
                assert answer.status_code == 503, last
            except HTTPError as broken:
                last = type(broken).__name__
            assert time.monotonic() < until, last
            time.sleep(0.05)
        raise AssertionError(last)


def _found(pattern: re.Pattern[str], page: str) -> str:
    found = pattern.search(page)
    assert found, page[:500]
    return found[1]
