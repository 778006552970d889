"""How far a caller reaches (可见范围): which rows of this node one request may see and change."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

from libs.common.problems import Forbidden

# nothing    no row at all, which is what a transaction has that nobody gave a reach to
# any        only what is published, or belongs to nobody
# self       the rows of one person, the caller
# townships  the people of some townships (花垣镇) or villages (花垣镇/扪岱村)
# county     the people of some home counties, at the city where they work
# organisation  the rows of one employer
# counts     every row of the region, to be counted and never shown
# node       every row of the region
# service    every row of this node: events, workers, and what follows from a caller's own step
Kind = Literal["nothing", "any", "self", "townships", "county", "organisation", "counts", "node", "service"]
KINDS: tuple[Kind, ...] = get_args(Kind)

# Between the values of one setting; no name, code or id holds it.
SEPARATOR = "\x1f"


@dataclass(frozen=True)
class Reach:
    """What kind of reach, and whose rows: division prefixes, townships, one organisation, or one person."""

    kind: Kind = "nothing"
    whose: tuple[str, ...] = ()

    def covers(self, division: str) -> bool:
        """Whether a division's rows are within reach of the node's own officers and services."""
        return self.kind == "service" or (self.kind in ("node", "counts") and division.startswith(self.whose))

    def check(self, division: str) -> None:
        """Refuse a division outside the reach (403)."""
        if not self.covers(division):
            raise Forbidden(f"地区 {division} 不在授权范围内 Division {division} is outside the caller's regions.")

    def owns(self, organisation: str | None) -> bool:
        """Whether an organisation's rows are within reach: its own to an employer, all to those who see the region."""
        return self.kind in ("node", "counts", "service") or (
            self.kind == "organisation" and organisation in self.whose
        )


NOTHING = Reach()
# The node's own reach, for its event handlers and workers.
SERVICE = Reach("service")
