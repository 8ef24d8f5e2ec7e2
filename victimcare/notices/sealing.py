"""Sealing what leaves by e-mail, so that only the organisation it is for can open it (S/MIME, AES-256).

Every mail program that reads encrypted e-mail opens it, with the private key that belongs to the certificate.
"""

from __future__ import annotations

from datetime import date, datetime

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.ciphers.algorithms import AES256
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.hazmat.primitives.serialization.pkcs7 import PKCS7EnvelopeBuilder, PKCS7Options
from cryptography.x509 import Certificate, load_pem_x509_certificate

from victimcare.domain.calendar import london_date

_SHORTEST_KEY = 2048


def sealed_for(certificate: str, part: bytes) -> bytes:
    """A MIME part, readable only with the private key of this certificate (PEM); DER. Raises `BadCertificate`."""
    builder = PKCS7EnvelopeBuilder().set_data(part).add_recipient(_read(certificate))
    return builder.set_content_encryption_algorithm(AES256).encrypt(Encoding.DER, [PKCS7Options.Binary])


def usable_until(certificate: str, *, now: datetime) -> date:
    """The London date on which this certificate (PEM) ends.

    Raises `BadCertificate` where nothing may be sealed for it.
    """
    read = _read(certificate)
    if now < read.not_valid_before_utc:
        raise BadCertificate("the certificate is not valid yet")
    if now > read.not_valid_after_utc:
        raise BadCertificate("the certificate has ended: ask the service for its new one")
    return london_date(read.not_valid_after_utc)


def _read(certificate: str) -> Certificate:
    try:
        read = load_pem_x509_certificate(certificate.encode())
        key = read.public_key()
    except (ValueError, UnsupportedAlgorithm):
        raise BadCertificate("this is no certificate: paste all of it, from BEGIN to END") from None
    if not isinstance(key, RSAPublicKey) or key.key_size < _SHORTEST_KEY:
        raise BadCertificate(f"the certificate must have an RSA key of {_SHORTEST_KEY:,} bits or more")
    return read


class BadCertificate(ValueError):
    """Nothing can be sealed for this certificate."""

    def __init__(self, why: str) -> None:
        self.why = why
        super().__init__(why)
