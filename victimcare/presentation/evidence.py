"""How sure we are of a fact of the Code, in words."""

from __future__ import annotations

from victimcare.domain.evidence import Evidence

EVIDENCE_WORDS = {
    Evidence.QUOTED: "the Code’s own words, seen quoted",
    Evidence.SUMMARY: "a close summary of the Code",
    Evidence.SECONDARY: "another page about this Code",
    Evidence.EARLIER_CODE: "seen only for an older Code",
    Evidence.RECALLED: "no source seen",
}
