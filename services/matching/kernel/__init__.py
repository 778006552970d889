"""The kernel (配岗内核): deferred acceptance for a whole province in seconds, on numbers; reads and writes no file.

`prepare` makes tables of the facts, `match` plays the passes, `warm_up` has the machine code ready before anybody waits
for it, `warm_up_sides` what a node needs of it in a pass. The result is the one of `reference`, whatever the threads, batches and order of rows.
A `Recommender` answers what the best twenty vacancies of a person and the best twenty people of a vacancy are.

Memory: about 85 bytes a person, 700 a vacancy and 12 to 24 an opening; people, vacancy and pass arrays say what of.
"""

from services.matching.kernel.flow import Assignment, max_weight_assignment
from services.matching.kernel.jit import is_kept
from services.matching.kernel.passes import Outcome, PreparedMarket, match, prepare
from services.matching.kernel.prices import DualBound, bound_at, dual_upper_bound
from services.matching.kernel.recommending import Recommended, Recommender
from services.matching.kernel.warmup import sides_are_warm, warm_up, warm_up_sides

__all__ = [
    "Assignment",
    "DualBound",
    "Outcome",
    "PreparedMarket",
    "Recommended",
    "Recommender",
    "bound_at",
    "dual_upper_bound",
    "is_kept",
    "match",
    "max_weight_assignment",
    "prepare",
    "sides_are_warm",
    "warm_up",
    "warm_up_sides",
]
