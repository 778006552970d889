"""Each kind of post needs what belongs to it: seats, a term, a place, or a country, a licence, an age and papers."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from libs.common.codes.countries import countries
from libs.common.database import new_id
from services.jobs.rules.employers import Employer
from services.jobs.rules.kinds import check_kind
from services.jobs.rules.terms import check_terms
from services.jobs.rules.vacancies import Vacancy
from services.jobs.rules.vetting import vet_wage

ON = date(2017, 5, 2)
FIRM = Employer(
    id=new_id(),
    city="440300",
    uscc="91440300XL0000066R",
    name="深圳对外劳务公司",
    folded_name="深圳对外劳务公司",
    district="",
    industry="",
    staff=None,
    designated=False,
    base=False,
    contact=None,
    phone=None,
    listed_on=ON,
    export_licence="LW440020170001",
    export_licence_until=date(2017, 12, 31),
)
ABROAD: dict[str, Any] = {
    "kind": "abroad",
    "country": "JP",
    "age_min": 18,
    "age_max": 40,
    "healthy": True,
    "passport": "arranged",
    "training": "planned",
}


def vacancy(**terms: Any) -> Vacancy:
    known = {"id": new_id(), "city": "440300", "employer": FIRM.id, "employer_name": FIRM.name, "openings_left": 3}
    days = {"starts_by": date(2017, 6, 30), "listed_on": ON, "fingerprint": "1"}
    return Vacancy(**{**known, **days, "title": "护理员", "openings": 3, **terms})


def wrong(one: Vacancy, firm: Employer | None = FIRM) -> set[str]:
    return {each.pointer for each in check_kind(one, firm, ON)}


@pytest.mark.parametrize(
    ("terms", "pointers"),
    [
        ({}, set()),
        ({"country": "JP"}, {"/country"}),
        ({"kind": "reserved"}, {"/reserved"}),
        ({"kind": "reserved", "reserved": {"disabled": 1}}, set()),
        ({"kind": "public_post"}, {"/contract_months"}),
        ({"kind": "public_post", "contract_months": 37}, {"/contract_months"}),
        ({"kind": "public_post", "contract_months": 36}, set()),
        ({"kind": "workshop"}, {"/district"}),
        ({"kind": "workshop", "district": "扪岱村"}, set()),
        (ABROAD, set()),
        ({"kind": "abroad"}, {"/country", "/age_min", "/age_max", "/healthy", "/passport", "/training"}),
        (ABROAD | {"country": "CN"}, {"/country"}),
        (ABROAD | {"country": "QQ"}, {"/country"}),
        (ABROAD | {"age_min": 17}, {"/age_min"}),
        (ABROAD | {"age_max": 41}, {"/age_max"}),
        (ABROAD | {"valid_until": date(2018, 1, 1)}, {"/employer_uscc"}),
    ],
)
def test_a_kind_says_what_it_lacks_by_field(terms: dict[str, Any], pointers: set[str]) -> None:
    assert wrong(vacancy(**terms)) == pointers


def test_nobody_is_sent_abroad_without_a_licence_that_holds() -> None:
    assert wrong(vacancy(**ABROAD), replace(FIRM, export_licence="")) == {"/employer_uscc"}
    assert wrong(vacancy(**ABROAD), replace(FIRM, export_licence_until=date(2017, 5, 1))) == {"/employer_uscc"}
    assert wrong(vacancy(**ABROAD), replace(FIRM, export_licence_until=ON)) == set()
    assert wrong(vacancy(**ABROAD), None) == {"/employer_uscc"}


@given(st.integers(0, 120) | st.none(), st.integers(0, 120) | st.none())
def test_whoever_goes_abroad_is_between_18_and_40(low: int | None, high: int | None) -> None:
    sound = low is not None and high is not None and low >= 18 and high <= 40
    assert (wrong(vacancy(**ABROAD | {"age_min": low, "age_max": high})) == set()) == sound


def test_a_country_has_a_name_in_both_languages() -> None:
    assert (countries()["JP"], countries("en")["JP"]) == ("日本", "Japan")
    assert countries().keys() == countries("en").keys()


@pytest.mark.parametrize("day", [date(2017, 6, 30), date(2017, 7, 1)])
@pytest.mark.parametrize("wage", [1579, 1580])
def test_the_form_refuses_the_wage_that_vetting_stumbles_over(day: date, wage: int) -> None:
    """Changsha's 1,580 holds from July 2017; no earlier one is known, so it judges the days before as well."""
    refused = {each.code for each in check_terms(vacancy(wage=wage), "430100", day)}
    assert (
        refused
        == {each.code for each in vet_wage(wage, "430100", day)}
        == ({"below_minimum_wage"} if wage < 1580 else set())
    )
