"""A node's own certificate authority (证书机构): small, made at first start, and it vouches for this node's parts alone.

Every certificate carries an identifier of its own in its name (OU), by which the broker's rules can take its rights away.
A turn of the authority has three steps: `begin` (two are trusted, the old one issues), `switch` (the younger one issues),
`end` (the old one is forgotten); between them the partners take in the card, so that nobody is ever shut out.
"""

from __future__ import annotations

import secrets
from collections.abc import Collection
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from pydantic import TypeAdapter

from deploy.local.certificate import begun, for_a_leaf, hosts_of, name_of, private_pem, public_pem, serial_of, signed
from deploy.local.errors import OperatorError
from deploy.local.paths import write_private

AUTHORITY_DAYS, LEAF_DAYS, RENEW_DAYS = 3650, 90, 30


class Unissued(OperatorError):
    """A certificate, or a step of a turn, that this authority knows nothing of."""


@dataclass(frozen=True)
class Issued:
    """A certificate that was issued: whose, by which generation of the authority, until when."""

    serial: str
    principal: str
    authority: int
    until: str


@dataclass(frozen=True)
class Ledger:
    """What the authority remembers: which of its generations issues, which are trusted, what was issued and what revoked."""

    issuing: int = 1
    trusted: tuple[int, ...] = (1,)
    issued: tuple[Issued, ...] = ()
    revoked: tuple[str, ...] = ()


_LEDGER = TypeAdapter(Ledger)


@dataclass
class Authority:
    """The authority of one node, in a directory that only the node's own setting-up may read."""

    node: str
    directory: Path
    ledger: Ledger = field(init=False)

    def __post_init__(self) -> None:
        self.directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.directory.chmod(0o700)
        self.ledger = self._read()
        if not self._certificate(1).is_file() and not self._ledger.is_file():
            self._generate(1)
            self._write(self.ledger)

    @property
    def _ledger(self) -> Path:
        return self.directory / "ledger.json"

    def _certificate(self, generation: int) -> Path:
        return self.directory / f"authority-{generation}.pem"

    def _key(self, generation: int) -> Path:
        return self.directory / f"authority-{generation}.key"

    def _read(self) -> Ledger:
        if not self._ledger.is_file():
            return Ledger()
        return _LEDGER.validate_json(self._ledger.read_bytes())

    def _write(self, ledger: Ledger) -> None:
        write_private(self._ledger, _LEDGER.dump_json(ledger, indent=1))
        self.ledger = ledger

    def _generate(self, generation: int) -> None:
        key = ec.generate_private_key(ec.SECP256R1())
        name = name_of(self.node, f"{generation}", "authority")
        usage = x509.KeyUsage(False, False, False, False, False, True, True, False, False)
        builder = begun(name, name, key.public_key(), x509.random_serial_number(), AUTHORITY_DAYS)
        builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True).add_extension(
            usage, critical=True
        )
        write_private(self._key(generation), private_pem(key))
        write_private(self._certificate(generation), public_pem(signed(builder, key, key.public_key())))

    def trusted(self) -> list[str]:
        """The certificates that prove a part of this node, the issuing one first: what the node's card carries."""
        order = sorted(self.ledger.trusted, key=lambda one: one != self.ledger.issuing)
        return [self._certificate(one).read_text(encoding="ascii") for one in order]

    def revoked(self) -> list[str]:
        """Identifiers of certificates that are revoked and would still be believed by their dates."""
        still = {one.serial for one in self.ledger.issued if datetime.fromisoformat(one.until) > datetime.now(UTC)}
        return [serial for serial in self.ledger.revoked if serial in still]

    def issue(self, principal: str, hosts: Collection[str] = (), days: float = LEAF_DAYS) -> bytes:
        """A key and a certificate for a part of this node, as one PEM. With hosts it may also answer as a server there."""
        key, serial = ec.generate_private_key(ec.SECP256R1()), secrets.token_hex(16)
        issuer = x509.load_pem_x509_certificate(self._certificate(self.ledger.issuing).read_bytes())
        builder = begun(
            name_of(self.node, serial, principal), issuer.subject, key.public_key(), int(serial, 16) or 1, days
        )
        signer = serialization.load_pem_private_key(self._key(self.ledger.issuing).read_bytes(), None)
        assert isinstance(signer, ec.EllipticCurvePrivateKey)
        made = signed(for_a_leaf(builder, hosts), signer, signer.public_key())
        known = Issued(serial, principal, self.ledger.issuing, made.not_valid_after_utc.isoformat())
        self._write(replace(self.ledger, issued=(*self._unexpired(), known)))
        return private_pem(key) + public_pem(made)

    def _unexpired(self) -> tuple[Issued, ...]:
        return tuple(one for one in self.ledger.issued if datetime.fromisoformat(one.until) > datetime.now(UTC))

    def is_good(self, pem: bytes, hosts: Collection[str] = ()) -> bool:
        """Whether a certificate need not be renewed: of the issuing generation, not revoked, for these hosts, and far from its end."""
        leaf = x509.load_pem_x509_certificate(pem)
        known = {one.serial: one for one in self.ledger.issued}.get(serial_of(leaf))
        lasting = leaf.not_valid_after_utc - datetime.now(UTC) > timedelta(days=RENEW_DAYS)
        return bool(
            known
            and known.authority == self.ledger.issuing
            and known.serial not in self.ledger.revoked
            and lasting
            and set(hosts) <= hosts_of(leaf)
        )

    def revoke(self, serial: str) -> None:
        """Take the rights of a certificate away; whoever it was for gets another one at the next renewal."""
        if serial not in {one.serial for one in self.ledger.issued}:
            raise Unissued(f"{serial} is no certificate of {self.node}: `certificates list` shows them")
        self._write(replace(self.ledger, revoked=tuple(dict.fromkeys([*self.ledger.revoked, serial]))))

    def begin(self) -> None:
        """Make the next generation and trust both; the old one goes on issuing until the partners know the younger one."""
        if len(self.ledger.trusted) > 1:
            raise Unissued("a turn of the authority is under way: switch and end it first")
        following = self.ledger.issuing + 1
        self._generate(following)
        self._write(replace(self.ledger, trusted=(self.ledger.issuing, following)))

    def switch(self) -> None:
        """Issue by the younger generation from here on."""
        if len(self.ledger.trusted) < 2:
            raise Unissued("no turn of the authority is under way: begin one first")
        self._write(replace(self.ledger, issuing=max(self.ledger.trusted)))

    def end(self) -> None:
        """Trust the younger generation alone, and forget the old key."""
        if len(self.ledger.trusted) < 2 or self.ledger.issuing != max(self.ledger.trusted):
            raise Unissued("the younger authority does not issue yet: switch first")
        old = [one for one in self.ledger.trusted if one != self.ledger.issuing]
        self._write(replace(self.ledger, trusted=(self.ledger.issuing,)))
        for one in old:
            self._key(one).unlink(missing_ok=True)
