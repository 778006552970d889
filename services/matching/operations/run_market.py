"""What everybody may know of a pass: the vacancies offered in it, by which node, the weights, the seed."""

from __future__ import annotations

from dataclasses import dataclass

from libs.common.database import Transaction
from services.matching.files import published_weights
from services.matching.kernel.federation import Offers
from services.matching.rules.runs import Run
from services.matching.rules.weights import Weights
from services.matching.store import markets
from services.matching.store import runs as store


@dataclass(frozen=True)
class Market:
    offers: Offers
    weights: Weights
    seed: bytes

    @property
    def seats(self) -> tuple[str, ...]:
        """Names of the seat types by their numbers: the reserve groups in their order, then `open`."""
        return (*self.weights.reserve_groups, "open")


async def market_of(tx: Transaction, run: Run, number: int) -> Market | None:
    """None until every city has stated its allotment."""
    step = await store.find_pass(tx, run.run, number)
    stated = await markets.allotted(tx, run.run, step.base) if step else {}
    if run.seed is None or not set(run.cities) <= stated.keys():
        return None
    offers = Offers.of({city: stated[city].values() for city in run.cities})
    return Market(offers, published_weights()[run.weights], bytes.fromhex(run.seed))
