"""Data quality (数据质量): how complete each township and village is, and the list of what is to be put right, each a press from its form."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Response

from services.console.routes.session import Filter, Visitor, visits

pages = APIRouter(include_in_schema=False)

QUALITY, FINDINGS = "/registry/v1/quality", "/registry/v1/quality/findings"
# What was said at a visit is put right by another one.
_OF_VISITS = ("wage_expected", "wage_minimum")
Showing = Annotated[Visitor, visits("registry.quality.show")]


@pages.get("/quality")
async def show_quality(visitor: Showing, township: Filter = "") -> Response:
    """By township, or of one by village; and by rule."""
    answer, rules = await asyncio.gather(visitor.ask(QUALITY, township=township), visitor.ask(f"{QUALITY}/rules"))
    places = (answer.data["townships"] or []) if answer.ok else []
    within = [each for one in places for each in one["villages"]] if township else places
    return visitor.show("quality.html", answer, township=township, places=within, rules=_by_id(rules.data))


@pages.get("/quality/findings")
async def list_findings(
    visitor: Showing,
    rule: Filter = "",
    severity: Filter = "",
    township: Filter = "",
    village: Filter = "",
    state: Filter = "open",
) -> Response:
    """What is to be put right, or what was accepted."""
    asked = {"rule": rule, "severity": severity, "township": township, "village": village, "state": state or "open"}
    answer, rules = await asyncio.gather(visitor.ask_list(FINDINGS, **asked), visitor.ask(f"{QUALITY}/rules"))
    return await visitor.show_list(
        "findings.html", answer, asked=asked, rules=_by_id(rules.data), form_of=form_of, offered=[]
    )


def form_of(finding: Mapping[str, Any]) -> str:
    """The page where a finding is put right, at its field."""
    field, person = finding["field"], finding["person"]
    form, name = ("visit", f"wish.{field}") if field in _OF_VISITS else ("correct", field)
    return f"/people/{person}/{form}#f-{name}"


def _by_id(told: Any) -> dict[str, Mapping[str, Any]]:
    """The rules of the register by id; none where the service is away."""
    rules = (told or {}).get("rules") or []
    return {each["id"]: each for each in rules if each["judged"] == "register"}
