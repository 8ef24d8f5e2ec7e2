"""What support a victim may need, and why a referral comes to nothing: codes and their words."""

from __future__ import annotations

from collections.abc import Mapping

SUPPORT_NEEDS: Mapping[str, str] = {
    "emotional": "Somebody to talk to",
    "practical": "Practical help: locks, forms, travel",
    "safety": "Feeling safe at home",
    "court": "Help with going to court",
    "domestic_abuse": "Domestic abuse",
    "sexual_violence": "Sexual violence",
    "stalking": "Stalking or harassment",
    "hate_crime": "Hate crime",
    "bereavement": "Bereavement",
    "restorative_justice": "Restorative justice",
}
"""Needs that a victim can say they have and a service of the directory can meet."""

ANY_NEED = "any"
"""In a gap: nobody fits, whatever the need."""

REFUSED_BECAUSE: Mapping[str, str] = {
    "no_capacity": "No capacity",
    "excluded_type": "Type of crime that it does not support",
    "out_of_area": "Outside its area",
    "duplicate": "Duplicate of another referral",
    "no_consent": "The victim did not consent",
    "no_safe_number": "No safe number",
    "wrong_number": "Wrong number",
    "cannot_phone": "Cannot use the telephone",
    "contact_inappropriate": "Contact is inappropriate (child protection)",
    "unsafe_to_continue": "Unsafe to continue",
    "back_to_police": "Referred back to the police",
    "other": "Another reason",
}
"""Why a service does not take a referral: mostly the reasons that forces' automatic transfers recorded."""

DECLINED_BECAUSE: Mapping[str, str] = {
    "no_need": "They need no support",
    "has_support": "They have support already",
    "not_now": "Not now",
    "not_asked_why": "They were not asked why",
    "other": "Another reason",
}
"""Why a victim declines, if they say so. It is their choice, and never a failure."""
