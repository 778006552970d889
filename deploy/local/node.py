"""One node (节点): PostgreSQL, Kafka, mirror and the services' process, started, looked at, stopped or killed."""

from __future__ import annotations

import json
import shutil
import signal
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import httpx

from deploy.local import cards, kafka, keys, mirror, postgres, web_files
from deploy.local.accounts import lasting_accounts
from deploy.local.broker_settings import BrokerSettings, Guest, broker_directory
from deploy.local.kafka import Broker
from deploy.local.node_certificates import NodeCertificates
from deploy.local.paths import REPOSITORY, NodePaths, socket_directory, state_directory
from deploy.local.ports import LOOPBACK, require_free
from deploy.local.processes import (
    Running,
    WouldNotStart,
    ask_to_end,
    bury,
    kill,
    read_running,
    start,
    tail,
    wait_for_end,
    write_running,
)
from deploy.local.regions import Region, region_of, regions_of
from deploy.local.supervised import Supervised

PARTS = ("PostgreSQL", "Kafka", "Xieli", "MirrorMaker")


@dataclass(frozen=True)
class Node:
    """A region's node on this machine: where its files lie and which ports it has."""

    region: Region
    places: NodePaths

    @classmethod
    def of(cls, name: str) -> Node:
        region = region_of(name)
        return cls(region, NodePaths.of(region.node))

    @property
    def id(self) -> str:
        return self.region.node

    @property
    def ports(self) -> dict[str, int]:
        """Chosen when the node was first started, by the names below."""
        chosen: dict[str, int] = json.loads((self.places.run / "ports.json").read_text())
        return chosen

    @property
    def port_names(self) -> tuple[str, ...]:
        """Each partner reads at a listener of its own, named after it."""
        return ("http", "broker", "controller", *self.region.partners)

    @property
    def url(self) -> str:
        return f"http://{LOOPBACK}:{self.ports['http']}"

    @property
    def kafka(self) -> str:
        return f"{LOOPBACK}:{self.ports['broker']}"

    @property
    def wires(self) -> NodeCertificates:
        return NodeCertificates(self.id, self.places.wires)

    @property
    def socket(self) -> Path:
        return socket_directory(self.places.postgres)

    @property
    def database_url(self) -> str:
        return f"postgresql+asyncpg://{{service}}@/{postgres.DATABASE}?host={self.socket}"

    @property
    def dump(self) -> tuple[str, ...]:
        """The command that prints the whole database as SQL."""
        return postgres.dump_command(self.socket)

    @property
    def settled(self) -> bool:
        """Whether the node has been started before."""
        return (self.places.run / "ports.json").is_file()

    def log(self, part: str) -> Path:
        return self.places.log / f"{part.lower()}.log"

    def running(self) -> list[Running]:
        """The node's processes that are alive; records of dead ones, and pids given to others, do not count."""
        return [one for one in self._recorded() if one.alive()]

    def has(self, part: str) -> bool:
        return any(one.name == part for one in self.running())

    def _recorded(self) -> list[Running]:
        return [found for part in PARTS if (found := read_running(self._record_of(part)))]

    def _record_of(self, part: str) -> Path:
        return self.places.run / f"{part.lower()}.pid.json"

    def _record(self, running: Running) -> None:
        write_running(self._record_of(running.name), running)

    def state(self) -> str:
        """running, partly (some processes are missing, or the services do not answer) or stopped."""
        alive = {one.name for one in self.running()}
        if not alive:
            return "stopped"
        return "running" if alive == set(PARTS) and is_ready(self) else "partly"

    def acquaint(self) -> None:
        """Make the node's keys and certificates, and leave for each partner a card with the address made for it."""
        self.places.create()
        keys.make_keys(self.id, self.places.keys)
        lasting_accounts(self.places.keys / "accounts.json", self.region.code)
        self.wires.renew([LOOPBACK])
        for partner in self.region.partners:
            address = f"{LOOPBACK}:{self.ports[partner]}"
            cards.publish(
                cards.card_of(self.id, self.region.name, address, self.places.keys, self.wires), partner, _exchange()
            )

    def meet(self) -> None:
        """Take in the partners' cards, which must lie in the exchange, and believe each as itself."""
        cards.collect(self.id, self.region.partners, _exchange(), self._partners)
        self.wires.believe({card["node"]: card["certificates"] for card in self._cards()})

    def _cards(self) -> list[cards.Card]:
        return cards.read_cards(self._partners)

    @property
    def supervised(self) -> Supervised:
        return Supervised(self.places.run)

    def open_part(self, part: str) -> None:
        """Start one part that has died, when what it left behind is gone."""
        if dead := read_running(self._record_of(part)):
            bury(dead)
        opening: dict[str, Callable[[], object]] = {
            "PostgreSQL": self.open_database,
            "Kafka": self.open_broker,
            "Xieli": self.open_services,
            "MirrorMaker": self.open_mirror,
        }
        opening[part]()

    def open_stores(self) -> None:
        """PostgreSQL and Kafka side by side."""
        broker = self.open_broker()
        self.open_database()
        if broker:
            kafka.wait_for(broker, self.log("Kafka"))

    def open_broker(self) -> Broker | None:
        """Kafka, begun and not waited for; None when it runs."""
        if self.has("Kafka"):
            return None
        broker = kafka.begin_kafka(self.places.kafka, self.log("Kafka"), self.broker_settings())
        self._record(broker.running)
        return broker

    def open_database(self) -> None:
        """PostgreSQL, when it answers."""
        if not self.has("PostgreSQL"):
            self._record(postgres.start_postgres(self.places.postgres, self.log("PostgreSQL")).running)

    def broker_settings(self) -> BrokerSettings:
        """The broker lets in this node's own parts, and each partner at the listener that its card names."""
        at = {card["node"]: f"{LOOPBACK}:{self.ports[card['node']]}" for card in self._cards()}
        guests = {card["node"]: Guest(at[card["node"]], at[card["node"]], card["revoked"]) for card in self._cards()}
        return BrokerSettings(
            self.id,
            self.kafka,
            f"{LOOPBACK}:{self.ports['controller']}",
            broker_directory(self.places.wires),
            guests=guests,
            revoked=self.wires.authority.revoked(),
        )

    def open_services(self) -> None:
        """The five services."""
        if not self.has("Xieli"):
            require_free(self.ports["http"], f"the services of {self.id}")
            command = [sys.executable, "-m", "deploy.local.single_process_node", "--node", self.id]
            self._record(start("Xieli", command, log=self.log("Xieli"), cwd=REPOSITORY, environment=self.environment()))

    def open_mirror(self) -> None:
        """The mirror, when the services are ready: on a small machine people need not wait for it, events do."""
        if not self.has("MirrorMaker"):
            listed = {card["node"]: card["kafka"] for card in self._cards()}
            home, log = self.places.mirror, self.log("MirrorMaker")
            self._record(mirror.start_mirror(self.id, self.kafka, listed, home, log, self.places.wires))

    @property
    def _partners(self) -> Path:
        return self.places.root / "partners.json"

    def environment(self) -> dict[str, str]:
        """The settings of the services at this node: the same variables as in docker-compose.yml."""
        return {
            "XIELI_NODE": self.id,
            "XIELI_NODE_NAME": self.region.name,
            "XIELI_DATABASE_URL": self.database_url,
            "XIELI_KAFKA": self.kafka,
            "XIELI_KAFKA_CERTIFICATES": str(self.places.wires),
            "XIELI_KEYS": str(self.places.keys),
            "XIELI_PARTNERS": str(self._partners),
            "XIELI_GATEWAY": self.url,
            "XIELI_AUDIT_HEADS_SECONDS": "15",
            "XIELI_HOST": LOOPBACK,
            "XIELI_PORT": str(self.ports["http"]),
            "PYTHONUNBUFFERED": "1",
            "XIELI_CONSOLE_RESTARTS": str(self.supervised.record),
            "XIELI_CONSOLE_WEB_FILES": str(web_files.directory()),
            "XIELI_CONSOLE_SECOND_FACTOR": "",  # a machine to try things on has no telephone beside it; a node has
        }

    def wait_ready(self, within: float = 120.0) -> None:
        """Until all five services answer that they are ready."""
        until = time.monotonic() + within
        while time.monotonic() < until:
            if is_ready(self):
                return
            if not self.has("Xieli"):
                break
            time.sleep(0.2)
        raise WouldNotStart(f"the services of {self.id} did not become ready:\n{tail(self.log('Xieli'))}")

    # Ending.

    def stop(self) -> None:
        """In order: nobody comes in, then the mirror, then the broker, then the database."""
        self.supervised.end()
        self.close_house()
        self.close_stores()

    def close_house(self) -> None:
        """The services and the mirror. A mirror that hangs on a partner that is gone may be killed: it repeats, never loses."""
        self._end({"Xieli": signal.SIGTERM, "MirrorMaker": signal.SIGTERM}, within={"Xieli": 20, "MirrorMaker": 5})

    def close_stores(self) -> None:
        """PostgreSQL by its fast shutdown, and Kafka."""
        self._end({"Kafka": signal.SIGTERM, "PostgreSQL": signal.SIGINT}, within={"Kafka": 20, "PostgreSQL": 20})
        self._forget()

    def _end(self, by: dict[str, signal.Signals], within: dict[str, float]) -> None:
        alive = [one for one in self.running() if one.name in by]
        for one in alive:
            ask_to_end(one, by[one.name])
        for one in alive:
            wait_for_end(one, within[one.name])

    def kill(self) -> None:
        """SIGKILL to every process, at once and without a word, as when the power fails."""
        self.supervised.end()
        kill(*self._recorded())
        self._forget()

    def _forget(self) -> None:
        for part in PARTS:
            self._record_of(part).unlink(missing_ok=True)
        shutil.rmtree(self.socket, ignore_errors=True)


def _exchange() -> Path:
    """Where nodes on this machine leave each other their public keys."""
    return state_directory() / "exchange"


def is_ready(node: Node) -> bool:
    try:
        return all(_ready(node, service) for service in postgres.SERVICES)
    except httpx.HTTPError:
        return False


def _ready(node: Node, service: str) -> bool:
    return httpx.get(f"{node.url}/{service}/health/ready", timeout=5, trust_env=False).status_code == 200


def nodes_of(names: Sequence[str] = ()) -> list[Node]:
    """The named nodes, or all of them."""
    return [Node.of(region.node) for region in regions_of(names)]
