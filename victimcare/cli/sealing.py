"""What seals the files that leave with everything, or with old parts of the audit: a passphrase, or a key in a file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from victimcare.exchange.sealed_file import Key
    from victimcare.settings import Settings

KeyFile = Annotated[
    Path | None,
    typer.Option(help="A file with the key, made if missing; else a passphrase is asked for."),
]


def sealing_key(settings: Settings, key_file: Path | None, *, new: bool) -> Key:
    """What seals or opens the file. Raises `BadPassphrase` for a `new` one that is easily guessed, `NoSuchKey`."""
    from victimcare.exchange.everything.passphrase import check_passphrase, key_of
    from victimcare.store.key_file import key_in

    if key_file is not None:
        if not new and not key_file.is_file():
            raise NoSuchKey(key_file)
        return key_in(key_file)
    typed = settings.export_passphrase
    passphrase = typed or typer.prompt("Passphrase", hide_input=True, confirmation_prompt=new, err=True)
    if new:
        check_passphrase(passphrase)
    return key_of(passphrase)


class NoSuchKey(FileNotFoundError):
    """The file of the key is not there, and one that is made now opens nothing."""

    def __init__(self, file: Path) -> None:
        super().__init__(f"there is no key at {file}; nothing was changed")
