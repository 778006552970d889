"""A province over several processes: `python -m tests.bench.scaleout FOLDER SIZE PROCESSES` prints one run in one process
and one in so many, as JSON.

Each process has some counties and some cities, whole ones, dealt out so that people and openings are even. It reads the files
and keeps only its own people, looks for them with the row kernel and holds the seats of its own cities; what crosses to
another process is a message of arrays, as it would be to another machine: cards (求职卡) to the process of their city, cutoffs
once to every process. In a round everybody looks, then every city answers; a round without a card is the end.

`megabytes` is what was written to other processes, `seconds` the play of the slowest, `cpu_seconds` that of all together and
`busiest_cpu_seconds` of the one with most; `prepare_seconds` lays out the tables of 51 counties, `peak_mb` is the greatest.
"""

from __future__ import annotations

import json
import multiprocessing
import pickle
import queue
import sys
import time
from dataclasses import dataclass, field
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from services.matching import kernel
from services.matching.kernel.federation import Cards, CitySide, CountySide, Offers
from tests.bench.channels import by_city, split
from tests.bench.measure import Instance, digest, peak_mb, read

PATIENCE = 600


class Letter(NamedTuple):
    """Cards of a county for a city."""

    county: str
    city: str
    cards: Cards


@dataclass
class Post:
    """Boxes between processes; each writes once to every other in each turn, so nobody runs more than one turn ahead."""

    rank: int
    boxes: list[Any]
    turn: int = 0
    bytes: int = 0
    early: list[tuple[int, bytes]] = field(default_factory=list)

    def exchange(self, loads: list[Any]) -> list[Any]:
        """`loads[r]` goes to process r; what the others had for this one comes back, and its own."""
        self.turn += 1
        for rank, box in enumerate(self.boxes):
            if rank != self.rank:
                data = pickle.dumps(loads[rank], pickle.HIGHEST_PROTOCOL)
                self.bytes += len(data)
                box.put((self.turn, data))
        while sum(turn == self.turn for turn, _ in self.early) < len(self.boxes) - 1:
            self.early.append(self.boxes[self.rank].get(timeout=PATIENCE))
        due = [data for turn, data in self.early if turn == self.turn]
        self.early = [(turn, data) for turn, data in self.early if turn != self.turn]
        return [loads[self.rank], *map(pickle.loads, due)]


@dataclass
class Worker:
    """The counties and cities of one process; `home` says in which process a city is."""

    counties: dict[str, CountySide]
    cities: dict[str, CitySide]
    home: dict[str, int]
    post: Post

    def play(self) -> int:
        """Until a round has no card in it; how many had."""
        rounds = 0
        while self.propose():
            self.answer()
            rounds += 1
        return rounds

    def propose(self) -> int:
        """Everybody here looks; how many cards there were in all processes."""
        letters: list[list[Letter]] = [[] for _ in self.post.boxes]
        for county, side in self.counties.items():
            for city, cards in side.look().items():
                letters[self.home[city]].append(Letter(county, city, cards))
        count = sum(len(letter.cards.vacancy) for letters_there in letters for letter in letters_there)
        came = self.post.exchange([(count, letters_there) for letters_there in letters])
        for _, letters_here in came:
            for county, city, cards in letters_here:
                self.cities[city].hold(county, cards)
        return sum(count for count, _ in came)

    def answer(self) -> None:
        """Cities publish what rose, counties hear all of it."""
        risen = {city: side.publish() for city, side in self.cities.items()}
        for heard in self.post.exchange(
            [{city: rises for city, rises in risen.items() if len(rises.vacancy)}] * len(self.post.boxes)
        ):
            for city, rises in heard.items():
                for side in self.counties.values():
                    side.hear(city, rises)


def deal(sizes: dict[str, int], processes: int) -> dict[str, int]:
    """A process for each name, the largest first, each to the one that has least."""
    load, home = [0] * processes, {}
    for name in sorted(sizes, key=lambda name: (-sizes[name], name)):
        home[name] = load.index(min(load))
        load[home[name]] += sizes[name]
    return home


def worker_of(instance: Instance, post: Post) -> tuple[Worker, dict[str, npt.NDArray[np.int64]]]:
    """The part of a province that a process has, and the rows of its people by county."""
    names, vacancies, processes = instance.people.county.names, by_city(instance.vacancies), len(post.boxes)
    county = deal(
        dict(zip(names, np.bincount(instance.people.county.codes, minlength=len(names)).tolist(), strict=True)),
        processes,
    )
    city = deal({name: sum(each.openings for each in own) for name, own in vacancies.items()}, processes)
    parts = split(instance.people, instance.people.county.codes, names)
    mine = {name: part for name, part in parts.items() if county[name] == post.rank}
    offers = Offers.of(vacancies)
    counties = {name: CountySide(people, offers, instance.weights, instance.seed) for name, (_, people) in mine.items()}
    cities = {
        name: CitySide(offers.own(name), instance.weights, instance.seed)
        for name in vacancies
        if city[name] == post.rank
    }
    return Worker(counties, cities, city, post), {name: rows for name, (rows, _) in mine.items()}


def work(folder: Path, rank: int, boxes: list[Any], ready: Any, answers: Any) -> None:
    """One process, from its files to the places of its people."""
    instance = read(folder)
    warm_up(instance)
    ready.wait(PATIENCE)
    begun = time.monotonic()
    worker, rows = worker_of(instance, Post(rank, boxes))
    prepared = time.monotonic() - begun
    ready.wait(PATIENCE)
    begun, spent = time.monotonic(), time.process_time()
    rounds = worker.play()
    told = {
        "rounds": rounds,
        "seconds": time.monotonic() - begun,
        "cpu": time.process_time() - spent,
        "prepared": prepared,
    }
    row = {vacancy.vacancy: at for at, vacancy in enumerate(instance.vacancies)}
    places = [(rows[name], _rows_of(side, row)) for name, side in worker.counties.items()]
    answers.put({**told, "bytes": worker.post.bytes, "peak_mb": peak_mb(), "places": places})


def _rows_of(side: CountySide, row: dict[str, int]) -> npt.NDArray[np.int32]:
    """Row of the instance of everybody's vacancy, -1: none."""
    return np.array([*(row[each.vacancy] for each in side.offers.vacancies), -1], np.int32)[side.places().vacancy]


def warm_up(instance: Instance) -> None:
    """The machine code of both sides, on the first few people."""
    kernel.warm_up(instance.weights)
    few = instance._replace(people=instance.people.taken(np.arange(2)), vacancies=instance.vacancies[:1])
    worker, _ = worker_of(few, Post(0, [None]))
    worker.play()


def run(instance: Instance, folder: Path, processes: int) -> dict[str, Any]:
    context = multiprocessing.get_context("spawn")
    boxes, ready, answers = [context.Queue() for _ in range(processes)], context.Barrier(processes), context.Queue()
    workers = [
        context.Process(target=work, args=(folder, rank, boxes, ready, answers), daemon=True)
        for rank in range(processes)
    ]
    for each in workers:
        each.start()
    told = [_answer(answers, workers) for _ in workers]
    for each in workers:
        each.join()
    vacancy = np.full(len(instance.people), -1, np.int32)
    for rows, places in (part for each in told for part in each["places"]):
        vacancy[rows] = places
    return {
        "processes": processes,
        "hash": digest(instance, vacancy),
        "rounds": told[0]["rounds"],
        "seconds": round(max(each["seconds"] for each in told), 2),
        "cpu_seconds": round(sum(each["cpu"] for each in told), 2),
        "busiest_cpu_seconds": round(max(each["cpu"] for each in told), 2),
        "prepare_seconds": round(max(each["prepared"] for each in told), 2),
        "megabytes": round(sum(each["bytes"] for each in told) / 1e6, 1),
        "peak_mb": round(max(each["peak_mb"] for each in told)),
    }


def _answer(answers: Any, workers: list[BaseProcess]) -> dict[str, Any]:
    """What the next process to end has found; a process that dies is not waited for."""
    while True:
        try:
            told: dict[str, Any] = answers.get(timeout=1)
            return told
        except queue.Empty:
            if any(each.exitcode for each in workers):
                raise RuntimeError("a process ended without an answer") from None


def measure(folder: Path, size: str, processes: int) -> dict[str, Any]:
    instance = read(folder)
    kernel.warm_up(instance.weights)
    central = digest(instance, kernel.match(kernel.prepare(*instance)).vacancy)
    runs = [run(instance, folder, count) for count in dict.fromkeys((1, processes))]
    for each in runs:
        each["same_hash"] = each.pop("hash") == central
    return {
        "size": size,
        "people": len(instance.people),
        "runs": runs,
        "ratio": round(runs[0]["seconds"] / runs[-1]["seconds"], 2),
        "cpu_ratio": round(runs[0]["busiest_cpu_seconds"] / runs[-1]["busiest_cpu_seconds"], 2),
    }


if __name__ == "__main__":
    print(json.dumps(measure(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]))))
