"""The force's policy on figures for its board, read from its file."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from victimcare.domain.board_policy import BoardPolicy
from victimcare.editions.reading import read_document

PUBLISHED_BOARD_POLICY = Path(__file__).with_name("board_policy.toml")


@cache
def published_board_policy() -> BoardPolicy:
    """The policy shipped with the program; read once. Raises `BadEdition`."""
    return load_board_policy(PUBLISHED_BOARD_POLICY)


def load_board_policy(path: Path) -> BoardPolicy:
    """The policy in this file. Raises `BadEdition`, which names file and field."""
    document = read_document(path)
    figures = document.table("figures")
    policy = BoardPolicy(published_on=figures.number("published_on_working_day", least=1))
    figures.finish()
    document.finish()
    return policy
