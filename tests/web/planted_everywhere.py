"""A case with words in every sealed column, and people with second factors and one-time secrets; and those words."""

from __future__ import annotations

from sqlalchemy import select

from tests.web.casework import PEOPLE, Casework, add_strangers
from tests.web.planted import plant
from tests.web.site import Site
from tests.web.systems import told_system
from victimcare.commands.invite import invite
from victimcare.commands.keep_webhooks import give_signing_secret
from victimcare.store import accounts, searches, sign_ins
from victimcare.store.database import Database
from victimcare.store.sealed_rows import opened, sealed_columns
from victimcare.store.staff import SYSTEM
from victimcare.store.vault import Vault

Words = dict[tuple[str, str], str | None]
"""By column and what the value is bound to."""


def plant_everywhere(site: Site) -> Casework:
    add_strangers(site)
    casework = Casework(site)
    plant(casework, "officer", "A")
    now = casework.site.clock.now
    told = {"client_id": told_system(casework).id, "by": PEOPLE["administrator"], "vault": casework.vault, "now": now}
    with casework.site.database.writing() as connection:
        factors = {"password_hash": "x", "otp_key": "a key", "otp_step": 1}
        accounts.set_factors(connection, person_id="officer", vault=casework.vault, **factors)
        accounts.set_recovery_codes(connection, "officer", ["a" * 64, "b" * 64])
        give_signing_secret(connection, **told)  # another: the one of before signs for a while too
        invite(connection, person_id="board", by=SYSTEM, now=now, vault=casework.vault)
        session = {
            "token": "t",
            "csrf_token": "c",
            "person_id": "officer",
            "browser": "A browser",
            "at": now,
            "proved_at": now,
        }
        session_id = sign_ins.add_session(connection, **session)
        searches.save(connection, session_id=session_id, words="Wren", at=now, vault=casework.vault)
    return casework


def sealed_in(database: Database, vault: Vault) -> Words:
    """What every sealed value says; None where the vault does not open it."""
    found: Words = {}
    with database.reading() as connection:
        for sealed in sealed_columns():
            for row in connection.execute(select(sealed.table).where(sealed.column.is_not(None))):
                found[(sealed.name, sealed.bound_to(row))] = opened(sealed, row, vault)
    return found
