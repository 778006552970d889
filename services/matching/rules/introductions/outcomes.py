"""What became of the hires of a firm, or of a run (到岗情况): how many came, and how many did not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal
from uuid import UUID

# Whose outcomes: of each firm, or of each run.
By = Literal["employer", "run"]
# Hired at some time: whoever took the yes back before the first day counts as cancelled, hired or not.
EVER_HIRED = ("hired", "started", "ended", "no_show", "rescinded")
CAME = ("started", "ended")


@dataclass(frozen=True)
class Outcome:
    """The introductions of one firm or run by how they stand; `key` is the firm's id, or the run's."""

    key: UUID
    name: str | None
    uscc: str | None
    introduced: int
    hired: int
    came: int
    no_show: int
    rescinded: int
    cancelled: int
    rejected: int

    @property
    def no_show_share(self) -> float | None:
        """未到岗率: of those who were hired; None where nobody was."""
        return round(self.no_show / self.hired, 4) if self.hired else None
