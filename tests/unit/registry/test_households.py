"""A household's points, and what only the household as a whole shows."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from libs.common.imports.report import Findings
from libs.common.sheets import Row
from services.registry.rules import household_burden
from services.registry.rules.across import judge_across
from services.registry.rules.burden import Member
from services.registry.rules.numbers import lengthen, read_id_number

AS_OF = date(2016, 12, 31)
GROWN = Member(date(1980, 1, 1), "普通劳动力", "", ("健康",), low_income=False, destitute=False)


def member(**changes: object) -> Member:
    return Member(**(vars(GROWN) | changes))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("members", "points"),
    [
        ([], 0),
        ([GROWN], 0),
        ([member(low_income=True)], 20),
        ([member(destitute=True)], 10),
        ([GROWN, member(birth_date=date(2010, 1, 1))], 15),
        ([GROWN, GROWN, member(birth_date=date(1950, 1, 1))], 10),
        ([member(ability="丧失劳动力")], 30),
        ([member(health=("患有大病",))], 15),
        ([member(health=("长期慢性病", "残疾"))], 10),
        ([member(pupil="本科一年级")], 5),
        ([member(pupil="学龄前儿童")], 0),
        ([member(pupil="小学")] * 5, 15),
        (
            [
                member(
                    birth_date=date(2010, 1, 1),
                    pupil="小学",
                    health=("患有大病", "残疾"),
                    low_income=True,
                    destitute=True,
                )
            ]
            * 3,
            100,
        ),
    ],
)
def test_a_household_has_the_points_of_the_published_rule(members: list[Member], points: int) -> None:
    assert household_burden(members, AS_OF) == points


@given(
    st.lists(
        st.builds(
            Member,
            st.dates(date(1930, 1, 1), AS_OF),
            st.sampled_from(["普通劳动力", "无劳动力"]),
            st.sampled_from(["", "小学", "学龄前儿童"]),
            st.sampled_from([("健康",), ("患有大病", "残疾")]),
            st.booleans(),
            st.booleans(),
        ),
        max_size=9,
    )
)
def test_points_stay_between_nought_and_a_hundred_in_any_order(members: list[Member]) -> None:
    assert 0 <= household_burden(members, AS_OF) <= 100
    assert household_burden(members[::-1], AS_OF) == household_burden(members, AS_OF)


def row(
    number: int,
    kinship: str,
    order: int,
    *,
    name: str = "甲",
    household: str = "1",
    birth: str = "850301",
    village: str = "老寨村",
) -> Row:
    values = {
        "户编号": household,
        "姓名": name,
        "与户主关系": kinship,
        "村": village,
        "证件号码": lengthen(f"433124{birth}{order:03}"),
    }
    return Row(number, values)


def codes(*rows: Row) -> dict[int, list[str]]:
    findings: Findings = {}
    judge_across(rows, {one.number: read_id_number(one.get("证件号码")) for one in rows}, findings)
    return {number: [finding.code for finding in found] for number, found in findings.items()}


def test_a_household_in_order_has_no_findings() -> None:
    assert codes(row(2, "户主", 1), row(3, "配偶", 2, name="乙乙"), row(4, "之子", 3, name="丙丙丙")) == {}


def test_a_household_without_a_head_is_noticed_on_its_first_row() -> None:
    assert codes(row(2, "配偶", 2), row(3, "之子", 3, name="丙丙")) == {2: ["head_missing"]}


def test_second_heads_and_spouses_are_noticed_on_their_own_rows() -> None:
    rows = [
        row(2, "户主", 1),
        row(3, "户主", 3, name="乙乙"),
        row(4, "配偶", 2, name="丙丙丙"),
        row(5, "配偶", 4, name="丁丁丁丁"),
    ]
    assert codes(*rows) == {3: ["head_multiple"], 5: ["spouse_multiple"]}


def test_spouses_of_one_sex_are_noticed_on_the_spouse() -> None:
    assert codes(row(2, "户主", 1), row(3, "配偶", 3, name="乙乙")) == {3: ["spouse_same_sex"]}


def test_the_same_number_again_is_a_duplicate_of_the_earlier_row() -> None:
    again = Row(9, row(9, "之子", 1, household="1").values | {"证件号码": "433124850301001"})
    assert codes(row(2, "户主", 1), again) == {9: ["id_duplicate"]}


@pytest.mark.parametrize(
    ("name", "changes", "noticed"),
    [
        ("石老二", {}, True),
        ("石老三", {}, True),
        ("田小三", {}, False),
        ("石老", {}, False),
        ("石老三", {"village": "杠杠村"}, False),
        ("石老三", {"birth": "850302"}, False),
    ],
)
def test_nearly_the_same_person_is_noticed_on_the_later_row(name: str, changes: dict[str, str], noticed: bool) -> None:
    found = codes(row(2, "户主", 1, name="石老二"), row(3, "户主", 5, name=name, household="2", **changes))
    assert found == ({3: ["possible_duplicate"]} if noticed else {})
