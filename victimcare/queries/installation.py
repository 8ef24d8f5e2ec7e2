"""What holds for the whole installation."""

from __future__ import annotations

from victimcare.store.installation import is_demonstration

__all__ = ["is_demonstration"]
