"""What victimcare knows about victims, their journey and the Code: standard library only, no clock, no I/O.

Read `entitlements` first.
"""
