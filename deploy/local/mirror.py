"""MirrorMaker 2 at the receiving node: takes what partners publish or address to it, and nothing else, from their Kafka."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path

from deploy.local import java
from deploy.local.processes import Running, start

HEAP = 160
_KEEPER = Path(__file__).with_name("keeper.py")
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


def properties(me: str, kafka: str, partners: Mapping[str, str]) -> str:
    """The mirror's settings; partners are node -> address of its broker."""
    lines = [f"clusters={', '.join([me, *partners])}\n", _COMMON, _TARGET.format(me=me, kafka=kafka)]
    lines += [_SOURCE.format(me=me, partner=partner, kafka=address) for partner, address in partners.items()]
    return "".join(lines)


def start_mirror(me: str, kafka: str, partners: Mapping[str, str], home: Path, log: Path, *, learn: bool = False) -> Running:
    """Start the mirror of a node. It needs no waiting: it goes on where it was, whenever a partner's broker is there."""
    home.mkdir(parents=True, exist_ok=True)
    (home / "mirror.properties").write_text(properties(me, kafka, partners))
    command = java.command(
        "org.apache.kafka.connect.mirror.MirrorMaker", "mirror.properties", "--clusters", me,
        heap=HEAP, cache="mirror", learn=learn,
    )  # fmt: skip
    if not learn:
        command = [sys.executable, str(_KEEPER), str(log), *command]
    return start("MirrorMaker", command, log=log, cwd=home)
