"""Findings in the words of the office (退回原因): what the last column of a refused row says."""

from __future__ import annotations

from collections.abc import Sequence

from libs.common.sheets import Finding
from services.registry.rules.report import SEVERITY

_WORDS = {
    "id_missing": "证件号码为空",
    "id_lost_digits": "证件号码被存成数值，后几位已丢失",
    "id_length": "证件号码不是 18 位或 15 位",
    "id_check_digit": "证件号码校验位不对",
    "id_birth_invalid": "证件号码中的出生日期不存在",
    "id_duplicate": "证件号码与前面的行重复",
    "name_missing": "姓名为空",
    "name_formula": "姓名以 = + - @ 开头",
    "name_too_long": "姓名超过 50 个字",
    "household_no_missing": "户编号为空",
    "wish_person_unknown": "此人不在本县人员名册中",
    "wish_visit_missing": "走访日期为空或无法识别",
    "wish_duplicate": "同一人另有更近的走访记录",
}


def word_reasons(found: Sequence[Finding]) -> str:
    """Why a row came back: every error in words with its code, in the order of the sheet's rules."""
    errors = [finding for finding in found if SEVERITY[finding.code] == "error"]
    return "；".join(f"{finding.column}：{_WORDS[finding.code]}（{finding.code}）" for finding in errors)
