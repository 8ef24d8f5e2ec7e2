"""The mailbox folder: a whole file for each notice, which says whether it was sent."""

from datetime import UTC, datetime
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import pytest

from victimcare.notices.channel import Notice, NotSent, Outcome
from victimcare.notices.mailbox import Mailbox

NOTICE = Notice("ab12", "ash@example.invalid", "Due today: case A", "Words.\n", datetime(2026, 6, 1, 6, tzinfo=UTC))


@pytest.fixture
def mailbox(tmp_path: Path) -> Mailbox:
    return Mailbox(tmp_path / "mail", sender="care@police.invalid")


def test_a_notice_becomes_a_file_that_mail_programs_read(mailbox: Mailbox, tmp_path: Path) -> None:
    mailbox.send(NOTICE)
    [file] = (tmp_path / "mail").iterdir()
    message = message_from_bytes(file.read_bytes(), policy=default)
    assert file.name == "ab12.eml"
    assert (message["To"], message["From"], message["Subject"]) == (
        "ash@example.invalid",
        "care@police.invalid",
        "Due today: case A",
    )
    assert message["Message-ID"] == "<ab12@police.invalid>"
    assert message["Date"].datetime == NOTICE.at
    assert message.get_content().splitlines() == ["Words."]


def test_the_file_is_nobody_elses_to_read(mailbox: Mailbox, tmp_path: Path) -> None:
    mailbox.send(NOTICE)
    assert (tmp_path / "mail/ab12.eml").stat().st_mode & 0o077 == 0


def test_it_knows_whether_a_notice_was_sent(mailbox: Mailbox) -> None:
    assert mailbox.outcome("ab12", sealed=False) is Outcome.NOT_SENT
    mailbox.send(NOTICE)
    assert mailbox.outcome("ab12", sealed=False) is Outcome.SENT


def test_a_folder_that_cannot_be_written_is_tried_again_later(tmp_path: Path) -> None:
    (tmp_path / "mail").write_text("a file where the folder should be")
    with pytest.raises(NotSent, match="cannot be written") as refused:
        Mailbox(tmp_path / "mail", sender="care@police.invalid").send(NOTICE)
    assert not refused.value.for_good


@pytest.mark.parametrize(
    "address", ["ash\nBcc: somebody@example.invalid", "\udcff@example.invalid", "élan@example.invalid"]
)
def test_an_address_that_is_none_is_refused_for_good(mailbox: Mailbox, tmp_path: Path, address: str) -> None:
    with pytest.raises(NotSent, match="address") as refused:
        mailbox.send(Notice("ab12", address, "Subject", "Words", NOTICE.at))
    assert refused.value.for_good
    assert not list(tmp_path.rglob("*.eml"))
