"""Who gets in at a real broker, and what they may do there: everybody, every topic, tried."""

from __future__ import annotations

import asyncio
import importlib
import shutil
import ssl
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest
from aiokafka import AIOKafkaConsumer
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.errors import GroupAuthorizationFailedError, KafkaError

from deploy.local import kafka
from deploy.local.authority import Authority
from deploy.local.broker_settings import BrokerSettings, Guest, broker_directory
from deploy.local.node_certificates import ADMIN, MIRROR, PARTNER, NodeCertificates
from deploy.local.paths import cache_directory
from deploy.local.ports import LOOPBACK, free_ports
from deploy.local.postgres import SERVICES
from deploy.local.processes import kill
from deploy.local.rights import held_rights
from deploy.local.settling import mirror_topics, rights_of, settle_broker, topics_of
from libs.common.kafka import topics_announced, topics_read
from libs.common.kafka_connection import KafkaConnection
from libs.common.node import NodeContext
from libs.common.service import Service
from tests.support.knocking import Found, armed, knock

HERE, CITY, PROVINCE = "n433124", "n440300", "n430000"
OFFICES: list[Service] = [importlib.import_module(f"services.{name}.app").SERVICE for name in SERVICES]
HOME = cast(NodeContext, SimpleNamespace(id=HERE, partners=dict.fromkeys([CITY, PROVINCE])))
BOOKS = {topic.name for topic in mirror_topics(HOME)}
TOPICS = topics_of(HOME, OFFICES) | BOOKS
NOTHING = Found(set(), set(), set())


@dataclass
class House:
    """A broker of one county, with the doors of a city and the province, and the authorities of all three."""

    root: Path
    wires: dict[str, NodeCertificates] = field(init=False)
    settings: BrokerSettings = field(init=False)
    broker: kafka.Broker = field(init=False)
    armed: int = 0

    def __post_init__(self) -> None:
        self.wires = {node: NodeCertificates(node, self.root / node) for node in (HERE, CITY, PROVINCE)}
        for one in self.wires.values():
            one.renew([LOOPBACK])
        inside, controller, city, province = (f"{LOOPBACK}:{port}" for port in free_ports(4))
        guests = {CITY: Guest(city, city), PROVINCE: Guest(province, province)}
        self.settings = BrokerSettings(HERE, inside, controller, broker_directory(self.wires[HERE].root), guests=guests)
        self.open()

    def open(self) -> None:
        """Start the broker with what is believed now."""
        self.wires[HERE].renew([LOOPBACK])
        self.wires[HERE].believe({node: self.wires[node].authority.trusted() for node in (CITY, PROVINCE)})
        log = self.root / "kafka.log"
        self.broker = kafka.begin_kafka(self.root / "kafka", log, self.settings)
        kafka.wait_for(self.broker, log)

    def reopen(self) -> None:
        kill(self.broker.running)
        self.open()

    @property
    def inside(self) -> str:
        return self.settings.inside

    def door(self, partner: str) -> str:
        return self.settings.guests[partner].advertised

    def somebody(self, own: bytes) -> Callable[[str], KafkaConnection]:
        self.armed += 1
        return armed(self.root / f"somebody-{self.armed}", own, self.wires[HERE].authority.trusted())

    def partner(self, node: str) -> KafkaConnection:
        """The mirror of a partner at its door."""
        own = (self.wires[node].root / PARTNER / "own.pem").read_bytes()
        return self.somebody(own)(self.door(node))


@pytest.fixture(scope="module")
def house() -> Iterator[House]:
    root = cache_directory() / "tests" / "wires"
    shutil.rmtree(root, ignore_errors=True)
    root.mkdir(parents=True)
    house = House(root)
    try:
        asyncio.run(settle_broker(house.broker.wire(), HOME, OFFICES))
        yield house
    finally:
        kill(house.broker.running)
        shutil.rmtree(root, ignore_errors=True)


def may(principal: str) -> Found:
    """What the code says that somebody may do: derived from what services announce and subscribe to, and from names of topics."""
    if principal in SERVICES:
        service = OFFICES[SERVICES.index(principal)]
        written, read = topics_announced(HOME, service.announces), topics_read(HOME, service.subscriptions)
    elif principal == MIRROR:
        written, read = {topic for topic in TOPICS if topic.startswith((f"{CITY}__", f"{PROVINCE}__"))} | BOOKS, BOOKS
    else:
        written, read = set(), {topic for topic in TOPICS if topic.startswith(("public.", f"to.{principal}."))}
    return Found(written | read, read, written)


def _inside(house: House, principal: str) -> KafkaConnection:
    return house.partner(principal) if principal in house.settings.guests else house.broker.wire(principal)


@pytest.mark.parametrize("principal", [*SERVICES, MIRROR, CITY, PROVINCE])
async def test_everybody_reads_and_writes_what_the_code_says_and_nothing_else(house: House, principal: str) -> None:
    assert await knock(_inside(house, principal), TOPICS) == may(principal)


def test_the_matrix_is_about_something() -> None:
    assert {topic.split(".")[0] for topic in TOPICS} >= {"home", "public", "to"}
    assert all(may(one).read and any(topic not in may(one).read for topic in TOPICS) for one in (CITY, PROVINCE))
    assert not any(topic.startswith("home.") or topic in BOOKS for topic in may(CITY).seen)


@pytest.mark.parametrize("principal", [*SERVICES, MIRROR, CITY])
async def test_nobody_but_the_migration_makes_topics_or_sees_rights(house: House, principal: str) -> None:
    admin = AIOKafkaAdminClient(**_inside(house, principal).client())
    await admin.start()
    try:
        answer = await admin.create_topics([NewTopic("public.mine", 1, 1)])
        assert [code for _, code, *_ in answer.topic_errors] != [0]
        with pytest.raises(KafkaError):
            await held_rights(admin)
    finally:
        await admin.close()


async def test_a_service_reads_under_its_own_group_alone(house: House) -> None:
    topic = sorted(may("jobs").read)[0]
    consumer = AIOKafkaConsumer(topic, **house.broker.wire("jobs").client(), group_id=f"xieli.{HERE}.registry")
    with pytest.raises(GroupAuthorizationFailedError):
        await consumer.start()
    await consumer.stop()


@pytest.mark.parametrize("place", ["inside", CITY])
async def test_who_shows_no_certificate_is_refused(house: House, place: str) -> None:
    address = house.inside if place == "inside" else house.door(place)
    bare = ssl.create_default_context(cadata="".join(house.wires[HERE].authority.trusted()))
    for who in ({"security_protocol": "PLAINTEXT"}, {"security_protocol": "SSL", "ssl_context": bare}):
        admin = AIOKafkaAdminClient(bootstrap_servers=address, request_timeout_ms=3000, **who)
        with pytest.raises(KafkaError):
            await admin.start()
        await admin.close()


# --- what another node's authority can sign, and what was stolen there ---------------------------------------------------


@pytest.mark.parametrize("node", [HERE, CITY, PROVINCE])
@pytest.mark.parametrize(
    "principal", ["registry", "broker", "admin", "mirror", "partner", PROVINCE, HERE, "n440300,O=x"]
)
async def test_whatever_a_partner_signs_it_is_itself_or_nobody(house: House, principal: str, node: str) -> None:
    authority = Authority(CITY, house.wires[CITY].root / "authority")
    authority.node = node  # the name that it writes into the certificate
    call = house.somebody(authority.issue(principal))
    expected = may(CITY) if (principal, node) == (PARTNER, CITY) else NOTHING
    assert await knock(call(house.door(CITY)), TOPICS) == expected
    for elsewhere in (house.inside, house.door(PROVINCE)):
        with pytest.raises(KafkaError):
            await knock(call(elsewhere), TOPICS)


async def test_a_part_of_this_node_is_nobody_at_a_partners_door(house: House) -> None:
    for principal in ("registry", ADMIN, PARTNER):
        with pytest.raises(KafkaError):
            await knock(replace(house.broker.wire(principal), address=house.door(CITY)), TOPICS)
    assert await knock(house.broker.wire(PARTNER), TOPICS) == NOTHING  # what partners are shown opens nothing at home


async def test_an_expired_certificate_is_refused(house: House) -> None:
    call = house.somebody(house.wires[HERE].authority.issue("registry", days=-1))
    with pytest.raises(KafkaError):
        await knock(call(house.inside), TOPICS)


# --- what changes while the node lives -----------------------------------------------------------------------------------


async def test_a_revoked_certificate_opens_nothing_and_its_successor_everything(house: House) -> None:
    own, city = house.wires[HERE], house.wires[CITY]
    stolen = house.somebody((own.root / "registry" / "own.pem").read_bytes())
    stolen_there = house.partner(CITY)
    for wires, principal in ((own, "registry"), (city, PARTNER)):
        (serial,) = [one.serial for one in wires.authority.ledger.issued if one.principal == principal][:1]
        wires.authority.revoke(serial)
        wires.renew([LOOPBACK])
    guests = {**house.settings.guests, CITY: replace(house.settings.guests[CITY], revoked=city.authority.revoked())}
    house.settings = replace(house.settings, revoked=own.authority.revoked(), guests=guests)
    await asyncio.to_thread(house.reopen)
    assert await knock(stolen(house.inside), TOPICS) == NOTHING
    assert await knock(stolen_there, TOPICS) == NOTHING
    assert await knock(house.broker.wire("registry"), TOPICS) == may("registry")
    assert await knock(house.partner(CITY), TOPICS) == may(CITY)


async def test_an_authority_turns_with_overlap_and_then_the_old_one_opens_nothing(house: House) -> None:
    for node, who in ((HERE, lambda: house.broker.wire("registry")), (CITY, lambda: house.partner(CITY))):
        wires, expected = house.wires[node], may("registry" if node == HERE else CITY)
        old = house.somebody((wires.root / ("registry" if node == HERE else PARTNER) / "own.pem").read_bytes())
        address = house.inside if node == HERE else house.door(CITY)
        wires.authority.begin()
        await asyncio.to_thread(house.reopen)
        assert await knock(old(address), TOPICS) == expected
        wires.authority.switch()
        wires.renew([LOOPBACK])
        await asyncio.to_thread(house.reopen)
        old = house.somebody((house.root / f"somebody-{house.armed}" / "own.pem").read_bytes())  # it trusts both now
        assert await knock(old(address), TOPICS) == await knock(who(), TOPICS) == expected
        wires.authority.end()
        wires.renew([LOOPBACK])
        await asyncio.to_thread(house.reopen)
        assert await knock(who(), TOPICS) == expected
        with pytest.raises(KafkaError):
            await knock(old(address), TOPICS)


async def test_a_partner_that_has_left_has_no_rights(house: House) -> None:
    alone = cast(NodeContext, SimpleNamespace(id=HERE, partners={PROVINCE: None}))
    await settle_broker(house.broker.wire(), alone, OFFICES)
    assert await knock(house.partner(CITY), TOPICS) == NOTHING
    assert not any(right.principal == CITY or CITY in right.name for right in rights_of(alone, OFFICES))
    await settle_broker(house.broker.wire(), HOME, OFFICES)
    assert await knock(house.partner(CITY), TOPICS) == may(CITY)
