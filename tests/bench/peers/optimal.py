"""Programs that make the sum of points greatest instead of leaving nobody with a reason to complain: another objective."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from tests.bench.measure import Instance
from tests.bench.peers.lists import Lists

Rows = npt.NDArray[Any]


def ortools_flow(instance: Instance, lists: Lists) -> Rows:
    """Exact minimum cost flow from people to openings along the lists; staying out costs nothing."""
    from ortools.graph.python import min_cost_flow

    count, jobs = len(instance.people), len(instance.vacancies)
    person = np.repeat(np.arange(count), np.diff(lists.begin))
    flow = min_cost_flow.SimpleMinCostFlow()
    source, sink = count + jobs, count + jobs + 1
    openings = np.array([vacancy.openings for vacancy in instance.vacancies])
    flow.add_arcs_with_capacity_and_unit_cost(
        np.full(count, source), np.arange(count), np.ones(count, int), np.zeros(count, int)
    )
    arcs = flow.add_arcs_with_capacity_and_unit_cost(
        person, count + lists.rows, np.ones(len(person), int), -(lists.order >> 5) - 1
    )
    flow.add_arcs_with_capacity_and_unit_cost(
        count + np.arange(jobs), np.full(jobs, sink), openings, np.zeros(jobs, int)
    )
    flow.add_arc_with_capacity_and_unit_cost(source, sink, count, 0)
    flow.set_nodes_supplies(np.array([source, sink]), np.array([count, -count]))
    assert flow.solve() == flow.OPTIMAL
    taken = flow.flows(arcs) > 0
    held = np.full(count, -1, np.int64)
    held[person[taken]] = lists.rows[taken]
    return held


def scipy_sparse(instance: Instance, lists: Lists) -> Rows:
    """Sparse assignment with every opening a column, and a column of his own for everybody who stays out."""
    from scipy.sparse import coo_matrix
    from scipy.sparse.csgraph import min_weight_full_bipartite_matching

    count = len(instance.people)
    openings = np.array([vacancy.openings for vacancy in instance.vacancies])
    first = np.concatenate([[0], np.cumsum(openings)])
    person = np.repeat(np.arange(count), np.diff(lists.begin))
    seats = openings[lists.rows]
    rows = np.repeat(person, seats)
    columns = np.repeat(first[lists.rows] - np.cumsum(seats) + seats, seats) + np.arange(seats.sum())
    worth = np.repeat((lists.order >> 5) + 2, seats)
    rows, columns = np.concatenate([rows, np.arange(count)]), np.concatenate([columns, first[-1] + np.arange(count)])
    table = coo_matrix(
        (np.concatenate([worth, np.ones(count, int)]), (rows, columns)), shape=(count, first[-1] + count)
    ).tocsr()
    people, taken = min_weight_full_bipartite_matching(table, maximize=True)
    held = np.full(count, -1, np.int64)
    inside = taken < first[-1]
    held[people[inside]] = np.searchsorted(first, taken[inside], side="right") - 1
    return held


def matching_full(instance: Instance, lists: Lists) -> Rows:
    """The teaching library `matching` on whole lists; it knows no reserved openings, so the instance has none."""
    import sys

    from matching.games import HospitalResident

    sys.setrecursionlimit(10**6)
    residents = {
        i: lists.rows[lists.begin[i] : lists.begin[i + 1]].tolist()
        for i in range(len(instance.people))
        if lists.begin[i] < lists.begin[i + 1]
    }
    person = np.repeat(np.arange(len(instance.people)), np.diff(lists.begin))
    order = np.lexsort((-lists.key, lists.rows))
    wanted: dict[int, list[int]] = {}
    for v, i in zip(lists.rows[order].tolist(), person[order].tolist(), strict=True):
        wanted.setdefault(v, []).append(i)
    capacity = {v: instance.vacancies[v].openings for v in wanted}
    game = HospitalResident.create_from_dictionaries(residents, wanted, capacity)
    held = np.full(len(instance.people), -1, np.int64)
    for hospital, taken in game.solve(optimal="resident").items():
        for resident in taken:
            held[resident.name] = hospital.name
    return held
