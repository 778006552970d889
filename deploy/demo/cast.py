"""Who plays which part (角色): what one step of the story found out for the next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

# What a node's door answered, as it came: the story is a stranger with a token and reads what anybody would.
Answer = dict[str, Any]
Introduction = Answer
Spell = Answer
Row = Answer


@dataclass(frozen=True)
class Opening:
    """Whose place will come free, and who was refused there: somebody without a place, perhaps somebody who would move up."""

    rejected: Introduction
    waiting: str
    mover: Introduction | None


@dataclass
class Cast:
    """What no step has found yet is not there; a step that asks for it ends the story."""

    # By node: what its city offers, and who of its county seeks.
    vacancies: dict[str, list[Row]] = field(init=False)
    seeking: dict[str, list[Row]] = field(init=False)
    run: str = field(init=False)
    weights: Answer = field(init=False)
    free: Opening = field(init=False)
    # A couple that goes to one city, and somebody who needs sign language.
    actors: Sequence[Introduction] = ()
    hired: list[Introduction] = field(init=False)
    kept: list[Spell] = field(init=False)
    # Who by introduction, as the counties know it; and the introductions of those who have moved or come home.
    people: dict[str, str] = field(init=False)
    left: set[str] = field(init=False)

    @property
    def special(self) -> set[str]:
        """Introductions that the story needs to its end: they are not the ones to be rejected."""
        return {each["id"] for each in self.actors}
