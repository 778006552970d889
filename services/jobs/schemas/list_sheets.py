"""The city's lists as sheets (岗位与单位导出): vacancies with what vetting said, employers."""

from __future__ import annotations

from libs.common.codes.words import GROUPS, OFFERS, SCHOOLING
from libs.common.sheets.columns import Column, ListSheet
from services.jobs.rules.vetting import VETTING_RULE

_STATES = {"vetted": "已审核", "pending": "待审核", "refused": "未通过", "withdrawn": "已撤下"}
_VETTING = {
    "below_minimum_wage": "低于当地最低工资标准",
    "discriminatory_sex": "限定或优先某一性别",
    "discriminatory_ethnicity": "限定民族",
    "discriminatory_health": "以乙肝为由限制",
    "wage_not_stated": "未写明薪资",
}

VACANCIES = ListSheet(
    "jobs.vacancies",
    "岗位清单",
    (
        Column("title", "岗位"),
        Column("employer_name", "单位"),
        Column("employer_uscc", "统一社会信用代码"),
        Column("city", "城市", kind="place"),
        Column("district", "区"),
        Column("industry", "行业"),
        Column("occupation", "职业中类"),
        Column("openings", "名额"),
        Column("openings_left", "剩余"),
        Column("reserved", "预留", GROUPS),
        Column("wage", "月工资（元）"),
        Column("wage_max", "月工资至（元）"),
        Column("wage_text", "工资说明"),
        Column("age_min", "年龄下限"),
        Column("age_max", "年龄上限"),
        Column("education_min", "学历要求", SCHOOLING),
        Column("certificates", "证书"),
        Column("shift", "班次"),
        Column("offers", "待遇", OFFERS),
        Column("welfare", "福利"),
        Column("starts_by", "最迟到岗"),
        Column("state", "状态", _STATES),
        Column("reasons", "审核意见", _VETTING),
        Column("vetted_on", "审核日期"),
        Column("withdrawn_on", "撤下日期"),
        Column("listed_on", "登记日期"),
        Column("id", "编号"),
    ),
    VETTING_RULE,
)
EMPLOYERS = ListSheet(
    "jobs.employers",
    "企业名单",
    (
        Column("name", "名称"),
        Column("uscc", "统一社会信用代码"),
        Column("city", "城市", kind="place"),
        Column("district", "区"),
        Column("industry", "行业"),
        Column("staff", "职工人数"),
        Column("designated", "定点接收单位"),
        Column("base", "就业扶贫基地"),
        Column("contact", "联系人"),
        Column("phone", "电话"),
        Column("listed_on", "登记日期"),
        Column("id", "编号"),
    ),
)
