"""The province's figures over time (对比与趋势): a table with what is new in each period, and the same as lines."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Response

from libs.common.access.grants import grant
from libs.common.api import ContextOf
from libs.common.calendar import last_quarter_end
from libs.common.small_numbers import EXACT
from services.console import operations
from services.console.routes.session import FIGURES, AsOf, Visitor, as_caller, visits
from services.console.rules.suppression import withhold_small
from services.console.rules.trend import FLOW, STOCK, ends_before, month_end, quarter_end, trend_of

pages = APIRouter(include_in_schema=False)


@pages.get("/province/trend")
async def show_trend(context: ContextOf, visitor: Annotated[Visitor, visits(FIGURES)], as_of: AsOf = None) -> Response:
    """By months; by quarters with small numbers withheld for whom the table tells no exact ones."""
    exact = EXACT in grant(as_caller(visitor.account, context), FIGURES, context.node.code).fields
    today = as_of or context.node.today()
    ends = ends_before(today, month_end) if exact else ends_before(last_quarter_end(today), quarter_end)
    async with context.database.reading() as tx:
        tables = [await operations.show_province(tx, day) for day in ends]
    points = trend_of(tables if exact else [withhold_small(table) for table in tables])
    return visitor.show("trend.html", points=points, stock=STOCK, flow=FLOW, exact=exact, as_of=today, asked=as_of)
