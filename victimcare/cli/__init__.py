"""The command line: `victimcare --help` lists every command. An error is a sentence, never a traceback."""

from __future__ import annotations

from victimcare.cli.program import main

__all__ = ["main"]
