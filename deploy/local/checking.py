"""A partner's card is a stranger's file (查验名片): what is not exactly as it must be is refused with one clear sentence."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from ipaddress import ip_address
from typing import Any

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.x509.oid import NameOID
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from deploy.local.cards import Card
from deploy.local.errors import OperatorError

FIELDS = {"node", "name", "kafka", "jwks", "certificates", "revoked"}
_HOST = re.compile(
    r"(?=.{1,253}$)[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?)*"
)
_REVOKED_AT_MOST = 1000


class CardRefused(OperatorError):
    """The card is not taken in, and nothing has changed."""


def check_card(
    card: Any, me: str, known: Sequence[Card], own: Sequence[str], *, changed_authority: bool = False
) -> Card:
    """The card as it may be kept: every part checked, certificates written anew. `own` are this node's authorities."""
    _expect(
        isinstance(card, dict) and set(card) == FIELDS, f"a card has exactly the fields {', '.join(sorted(FIELDS))}"
    )
    node = card["node"]
    _expect(isinstance(node, str) and re.fullmatch(r"n[0-9]{6}", node), "node is n and six digits, e.g. n440300")
    _expect(node != me, f"{node} is this node itself")
    name = card["name"]
    _expect(isinstance(name, str) and 0 < len(name) <= 100 and name.isprintable(), "name is a text of 1 to 100 letters")
    _check_address(card["kafka"])
    _check_keys(node, card["jwks"])
    _check_revoked(card["revoked"])
    certificates = _check_certificates(node, card["certificates"])
    _check_strangers(node, certificates, known, own)
    if not changed_authority:
        _check_unchanged(node, certificates, known)
    written = [one.public_bytes(serialization.Encoding.PEM).decode() for one in certificates]
    return Card(
        node=node, name=name, kafka=card["kafka"], jwks=card["jwks"], certificates=written, revoked=card["revoked"]
    )


def fingerprint(pem: str) -> str:
    """To be compared by voice."""
    digest = x509.load_pem_x509_certificate(pem.encode()).fingerprint(hashes.SHA256()).hex()
    return " ".join(digest[start : start + 4] for start in range(0, 32, 4))


def _expect(holds: object, sentence: str) -> None:
    if not holds:
        raise CardRefused(f"the card is refused: {sentence}")


def _check_address(address: Any) -> None:
    _expect(isinstance(address, str) and address.isascii(), "kafka is host:port")
    host, _, port = address.rpartition(":")
    _expect(
        re.fullmatch(r"[0-9]{1,5}", port) and 0 < int(port) < 65536, f"kafka has no port from 1 to 65535: {address!r}"
    )
    try:
        ip = ip_address(host)
    except ValueError:
        _expect(
            _HOST.fullmatch(host) and host.lower() != "localhost",
            f"kafka names no host that can be reached: {address!r}",
        )
    else:
        _expect(
            not (ip.is_loopback or ip.is_unspecified or ip.is_multicast or ip.version == 6),
            f"kafka names no host that can be reached: {address!r}",
        )


def _check_keys(node: str, jwks: Any) -> None:
    try:
        keys = KeySet.import_key_set(jwks).keys
        said = [key.as_dict(private=False) for key in keys]
    except (JoseError, ValueError, TypeError, KeyError, AttributeError) as error:
        raise CardRefused("the card is refused: jwks cannot be read as a set of keys") from error
    _expect(
        {"sig", "enc"} <= {key.get("use") for key in said}, "jwks lacks a key to check signatures or one to seal cards"
    )
    _expect(all(str(key.get("kid", "")).startswith(f"{node}-") for key in said), f"every key's kid begins with {node}-")
    _expect(
        not any(key.is_private for key in keys), "jwks holds a private key: it is lost now, its owner must make another"
    )


def _check_revoked(revoked: Any) -> None:
    listed = isinstance(revoked, list) and len(revoked) <= _REVOKED_AT_MOST
    _expect(
        listed and all(isinstance(one, str) and re.fullmatch(r"[0-9a-f]{1,64}", one) for one in revoked),
        "revoked is a list of identifiers",
    )


def _check_certificates(node: str, certificates: Any) -> list[x509.Certificate]:
    _expect(
        isinstance(certificates, list) and len(certificates) in (1, 2),
        "certificates are one authority, or two while it turns",
    )
    return [_checked(node, pem) for pem in certificates]


def _checked(node: str, pem: Any) -> x509.Certificate:
    _expect(isinstance(pem, str) and "PRIVATE KEY" not in pem, "a certificate is a PEM text, without its private key")
    try:
        (certificate,) = x509.load_pem_x509_certificates(pem.encode())
        certificate.verify_directly_issued_by(certificate)
        is_authority = certificate.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
        signs = certificate.extensions.get_extension_for_class(x509.KeyUsage).value.key_cert_sign
    except (ValueError, TypeError, InvalidSignature, x509.ExtensionNotFound) as error:
        raise CardRefused("the card is refused: a certificate is not one self-signed authority in PEM") from error
    _expect(is_authority and signs, "a certificate is no authority")
    names = [one.value for one in certificate.subject.get_attributes_for_oid(NameOID.ORGANIZATION_NAME)]
    _expect(names == [node], f"a certificate is not the authority of {node}")
    _expect(
        certificate.not_valid_after_utc > datetime.now(UTC),
        f"a certificate has ended on {certificate.not_valid_after_utc:%Y-%m-%d}",
    )
    _expect(
        certificate.not_valid_before_utc <= datetime.now(UTC),
        f"a certificate begins only on {certificate.not_valid_before_utc:%Y-%m-%d}",
    )
    return certificate


def _check_strangers(
    node: str, certificates: Sequence[x509.Certificate], known: Sequence[Card], own: Sequence[str]
) -> None:
    """One authority must never stand for two nodes."""
    others = [*own, *(pem for one in known if one["node"] != node for pem in one["certificates"])]
    taken = {_public(x509.load_pem_x509_certificate(pem.encode())) for pem in others}
    _expect(
        not any(_public(one) in taken for one in certificates),
        "a certificate is the authority of another node, or of this one",
    )


def _check_unchanged(node: str, certificates: Sequence[x509.Certificate], known: Sequence[Card]) -> None:
    before = [
        {_public(x509.load_pem_x509_certificate(pem.encode())) for pem in one["certificates"]}
        for one in known
        if one["node"] == node
    ]
    _expect(
        not before or before[0] == {_public(one) for one in certificates},
        f"{node} is known with another authority: compare the fingerprints by voice and say --changed-authority",
    )


def _public(certificate: x509.Certificate) -> bytes:
    return certificate.public_key().public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
