"""A pass between 51 counties and 24 cities in one process: `python -m tests.bench.federation FOLDER SIZE SEED` prints its runs as JSON.

`synchronous`: in a round every county looks and every city answers. `asynchronous`: messages lie in a bag; each is drawn at
random, one in ten a second time at a random later moment, and nodes look or publish at random moments in between. Both end
by the counts of the channels, and whatever lies in the bag after that is delivered too: it must change nothing.

`megabytes` counts every message once for each receiver: the very events that nodes send, compressed as their producers
compress (zstd, here each event alone); `megabytes_json` is the same before compression. `seconds` is the play, without laying
out the nodes' tables (`prepare_seconds`) and without weighing the messages. Couples are generated as none.
`final_after_15_rounds`: the share of the final seats whose holder stood there after round 15.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any, NamedTuple
from uuid import UUID

import cramjam
import numpy as np
import numpy.typing as npt

from libs.common.events.matching import CardsProposedV2, CutoffsRaisedV2
from services.matching import kernel
from services.matching.files import packing
from services.matching.kernel.federation import Cards, CitySide, CountySide, Offers, Rises
from tests.bench.channels import Counts, by_city, is_over, split
from tests.bench.measure import Instance, digest, read

EARLY, TWICE, ACTS, LOOK_OVER = 15, 0.1, 0.02, 512
THREADS = 2


class Message(NamedTuple):
    """A batch on its way; `number` is its own on its channel."""

    sender: str
    to: str
    number: int
    load: Cards | Rises


@dataclass
class Federation:
    """All nodes of a run, and the rows of people that each county keeps; a city is a node that bears the city's code."""

    counties: dict[str, CountySide]
    cities: dict[str, CitySide]
    counts: dict[str, Counts]
    rows: dict[str, npt.NDArray[np.int64]]
    # Row of the instance by row of the offers, and -1 for none.
    vacancy: npt.NDArray[np.int32]
    people: int
    weighs: bool = False
    weighing_seconds: float = 0.0
    json: int = 0
    compressed: int = 0
    cards: int = 0

    @classmethod
    def of(cls, instance: Instance, county: npt.NDArray[np.integer], names: tuple[str, ...]) -> Federation:
        parts = split(instance.people, county, names)
        offers, weights, seed = Offers.of(by_city(instance.vacancies)), instance.weights, instance.seed
        counties = {name: CountySide(people, offers, weights, seed) for name, (_, people) in parts.items()}
        cities = {name: CitySide(offers.own(name), weights, seed) for name in offers.nodes}
        counts = {name: Counts() for name in (*counties, *cities)}
        row = {vacancy.vacancy: at for at, vacancy in enumerate(instance.vacancies)}
        vacancy = np.array([*(row[each.vacancy] for each in offers.vacancies), -1], np.int32)
        return cls(
            counties, cities, counts, {name: rows for name, (rows, _) in parts.items()}, vacancy, len(instance.people)
        )

    def act(self, node: str) -> list[Message]:
        """A county looks, or a city publishes to every county; what they send."""
        side = self.counties.get(node) or self.cities[node]
        if isinstance(side, CountySide):
            loads: dict[str, Cards | Rises] = dict(side.look())
        else:
            rises = side.publish()
            loads = dict.fromkeys(self.counties, rises) if len(rises.vacancy) else {}
        return [Message(node, to, self.counts[node].send(to, len(load.vacancy)), load) for to, load in loads.items()]

    def weigh(self, messages: list[Message]) -> list[Message]:
        """Adds up what crosses between nodes; a city's cutoffs are one event for all who read it."""
        begun = time.monotonic()
        known: dict[tuple[str, int], tuple[int, int]] = {}
        for message in messages if self.weighs else ():
            key = (message.sender, id(message.load))
            known[key] = known.get(key) or _weight(message)
            self.json += known[key][0]
            self.compressed += known[key][1]
        self.weighing_seconds += time.monotonic() - begun
        self.cards += sum(len(message.load.vacancy) for message in messages if isinstance(message.load, Cards))
        return messages

    def deliver(self, message: Message) -> str:
        """Hands a message over, also if it comes again; returns the receiver."""
        if isinstance(message.load, Cards):
            self.cities[message.to].hold(message.sender, message.load)
        else:
            self.counties[message.to].hear(message.sender, message.load)
        self.counts[message.to].handle(message.sender, message.number, len(message.load.vacancy))
        return message.to

    def places(self) -> npt.NDArray[np.int32]:
        """Row of everybody's vacancy by row of the instance, -1: none."""
        vacancy = np.full(self.people, -1, np.int32)
        for name, side in self.counties.items():
            vacancy[self.rows[name]] = self.vacancy[side.places().vacancy]
        return vacancy

    def is_over(self) -> bool:
        return is_over({**self.counties, **self.cities}, self.counts)


RUN = UUID("0192f000-0000-7000-8000-000000000000")


def _weight(message: Message) -> tuple[int, int]:
    """Bytes of the event that a node would send, and of the same compressed."""
    load, common = (
        message.load,
        {"run": RUN, "number": 1, "batch": message.number, "round": 1, "count": len(message.load.vacancy)},
    )
    columns = packing.pack_cards(load) if isinstance(load, Cards) else packing.pack_rises(load)
    event = (
        CardsProposedV2(county=message.sender, **common, **columns)
        if isinstance(load, Cards)
        else CutoffsRaisedV2(city=message.sender, **common, **columns)
    )
    text = event.model_dump_json().encode()
    return len(text), len(bytes(cramjam.zstd.compress(text)))


def play_rounds(nodes: Federation) -> tuple[int, npt.NDArray[np.int32]]:
    """Synchronously; how many rounds had a card in them, and the standing proposals after the fifteenth."""
    rounds, early = 0, nodes.places()
    with ThreadPoolExecutor(THREADS) as pool:
        while not nodes.is_over():
            cards = [message for sent in pool.map(nodes.act, nodes.counties) for message in nodes.weigh(sent)]
            if cards:
                rounds += 1
            early = nodes.places() if rounds <= EARLY else early
            _hand_over(nodes, cards, pool.map)
            cutoffs = [message for sent in pool.map(nodes.act, nodes.cities) for message in nodes.weigh(sent)]
            _hand_over(nodes, cutoffs, pool.map)
    return rounds, early


def _hand_over(nodes: Federation, messages: list[Message], together: Callable[..., Any]) -> None:
    """Each receiver takes its own messages; different receivers at once."""
    boxes: dict[str, list[Message]] = {}
    for message in messages:
        boxes.setdefault(message.to, []).append(message)
    list(together(lambda box: [nodes.deliver(message) for message in box], boxes.values()))


def play_at_random(
    nodes: Federation, random: Random, twice: float = TWICE, acts: float = ACTS, look_over: int = LOOK_OVER
) -> int:
    """Asynchronously, until the counts say that the pass is over; then empties the bag. Returns how many cards had come.

    `acts` is how often a node acts instead of a message being delivered, `look_over` how often the counts are looked at.
    """
    bag: list[Message] = []
    restless = list((*nodes.counties, *nodes.cities))
    turns = 0
    while turns % look_over or not nodes.is_over():
        turns += 1
        if restless and (not bag or random.random() < acts):
            bag += _sent(nodes, _drawn(restless, random), random, twice)
        elif bag:
            restless = _awake(restless, nodes.deliver(_drawn(bag, random)))
        else:
            assert nodes.is_over(), "nobody can move and nothing is on its way, but the counts do not close"
            turns = 0
    for message in bag:
        nodes.deliver(message)
    return nodes.cards


def _drawn(things: list[Any], random: Random) -> Any:
    """Any of them, which leaves the list."""
    at = random.randrange(len(things))
    things[at], things[-1] = things[-1], things[at]
    return things.pop()


def _awake(restless: list[str], node: str) -> list[str]:
    return restless if node in restless else [*restless, node]


def _sent(nodes: Federation, node: str, random: Random, twice: float) -> list[Message]:
    """What a node sends, some of it twice; the network's second copies cost nobody bytes that the node had not sent."""
    sent = nodes.weigh(nodes.act(node))
    return sent + [message for message in sent if random.random() < twice]


def measure(folder: Path, size: str, seed: int) -> list[dict[str, Any]]:
    instance = read(folder)
    kernel.warm_up(instance.weights)
    central = digest(instance, kernel.match(kernel.prepare(*instance)).vacancy)
    return [_synchronous(instance, size, central), _asynchronous(instance, size, central, seed)]


def _nodes(instance: Instance) -> tuple[Federation, float]:
    begun = time.monotonic()
    nodes = Federation.of(instance, instance.people.county.codes, instance.people.county.names)
    nodes.weighs = True
    return nodes, time.monotonic() - begun


def _synchronous(instance: Instance, size: str, central: str) -> dict[str, Any]:
    nodes, prepared = _nodes(instance)
    begun = time.monotonic()
    rounds, early = play_rounds(nodes)
    seconds, places = time.monotonic() - begun - nodes.weighing_seconds, nodes.places()
    final = float(((early == places) & (places >= 0)).sum() / max(1, int((places >= 0).sum())))
    return _run(
        nodes, size, "synchronous", digest(instance, places) == central, prepared, seconds, rounds=rounds, final=final
    )


def _asynchronous(instance: Instance, size: str, central: str, seed: int) -> dict[str, Any]:
    nodes, prepared = _nodes(instance)
    begun = time.monotonic()
    play_at_random(nodes, Random(seed))
    seconds = time.monotonic() - begun - nodes.weighing_seconds
    return _run(nodes, size, "asynchronous", digest(instance, nodes.places()) == central, prepared, seconds)


def _run(
    nodes: Federation,
    size: str,
    mode: str,
    same: bool,
    prepared: float,
    seconds: float,
    rounds: int | None = None,
    final: float | None = None,
) -> dict[str, Any]:
    return {
        "size": size,
        "mode": mode,
        "same_hash": same,
        "rounds": rounds,
        "final_after_15_rounds": None if final is None else round(final, 4),
        "megabytes": round(nodes.compressed / 1e6, 1),
        "megabytes_json": round(nodes.json / 1e6, 1),
        "seconds": round(seconds, 2),
        "prepare_seconds": round(prepared, 2),
        "cards": nodes.cards,
    }


if __name__ == "__main__":
    print(json.dumps(measure(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]))))
