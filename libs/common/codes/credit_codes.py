"""统一社会信用代码 by GB 32100-2015 (unified social credit codes): who has registered it, what it is, where, which organisation."""

from __future__ import annotations

import re

from stdnum.cn.uscc import calc_check_digit

# 登记管理部门代码, the standard's amendments among them: who has registered the firm, the association, the village collective.
DEPARTMENTS = {
    "1": "机构编制",
    "2": "外交",
    "3": "司法行政",
    "4": "文化",
    "5": "民政",
    "6": "旅游",
    "7": "宗教",
    "8": "工会",
    "9": "市场监管",
    "A": "中央军委改革和编制办公室",
    "N": "农业",
    "Y": "其他",
}
# I, O, S, V and Z are no signs of the standard; the 31 others count from 0 in this order.
SIGNS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_FORM = re.compile(rf"[{''.join(DEPARTMENTS)}][1-9A-HJ-NP-RTUW-Y][0-9]{{6}}[{SIGNS}]{{10}}")
# 15 digits: a registration number of before 2015, which some firms still have.
_OLD_NUMBER = re.compile(r"[0-9]{15}")
# GB 11714: weights of the organisation (9th-16th sign), whose own check sign is the 17th.
_ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)


def organisation_check(organisation: str) -> str:
    """GB 11714: letters count from 10; 11 minus the sum modulo 11, where 10 is X and 11 is 0."""
    total = sum(int(sign, 36) * weight for sign, weight in zip(organisation, _ORGANISATION_WEIGHTS, strict=True))
    return "0X987654321"[total % 11]


def check_sign(number: str) -> str:
    """The 18th sign that the standard's weights, modulo 31, give to the 17 before it."""
    return calc_check_digit(number[:17])


def is_credit_code(number: str) -> bool:
    """Whether these are 18 signs that the standard allows, each where it may stand, and both check signs follow from the others."""
    sound = _FORM.fullmatch(number) is not None
    return sound and number[16] == organisation_check(number[8:16]) and number[17] == check_sign(number)


def is_old_number(number: str) -> bool:
    return _OLD_NUMBER.fullmatch(number) is not None
