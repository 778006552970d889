"""Whose sheet it is: employers carry their city's name (企业名称冠地名), so a sheet handed in at the wrong door shows itself."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from functools import cache

from libs.common.codes.divisions import divisions
from libs.common.problems import FieldError
from services.jobs.rules.refusals import OtherCity

# Fewer may be branch offices (分公司) under the name of their head office's city.
FEWEST = 5


def check_home(names: Iterable[str], city: str) -> None:
    """Raises OtherCity where `FEWEST` or more employers are named after other cities and none after this one."""
    named = Counter(code for name in names if (code := city_named(name)))
    if named.total() >= FEWEST and city not in named:
        other = "、".join(f"{divisions()[code].name}（{code}）" for code, _ in named.most_common(3))
        message = f"企业名称冠以 {other}，没有一家是本市的 The employers are named after other cities ({other}), none after this one."
        raise OtherCity(errors=[FieldError("/file", "other_city", message)])


def city_named(employer: str) -> str | None:
    """长沙市觜宿物流有限公司 is named after 430100; None where the name begins with no city."""
    return next((code for name, code in _cities().items() if employer.startswith(name)), None)


@cache
def _cities() -> dict[str, str]:
    """Short name -> code of every city; without those that share a province's name (吉林, 海南), which say nothing."""
    upper = [division for division in divisions().values() if division.code.endswith("00")]
    provinces = {division.short for division in upper if division.is_province}
    return {
        division.short: division.code
        for division in upper
        if not division.is_province and division.short not in provinces
    }
