"""One real PostgreSQL and one real broker for the whole run, nodes on databases of their own; the longest tests begin first."""

from __future__ import annotations

import gc
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from xdist.remote import Producer
from xdist.scheduler import LoadFileScheduling

from libs.common.kafka_connection import KafkaConnection
from libs.common.telemetry import start_logging
from tests.support.nodes import Nodes, make_partners
from tests.support.servers import start_kafka

start_logging("ERROR")
# Half a million things are loaded and stay: looking among them for garbage again and again was a fifth of the suite's own time.
gc.disable()
THINGS_BEFORE_A_COLLECTION = 50_000

pytest_plugins = ["tests.support.holding", "tests.support.openid.provider"]
# Two files are played at once: what takes longest begins first, so that neither waits for it at the end.
LONGEST = ("e2e/test_story", "fuzz", "e2e", "integration")
# Whatever asks at the doors of the one house is played by one worker, for the house is built once.
HOUSE = "tests/fuzz"


class ByHouse(LoadFileScheduling):
    """A file at a time, and all files of the house together."""

    def _split_scope(self, nodeid: str) -> str:
        return HOUSE if nodeid.startswith(HOUSE) else super()._split_scope(nodeid)


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> ByHouse | None:
    return ByHouse(config, log) if config.getoption("dist") == "loadfile" else None


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=_rank)


def pytest_collection_finish() -> None:
    gc.collect()
    gc.freeze()
    gc.set_threshold(THINGS_BEFORE_A_COLLECTION, 20, 20)
    gc.enable()


def _rank(item: pytest.Item) -> int:
    place = item.path.relative_to(Path(__file__).parent).as_posix()
    return next((rank for rank, first in enumerate(LONGEST) if place.startswith(first)), len(LONGEST))


@pytest.fixture(scope="session")
def kafka() -> KafkaConnection:
    """The way to a real broker as one who may do everything: `AIOKafkaConsumer(topic, **kafka.client())`."""
    return start_kafka().wire()


@pytest.fixture(scope="session")
def node_files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Keys and partners of all the nodes, as files."""
    root = tmp_path_factory.mktemp("nodes")
    make_partners(root)
    return root


@pytest.fixture
async def nodes(node_files: Path) -> AsyncIterator[Nodes]:
    """Opens offices: `office = await nodes.open(SERVICE, "n440300")`."""
    opened = Nodes(node_files)
    yield opened
    await opened.close()
