"""A Kafka broker of a node's own: one KRaft process, formatted by files, ready when an admin call is answered under TLS."""

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
from deploy.local.broker_settings import BrokerSettings, broker_directory
from deploy.local.node_certificates import ADMIN, NodeCertificates
from deploy.local.paths import write_private
from deploy.local.ports import LOOPBACK, free_ports, require_free
from deploy.local.processes import Running, WouldNotStart, start, stop, tail
from libs.common.kafka_connection import KafkaConnection

HEAP = 192


@dataclass(frozen=True)
class Broker:
    """A running broker."""

    running: Running
    address: str
    wires: Path

    def wire(self, principal: str = ADMIN) -> KafkaConnection:
        """The way to it as one of its node's principals."""
        return KafkaConnection(self.address, self.wires / principal)

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
    settings = BrokerSettings("n000000", f"{LOOPBACK}:9092", f"{LOOPBACK}:9093", scratch)
    (scratch / "server.properties").write_text(settings.text())
    command = java.command(
        "kafka.tools.StorageTool", "format", "-t", _identifier(), "-c", "server.properties", heap=HEAP, cache="format"
    )
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
    data.mkdir(mode=0o700, parents=True, exist_ok=True)
    write_private(data / "bootstrap.checkpoint", _checkpoint().read_bytes())
    lines = ["version=1", f"cluster.id={_identifier()}", "node.id=1", f"directory.id={_identifier()}", ""]
    write_private(data / "meta.properties", "\n".join(lines).encode())


def begin_kafka(home: Path, log: Path, settings: BrokerSettings, *, learn: bool = False) -> Broker:
    """Start a broker whose data lies in `home`, without waiting for it."""
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    for address in (settings.inside, settings.controller, *(guest.bind for guest in settings.guests.values())):
        require_free(int(address.rpartition(":")[2]), f"Kafka in {home}")
    _format(home)
    write_private(home / "server.properties", java.properties_file(settings.text()))
    command = java.command("kafka.Kafka", "server.properties", heap=HEAP, cache="broker", learn=learn)
    return Broker(start("Kafka", command, log=log, cwd=home), settings.inside, settings.certificates.parent)


def start_kafka(home: Path, log: Path, wires: NodeCertificates, *, learn: bool = False) -> Broker:
    """Start a broker on any free ports, with certificates of its own, and wait until it answers an admin call."""
    wires.renew([LOOPBACK])
    port, controller = free_ports(2)
    places = f"{LOOPBACK}:{port}", f"{LOOPBACK}:{controller}"
    settings = BrokerSettings(wires.node, *places, broker_directory(wires.root), extra=wires.extra)
    broker = begin_kafka(home, log, settings, learn=learn)
    wait_for(broker, log)
    return broker


def wait_for(broker: Broker, log: Path, within: float = 90.0) -> None:
    until = time.monotonic() + within
    while time.monotonic() < until:
        if asyncio.run(_answers(broker.wire())):
            return
        if not broker.running.alive():
            break
        time.sleep(0.1)
    stop(broker.running)
    raise WouldNotStart(f"Kafka did not start on {broker.address}:\n{tail(log)}")


async def _answers(wire: KafkaConnection) -> bool:
    host, port = wire.address.split(":")
    try:
        _, writer = await asyncio.open_connection(host, int(port))
    except OSError:
        return False  # cheaper, and quieter, than a client that complains
    writer.close()
    admin = AIOKafkaAdminClient(**wire.client(), request_timeout_ms=5000)
    try:
        await admin.start()
        return bool((await admin.describe_cluster())["brokers"])
    except (KafkaError, OSError):
        return False
    finally:
        await admin.close()
