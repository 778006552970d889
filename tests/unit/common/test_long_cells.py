"""A long cell, of any sign again and again, in every column: nothing breaks, and four times as long takes about four times."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import date

import pytest

from libs.common.sheets.limits import MAX_CELL_TEXT
from libs.common.sheets.model import Row, Table
from services.jobs.rules import judge_vacancies
from services.jobs.rules.employer_sheets import judge_employers
from services.registry.rules import judge_wishes
from services.registry.rules.people_sheets import judge_people
from tests.unit.common.generated_sheets import CITY, COUNTY, KINDS, Kind

JUDGES: dict[str, Callable[[Table], object]] = {
    "people": lambda table: judge_people(table, date(2016, 12, 31)),
    "wishes": lambda table: judge_wishes(table, None, COUNTY),
    "employers": lambda table: judge_employers(table, CITY),
    "vacancies": lambda table: judge_vacancies(table, CITY, None),
}
SIGNS = (
    *(
        "1",
        "１",
        "一",
        "十",
        "1,",
        "1.",
        "1 ",
        "1-",
        "1元",
        "1小时",
        "1天",
        "1k",
        "1万",
        "1%",
        "18岁",
        "2017年",
        "1、",
        "=",
        "=",
    ),
    *(
        "(",
        "a",
        "石",
        "男",
        "限",
        ",",
        "；",
        "不",
        "养老",
        "乙肝",
        "族",
        "不去",
        "除",
        "包",
        "-",
        "/",
        "深圳",
        "\n",
        "*",
        "初中",
        " ",
        "\u3000",
    ),
)
# Twice the work of a line would be 4, of a square 16.
MOST = 10
LENGTH = MAX_CELL_TEXT // 16


def judged(kind: Kind, sign: str, length: int) -> float:
    columns = (*kind.layout.required, *kind.layout.optional)
    cell = (sign * length)[:length]
    table = Table(1, columns, (Row(2, dict.fromkeys(columns, cell)),), {})
    began = time.process_time()
    JUDGES[kind.name](table)
    return time.process_time() - began


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
@pytest.mark.parametrize("sign", SIGNS)
def test_four_times_as_long_takes_about_four_times(kind: Kind, sign: str) -> None:
    short = min(judged(kind, sign, LENGTH) for _ in range(3))
    for _ in range(5):
        if judged(kind, sign, 4 * LENGTH) < MOST * short:
            return
    pytest.fail(f"{sign!r} takes more than {MOST} times as long")


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
@pytest.mark.parametrize("sign", ["1", "一", "1,", "=", "(", "石", " "])
def test_the_longest_cell_of_a_workbook_breaks_nothing(kind: Kind, sign: str) -> None:
    judged(kind, sign, MAX_CELL_TEXT)
