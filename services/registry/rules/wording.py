"""Findings in words (退回原因): what the last column of a refused row says, and what a clerk reads of every other row."""

from __future__ import annotations

from collections.abc import Sequence

from libs.common.imports import reading
from libs.common.sheets import Finding

# Code -> the words of the office, and English.
WORDS: dict[str, tuple[str, str]] = {
    **reading.WORDS,
    "id_missing": ("证件号码为空", "no identity number"),
    "id_lost_digits": (
        "证件号码被存成数值，后几位已丢失",
        "the identity number was kept as a number and has lost its last digits",
    ),
    "id_length": ("证件号码不是 18 位或 15 位", "the identity number has neither 18 nor 15 characters"),
    "id_check_digit": ("证件号码校验位不对", "the check digit of the identity number is wrong"),
    "id_birth_invalid": (
        "证件号码中的出生日期不存在、在认定日期之后，或已超过 120 岁",
        "the birth date in the identity number does not exist, is after the day of the file, or is 120 years before it",
    ),
    "id_duplicate": ("证件号码与前面的行重复", "the identity number stands in a row before"),
    "name_missing": ("姓名为空", "no name"),
    "name_formula": ("姓名以 = + - @ 开头", "the name begins with = + - @"),
    "name_characters": (
        "姓名不完整：含字母、汉字以外的符号，只有数字，或已脱敏",
        "the name is not whole: it holds signs that are no letters, is a number, or is masked",
    ),
    "name_too_long": ("姓名超过 50 个字", "the name is longer than 50 characters"),
    "household_no_missing": ("户编号为空", "no household number"),
    "household_no_lost_digits": (
        "户编号被存成数值，后几位已丢失",
        "the household number was kept as a number and has lost its last digits",
    ),
    "person_no_lost_digits": (
        "人口编号被存成数值，后几位已丢失，未采用",
        "the person's number was kept as a number and has lost its last digits; it is left out",
    ),
    "person_left": (
        "此人已登记减员（死亡、迁出等），有误或已返回请先登记返回",
        "has left the register; if that is wrong or over, record the return first",
    ),
    "wish_person_unknown": ("此人不在本县人员名册中", "not in this county's register"),
    "wish_visit_missing": ("走访日期为空或无法识别", "no day of the visit that can be read"),
    "wish_duplicate": ("同一人另有更近的走访记录", "a later visit to the same person is in the sheet"),
    "id_old_15": ("15 位旧证件号码，已换成 18 位", "an old number of 15 digits, made one of 18"),
    "name_control_char": ("姓名中有不可见字符，已去掉", "the name held characters that nobody sees; they are removed"),
    "name_private_character": (
        "姓名中有一个字的编码没有通用含义，请核对",
        "the name holds a character whose code has no common meaning: check it",
    ),
    "birth_unreadable": (
        "出生日期无法识别，以证件号码为准",
        "the birth date cannot be read; the identity number counts",
    ),
    "birth_id_mismatch": (
        "出生日期与证件号码不符，以证件号码为准",
        "the birth date is not that of the identity number, which counts",
    ),
    "sex_id_mismatch": (
        "性别与证件号码不符，以证件号码为准",
        "the sex is not that of the identity number, which counts",
    ),
    "possible_duplicate": ("疑似与另一行是同一人", "perhaps the same person as in another row"),
    "head_missing": ("本户没有户主", "the household has no head"),
    "head_multiple": ("本户已有户主", "the household has a head already"),
    "spouse_multiple": ("本户户主已有配偶", "the head of the household has a spouse already"),
    "spouse_same_sex": ("户主与配偶性别相同", "head and spouse are of the same sex"),
    "schooling_both": ("文化程度与在校生状况都填了", "both schooling and being at school are filled in"),
    "schooling_neither": ("文化程度与在校生状况都未填", "neither schooling nor being at school is filled in"),
    "work_place_without_months": ("填了务工所在地，未填务工时间", "a place of work without months"),
    "work_months_without_place": ("填了务工时间，未填务工所在地", "months of work without a place"),
    "work_months_unreadable": ("务工时间无法识别", "the months of work cannot be read"),
    "phone_invalid": ("电话号码有误", "this is no phone number"),
    "medical_both": ("职工医保与居民医保都填了是", "both medical insurances are ticked"),
    "medical_none": ("职工医保与居民医保都不是", "no medical insurance is ticked"),
    "yes_no_missing": ("是否一栏未填或无法识别", "neither yes nor no"),
    "code_unknown": ("不在代码表中", "not in the code table"),
    "wish_person_not_labourer": ("此人不是认定的劳动力", "not identified as a labourer"),
    "wish_name_differs": ("姓名与名册不一致", "the name differs from the register"),
    "wish_place_unknown": ("地名无法识别", "the place cannot be read"),
    "wish_wage_unreadable": ("工资无法识别", "the wage cannot be read"),
    "wish_minimum_above_expected": ("最低月薪高于期望月薪", "the lowest wage is above the one hoped for"),
    "wish_date_unreadable": ("可上岗时间无法识别", "the day from which work is possible cannot be read"),
    "wish_code_unknown": ("选项无法识别", "the choice cannot be read"),
    "wish_partner_unknown": ("在本表中找不到配偶", "the partner is not found in the sheet"),
    "wish_partner_not_mutual": ("对方没有填本人为配偶", "the partner does not name this person"),
    "wish_fellows_alone": (
        "本表中同村没有别人填这个小组，小组照收：其他成员可在别的表中，或已登记",
        "nobody else of the village names this group in the sheet; it is kept, as others may be in another sheet or in the register",
    ),
    "wish_fellows_too_many": (
        "同村填这个小组的超过 20 人，小组不收",
        "more than 20 of the village name this group; the group is left out",
    ),
    "wish_fellows_too_long": (
        "小组名称超过 20 个字，小组不收",
        "the group's name is longer than 20 characters; the group is left out",
    ),
}


def word_reasons(found: Sequence[Finding]) -> str:
    """Findings in words, each with its column and its code, in the order of the sheet's rules."""
    return "；".join(f"{finding.column}：{WORDS[finding.code][0]}（{finding.code}）" for finding in found)
