"""Sending: where notices go, and their words. No notice holds a victim's name, or a place."""
