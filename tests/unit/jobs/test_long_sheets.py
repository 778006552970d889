"""A long sheet of firms or vacancies (长表): what was judged lies on disk, and says what it would say in memory."""

from __future__ import annotations

import pytest

from libs.common.sheets import gathered
from libs.common.sheets.gathered import Laid
from services.jobs.operations.imports import EmployerList, VacancySheet
from services.jobs.rules import read_employers, read_vacancies
from tests.integration.jobs.test_imports import DATA

CITY = "440300"


def test_judged_on_disk_or_in_memory_a_sheet_says_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    files = [(DATA / f"{kind}-{CITY}.xlsx").read_bytes() for kind in ("employers", "vacancies")]
    employers, vacancies = read_employers(files[0], "a.xlsx", CITY), read_vacancies(files[1], "a.xlsx", CITY)
    monkeypatch.setattr(gathered, "IN_MEMORY", 10)
    firms, posts = read_employers(files[0], "a.xlsx", CITY), read_vacancies(files[1], "a.xlsx", CITY)
    assert isinstance(firms.rows, Laid)
    assert isinstance(posts.rows, Laid)
    assert (firms.as_json(), posts.as_json()) == (employers.as_json(), vacancies.as_json())
    assert list(EmployerList().entries(firms)) == list(EmployerList().entries(employers))
    assert list(VacancySheet().entries(posts)) == list(VacancySheet().entries(vacancies))
