"""Welfare text (福利待遇): board, lodging and which insurances are really offered, not merely mentioned."""

from __future__ import annotations

import re

INSURANCES = ("pension", "medical", "unemployment", "injury", "maternity", "housing_fund")
_FIVE = frozenset(INSURANCES[:5])

# What sounds like board or lodging and is none: allowances, at one's own cost, refused.
_ALLOWANCE = re.compile(
    r"(?:免费)?(?:提供)?(?:工作餐|午餐|中餐|用餐|就餐|早餐|晚餐|餐费|餐饮|伙食费?|饭|餐|住房|租房|外宿|住宿费?|宿舍|房屋|房租|房|食宿|吃住|住|水电)(?:有|发|给)?"
    r"(?:补贴|补助|津贴|补)(?:\d+)?|补贴(?:餐|住宿|房租|伙食)"
)
_OWN_COST = re.compile(
    r"(?:吃、?住|食、?宿|吃饭|住宿|工作餐|用餐|三餐|伙食|餐|食|吃|住|宿|住房|房租)(?:宿|房|费|用|饭|费用|问题)*(?:全部|均|都|需|须)?(?:自理|自费|自付|自备|自行解决|自己解决|自行安排|自租|自)"
)
_REFUSED = re.compile(
    r"(?:不再?|未|没有?|无|暂不|概不|非)(?:能)?(?:包|管|提供|供|含|安排|负责|免费)?(?:免费)?(?:提供)?(?:吃、?住|食、?宿|食宿|伙食|工作餐|午餐|三餐|住宿|宿舍|吃|住|餐|食|宿)(?:宿|舍|房)?"
)
_WORK_WORDS = re.compile(
    r"住房公积金|住院|居住证|吃苦|吃得苦|餐饮业?|餐厅|住家|入住率|小吃|餐具|食品|食堂(?!免费|包)|宿舍(?:管理|长|空调)"
)
_BOTH = re.compile(
    r"有吃有住|(?:包|管|供|免费|提供|免|有|含)(?:提供|安排)?(?:员工)?(?:吃[、+]?住|食、?宿|吃和住|吃及住|吃喝住|吃、穿、住)|(?:吃、?住|食、?宿)(?:全)?(?:包|免|免费|全免|由公司)"
)
_BOARD = re.compile(
    r"(?:包|管|供|免费|提供|免)(?:提供|供应|安排|一日|每日|每天)?(?:员工)?(?:吃|餐|饭|伙食|用餐|就餐|三餐|两餐|二餐|一餐|\d餐|[早午中晚]+餐|食堂|工作餐|膳食|膳)"
    r"|工作餐|员工餐|免费食堂|(?:三餐|伙食|用餐|食堂|午餐)(?:全)?(?:免费|全包|全免|包)|包[早中午晚、]+[一二两三]?餐|管[一二两三]顿饭|一日三餐"
)
_LODGING = re.compile(
    r"(?:包|管|供|免费|提供|免|有|安排|配)(?:提供|安排)?(?:员工|单身|集体|空调|公司|单人|双人|多人|\d-?\d*人间?)?(?:的)?(?:住|宿舍|住宿|公寓|住房|宿)"
    r"|(?:提供|免费|包)[^,;。|]{0,4}餐[及和与、+](?:免费)?(?:住宿|宿舍)|包三餐一宿"
    r"|(?:住宿|宿舍|公寓)(?:全)?(?:提供|免费|全免|全包|由公司提供)|公司宿舍|员工宿舍|员工公寓|集体宿舍|职工宿舍|空调宿舍"
)
_COMMERCIAL = re.compile(
    r"人身意外伤?害?保?险|工伤意外险|意外伤?害?保?险|商业(?:保险|险|医疗保?险?)|雇主责任险|补充(?:医疗|养老)(?:保险)?|大病保险|团体险|(?:社保|五险|保险)(?:补贴|补助|津贴)"
)
_NOT_INSURED = re.compile(
    r"(?:不|无|没有?|未|暂不)(?:购买|缴纳|办理|提供|参加|交|买|缴|上|含|包|代缴|包含)?(?:五险一金|五险|社会保险|社保|一金|公积金|住房公积金|保险|工伤保?险?)|(?:社保|五险|公积金|保险)(?:自理|自费|自付|自行缴纳|自缴)"
)
_KINDS: tuple[tuple[str, str], ...] = (
    ("pension", r"养老"),
    ("medical", r"医疗|医保"),
    ("unemployment", r"失业"),
    ("injury", r"工伤"),
    ("maternity", r"生育"),
)
_INSURED = r"(?:养老|医疗|医保|失业|工伤|生育)"


def read_board_and_lodging(text: str) -> tuple[bool, bool]:
    """Whether board (包吃) and lodging (包住) come with the job; an allowance or 自理 is neither."""
    tidy = text.replace(" ", "").replace("食住", "食宿")
    for untrue in (_WORK_WORDS, _ALLOWANCE, _OWN_COST, _REFUSED):
        tidy = untrue.sub("|", tidy)
    both = _BOTH.search(tidy) is not None
    return both or _BOARD.search(tidy) is not None, both or _LODGING.search(tidy) is not None


def read_insurances(text: str) -> tuple[str, ...]:
    """Social insurances and the housing fund of a text, in the order of INSURANCES; commercial ones are none."""
    tidy = _NOT_INSURED.sub("|", _COMMERCIAL.sub("|", text.replace(" ", "").replace("壹", "一")))
    found: set[str] = set()
    if re.search(r"[五六七5-7]险|五保一金|社保|社会保险|社会统筹|五大保险|五项保险", tidy):
        found |= _FIVE
    if re.search(r"[三3]险", tidy):
        found |= {"pension", "medical", "unemployment"}
    if re.search(r"[四4]险", tidy):
        found |= {"pension", "medical", "unemployment", "injury"}
    found |= {kind for kind, words in _KINDS if re.search(_named(words), tidy)}
    if re.search(r"险[、+和及]?[一二12]金|公积金|一金", tidy):
        found.add("housing_fund")
    return tuple(kind for kind in INSURANCES if kind in found)


def _named(words: str) -> str:
    """养老保险, 医保, and each member of a list such as 养老、医疗、工伤保险."""
    return rf"(?:{words})(?:保险|险|[、/和及+]*(?:{_INSURED}[、/和及+]*){{1,12}}保?险)|(?:购买|缴纳|参加|办理|交|买|缴)(?:{words})|(?:^|[、,;+|])(?:{words})(?:$|[、,;+|])"
