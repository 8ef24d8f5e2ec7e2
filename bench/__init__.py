"""Measurements, as ratios: what victimcare takes, against the least that the same work could take on that machine."""
