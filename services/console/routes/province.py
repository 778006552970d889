"""The province's table (全省一张表): as JSON for programs and as the first page."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Response
from fastapi.responses import RedirectResponse

from libs.common.api import OfficeOf, Reading
from libs.common.home import Home
from services.console import operations
from services.console.routes.asking import FIGURES, AsOf, Visitor, reader_of_figures, visits
from services.console.rules.chart import lay_out
from services.console.rules.province import Line, Statement, Table
from services.console.schemas import DivisionOut, FiguresOut, ProvinceOut, RateOut, StatementOut

router = APIRouter(prefix="/console/v1", tags=["province"])
pages = APIRouter(include_in_schema=False)


@router.get(
    "/province", summary="全省一张表 The province's table", response_model=ProvinceOut, dependencies=[Depends(reader_of_figures)],
    description="For each division the newest statements not after `as_of`, their sum, and every statement they come from. "
    "Every rate has its numerator, denominator, rule and date. Money in fen.",
)  # fmt: skip
async def show_province(tx: Reading, as_of: AsOf = None) -> ProvinceOut:
    table = await operations.show_province(tx, as_of or tx.home.today())
    return province_out(table, tx.home)


@pages.get("/")
async def show_first_page(office: OfficeOf, visitor: Annotated[Visitor, visits("console.page.show")], as_of: AsOf = None) -> Response:
    """The table with cards and the chart; who may not read figures goes to the first page they may see."""
    if not visitor.frame.may(FIGURES):
        return RedirectResponse(visitor.frame.places[0][0], status_code=303)
    day = as_of or office.home.today()
    async with office.database.reading() as tx:
        table, dates = await operations.show_province(tx, day), await operations.list_dates(tx)
    names = {code: name_of(office.home, code) for code in (line.division for line in table.lines)}
    return visitor.show(
        "province.html", table=table, names=names, dates=dates, chart=lay_out(table.lines), asked=as_of, today=office.home.today(),
        whole=hears_everybody(office.home),
    )  # fmt: skip


def hears_everybody(home: Home) -> bool:
    """Only a province's node is a partner of all; a county or a city hears those it works with."""
    return home.code.endswith("0000")


def name_of(home: Home, division: str) -> str:
    """A division's name as its node goes by."""
    node = f"n{division}"
    if node == home.node:
        return home.name
    return home.partners[node].name if node in home.partners else division


def province_out(table: Table, home: Home) -> ProvinceOut:
    return ProvinceOut(
        as_of=table.as_of, rule=table.total.employed_share.rule, node=home.node,
        divisions=[_division_out(line, home) for line in table.lines], total=FiguresOut(**_figures(line=table.total)),
        statements=[_statement_out(statement) for statement in table.statements],
    )  # fmt: skip


def _division_out(line: Line, home: Home) -> DivisionOut:
    statements = [_statement_out(statement) for statement in line.statements]
    return DivisionOut(
        division=line.division, node=f"n{line.division}", name=name_of(home, line.division), statements=statements, **_figures(line)
    )


def _figures(line: Line) -> dict[str, Any]:
    rates = {name: RateOut.model_validate(getattr(line, name)) for name in ("employed_share", "mean_wage_fen")}
    return {**line.figures, **rates}


def _statement_out(one: Statement) -> StatementOut:
    return StatementOut(
        kind=one.kind, division=one.division, source=f"/n{one.division}/{one.kind}", as_of=one.as_of, rule=one.rule,
        event=one.event, sequence=one.sequence, stated_at=one.stated_at,
    )  # fmt: skip

