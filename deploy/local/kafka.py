"""A Kafka broker of a node's own: one KRaft process, formatted by files, ready when an admin call is answered."""

from __future__ import annotations

import asyncio
import base64
import shutil
import subprocess
import time
import uuid
from dataclasses import dataclass
from pathlib import Path

from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import KafkaError

from deploy.local import java
from deploy.local.ports import LOOPBACK, free_ports, require_free
from deploy.local.processes import Running, WouldNotStart, start, stop, tail

HEAP = 192
# One broker is its own controller and the only replica; a killed node must not wait 9 s for its own old session.
_SETTINGS = """\
process.roles=broker,controller
node.id=1
controller.quorum.voters=1@{address}:{controller}
listeners=BROKER://{address}:{port},CONTROLLER://{address}:{controller}
advertised.listeners=BROKER://{address}:{port}
listener.security.protocol.map=BROKER:PLAINTEXT,CONTROLLER:PLAINTEXT
controller.listener.names=CONTROLLER
inter.broker.listener.name=BROKER
log.dirs=data
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


@dataclass(frozen=True)
class Broker:
    """A running broker."""

    running: Running
    port: int

    @property
    def address(self) -> str:
        return f"{LOOPBACK}:{self.port}"

    def stop(self) -> None:
        stop(self.running)


def _identifier() -> str:
    """A Kafka id: 22 characters of base64url, never beginning with a dash."""
    while (text := base64.urlsafe_b64encode(uuid.uuid4().bytes).rstrip(b"=").decode()).startswith("-"):
        continue
    return text


def _checkpoint() -> Path:
    """The first records of a cluster (feature levels), written once by Kafka's own tool and then copied."""
    made = java.kept() / "bootstrap.checkpoint"
    if not made.is_file():
        _write_checkpoint(made)
    return made


def _write_checkpoint(made: Path) -> None:
    scratch = made.parent / f"format-{uuid.uuid4().hex[:8]}"
    scratch.mkdir(parents=True)
    (scratch / "server.properties").write_text(_SETTINGS.format(address=LOOPBACK, port=9092, controller=9093))
    command = java.command("kafka.tools.StorageTool", "format", "-t", _identifier(), "-c", "server.properties", heap=HEAP, cache="format")
    done = subprocess.run(command, cwd=scratch, check=False, capture_output=True, text=True, env={"LC_ALL": "C.UTF-8"})
    written = next((scratch / "data").rglob("*.checkpoint"), None) if done.returncode == 0 else None
    if written is None:
        raise WouldNotStart(f"Kafka's StorageTool failed:\n{done.stdout}{done.stderr}")
    written.replace(made)
    shutil.rmtree(scratch)


def _format(home: Path) -> None:
    data = home / "data"
    if (data / "meta.properties").is_file():
        return
    data.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(_checkpoint(), data / "bootstrap.checkpoint")
    lines = ["version=1", f"cluster.id={_identifier()}", "node.id=1", f"directory.id={_identifier()}", ""]
    (data / "meta.properties").write_text("\n".join(lines))


def begin_kafka(home: Path, log: Path, *, ports: tuple[int, int], learn: bool = False) -> Broker:
    """Start a broker whose data lies in `home` on its (broker, controller) ports, without waiting for it."""
    home.mkdir(parents=True, exist_ok=True)
    port, controller = ports
    for one in (port, controller):
        require_free(one, f"Kafka in {home}")
    _format(home)
    (home / "server.properties").write_text(_SETTINGS.format(address=LOOPBACK, port=port, controller=controller))
    command = java.command("kafka.Kafka", "server.properties", heap=HEAP, cache="broker", learn=learn)
    return Broker(start("Kafka", command, log=log, cwd=home), port)


def start_kafka(home: Path, log: Path, *, learn: bool = False) -> Broker:
    """Start a broker on any free ports and wait until it answers an admin call."""
    port, controller = free_ports(2)
    broker = begin_kafka(home, log, ports=(port, controller), learn=learn)
    wait_for(broker, log)
    return broker


def wait_for(broker: Broker, log: Path, within: float = 90.0) -> None:
    until = time.monotonic() + within
    while time.monotonic() < until:
        if asyncio.run(_answers(broker.address)):
            return
        if not broker.running.alive():
            break
        time.sleep(0.1)
    stop(broker.running)
    raise WouldNotStart(f"Kafka did not start on {broker.address}:\n{tail(log)}")


async def _answers(address: str) -> bool:
    host, port = address.split(":")
    try:
        _, writer = await asyncio.open_connection(host, int(port))
    except OSError:
        return False  # cheaper, and quieter, than a client that complains
    writer.close()
    admin = AIOKafkaAdminClient(bootstrap_servers=address, request_timeout_ms=5000)
    try:
        await admin.start()
        return bool((await admin.describe_cluster())["brokers"])
    except (KafkaError, OSError):
        return False
    finally:
        await admin.close()
