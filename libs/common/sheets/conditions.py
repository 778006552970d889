"""What a list was narrowed to, in words above its rows (条件): 乡镇：花垣镇；劳动力：是."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from libs.common.codes.divisions import divisions
from libs.common.codes.occupations import groups
from libs.common.codes.words import GROUPS
from libs.common.sheets.columns import ListSheet

# Every condition that an exported list takes; a test compares them with the contracts.
LABELS: Mapping[str, str] = {
    "agreement": "协议",
    "answered": "已核查",
    "base": "就业扶贫基地",
    "blacklisted": "失信名单中",
    "by": "分组",
    "cadre": "干部",
    "came": "已到场",
    "category": "类别",
    "city": "城市",
    "closed": "无人居住",
    "county": "户籍县",
    "course": "培训班",
    "departed": "已减员",
    "designated": "定点接收单位",
    "differing": "只看差异",
    "differs": "变化",
    "district": "区",
    "due_before": "办理期限早于",
    "employed": "已就业",
    "employer": "统一社会信用代码",
    "expiring": "即将到期",
    "fair": "招聘会",
    "group": "帮扶群体",
    "household": "户",
    "ids": "人员",
    "industry": "行业",
    "introduction": "介绍",
    "kind": "服务",
    "labourer": "劳动力",
    "leaver": "两后生",
    "mine": "我的村",
    "month": "满几个月",
    "no_phone": "没有电话",
    "occupation": "职业",
    "open": "在岗",
    "outcome": "结论",
    "owner": "负责方",
    "paused": "暂停",
    "person": "人员",
    "placed": "已安置",
    "plan": "打算",
    "planned": "已有打算",
    "quarter": "季度",
    "reserved": "有预留名额",
    "rule": "数据规则",
    "run": "匹配轮次",
    "running": "有效期内",
    "second_yes": "合并后第二次同意",
    "severity": "严重程度",
    "short": "名额多于岗位",
    "should": "应当",
    "since": "从哪天起",
    "sort": "排序",
    "source": "来源",
    "state": "状态",
    "to_settle": "重复发放待处理",
    "township": "乡镇",
    "vacancy": "岗位",
    "village": "村",
    "visited_before": "走访早于",
    "wage": "月薪不低于",
    "wage_from": "月薪不低于",
    "warned": "即将自动办结",
    "willing": "愿意外出",
    "year": "年度",
}
SORTS: Mapping[str, str] = {"entry": "登记先后", "place": "乡镇和村", "visited": "走访最早的在前", "name": "名称先后"}
_FLAGS = {"true": "是", "false": "否"}
_PLACES = {each.code: each.name for each in divisions().values()}
_SAID: Mapping[str, Mapping[str, str]] = {
    "group": GROUPS,
    "sort": SORTS,
    "by": {"employer": "单位", "run": "匹配轮次"},
    "willing": {**_FLAGS, "none": "尚未走访"},
    "occupation": {code: each.name for code, each in groups().items()},
    **dict.fromkeys(("city", "county", "owner"), _PLACES),
}


def say_conditions(sheet: ListSheet, asked: Mapping[str, str]) -> str:
    """Each by its name and its value's, as the sheet's own columns say it."""
    return "；".join(
        f"{LABELS.get(name, name)}：{_value(sheet, name, value)}" for name, value in asked.items() if value
    )


def _value(sheet: ListSheet, name: str, value: str) -> str:
    shown = {each.name: each.words for each in sheet.columns if each.words}
    words = {**_SAID, **shown, **sheet.conditions}.get(name, _FLAGS)
    return "选定的" if _names_one(value) else words.get(value.removeprefix("n") if name == "owner" else value, value)


def _names_one(value: str) -> bool:
    """An id, or several: whom it means stands in the rows."""
    try:
        UUID(value.partition(",")[0])
    except ValueError:
        return False
    return True
