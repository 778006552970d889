"""The kernel (配岗内核): deferred acceptance for a whole province in seconds, on numbers; reads and writes no file.

`prepare` makes tables of the facts, `match` plays the passes, `warm_up` has the machine code ready before anybody waits
for it, `warm_up_sides` what a node needs of it in a pass. The result is the one of `rules.kernel` and `rules.passes`, whatever the threads, batches and order of rows.
A `Recommender` answers what the best twenty vacancies of a person and the best twenty people of a vacancy are.

Memory: about 85 bytes a person, 700 a vacancy and 12 to 24 an opening; crowd, layout and state say what of.
"""

from services.matching.kernel.flow import Greatest, max_weight_assignment
from services.matching.kernel.jit import is_kept
from services.matching.kernel.passes import Outcome, Run, match, prepare
from services.matching.kernel.prices import Ceiling, bound_at, dual_upper_bound
from services.matching.kernel.recommending import Recommended, Recommender
from services.matching.kernel.warmup import warm_up, warm_up_sides

__all__ = [
    "Ceiling",
    "Greatest",
    "Outcome",
    "Recommended",
    "Recommender",
    "Run",
    "bound_at",
    "dual_upper_bound",
    "is_kept",
    "match",
    "max_weight_assignment",
    "prepare",
    "warm_up",
    "warm_up_sides",
]
