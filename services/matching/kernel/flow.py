"""The greatest sum of points that any assignment reaches, exactly: a what-if beside the stable result, by flow (最小费用流).

It leaves many people with a vacancy that would rather have them, so it is for analysts and never a result. ortools solves
it; whole lists take about 100 bytes a pair, so it ends where memory does, and shadow prices go on from there.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from services.matching.kernel.array_types import I16, I32, I64, PeopleArrays, scratch_for
from services.matching.kernel.batched_deferred_acceptance import Tell
from services.matching.kernel.pairs import pairs_of
from services.matching.kernel.passes import PreparedMarket
from services.matching.kernel.people_arrays import undeclared

PAIRS_MOST, CHUNK = 60_000_000, 1_024


class TooManyPairs(ValueError):
    """More pairs than a machine can be expected to hold."""


@dataclass(frozen=True)
class Assignment:
    """`vacancy`: the row of each person's place in file order, -1 for none; `points`: the sum of utilities."""

    vacancy: I32
    points: int


def max_weight_assignment(run: PreparedMarket, tell: Tell = lambda text: None) -> Assignment:
    """Couples are two people, reserves bind nobody. Raises TooManyPairs; needs ortools."""
    if not len(run.people) or not run.vacancies:
        return Assignment(np.full(len(run.people), -1, np.int32), 0)
    crowd, order = run.crowd(undeclared(run.people))
    person, vacancy, utility = every_pair(run, crowd, len(order), tell)
    tell(f"Solving for the greatest sum: {len(person):,} pairs")
    taken = _solved(len(order), [each.openings for each in run.placed], person, vacancy, utility)
    held = np.full(len(run.people), -1, np.int32)
    held[order[person[taken]]] = run.rows[vacancy[taken]]
    return Assignment(held, int(utility[taken].sum(dtype=np.int64)))


def every_pair(run: PreparedMarket, crowd: PeopleArrays, people: int, tell: Tell) -> tuple[I32, I32, I16]:
    scratch, room = scratch_for(run.market), CHUNK * len(run.vacancies)
    own = np.empty(room, np.int32), np.empty(room, np.int32), np.empty(room, np.int16)
    parts = [(own[0][:0], own[1][:0], own[2][:0])]
    written = 0
    for first in range(0, people, CHUNK):
        count = pairs_of(run.market, crowd, scratch, first, min(first + CHUNK, people), *own)
        parts.append((own[0][:count].copy(), own[1][:count].copy(), own[2][:count].copy()))
        written += count
        if written > PAIRS_MOST:
            raise TooManyPairs(
                f"more than {PAIRS_MOST:,} pairs of people and vacancies: too many for exact flow; --price bounds the sum at any size"
            )
        tell(f"Writing lists: {first:,} of {people:,} people")
    person, vacancy, utility = zip(*parts, strict=True)
    return np.concatenate(person), np.concatenate(vacancy), np.concatenate(utility)


def _solved(people: int, openings: list[int], person: I32, vacancy: I32, utility: I16) -> I64:
    """Which pairs are taken: a flow from a source through people and vacancies to a sink, or past them for nothing."""
    from ortools.graph.python import min_cost_flow

    flow, jobs = min_cost_flow.SimpleMinCostFlow(), len(openings)
    source, sink, everybody = people + jobs, people + jobs + 1, np.arange(people)
    none = np.zeros(max(people, jobs), np.int64)
    arcs = flow.add_arcs_with_capacity_and_unit_cost(
        person, people + vacancy, np.ones(len(person), np.int64), -utility.astype(np.int64)
    )
    flow.add_arcs_with_capacity_and_unit_cost(np.full(people, source), everybody, none[:people] + 1, none[:people])
    flow.add_arcs_with_capacity_and_unit_cost(
        people + np.arange(jobs), np.full(jobs, sink), np.array(openings), none[:jobs]
    )
    flow.add_arc_with_capacity_and_unit_cost(source, sink, people, 0)
    flow.set_nodes_supplies(np.array([source, sink]), np.array([people, -people]))
    status = flow.solve()
    if status != flow.OPTIMAL:
        raise ValueError(f"ortools found no greatest sum: {status}")
    taken: I64 = np.flatnonzero(flow.flows(arcs))
    return taken
