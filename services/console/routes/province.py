"""The province's table (全省一张表): as JSON for programs and as the first page."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Depends, Response
from fastapi.responses import RedirectResponse

from libs.common.access.grants import grant
from libs.common.api import ContextOf, Reading
from libs.common.calendar import is_quarter_end, last_quarter_end
from libs.common.database import Transaction
from libs.common.identity import Caller
from libs.common.node import NodeContext
from libs.common.problems import refuse_field
from libs.common.small_numbers import EXACT, Told
from services.console import operations
from services.console.routes.session import FIGURES, AsOf, Visitor, as_caller, reader_of_figures, visits
from services.console.rules.chart import lay_out
from services.console.rules.counted import lists_for
from services.console.rules.province import Line, Rate, Statement, Table
from services.console.rules.suppression import withhold_small
from services.console.schemas import DivisionOut, FiguresOut, ProvinceOut, StatementOut

router = APIRouter(prefix="/console/v1", tags=["province"])
pages = APIRouter(include_in_schema=False)


@router.get(
    "/province",
    summary="全省一张表 The province's table",
    response_model=ProvinceOut,
    description="For each division the newest statements not after `as_of`, their sum, and every statement they come from. "
    "Every rate has its numerator, denominator, rule and date. Money in fen. To a role without `exact`: at ends of quarters, "
    "1 to 4 people as `<5`, other counts of people to the nearest five.",
)
async def show_province(
    tx: Reading, caller: Annotated[Caller, Depends(reader_of_figures)], as_of: AsOf = None
) -> ProvinceOut:
    return province_out(await _table_for(tx, caller, as_of), tx.node)


async def _table_for(tx: Transaction, caller: Caller, as_of: date | None) -> Table:
    """The table as the caller's role is told it: of any day, or of the end of a quarter with small numbers withheld."""
    if EXACT in caller.fields:
        return await operations.show_province(tx, as_of or tx.node.today())
    day = as_of or last_quarter_end(tx.node.today())
    if not is_quarter_end(day):
        raise refuse_field(
            "/query/as_of",
            "quarter_end",
            "只在季末统计 Counted at the ends of quarters alone: 03-31, 06-30, 09-30, 12-31.",
        )
    return withhold_small(await operations.show_province(tx, day))


@pages.get("/")
async def show_first_page(visitor: Annotated[Visitor, visits("console.page.show")]) -> Response:
    """To the page this person begins with."""
    return RedirectResponse(visitor.frame.first, status_code=303)


@pages.get("/province")
async def show_table(context: ContextOf, visitor: Annotated[Visitor, visits(FIGURES)], as_of: AsOf = None) -> Response:
    """The table with cards and the chart."""
    caller = grant(as_caller(visitor.account, context), FIGURES, context.node.code)
    async with context.database.reading() as tx:
        table, dates = await _table_for(tx, caller, as_of), await operations.list_dates(tx)
    dates = [day for day in dates if EXACT in caller.fields or is_quarter_end(day)]
    names = {code: name_of(context.node, code) for code in (line.division for line in table.lines)}
    return visitor.show(
        "province.html",
        table=table,
        names=names,
        dates=dates,
        chart=lay_out(table.lines),
        asked=as_of,
        today=context.node.today(),
        whole=hears_everybody(context.node),
        exact=EXACT in caller.fields,
        own=context.node.code,
        lists=lists_for(visitor.frame.may),
    )


def hears_everybody(node: NodeContext) -> bool:
    """Only a province's node is a partner of all; a county or a city hears those it works with."""
    return node.code.endswith("0000")


def name_of(node: NodeContext, division: str) -> str:
    """A division's name as its node goes by."""
    whose = f"n{division}"
    if whose == node.id:
        return node.name
    return node.partners[whose].name if whose in node.partners else division


def province_out(table: Table, node: NodeContext) -> ProvinceOut:
    return ProvinceOut(
        as_of=table.as_of,
        rule=table.total.employed_share.rule,
        node=node.id,
        divisions=[_division_out(line, node) for line in table.lines],
        total=FiguresOut.model_validate(_figures(table.total)),
        statements=[_statement_out(statement) for statement in table.statements],
    )


def _division_out(line: Line, node: NodeContext) -> DivisionOut:
    statements = [_statement_out(statement) for statement in line.statements]
    whose = {"division": line.division, "node": f"n{line.division}", "name": name_of(node, line.division)}
    return DivisionOut.model_validate({**whose, **_figures(line), "statements": statements})


def _figures(line: Line) -> dict[str, Told | Rate | None]:
    return {**line.figures, "employed_share": line.employed_share, "mean_wage_fen": line.mean_wage_fen}


def _statement_out(one: Statement) -> StatementOut:
    return StatementOut(
        kind=one.kind,
        division=one.division,
        source=f"/n{one.division}/{one.kind}",
        as_of=one.as_of,
        rule=one.rule,
        event=one.event,
        sequence=one.sequence,
        stated_at=one.stated_at,
    )
