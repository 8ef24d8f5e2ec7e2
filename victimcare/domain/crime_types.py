"""The types of crime that people choose from: the headings under which the police publish crimes."""

from __future__ import annotations

CRIME_TYPES = (
    "Violence and sexual offences",
    "Burglary",
    "Robbery",
    "Theft from the person",
    "Vehicle crime",
    "Bicycle theft",
    "Shoplifting",
    "Other theft",
    "Criminal damage and arson",
    "Public order",
    "Possession of weapons",
    "Other crime",
)
