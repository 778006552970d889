"""Codes that several services keep, in the words of the office (代码用语): groups, schooling, what an employer offers."""

from __future__ import annotations

from collections.abc import Mapping

GROUPS: Mapping[str, str] = {
    "zero_employment": "零就业家庭",
    "zero_transfer": "零转移就业家庭",
    "disabled": "残疾人",
    "older_or_low_schooled": "大龄或低学历",
    "open": "普通名额",
}
# As a demand; of a person the first says that none is known.
SCHOOLING: Mapping[str, str] = {"0": "不限", "1": "小学", "2": "初中", "3": "高中", "4": "大专", "5": "本科"}
OFFERS: Mapping[str, str] = {"board": "包吃", "lodging": "包住", "insurance": "社保"}
