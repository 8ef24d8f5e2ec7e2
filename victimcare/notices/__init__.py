"""Sending: where notices go, and their words.

No notice to somebody who works here holds a victim's name, or a place. What must name a victim, a referral to
a service, is sealed so that only the service can open it.
"""
