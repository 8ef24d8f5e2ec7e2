"""A folder in which each notice becomes one .eml file, to be read with any mail program."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

from victimcare.notices.channel import Notice, NotSent, Outcome, TellsNothingMore, mail_address, message_of


class Mailbox(TellsNothingMore):
    """Sends into a folder. A file is there whole or not at all, and its name is the notice's reference."""

    def __init__(self, folder: Path, *, sender: str, text_gateway: str | None = None) -> None:
        self._folder = folder
        self._sender = sender
        self._text_gateway = text_gateway

    def send(self, notice: Notice) -> None:
        """Write the file. Raises `NotSent`."""
        to = mail_address(notice, text_gateway=self._text_gateway)
        message = message_of(notice, sender=self._sender, to=to)
        unfinished = self._folder / f".{notice.reference}.{os.getpid()}"
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            with open(os.open(unfinished, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600), "wb") as file:
                file.write(message)
                file.flush()
                os.fsync(file.fileno())
            unfinished.replace(self._file(notice.reference))
        except OSError as refused:
            with suppress(OSError):
                unfinished.unlink(missing_ok=True)
            raise NotSent(f"the mailbox folder cannot be written ({refused.strerror})") from refused

    def outcome(self, reference: str, *, sealed: bool) -> Outcome:
        """Whether the file is there."""
        return Outcome.SENT if self._file(reference).exists() else Outcome.NOT_SENT

    def _file(self, reference: str) -> Path:
        return self._folder / f"{reference}.eml"
