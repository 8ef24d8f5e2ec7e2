"""What is sealed for a service: nobody else reads it, and nothing is sealed for what is no certificate."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from email import message_from_bytes, policy

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding

from tests.certificates import BEGINS, ENDS, holder, signed
from victimcare.notices.channel import Notice, NotSent, message_of
from victimcare.notices.sealing import BadCertificate, sealed_for, usable_until

NOW = datetime(2026, 5, 22, 9, 30, tzinfo=UTC)


def test_only_its_holder_opens_what_was_sealed() -> None:
    sealed = sealed_for(holder().pem, b"Wren Sample")
    assert b"Wren" not in sealed
    assert holder().opened(sealed) == "Wren Sample"
    with pytest.raises(ValueError, match=r"."):
        holder(2).opened(sealed)


def test_a_sealed_email_shows_its_address_and_reference_and_nothing_else() -> None:
    notice = Notice("r-1", "in@example.invalid", "Referral r-1", "Name: Wren Sample é", NOW, holder().pem)
    raw = message_of(notice, sender="care@example.invalid")
    message = message_from_bytes(raw, policy=policy.default)
    assert (message["To"], message["Subject"]) == ("in@example.invalid", "Referral r-1")
    assert message.get_content_type() == "application/pkcs7-mime"
    assert message["Content-Type"].params["smime-type"] == "enveloped-data"
    inside = message_from_bytes(holder().opened(message.get_content()).encode(), policy=policy.default)
    assert inside.get_content().strip() == "Name: Wren Sample é"
    assert "Wren" not in repr(notice)


def test_what_cannot_be_sealed_is_not_sent_at_all() -> None:
    with pytest.raises(NotSent, match="no certificate") as refused:
        message_of(Notice("r-1", "in@example.invalid", "s", "b", NOW, "nothing"), sender="care@example.invalid")
    assert refused.value.for_good


def test_a_certificate_is_good_between_its_days() -> None:
    assert usable_until(holder().pem, now=NOW) == date(2030, 1, 1)
    for at, why in ((BEGINS - timedelta(seconds=1), "not valid yet"), (ENDS + timedelta(seconds=1), "has ended")):
        with pytest.raises(BadCertificate, match=why):
            usable_until(holder().pem, now=at)


def test_a_key_that_nothing_can_be_sealed_for_is_refused() -> None:
    elliptic = signed(ec.generate_private_key(ec.SECP256R1())).public_bytes(Encoding.PEM).decode()
    for certificate, why in ((elliptic, "RSA key of 2,048 bits"), ("", "no certificate"), ("é", "no certificate")):
        with pytest.raises(BadCertificate, match=why):
            usable_until(certificate, now=NOW)
