"""The lists of rounds as sheets (轮次导出)."""

from __future__ import annotations

from libs.common.sheets.columns import Column, ListSheet
from services.registry.rules.round_lists import LEFT_WORDS
from services.registry.schemas.list_sheets import PLACES

_KINDS = {"quarter": "季度走访", "month": "务工月监测"}
_STATES = {"listing": "名单生成中", "open": "进行中", "signed": "已签收"}
_STANDS = {"open": "未走访", "settled": "已走访", "left": "已离开名单"}
_LEFT = {code: zh for code, (zh, _) in LEFT_WORDS.items()}
REASONS = {
    "not_reached": "未联系上",
    "away": "外出未归",
    "refused": "不愿配合",
    "perhaps_moved": "疑似迁走",
    "other": "其他",
}

ROUNDS = ListSheet(
    "registry.rounds",
    "轮次",
    (
        Column("kind", "种类", _KINDS),
        Column("period", "期"),
        Column("day", "名单日期"),
        Column("due", "截止日期"),
        Column("state", "状态", _STATES),
        Column("opened_by", "开启人"),
        Column("id", "编号"),
    ),
)
ROUND_LIST = ListSheet(
    "registry.round_labourers",
    "轮次名单",
    (
        Column("township", "乡镇"),
        Column("village", "村"),
        Column("name", "姓名"),
        Column("sex", "性别"),
        Column("age_band", "年龄段"),
        Column("kinship", "与户主关系"),
        Column("phone", "联系电话"),
        Column("state", "走访", _STANDS),
        Column("later", "后来列入"),
        Column("visited", "走访日期"),
        Column("settled_by", "走访人"),
        Column("employed", "已就业"),
        Column("work_place", "务工所在地", PLACES),
        Column("willing", "愿意外出"),
        Column("left_as", "离开原因", _LEFT),
        Column("left_on", "离开日期"),
        Column("reason", "未走访原因", REASONS),
        Column("person", "编号"),
    ),
)

_FACTS = {
    "place": "住址",
    "work_place": "务工所在地",
    "channel": "就业渠道",
    "willing": "愿意外出",
    "occupation": "意向工种",
    "wage_expected": "期望月薪",
    "wage_minimum": "最低月薪",
    "destinations": "意向地区",
    "elsewhere": "别的地方",
    "refused": "不去的地区",
    "experience": "从业年数",
    "certificates": "证书",
    "restrictions": "做不了的",
    "accommodations": "需要的便利",
    "needs": "要求",
    "training": "想学的",
    "together": "同行",
    "relatives_city": "亲友所在城市",
    "unwilling_reason": "不愿外出的原因",
    "zero_employment": "零就业家庭",
}
_DIFFERS = {"came": "新列入", "left": "已离开", "changed": "有变化"}

DIFFERENCES = ListSheet(
    "registry.round_differences",
    "与上轮比较",
    (
        Column("township", "乡镇"),
        Column("village", "村"),
        Column("name", "姓名"),
        Column("differs", "变化", _DIFFERS),
        Column("told", "前 → 后"),
        Column("person", "编号"),
    ),
)


def told_of(field: str, before: str | None, after: str | None) -> str:
    """One fact in a line: 愿意外出 否 → 是."""
    words = PLACES if field == "work_place" else {}
    was, now = (words.get(value or "", value) or "—" for value in (before, after))
    return f"{_FACTS.get(field, field)} {was} → {now}"
