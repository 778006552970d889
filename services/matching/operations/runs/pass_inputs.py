"""What a node plays a pass with: the vacancies offered in it, the weights, the seed.

A county hears every city of the run; a city need not know another one, and plays with its own vacancies alone.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from uuid import UUID

from libs.common.database import Transaction
from services.matching.kernel.federation import Offers
from services.matching.operations.weights import weights_of
from services.matching.rules.runs import Run
from services.matching.rules.weights import Weights
from services.matching.store import run_inputs
from services.matching.store import runs as store


@dataclass(frozen=True)
class PassInputs:
    offers: Offers
    weights: Weights
    seed: bytes


async def inputs_of(tx: Transaction, run: Run, number: int) -> PassInputs | None:
    """A county's: None until every city has stated its allotment."""
    return await _inputs(tx, run, number, run.cities)


async def own_inputs_of(tx: Transaction, run: Run, number: int) -> PassInputs | None:
    """A city's: None until it has stated its allotment."""
    return await _inputs(tx, run, number, (tx.node.id,))


async def _inputs(tx: Transaction, run: Run, number: int, cities: tuple[str, ...]) -> PassInputs | None:
    step = await store.find_pass(tx, run.run, number)
    offers = await _offers(tx, run.run, step.base, cities) if step and run.seed else None
    return PassInputs(offers, await weights_of(tx, run), bytes.fromhex(run.seed)) if offers and run.seed else None


# What has been stated in all its parts never changes; it is asked for at every turn.
_STATED: OrderedDict[tuple[str, UUID, int, tuple[str, ...]], Offers] = OrderedDict()
MOST = 8


async def _offers(tx: Transaction, run: UUID, base: int, cities: tuple[str, ...]) -> Offers | None:
    key = tx.node.id, run, base, cities
    if key not in _STATED:
        stated = await run_inputs.list_allotments(tx, run, base)
        if not set(cities) <= stated.keys():
            return None
        _STATED[key] = Offers.of({city: stated[city].values() for city in cities})
        while len(_STATED) > MOST:
            _STATED.popitem(last=False)
    return _STATED[key]
