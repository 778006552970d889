"""Whose file it is: a people file names its county, so one handed in at the wrong door shows itself."""

from __future__ import annotations

from libs.common.codes.divisions import find
from libs.common.problems import FieldError, Invalid
from services.registry.rules.report import PeopleReport


class OtherCounty(Invalid):
    title = "这是其他县的名册 This file is another county's"


def check_home(report: PeopleReport, county: str) -> None:
    """Raises OtherCounty where the people all live in other divisions that we know."""
    named = {find(name) for name in {person.county for person in report.people} if name}
    codes = {division.code for division in named if division} if None not in named else set()
    if codes and county not in codes:
        names = "、".join(sorted(codes))
        raise OtherCounty(
            errors=[
                FieldError(
                    "/file", "other_county", f"文件是其他县（{names}）的 The file's county is another one: {names}."
                )
            ]
        )
