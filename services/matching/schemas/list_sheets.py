"""The lists of matching as sheets (对接导出): introductions with how far they are and what became of them, and what all cities offer."""

from __future__ import annotations

from libs.common.codes.words import GROUPS, OFFERS, SCHOOLING
from libs.common.sheets.columns import Column, ListSheet
from services.matching.rules.introductions.wording import STATES

INTRODUCTIONS = ListSheet(
    "matching.introductions",
    "介绍清单",
    (
        Column("wording", "状态"),
        Column("reason_wording", "原因"),
        Column("county", "户籍县", kind="place"),
        Column("township", "乡镇"),
        Column("city", "去往", kind="place"),
        Column("title", "岗位"),
        Column("employer_name", "单位"),
        Column("employer_uscc", "统一社会信用代码"),
        Column("occupation", "职业中类"),
        Column("wage", "月工资（元）"),
        Column("seat", "名额类别", GROUPS),
        Column("groups", "帮扶群体", GROUPS),
        Column("priority", "优先分"),
        Column("changed_on", "变更日期"),
        Column("due", "办理期限"),
        Column("consent_on", "同意日期"),
        Column("consent_withdrawn_on", "撤回同意日期"),
        Column("weights", "权重版本"),
        Column("person", "人员编号"),
        Column("guest", "来人编号"),
        Column("vacancy", "岗位编号"),
        Column("id", "编号"),
    ),
    conditions={"state": {code: said.zh for code, said in STATES.items()}},
)
OUTCOMES = ListSheet(
    "matching.outcomes",
    "到岗情况",
    (
        Column("name", "单位"),
        Column("uscc", "统一社会信用代码"),
        Column("introduced", "已介绍"),
        Column("hired", "录用"),
        Column("came", "到岗"),
        Column("no_show", "未到岗"),
        Column("no_show_share", "未到岗率"),
        Column("rescinded", "单位取消录用"),
        Column("cancelled", "本人取消"),
        Column("rejected", "未录用"),
        Column("key", "编号"),
    ),
)
FAIR_STATES = {"planned": "筹备中", "open": "报名中", "held": "已举办", "cancelled": "已取消"}
FAIRS = ListSheet(
    "matching.fairs",
    "招聘会",
    (
        Column("day", "日期"),
        Column("title", "招聘会"),
        Column("city", "主办", kind="place"),
        Column("place", "地点", kind="place"),
        Column("venue", "场地"),
        Column("state", "状态", FAIR_STATES),
        Column("closed_because", "取消原因"),
        Column("id", "编号"),
    ),
)
VISITORS = ListSheet(
    "matching.fair_visitors",
    "参会人员",
    (
        Column("township", "乡镇"),
        Column("signed_up_on", "报名日期"),
        Column("came_on", "到场日期"),
        Column("title", "签约岗位"),
        Column("employer_name", "单位"),
        Column("state", "介绍状态", {code: said.zh for code, said in STATES.items()}),
        Column("person", "人员编号"),
        Column("introduction", "介绍编号"),
    ),
)
PEOPLE_IN_RUN = ListSheet(
    "matching.people_in_run",
    "匹配轮次人员",
    (
        Column("placed", "已安置"),
        Column("state", "状态", {code: said.zh for code, said in STATES.items()}),
        Column("title", "岗位"),
        Column("employer_name", "单位"),
        Column("city", "城市", kind="place"),
        Column("seat", "名额类别", GROUPS),
        Column("priority", "优先分"),
        Column("suitable", "合适的岗位数"),
        Column("zh", "说明"),
        Column("person", "人员编号"),
        Column("introduction", "介绍编号"),
    ),
)
VACANCIES_IN_RUN = ListSheet(
    "matching.vacancies_in_run",
    "匹配轮次岗位",
    (
        Column("title", "岗位"),
        Column("employer_name", "单位"),
        Column("openings", "本轮名额"),
        Column("reserved", "其中预留"),
        Column("placed", "已安置"),
        Column("placed_reserved", "其中预留名额"),
        Column("left", "剩余"),
        Column("cutoff", "录取最低分"),
        Column("vacancy", "岗位编号"),
    ),
)
SUPPLY = ListSheet(
    "matching.supply",
    "各地岗位清单",
    (
        Column("title", "岗位"),
        Column("employer_name", "单位"),
        Column("employer_uscc", "统一社会信用代码"),
        Column("city", "城市", kind="place"),
        Column("industry", "行业"),
        Column("occupation", "职业中类"),
        Column("openings", "名额"),
        Column("openings_left", "剩余"),
        Column("reserved", "预留", GROUPS),
        Column("wage", "月工资（元）"),
        Column("wage_max", "月工资至（元）"),
        Column("age_min", "年龄下限"),
        Column("age_max", "年龄上限"),
        Column("education_min", "学历要求", SCHOOLING),
        Column("certificates", "证书"),
        Column("offers", "待遇", OFFERS),
        Column("starts_by", "最迟到岗"),
        Column("announced_on", "发布日期"),
        Column("vacancy", "岗位编号"),
    ),
)
