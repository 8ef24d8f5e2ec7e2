"""A demonstration: invented staff, victims and journeys, stored the way that real ones are.

Read `journeys.py` first: each plot is a life story told in order. What answers the duties that a story starts is in
`answers.py`, which asks `assess` for them: no limit of the Code is written here. The same seed and instant make the
same database.
"""
