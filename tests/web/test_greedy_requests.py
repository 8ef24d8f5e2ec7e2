"""What is sent to make the service work or remember much is refused, or costs no more than what anybody sends."""

from __future__ import annotations

import os
import time
import tracemalloc
from collections.abc import Callable
from typing import Any

import pytest

from tests.stored import Stored
from tests.web.site import Browser, Site
from victimcare.web.app import LARGEST_BODY
from victimcare.web.static_files import FOLDER

STYLE = "app.css"
PROFILE, NOTHING_OF_FILES = "/people/systems/profile", "/people"
PROCESSOR_TIME, MEMORY = 2.0, 50_000_000
"""Seconds, ten times what is promised, for a machine may be busy; and bytes."""
PART = 'Content-Disposition: form-data; name="{name}"; filename="{name}.csv"\r\nContent-Type: text/csv\r\n\r\n'


def put_aside() -> set[str]:
    """The files without a name that are open, into which a large part of a form goes. Another connection to the
    database may be opened at any time."""
    opened = [f"/proc/self/fd/{number}" for number in os.listdir("/proc/self/fd")]
    return {os.readlink(each) for each in opened if os.path.islink(each) and os.readlink(each).endswith("(deleted)")}


def cheaply(act: Callable[[], Any]) -> Any:
    """What comes of it, done twice: it takes neither much of a processor nor of memory, and leaves no file on the disk.

    Not measured at once, for to follow memory takes several times as long as what is followed.
    """
    files, began = put_aside(), time.process_time()
    answer = act()
    assert time.process_time() - began < PROCESSOR_TIME
    tracemalloc.start()
    try:
        act()
        assert tracemalloc.get_traced_memory()[1] < MEMORY
    finally:
        tracemalloc.stop()
    assert put_aside() <= files
    return answer


@pytest.mark.parametrize(
    "ranges",
    [
        ",".join(f"{2 * at % 10_000}-{2 * at % 10_000}" for at in range(10_000)),
        ",".join(["0-"] * 10_000),
        ",".join(f"{at}-" for at in range(10_000)),
        ",".join(f"-{length}" for length in range(1, 10_001)),
        "," * 10_000,
        "9" * 10_000,
        "0-" + "9" * 10_000,
    ],
    ids=lambda ranges: ranges[:12],
)
def test_a_file_of_which_10000_parts_are_asked_for_is_sent_once_or_not(module_site: Site, ranges: str) -> None:
    browser, size = module_site.browser(), (FOLDER / STYLE).stat().st_size
    asked = {"Range": f"bytes={ranges}", "Accept-Encoding": "identity"}
    browser.client.get(f"/static/{STYLE}")
    answer = cheaply(lambda: browser.client.get(f"/static/{STYLE}", headers=asked))
    assert answer.status_code in (200, 206, 400, 416)
    assert len(answer.content) <= size


def test_no_page_and_no_file_that_is_made_is_sent_in_parts(module_site: Site) -> None:
    answer = module_site.sign_in("administrator").client.get("/jobs", headers={"Range": "bytes=0-9"})
    assert answer.status_code == 200
    assert "accept-ranges" not in answer.headers


def files(count: int, size: int, name: Callable[[int], str] = "sample{}".format) -> bytes:
    """A body of this many files, each of this many bytes."""
    parts = [f"--x\r\n{PART.format(name=name(number))}".encode() + b"a" * size for number in range(count)]
    return b"\r\n".join(parts) + b"\r\n--x--\r\n"


BODIES = {
    "100 files": files(100, 9_000),
    "100 files of one name": files(100, 9_000, lambda _: "sample"),
    "10,000 files of nothing": files(8_000, 0),
    "100 values": b"".join(
        b'--x\r\nContent-Disposition: form-data; name="f%d"\r\n\r\nv\r\n' % number for number in range(100)
    )
    + b"--x--\r\n",
    "nothing but line ends": b"\r\n" * 450_000,
    "line ends after the last part": files(1, 1) + b"\r\n" * 450_000,
    "a header of 900 kB": b"--x\r\nContent-Disposition: " + b"a" * 900_000 + b"\r\n\r\n--x--\r\n",
    "10,000 headers": b"--x\r\n" + b"A: b\r\n" * 10_000 + b"\r\nv\r\n--x--\r\n",
    "what is nearly a boundary": b'--x\r\nContent-Disposition: form-data; name="name"\r\n\r\n' + b"\r\n--" * 100_000,
}
TRIED = [*((PROFILE, name) for name in BODIES), (NOTHING_OF_FILES, "100 files"), (NOTHING_OF_FILES, "100 values")]


@pytest.mark.parametrize(("action", "name"), TRIED)
def test_a_body_of_very_many_parts_is_refused_and_nothing_of_it_is_kept(
    module_site: Site, action: str, name: str
) -> None:
    body = BODIES[name]
    assert len(body) < LARGEST_BODY, "else its length alone is refused"
    browser = module_site.sign_in("administrator")
    before = stored(module_site, browser)
    body = token(browser) + body
    answer = cheaply(lambda: send(browser, action, body))
    assert answer.status_code in (400, 403, 422)
    changed = before.changed()
    before.close()
    assert set(changed) <= {"audit"}, "that it was refused"


def token(browser: Browser) -> bytes:
    """The part of a form that vouches for it: without it nothing else would be looked at."""
    return b'--x\r\nContent-Disposition: form-data; name="csrf_token"\r\n\r\n' + browser.token().encode() + b"\r\n"


def send(browser: Browser, action: str, body: bytes) -> Any:
    headers = {**browser.headers, "Content-Type": "multipart/form-data; boundary=x"}
    return browser.client.post(action, content=body, headers=headers)


def stored(site: Site, browser: Browser) -> Stored:
    browser.token()
    return Stored(site.database)
