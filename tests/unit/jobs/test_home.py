"""A sheet handed in at another city's door is told from one with a few branch offices in it."""

from __future__ import annotations

import pytest

from services.jobs.rules.home import FEWEST, check_home, city_named
from services.jobs.rules.refusals import OtherCity


@pytest.mark.parametrize(
    ("employer", "city"),
    [
        ("长沙市觜宿物流有限公司", "430100"),
        ("深圳心宿服饰有限公司", "440300"),
        ("湖南觜宿物流有限公司", None),
        ("海南觜宿物流有限公司", None),
        ("心宿服饰", None),
    ],
)
def test_the_city_in_an_employers_name(employer: str, city: str | None) -> None:
    assert city_named(employer) == city


def test_a_whole_sheet_of_another_citys_employers_is_refused() -> None:
    with pytest.raises(OtherCity) as refused:
        check_home(["长沙市觜宿物流有限公司"] * FEWEST, "440300")
    assert refused.value.errors[0].pointer == "/file"
    assert "长沙市（430100）" in refused.value.errors[0].message


@pytest.mark.parametrize(
    "names",
    [
        ["长沙市觜宿物流有限公司"] * (FEWEST - 1),
        [*["长沙市觜宿物流有限公司"] * FEWEST, "深圳市心宿服饰有限公司"],
        ["心宿服饰"] * FEWEST,
    ],
    ids=["few branch offices", "one of its own", "no city in the names"],
)
def test_what_may_be_the_citys_own_goes_in(names: list[str]) -> None:
    check_home(names, "440300")
