"""Who the people of a list are (姓名): masked as the register shows them to this person, asked for all at once; a guest's by the city's."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from services.console.clients import Answer
from services.console.routes.session import Visitor

PEOPLE = "/registry/v1/labourers"


async def household_of(visitor: Visitor, answer: Answer) -> Answer | None:
    """The household of a person who was answered, where the role may see it."""
    home = answer.data["household"] if answer.ok else None
    return await visitor.ask_if("registry.household.show", f"/registry/v1/households/{home}") if home else None


async def names_of(visitor: Visitor, rows: Iterable[Mapping[str, Any]]) -> dict[str, Mapping[str, Any]]:
    """Person id -> how the register shows that person; nothing for whom the role may not see."""
    wanted = sorted({str(row["person"]) for row in rows if row.get("person")})
    if not wanted or not visitor.frame.may("registry.labourer.list"):
        return {}
    answer = await visitor.ask(PEOPLE, ids=",".join(wanted), limit=str(len(wanted)))
    return {row["id"]: row for row in answer.items}
