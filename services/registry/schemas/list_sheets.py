"""The register's lists as sheets (名册导出): people, households and guests, under the headings of the paper forms."""

from __future__ import annotations

from libs.common.codes.words import (
    APPLICATION_REASONS,
    APPLICATION_STATES,
    COURSE_KINDS,
    COURSE_STATES,
    GROUPS,
    SCHOOLING,
)
from libs.common.sheets.columns import Column, ListSheet
from services.registry.rules.burden import BURDEN_RULE
from services.registry.rules.groups import zero_transfer
from services.registry.rules.leavers import leaver_rules
from services.registry.rules.quality import rule_set

_NOT_ONE = {"age": "不在 16–59 岁", "in_school": "在校", "unable": "无劳动能力", "ability_unknown": "未填劳动技能"}
PLACES = {"01": "乡镇内", "02": "乡镇外县内", "03": "县外省内", "04": "省外", "99": "其他"}
PLANS = {
    "applied": "已报名",
    "waiting": "候补",
    "admitted": "在培训",
    "completed": "已结业",
    "placed": "结业上岗",
    "at_work": "已就业",
    "further_study": "升学",
    "work": "想就业",
    "training": "想参训",
    "not_now": "暂不",
}
_SCHOOLING = {**SCHOOLING, "0": "未说明"}

SELF_SIGN_UPS = ListSheet(
    "registry.self_sign_ups",
    "扫码报名",
    (
        Column("given_at", "报名时间"),
        Column("name", "姓名"),
        Column("phone", "联系电话"),
        Column("state", "状态", {"waiting": "待核对", "confirmed": "已核对", "dropped": "已放弃"}),
        Column("forget_on", "保留至"),
        Column("person", "人员编号"),
        Column("id", "编号"),
    ),
)
LABOURERS = ListSheet(
    "registry.labourers",
    "人员名册",
    (
        Column("name", "姓名"),
        Column("sex", "性别"),
        Column("age_band", "年龄段"),
        Column("number", "证件号码"),
        Column("phone", "联系电话"),
        Column("household_phone", "户主电话"),
        Column("township", "乡镇"),
        Column("village", "村"),
        Column("kinship", "与户主关系"),
        Column("ethnic_group", "民族"),
        Column("education", "文化程度"),
        Column("pupil", "在校生状况"),
        Column("ability", "劳动技能"),
        Column("health", "健康状况"),
        Column("labourer", "劳动力"),
        Column("reasons", "非劳动力原因", _NOT_ONE),
        Column("judged_on", "认定基准日"),
        Column("rule", "认定规则"),
        Column("employed", "已就业"),
        Column("work_place", "务工所在地", PLACES),
        Column("channel", "就业渠道"),
        Column("groups", "帮扶群体", GROUPS),
        Column("burden", "家庭负担分"),
        Column("willing", "愿意外出"),
        Column("visited", "最近走访"),
        Column("household", "户的编号"),
        Column("id", "编号"),
    ),
    f"认定 见各行；负担 {BURDEN_RULE}；零转移 {zero_transfer().version}",
)
HOUSEHOLDS = ListSheet(
    "registry.households",
    "户名册",
    (
        Column("township", "乡镇"),
        Column("village", "村"),
        Column("head", "户主"),
        Column("members", "人数"),
        Column("burden", "家庭负担分"),
        Column("closed_on", "销户日期"),
        Column("id", "编号"),
    ),
    f"负担 {BURDEN_RULE}",
)
GUESTS = ListSheet(
    "registry.guests",
    "来本市人员",
    (
        Column("name", "姓名"),
        Column("sex", "性别"),
        Column("age_band", "年龄段"),
        Column("number", "证件号码"),
        Column("phone", "联系电话"),
        Column("county", "户籍县", kind="place"),
        Column("ethnic_group", "民族"),
        Column("education", "文化程度", _SCHOOLING),
        Column("consent_on", "同意日期"),
        Column("received_on", "收到日期"),
        Column("vacancy", "岗位编号"),
        Column("introduction", "介绍编号"),
        Column("id", "编号"),
    ),
)
LEAVERS = ListSheet(
    "registry.leavers",
    "两后生名单",
    (
        Column("name", "姓名"),
        Column("sex", "性别"),
        Column("age_band", "年龄段"),
        Column("phone", "联系电话"),
        Column("household_phone", "户主电话"),
        Column("township", "乡镇"),
        Column("village", "村"),
        Column("education", "文化程度"),
        Column("willing", "愿意外出"),
        Column("training", "想学的"),
        Column("work_place", "务工所在地", PLACES),
        Column("plan", "打算", PLANS),
        Column("said_on", "询问日期"),
        Column("noted_by", "询问人"),
        Column("note", "说明"),
        Column("judged_on", "认定基准日"),
        Column("household", "户的编号"),
        Column("id", "编号"),
    ),
    leaver_rules()[-1].version,
)
OFFERED_COURSES = ListSheet(
    "registry.courses",
    "可报名培训班",
    (
        Column("title", "培训班"),
        Column("kind", "种类", COURSE_KINDS),
        Column("provider_name", "开办单位"),
        Column("city", "城市", kind="place"),
        Column("occupation", "职业中类"),
        Column("places", "名额"),
        Column("places_left", "剩余"),
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
        Column("id", "编号"),
    ),
)
APPLICATIONS = ListSheet(
    "registry.applications",
    "报名清单",
    (
        Column("title", "培训班"),
        Column("kind", "种类", COURSE_KINDS),
        Column("provider_name", "开办单位"),
        Column("city", "城市", kind="place"),
        Column("applied_on", "报名日期"),
        Column("consent_on", "同意日期"),
        Column("consented_by", "谁同意", {"person": "本人", "guardian": "监护人"}),
        Column("state", "状态", APPLICATION_STATES),
        Column("reason", "原因", APPLICATION_REASONS),
        Column("changed_on", "变更日期"),
        Column("attended", "出勤天数"),
        Column("certificate_number", "证书编号"),
        Column("certificate_level", "等级"),
        Column("person", "人员编号"),
        Column("id", "报名编号"),
    ),
)
VILLAGES = ListSheet(
    "registry.villages",
    "县情统计表",
    (
        Column("township", "乡镇"),
        Column("village", "村"),
        Column("households", "户数"),
        Column("people", "人数"),
        Column("labourers", "劳动力"),
        Column("employed", "已就业"),
        Column("share", "就业率"),
        Column("with_wish", "有意愿记录"),
        Column("with_phone", "有电话"),
        Column("with_ability", "有劳动技能"),
        Column("with_education", "有学历"),
        Column("completeness", "完整率"),
    ),
)
FINDINGS = ListSheet(
    "registry.findings",
    "数据质量待改清单",
    (
        Column("name", "姓名"),
        Column("township", "乡镇"),
        Column("village", "村"),
        Column("severity", "严重程度", {"error": "错误", "warning": "存疑"}),
        Column("wrong", "问题"),
        Column("field", "字段"),
        Column("repair", "怎么改"),
        Column("state", "状态", {"open": "待改", "accepted": "已认可"}),
        Column("reason", "认可原因"),
        Column("found_at", "发现时间"),
        Column("rule", "规则", {code: rule.zh for code, rule in rule_set().rules.items()}),
        Column("person", "编号"),
        Column("id", "问题编号"),
    ),
    rule_set().version,
)
