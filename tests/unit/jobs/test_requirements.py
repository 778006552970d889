"""Ages in titles, schooling and head-counts as offices write them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.jobs.rules.requirements import read_ages, read_education, read_openings
from services.jobs.rules.text import plain

AGES = [
    ("18-45岁 普工", 18, 45),
    ("普工（16-50周岁）", 16, 50),
    ("首饰普工 18—38岁", 18, 38),
    ("普工18～38歲", 18, 38),
    ("普工18岁至45岁", 18, 45),
    ("普工18周岁-45周岁", 18, 45),
    ("普工 １８－４５岁", 18, 45),
    ("普工 45岁以下", None, 45),
    ("普工（60岁以下），身体健康", None, 60),
    ("普工 45周岁（含）以下", None, 45),
    ("普工 不超过45岁", None, 45),
    ("普工 45岁以内", None, 45),
    ("普工（18岁以上）", 18, None),
    ("普工 年满18周岁", 18, None),
    ("普工 18周岁以上，45周岁以下", 18, 45),
    ("普工 年满18周岁，不超过50周岁", 18, 50),
    ("普工(18-45)", 18, 45),
    ("普工 至少18岁", 18, None),
    ("十八至四十五岁普工", 18, 45),
    ("普工 男18-45岁，女18-40岁", 18, 45),
    ("普工", None, None),
    ("普工 3年以上经验", None, None),
    ("普工 10-20名", None, None),
    ("普工 45岁以下优先", None, None),
    ("2017年普工", None, None),
]


@pytest.mark.parametrize(("title", "least", "most"), AGES)
def test_ages_in_a_title_are_read(title: str, least: int | None, most: int | None) -> None:
    assert read_ages(plain(title)) == (least, most)


@given(
    st.integers(16, 40),
    st.integers(1, 25),
    st.sampled_from(["-", "—", "～", "~", "至", "到"]),
    st.sampled_from(["岁", "周岁", "歲"]),
)
def test_any_range_of_ages_is_read(least: int, more: int, to: str, years: str) -> None:
    assert read_ages(plain(f"普工（{least}{to}{least + more}{years}）")) == (least, least + more)


EDUCATION = [
    ("不限", None),
    ("不限，无乙肝", None),
    ("不限（只招女工）", None),
    ("学历不限", None),
    ("无要求", None),
    ("", None),
    ("小学", "小学"),
    ("小学及以上", "小学"),
    ("初中及以上", "初中"),
    ("初中", "初中"),
    ("初、高中", "初中"),
    ("初中/高中", "初中"),
    ("初中，男女不限", "初中"),
    ("九年义务教育", "初中"),
    ("高中/中专", "高中"),
    ("高中或中專以上", "高中"),
    ("中专及以上，专业不限", "高中"),
    ("职高、技校", "高中"),
    ("大专及以上", "大专"),
    ("大專", "大专"),
    ("专科以上", "大专"),
    ("高职", "大专"),
    ("本科", "本科"),
    ("大专/本科", "大专"),
    ("初中以下", None),
]


@pytest.mark.parametrize(("text", "level"), EDUCATION)
def test_the_lowest_schooling_asked_for_is_read(text: str, level: str | None) -> None:
    assert read_education(plain(text)) == level


OPENINGS: list[tuple[object, int | None]] = [
    (10.0, 10),
    (10, 10),
    ("10人", 10),
    ("１０", 10),
    ("5名", 5),
    ("约20人", 20),
    (" 10 ", 10),
    ("十人", 10),
    ("二十五名", 25),
    ("100+", 100),
    ("1,000人", 1000),
    ("20-30人", 20),
    ("男5女5", 10),
    ("0", 0),
    ("若干", None),
    ("若干名", None),
    ("不限", None),
    ("", None),
    (None, None),
    ("长期招聘", None),
    ("-5", None),
    ("99999999", None),
]


@pytest.mark.parametrize(("text", "openings"), OPENINGS)
def test_a_head_count_is_read(text: object, openings: int | None) -> None:
    assert read_openings(plain(text)) == openings  # type: ignore[arg-type]


@given(st.text(max_size=40))
def test_any_text_is_read_without_a_fault(text: str) -> None:
    read_openings(plain(text))
    read_education(plain(text))
    least, most = read_ages(plain(text))
    assert least is None or least < 100
    assert most is None or most < 100
