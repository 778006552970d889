"""What a node's broker is told (代理设置): mutual TLS on every listener, and for each partner a listener that believes it alone.

Kafka reads who calls from the certificate's name, and an authority can write any name. So a partner's authority is believed
only where that partner comes in, and whatever it signs there is that partner or nobody: it cannot vouch for another.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from deploy.local.node_certificates import BROKER, INSIDE, PARTNER, SUPER

# One broker is its own controller and the only replica; a killed node must not wait 9 s for its own old session.
_COMMON = """\
process.roles=broker,controller
node.id=1
controller.listener.names=CONTROLLER
inter.broker.listener.name=INSIDE
auto.create.topics.enable=false
num.partitions=1
num.network.threads=1
num.io.threads=2
num.recovery.threads.per.data.dir=1
background.threads=2
broker.session.timeout.ms=2000
broker.heartbeat.interval.ms=400
offsets.topic.num.partitions=4
offsets.topic.replication.factor=1
transaction.state.log.num.partitions=4
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
share.coordinator.state.topic.num.partitions=1
share.coordinator.state.topic.replication.factor=1
share.coordinator.state.topic.min.isr=1
min.insync.replicas=1
default.replication.factor=1
group.initial.rebalance.delay.ms=0
log.cleaner.dedupe.buffer.size=8388608
log.cleaner.threads=1
log.retention.hours=720
log.segment.bytes=67108864
log.index.size.max.bytes=1048576
"""
_TLS = """\
ssl.keystore.type=PEM
ssl.keystore.location={own}
ssl.truststore.type=PEM
ssl.truststore.location={trusted}
ssl.client.auth=required
ssl.enabled.protocols=TLSv1.3
ssl.protocol=TLSv1.3
ssl.endpoint.identification.algorithm=https
ssl.principal.mapping.rules={rules}
authorizer.class.name=org.apache.kafka.metadata.authorizer.StandardAuthorizer
allow.everyone.if.no.acl.found=false
super.users={super_users}
"""
_PARTNER = """\
listener.name.{name}.ssl.truststore.type=PEM
listener.name.{name}.ssl.truststore.location={trusted}
listener.name.{name}.ssl.principal.mapping.rules={rules}
"""


@dataclass(frozen=True)
class Guest:
    """A partner that reads here: where it comes in, under which address, and which of its certificates it has revoked."""

    bind: str
    advertised: str
    revoked: Sequence[str] = ()


@dataclass(frozen=True)
class BrokerSettings:
    """All that makes one node's broker different from another's."""

    node: str
    inside: str
    controller: str
    certificates: Path
    data: str = "data"
    bind_inside: str = ""
    bind_controller: str = ""
    guests: Mapping[str, Guest] = field(default_factory=dict)
    revoked: Sequence[str] = ()
    extra: Sequence[str] = ()  # principals that only tests know; they may do everything there

    def text(self) -> str:
        """server.properties."""
        listeners = {"INSIDE": self.bind_inside or self.inside, "CONTROLLER": self.bind_controller or self.controller}
        advertised = {"INSIDE": self.inside}
        for node, guest in self.guests.items():
            listeners[node.upper()], advertised[node.upper()] = guest.bind, guest.advertised
        lines = [
            _COMMON,
            f"controller.quorum.voters=1@{self.controller}\n",
            f"log.dirs={self.data}\n",
            f"listeners={_addresses(listeners)}\n",
            f"advertised.listeners={_addresses(advertised)}\n",
            f"listener.security.protocol.map={','.join(f'{name}:SSL' for name in listeners)}\n",
            self._inside(),
        ]
        return "".join([*lines, *(self._guest(node, guest) for node, guest in self.guests.items())])

    def _inside(self) -> str:
        return _TLS.format(
            own=self.certificates / "own.pem",
            trusted=self.certificates / "trusted.pem",
            rules=_believing((*INSIDE, *self.extra), self.node, self.revoked, "$1"),
            super_users=";".join(f"User:{one}" for one in (*SUPER, *self.extra)),
        )

    def _guest(self, node: str, guest: Guest) -> str:
        rules = _believing((PARTNER,), node, guest.revoked, node)
        return _PARTNER.format(name=node, trusted=self.certificates / f"{node}.pem", rules=rules)


def broker_directory(wires: Path) -> Path:
    """Where the broker finds its certificates."""
    return wires / BROKER


def _addresses(listeners: Mapping[str, str]) -> str:
    return ",".join(f"{name}://{address}" for name, address in listeners.items())


def _believing(names: Sequence[str], node: str, revoked: Sequence[str], to: str) -> str:
    """Mapping rules, the first that fits counts: revoked identifiers, then the names that are believed, then nobody."""
    rules = [f"RULE:^.*OU=({'|'.join(sorted(revoked))}),.*$/revoked/"] if revoked else []
    rules += [f"RULE:^CN=({'|'.join(names)}),OU=[0-9a-f]+,O={node}$/{to}/", "RULE:^.*$/nobody/"]
    return ",".join(rules)
