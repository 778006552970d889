"""MirrorMaker 2 at the receiving node: takes what partners publish or address to it, and nothing else, from their Kafka."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path

from deploy.local import java
from deploy.local.node_certificates import MIRROR, PARTNER
from deploy.local.paths import write_private
from deploy.local.processes import Running, start

HEAP = 160
_SUPERVISOR = Path(__file__).with_name("mirror_supervisor.py")
# Service loading halves memory and start; heartbeats would travel along every path of the mesh.
_COMMON = """\
replication.policy.separator=__
replication.factor=1
config.storage.replication.factor=1
offset.storage.replication.factor=1
status.storage.replication.factor=1
heartbeats.topic.replication.factor=1
checkpoints.topic.replication.factor=1
emit.heartbeats.enabled=false
heartbeats.replication.enabled=false
emit.checkpoints.enabled=false
emit.offset-syncs.enabled=false
sync.group.offsets.enabled=false
sync.topic.acls.enabled=false
sync.topic.configs.enabled=false
refresh.topics.interval.seconds=5
refresh.groups.enabled=false
plugin.discovery=service_load
tasks.max=1
"""
_TARGET = """\
{me}.bootstrap.servers={kafka}
{me}.plugin.discovery=service_load
{me}.offset.flush.interval.ms=2000
{me}.offset.storage.partitions=4
{me}.status.storage.partitions=1
{me}.consumer.fetch.max.wait.ms=3000
{me}.fetch.max.wait.ms=3000
"""
_SOURCE = """\
{partner}.bootstrap.servers={kafka}
{partner}.consumer.fetch.max.wait.ms=3000
{partner}.consumer.metadata.max.age.ms=10000
{partner}->{me}.enabled=true
{partner}->{me}.topics=public\\\\..*|to\\\\.{me}\\\\..*
{me}->{partner}.enabled=false
"""


# As `mirror` at this node's own broker, as `partner` at those of others; each is believed by its own authority alone.
_TLS = """\
{alias}.security.protocol=SSL
{alias}.ssl.enabled.protocols=TLSv1.3
{alias}.ssl.protocol=TLSv1.3
{alias}.ssl.keystore.type=PEM
{alias}.ssl.keystore.location={own}
{alias}.ssl.truststore.type=PEM
{alias}.ssl.truststore.location={trusted}
"""


def properties(me: str, kafka: str, partners: Mapping[str, str], wires: Path) -> str:
    """The mirror's settings; partners are node -> address of its broker, `wires` where the node's certificates lie."""
    mirror, partner = wires / MIRROR, wires / PARTNER
    lines = [f"clusters={', '.join([me, *partners])}\n", _COMMON, _TARGET.format(me=me, kafka=kafka)]
    lines.append(_TLS.format(alias=me, own=mirror / "own.pem", trusted=mirror / "trusted.pem"))
    for node, address in partners.items():
        lines.append(_SOURCE.format(me=me, partner=node, kafka=address))
        lines.append(_TLS.format(alias=node, own=partner / "own.pem", trusted=mirror / f"{node}.pem"))
    return "".join(lines)


def start_mirror(
    me: str, kafka: str, partners: Mapping[str, str], home: Path, log: Path, wires: Path, *, learn: bool = False
) -> Running:
    """Start the mirror of a node. It needs no waiting: it goes on where it was, whenever a partner's broker is there."""
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    write_private(home / "mirror.properties", java.properties_file(properties(me, kafka, partners, wires)))
    command = java.command(
        "org.apache.kafka.connect.mirror.MirrorMaker",
        "mirror.properties",
        "--clusters",
        me,
        heap=HEAP,
        cache="mirror",
        learn=learn,
    )
    if not learn:
        command = [sys.executable, str(_SUPERVISOR), str(log), *command]
    return start("MirrorMaker", command, log=log, cwd=home)
