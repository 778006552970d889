"""An extendable run as bytes and back: the people's columns and, for each pass, where everybody sat; the rest follows from that.

A vacancy chooses from those whom it holds as it chose from all who ever applied, so seats and cutoffs need not be written
down. Vacancies and weights are not either, only their digests: whoever loads a state must have the same.
Format: numpy's `.npz` without pickles, version 1. Size: about 110 bytes a person, and 4 for each pass beyond the first.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict
from io import BytesIO
from typing import Any, TypedDict
from zipfile import BadZipFile

import numpy as np
import numpy.typing as npt

from services.matching.kernel.array_types import I32
from services.matching.kernel.batched_deferred_acceptance import RoundTally
from services.matching.kernel.incremental import ExtendableRun, extendable, make_room
from services.matching.kernel.passes import PlayedPass, PreparedMarket, prepare, review, rows_held
from services.matching.rules.columns import CodedColumn, ListColumn, People, TextColumn
from services.matching.rules.facts import Vacancy, digest
from services.matching.rules.weights import Weights

VERSION = 1
Arrays = dict[str, npt.NDArray[Any]]


class Header(TypedDict):
    """What a state is of: digests of weights and vacancies, the seed in hexadecimal digits."""

    version: int
    weights: str
    vacancies: str
    seed: str


class StateRefused(ValueError):
    """These bytes are no saved state, or one of another version, of other weights or of other vacancies."""


def save(kept: ExtendableRun) -> bytes:
    """The state as bytes; vacancies are numbered in the order of their ids, so that their order in a list does not matter."""
    run, people = kept.run, kept.people()
    number = np.argsort(np.argsort([vacancy.vacancy for vacancy in run.vacancies]))
    places = [_renumbered(rows_held(run, played, kept.count), number) for played in kept.passes]
    header = Header(
        version=VERSION, weights=weights_digest(run.weights), vacancies=digest(run.vacancies), seed=run.seed.hex()
    )
    held = BytesIO()
    arrays: dict[str, Any] = {
        "said": np.array(json.dumps(header)),
        "places": np.array(places, np.int32).reshape(len(places), len(people)),
        **_arrays(people),
    }
    np.savez(held, **arrays)
    return held.getvalue()


def load(data: bytes, vacancies: Sequence[Vacancy], weights: Weights, threads: int | None = None) -> ExtendableRun:
    """The run that was saved; raises StateRefused."""
    arrays, header = _read(data)
    here = Header(version=VERSION, weights=weights_digest(weights), vacancies=digest(vacancies), seed=header["seed"])
    for (what, there), own in zip(header.items(), here.values(), strict=True):
        if there != own:
            raise StateRefused(f"the state is of other {what}: {there} there, {own} here")
    places = arrays.pop("places")
    run = prepare(_people(arrays), vacancies, weights, bytes.fromhex(header["seed"]), threads)
    row = np.argsort([vacancy.vacancy for vacancy in vacancies])
    return extendable(run, [_played(run, at, _renumbered(held, row)) for at, held in enumerate(places, 1)])


def weights_digest(weights: Weights) -> str:
    """SHA-256 over the weights as sorted JSON."""
    return hashlib.sha256(json.dumps(asdict(weights), sort_keys=True, default=sorted).encode()).hexdigest()


def _renumbered(places: I32, number: npt.NDArray[np.integer]) -> I32:
    return np.append(number, -1)[places].astype(np.int32)


def _read(data: bytes) -> tuple[Arrays, Header]:
    """The arrays, and what is said of them."""
    try:
        with np.load(BytesIO(data), allow_pickle=False) as held:
            arrays = dict(held)
        told = json.loads(str(arrays.pop("said")))
        header = Header(
            version=told["version"], weights=told["weights"], vacancies=told["vacancies"], seed=told["seed"]
        )
    except (BadZipFile, ValueError, EOFError, KeyError, TypeError) as fault:
        raise StateRefused(f"this is no saved state: {fault}") from fault
    return arrays, header


def _played(run: PreparedMarket, number: int, places: I32) -> PlayedPass:
    """A pass as it ended with these places; afterwards the couples choose as they chose then."""
    declared, choices = run.couples.declare(), run.couples.choices
    crowd, order = run.crowd(declared)
    state, market = run.state(len(order)), run.market
    real = np.flatnonzero(market.vacancy >= 0)
    position = np.full(len(run.vacancies) + 1, -1, np.int32)
    position[run.rows[market.vacancy[real]]] = real
    state.held[:] = position[places[order]]
    played = PlayedPass(number, declared, choices, crowd, order, state, len(order), RoundTally())
    make_room(run, played, len(order))
    review(run, run.couples, run.fellows, played)
    return played


def _arrays(people: People) -> Arrays:
    """Each column as one or more arrays with names: `county.codes`, `county.names`."""
    arrays: Arrays = {}
    for name, column in vars(people).items():
        if isinstance(column, np.ndarray):
            arrays[name] = column
        elif column is not None:
            arrays |= {
                f"{name}.{part}": np.array(values, np.str_) if part == "names" else values
                for part, values in vars(column).items()
            }
    return arrays


def _people(arrays: Arrays) -> People:
    columns: dict[str, Any] = {}
    for key, values in arrays.items():
        name, _, part = key.partition(".")
        if part:
            columns.setdefault(name, {})[part] = tuple(values.tolist()) if part == "names" else values
        else:
            columns[name] = values
    for name, parts in columns.items():
        if isinstance(parts, dict):
            columns[name] = (TextColumn if "data" in parts else ListColumn if "offsets" in parts else CodedColumn)(
                **parts
            )
    return People(**columns)
