"""Certificates that tests seal for, each with the key that opens what was sealed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.hazmat.primitives.serialization.pkcs7 import pkcs7_decrypt_der
from cryptography.x509 import (
    BasicConstraints,
    Certificate,
    CertificateBuilder,
    DNSName,
    Name,
    NameAttribute,
    SubjectAlternativeName,
    random_serial_number,
)
from cryptography.x509.oid import NameOID

BEGINS, ENDS = datetime(2026, 1, 1, tzinfo=UTC), datetime(2030, 1, 1, tzinfo=UTC)
_NAME = Name([NameAttribute(NameOID.COMMON_NAME, "Example Support")])


@dataclass(frozen=True)
class Holder:
    """Who has the private key of a certificate."""

    key: rsa.RSAPrivateKey
    certificate: Certificate

    @property
    def pem(self) -> str:
        return self.certificate.public_bytes(Encoding.PEM).decode()

    def opened(self, sealed: bytes) -> str:
        return pkcs7_decrypt_der(sealed, self.certificate, self.key, []).decode()


@cache
def holder(number: int = 1) -> Holder:
    """One of several holders; made once, for it takes long."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    return Holder(key, signed(key))


def signed(key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey, *, ends: datetime = ENDS) -> Certificate:
    """A certificate of this key."""
    builder = CertificateBuilder().subject_name(_NAME).issuer_name(_NAME).serial_number(random_serial_number())
    dated = builder.public_key(key.public_key()).not_valid_before(BEGINS).not_valid_after(ends)
    return dated.sign(key, SHA256())


def of_a_server(name: str, folder: Path) -> Path:
    """A file with the certificate of a server of this name, signed by itself, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = Name([NameAttribute(NameOID.COMMON_NAME, name)])
    builder = CertificateBuilder().subject_name(subject).issuer_name(subject).serial_number(random_serial_number())
    dated = builder.public_key(key.public_key()).not_valid_before(BEGINS).not_valid_after(ENDS)
    named = dated.add_extension(SubjectAlternativeName([DNSName(name)]), critical=False)
    certificate = named.add_extension(BasicConstraints(ca=True, path_length=0), critical=True).sign(key, SHA256())
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    file = folder / f"{name}.pem"
    file.write_bytes(certificate.public_bytes(Encoding.PEM) + private)
    return file
