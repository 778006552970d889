"""The city's lists as sheets (岗位与单位导出): vacancies with what vetting said, employers, agreements with what they count."""

from __future__ import annotations

from libs.common.codes.countries import countries
from libs.common.codes.words import (
    APPLICATION_REASONS,
    APPLICATION_STATES,
    COURSE_KINDS,
    COURSE_STATES,
    GROUPS,
    OFFERS,
    SCHOOLING,
)
from libs.common.sheets.columns import Column, ListSheet
from services.jobs.rules.checks import DRAW_RULE
from services.jobs.rules.severity import WORDS
from services.jobs.rules.vetting import VETTING_RULE

COUNTRIES = countries()
_STATES = {"vetted": "已审核", "pending": "待审核", "refused": "未通过", "withdrawn": "已撤下"}
_PAUSED = {"expired": "已到期", "blacklisted": "单位失信", "unlisted": "单位未通过审核", "unlicensed": "单位无外派资格"}
_KINDS = {
    "ordinary": "普通岗位",
    "reserved": "扶贫专岗、爱心岗位",
    "public_post": "公益性岗位",
    "workshop": "帮扶车间",
    "abroad": "境外岗位",
}
_EMPLOYER_STATES = {"pending": "待审核", "listed": "在册", "refused": "未通过", "merged": "已合并"}
FAIR_STATES = {"planned": "筹备中", "open": "报名中", "held": "已举办", "cancelled": "已取消"}
_VETTING = {code: chinese for code, (chinese, _) in WORDS.items()}

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
        Column("kind", "类别", _KINDS),
        Column("country", "国家或地区", COUNTRIES),
        Column("state", "状态", _STATES),
        Column("valid_until", "有效期至"),
        Column("paused", "暂停", _PAUSED),
        Column("reasons", "审核意见", _VETTING),
        Column("vetted_on", "审核日期"),
        Column("withdrawn_on", "撤下日期"),
        Column("listed_on", "登记日期"),
        Column("id", "编号"),
    ),
    VETTING_RULE,
)
DESIGNATIONS = ListSheet(
    "jobs.designations",
    "认定清单",
    (
        Column("employer_name", "单位"),
        Column("employer_uscc", "统一社会信用代码"),
        Column("city", "城市", kind="place"),
        Column("kind", "种类", {"designated": "定点接收单位", "base": "就业扶贫基地"}),
        Column("since", "起"),
        Column("until", "止"),
        Column("by", "认定机关"),
        Column("promised", "承诺接收"),
        Column("counted", "已接收"),
        Column("ended_on", "结束日期"),
        Column("ended_because", "结束原因"),
        Column("id", "编号"),
    ),
)
LEADS = ListSheet(
    "jobs.leads",
    "线索清单",
    (
        Column("heard_on", "听说日期"),
        Column("source", "来源", {"agency": "中介机构", "villager": "村民", "chamber": "商会", "other": "其他"}),
        Column("employer_name", "单位"),
        Column("employer_uscc", "统一社会信用代码"),
        Column("title", "岗位"),
        Column("openings", "人数"),
        Column("wage", "月工资（元）"),
        Column("district", "地点"),
        Column("note", "说明"),
        Column("state", "状态", {"open": "待跟进", "listed": "已转为岗位", "dropped": "已放弃"}),
        Column("closed_on", "办结日期"),
        Column("closed_because", "放弃原因"),
        Column("noted_by", "经办"),
        Column("id", "编号"),
    ),
)
FAIRS = ListSheet(
    "jobs.fairs",
    "招聘会清单",
    (
        Column("day", "日期"),
        Column("title", "招聘会"),
        Column("place", "地点", kind="place"),
        Column("venue", "场地"),
        Column("state", "状态", FAIR_STATES),
        Column("booths", "参会单位"),
        Column("closed_because", "取消原因"),
        Column("entered_by", "经办"),
        Column("id", "编号"),
    ),
)
_COUNTED_KINDS = {"posts": "就业", "firms": "企业", "fairs": "招聘会", "students": "学生", "trained": "培训"}
AGREEMENTS = ListSheet(
    "jobs.agreements",
    "协作协议清单",
    (
        Column("title", "名称"),
        Column("origin", "输出地", kind="place"),
        Column("destination", "用工地", kind="place"),
        Column("since", "起"),
        Column("until", "止"),
        Column("state", "状态", {"draft": "待确认", "in_force": "已生效", "ended": "已结束"}),
        Column("posts", "就业指标"),
        Column("students", "学生指标"),
        Column("fairs", "招聘会指标"),
        Column("firms", "企业指标"),
        Column("trained", "培训指标"),
        Column("ended_on", "结束日期"),
        Column("ended_because", "结束原因"),
        Column("id", "编号"),
    ),
)
QUARTERS = ListSheet(
    "jobs.agreement_quarters",
    "季度签认清单",
    (
        Column("period", "季度"),
        Column("county", "县", kind="place"),
        Column(
            "state",
            "状态",
            {"stated": "待县方签认", "answered": "县方已签认", "differs": "有差异", "signed": "双方已签认"},
        ),
        Column("stated_on", "签报日期"),
        Column("answered_on", "答复日期"),
        Column("signed_on", "签认日期"),
        Column("id", "编号"),
    ),
)
ENTRIES = ListSheet(
    "jobs.quarter_entries",
    "季度签认明细",
    (
        Column("kind", "指标", _COUNTED_KINDS),
        Column("reference", "介绍或招聘会编号"),
        Column("day", "日期"),
        Column("employer_uscc", "企业"),
        Column("by", "增减"),
        Column("held_by", "哪一方计入", {"both": "双方", "city": "用工地", "county": "输出县"}),
    ),
)
PROGRESS = ListSheet(
    "jobs.agreement_progress",
    "协议进度",
    (
        Column("kind", "指标", _COUNTED_KINDS),
        Column("year", "年度"),
        Column("county", "县", kind="place"),
        Column("employer_uscc", "企业"),
        Column("target", "目标"),
        Column("reached", "完成"),
        Column("signed", "双方已签认"),
        Column("forecast", "预计"),
        Column("gap", "差额"),
        Column("few", "依据不足三个月"),
    ),
)
COUNTED = ListSheet(
    "jobs.agreement_counted",
    "协议计数清单",
    (
        Column("kind", "指标", _COUNTED_KINDS),
        Column("county", "县", kind="place"),
        Column("day", "日期"),
        Column("reference", "介绍或招聘会编号"),
        Column("employer_uscc", "企业"),
        Column("subject", "计为"),
    ),
)
COURSES = ListSheet(
    "jobs.courses",
    "培训班清单",
    (
        Column("title", "培训班"),
        Column("kind", "种类", COURSE_KINDS),
        Column("provider_name", "开办单位"),
        Column("provider_uscc", "统一社会信用代码"),
        Column("licence", "办学许可证号"),
        Column("city", "城市", kind="place"),
        Column("occupation", "职业中类"),
        Column("places", "名额"),
        Column("taken", "已录取"),
        Column("waiting", "候补"),
        Column("applied", "待录取"),
        Column("places_left", "剩余"),
        Column("behind", "绑定岗位名额"),
        Column("short", "岗位少于名额"),
        Column("apply_by", "报名截止"),
        Column("starts_on", "开班"),
        Column("ends_on", "结束"),
        Column("age_min", "年龄下限"),
        Column("age_max", "年龄上限"),
        Column("education_min", "学历要求", SCHOOLING),
        Column("fee", "收费（元）"),
        Column("fee_note", "收费说明"),
        Column("allowance", "生活补助（元/月）"),
        Column("state", "状态", COURSE_STATES),
        Column("closed_on", "停止日期"),
        Column("closed_because", "停止原因"),
        Column("listed_on", "登记日期"),
        Column("id", "编号"),
    ),
)
ADMISSIONS = ListSheet(
    "jobs.admissions",
    "报名清单",
    (
        Column("county", "户籍县", kind="place"),
        Column("age", "年龄"),
        Column("education", "学历", {**SCHOOLING, "0": "未说明"}),
        Column("applied_on", "报名日期"),
        Column("state", "状态", APPLICATION_STATES),
        Column("reason", "原因", APPLICATION_REASONS),
        Column("changed_on", "变更日期"),
        Column("attended", "出勤天数"),
        Column("certificate_number", "证书编号"),
        Column("certificate_level", "等级"),
        Column("course", "培训班编号"),
        Column("id", "报名编号"),
    ),
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
        Column("state", "状态", _EMPLOYER_STATES),
        Column("licence", "营业执照"),
        Column("designated", "定点接收单位"),
        Column("base", "就业扶贫基地"),
        Column("contact", "联系人"),
        Column("phone", "电话"),
        Column("blacklisted_until", "失信至"),
        Column("listed_on", "登记日期"),
        Column("id", "编号"),
    ),
)

CHECK_STATES = {"asked": "待答复", "judging": "待判定", "judged": "待办结", "concluded": "已办结"}
CHECKS = ListSheet(
    "jobs.checks",
    "抽查清单",
    (
        Column("employer_name", "单位"),
        Column("employer_uscc", "统一社会信用代码"),
        Column("state", "状态", CHECK_STATES),
        Column("since", "录用起"),
        Column("until", "录用止"),
        Column("evidence", "要求的材料", {"contract": "劳动合同", "wage_line": "工资流水", "insurance": "社保缴费"}),
        Column("due", "答复期限"),
        Column("warned_on", "催告日期"),
        Column("pool", "录用人数"),
        Column("drawn", "抽到"),
        Column("answered", "已答复"),
        Column("kept", "兑现"),
        Column("not_kept", "未兑现"),
        Column("no_answer", "未答复"),
        Column("outcome", "结论", {"kept": "兑现", "not_kept": "未兑现"}),
        Column("consequence", "处理", {"none": "不处理", "end_designation": "结束认定", "blacklist": "列入失信名单"}),
        Column("concluded_because", "理由"),
        Column("concluded_on", "办结日期"),
        Column("asked_on", "发起日期"),
        Column("seed", "抽取种子"),
        Column("pool_digest", "名单摘要"),
        Column("id", "编号"),
    ),
    DRAW_RULE,
)

_SHOULD = {"pass": "应通过", "refuse": "应退回"}
MISJUDGED = ListSheet(
    "jobs.misjudged",
    "误判清单",
    (
        Column("title", "岗位"),
        Column("shift", "班次"),
        Column("welfare", "福利待遇"),
        Column("age_min", "年龄下限"),
        Column("wage", "月工资（元）"),
        Column("city", "城市", kind="place"),
        Column("on", "审核日期"),
        Column("stood", "原审核", {"pass": "通过", "refuse": "退回"}),
        Column("should", "应当", _SHOULD),
        Column("codes", "违反", _VETTING),
        Column("why", "理由"),
        Column("rule", "标记时的规则"),
        Column("found", "现行规则查出", _VETTING),
        Column("right_now", "现行规则判对"),
        Column("rule_now", "现行规则"),
        Column("state", "状态", {"claimed": "单位申诉", "confirmed": "已认定", "rejected": "未认定"}),
        Column("by_firm", "单位提出"),
        Column("marked_on", "标记日期"),
        Column("decided_on", "认定日期"),
        Column("decided_because", "认定理由"),
        Column("vacancy", "岗位编号"),
        Column("id", "编号"),
    ),
    VETTING_RULE,
)
