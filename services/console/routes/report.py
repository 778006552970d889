"""The county's figures on paper (县情统计表): people by group, and by township who is at work and how much is known of them."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Annotated

from fastapi import APIRouter, Response

from libs.common.calendar import first_of_quarter
from services.console.rendering.words import N_
from services.console.routes.people_named import PEOPLE
from services.console.routes.session import Visitor, visits
from services.console.rules.register import shares_of

pages = APIRouter(include_in_schema=False)

# What is counted of everybody who is here, by the filters of the list of people; a press shows the list behind the number.
_LABOURERS = {"labourer": "true"}
COUNTED: tuple[tuple[str, Mapping[str, str]], ...] = (
    (N_("登记人口"), {}),
    (N_("劳动力"), _LABOURERS),
    (N_("已就业"), {**_LABOURERS, "employed": "true"}),
    (N_("未就业"), {**_LABOURERS, "employed": "false"}),
    (N_("愿意外出"), {**_LABOURERS, "willing": "true"}),
    (N_("不愿外出"), {**_LABOURERS, "willing": "false"}),
    (N_("没有电话"), {**_LABOURERS, "no_phone": "true"}),
    (N_("零就业家庭"), {"group": "zero_employment"}),
    (N_("零转移就业家庭"), {"group": "zero_transfer"}),
    (N_("残疾人"), {"group": "disabled"}),
    (N_("大龄或低学历"), {"group": "older_or_low_schooled"}),
)


@pages.get("/people/figures")
async def print_figures(visitor: Annotated[Visitor, visits("registry.village.list")]) -> Response:
    """All counts of one day, asked at once."""
    today = visitor.context.node.today()
    unseen = (N_("本季未走访"), {**_LABOURERS, "visited_before": str(first_of_quarter(today))})
    counted = (*COUNTED, unseen)
    answer, *counts = await asyncio.gather(
        visitor.ask("/registry/v1/villages", as_of=str(today)),
        *(visitor.ask(f"{PEOPLE}/counts", **filters, as_of=str(today)) for _, filters in counted),
    )
    return visitor.show(
        "print_figures.html",
        answer,
        back="/people",
        printed_at=visitor.context.node.clock.now().isoformat(),
        as_of=str(today),
        groups=[(*each, count) for each, count in zip(counted, counts, strict=True)],
        townships=shares_of(answer.data["townships"] if answer.ok else []),
    )
