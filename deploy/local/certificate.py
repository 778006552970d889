"""Certificates as this project writes them (证书): elliptic keys, one form of name, and a leaf that is no authority."""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

SKEW = timedelta(minutes=5)  # clocks of two nodes never agree


def serial_of(leaf: x509.Certificate) -> str:
    """The identifier in a certificate's name."""
    return str(leaf.subject.get_attributes_for_oid(NameOID.ORGANIZATIONAL_UNIT_NAME)[0].value)


def hosts_of(leaf: x509.Certificate) -> set[str]:
    """The hosts at which a certificate may answer as a server."""
    try:
        names = leaf.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        return set()
    return {str(one.value) for one in names}


def name_of(node: str, serial: str, principal: str) -> x509.Name:
    """Read by the broker from its end: CN=registry,OU=<identifier>,O=n433124."""
    parts = {NameOID.ORGANIZATION_NAME: node, NameOID.ORGANIZATIONAL_UNIT_NAME: serial, NameOID.COMMON_NAME: principal}
    return x509.Name([x509.NameAttribute(oid, value) for oid, value in parts.items()])


def begun(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePublicKey, serial: int, days: float
) -> x509.CertificateBuilder:
    now = datetime.now(UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(serial)
        .not_valid_before(now - SKEW - timedelta(days=max(-days, 0)))
        .not_valid_after(now + timedelta(days=days))
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
    )


def for_a_leaf(builder: x509.CertificateBuilder, hosts: Collection[str]) -> x509.CertificateBuilder:
    uses = [ExtendedKeyUsageOID.CLIENT_AUTH]
    if hosts:
        uses.append(ExtendedKeyUsageOID.SERVER_AUTH)
        builder = builder.add_extension(
            x509.SubjectAlternativeName([_host(one) for one in sorted(hosts)]), critical=False
        )
    usage = x509.KeyUsage(True, False, False, False, False, False, False, False, False)
    builder = builder.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
    return builder.add_extension(usage, critical=True).add_extension(x509.ExtendedKeyUsage(uses), critical=False)


def _host(host: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ip_address(host))
    except ValueError:
        return x509.DNSName(host)


def signed(
    builder: x509.CertificateBuilder, key: ec.EllipticCurvePrivateKey, issuer: ec.EllipticCurvePublicKey
) -> x509.Certificate:
    known = x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer)
    return builder.add_extension(known, critical=False).sign(key, hashes.SHA256())


def private_pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def public_pem(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.PEM)
