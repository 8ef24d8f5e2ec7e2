"""Whose the duties of the Code are, where it makes a difference. What agencies there are, an edition says."""

OWN_AGENCY = "police"
"""Whose program this is: its duties have officers, teams and causes of their own here."""

OTHER_AGENCY = "other"
"""Whoever no edition names. Who is complained of is typed in, and what is typed in is not for a board to read."""
