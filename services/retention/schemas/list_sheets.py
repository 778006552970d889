"""The lists of retention as sheets (稳岗导出): spells, risks, verifications, services, claims,
requests for help, promises, and who stands behind a rate."""

from __future__ import annotations

from libs.common.sheets.columns import Column, ListSheet
from services.retention.rules.notice import RULE as CLOCK_RULE
from services.retention.rules.promises import RULE as PROMISE_RULE
from services.retention.rules.rate import RULE as RATE_RULE

_PARTINGS = {
    "transfer": "转岗",
    "contract_ended": "合同到期",
    "dismissed": "被辞退",
    "own_wish": "本人意愿",
    "family": "家庭原因",
    "other_job": "另有工作",
    "health": "健康原因",
    "unknown": "不明",
}
_NOTICES = {
    "order_shortfall": "订单不足",
    "line_closed": "产线关闭",
    "contract_ends": "合同到期",
    "season_ends": "旺季结束",
    "unsuitable": "不适合",
    "firm_moves": "企业搬迁",
}
_RISKS = {"open": "处理中", "overdue": "已超时", "answered": "已按时处理", "answered_late": "超时后处理"}
_OUTCOMES = {"in_work": "在岗", "left": "已离岗", "unreachable": "未联系上"}
_GRADES = {"worker": "本人陈述", "roster": "企业花名册", "wage_line": "工资流水", "insurance": "社保缴费"}
_SERVICES = {"training": "培训", "guidance": "职业指导", "introduction": "职业介绍", "startup": "创业服务"}
_CLAIMS = {"open": "材料未齐", "asked": "待户籍地裁定", "granted": "已发放", "refused": "已拒绝"}
_CLAIM_REASONS = {"already_claimed": "已在他处申领", "unknown_introduction": "没有这条介绍"}
_STANDINGS = {
    "same_employer": "原单位在岗",
    "other_employer": "其他单位在岗",
    "left": "已离岗",
    "unreachable": "未联系上",
}

_COUNTY, _CITY = Column("county", "户籍县", kind="place"), Column("city", "城市", kind="place")
_PERSON, _GUEST = Column("person", "人员编号"), Column("guest", "来人编号")
_USCC, _INTRODUCTION, _ID = (
    Column("employer_uscc", "统一社会信用代码"),
    Column("introduction", "介绍编号"),
    Column("id", "编号"),
)

SPELLS = ListSheet(
    "retention.spells",
    "就业台账",
    (
        _COUNTY,
        _CITY,
        _USCC,
        Column("occupation", "职业中类"),
        Column("start", "上岗日期"),
        Column("wage_fen", "月工资（元）", kind="yuan"),
        Column("assisted", "帮扶就业"),
        Column("end", "离岗日期"),
        Column("reason", "离岗原因", _PARTINGS),
        Column("returned_home", "已返乡"),
        _PERSON,
        _GUEST,
        Column("vacancy", "岗位编号"),
        Column("previous", "上一段编号"),
        _INTRODUCTION,
        _ID,
    ),
)
RISKS = ListSheet(
    "retention.risks",
    "48 小时转岗",
    (
        Column("state", "状态", _RISKS),
        Column("reason", "原因", _NOTICES),
        Column("on", "预告日期"),
        Column("last_day", "最后工作日"),
        Column("deadline", "办理期限"),
        Column("hours_left", "剩余小时"),
        Column("answered_on", "处理日期"),
        _USCC,
        Column("vacancy", "岗位编号"),
        Column("spell", "就业编号"),
        _INTRODUCTION,
        _ID,
    ),
    CLOCK_RULE,
)
VERIFICATIONS = ListSheet(
    "retention.verifications",
    "核查清单",
    (
        Column("quarter", "季度"),
        _COUNTY,
        _CITY,
        Column("owner", "负责方", kind="place"),
        Column("outcome", "结果", _OUTCOMES),
        Column("grade", "凭据", _GRADES),
        Column("answered_on", "核查日期"),
        Column("moved_on", "移交日期"),
        _PERSON,
        _GUEST,
        _INTRODUCTION,
        _ID,
    ),
)
SERVICES = ListSheet(
    "retention.services",
    "服务记录",
    (
        Column("kind", "服务", _SERVICES),
        Column("topic", "内容"),
        Column("hours", "学时"),
        Column("on", "日期"),
        _COUNTY,
        Column("region", "提供方", kind="place"),
        _PERSON,
        _INTRODUCTION,
        _ID,
    ),
)
CLAIMS = ListSheet(
    "retention.claims",
    "申领清单",
    (
        Column("state", "状态", _CLAIMS),
        Column("policy", "政策"),
        Column("period", "期间"),
        Column("amount_fen", "金额（元）", kind="yuan"),
        Column("on", "申领日期"),
        Column("decided_on", "裁定日期"),
        Column("reason", "原因", _CLAIM_REASONS),
        _COUNTY,
        Column("region", "受理方", kind="place"),
        _PERSON,
        _INTRODUCTION,
        _ID,
    ),
)
LEDGER = ListSheet(
    "retention.ledger",
    "补贴台账",
    (
        Column("policy", "政策"),
        Column("period", "期间"),
        Column("region", "发放方", kind="place"),
        Column("amount_fen", "金额（元）", kind="yuan"),
        Column("on", "发放日期"),
        Column("paid_twice", "重复发放"),
        Column("settled_as", "处理", {"recovered": "已追回", "kept": "核实后不追回"}),
        Column("settled_by", "处理人"),
        Column("settled_on", "处理日期"),
        Column("person", "人员编号"),
        Column("claim", "申领编号"),
        _ID,
    ),
)
HELP = ListSheet(
    "retention.help_requests",
    "求助清单",
    (
        Column("state", "状态", {"open": "待答复", "answered": "已答复", "closed": "已办结"}),
        Column(
            "category",
            "类别",
            {
                "wage_arrears": "拖欠工资",
                "injury": "工伤",
                "housing": "住房",
                "school": "子女上学",
                "medical": "看病就医",
                "registration": "落户",
                "loan": "贷款",
                "papers": "证件",
                "quarrel": "纠纷",
                "work": "找工作",
                "other": "其他",
            },
        ),
        Column("by_person", "本人求助"),
        Column("asked_on", "求助日期"),
        Column("answered_at", "答复时间"),
        Column("closed_at", "办结时间"),
        _PERSON,
        _ID,
    ),
)
CHECKED = ListSheet(
    "retention.rate",
    "稳岗率名单",
    (
        Column("due_on", "应查日期"),
        Column("standing", "状况", _STANDINGS),
        Column("grade", "凭据", _GRADES),
        _INTRODUCTION,
    ),
    RATE_RULE,
)

_OFFERS = {"board": "包吃", "lodging": "包住", "insurance": "缴保险"}
_BY = {"by": {"vacancy": "岗位", "employer": "单位"}}
_PROMISED = (
    Column("employer_name", "单位"),
    Column("title", "岗位"),
    Column("openings", "公布名额"),
    Column("hired", "录用"),
    Column("came", "到岗"),
    Column("paid", "有工资记录的人"),
    Column("months", "整月工资记录"),
    Column("kept", "不低于承诺的月数"),
    Column("kept_share", "兑现率"),
    Column("promised_fen", "承诺最低工资（元）", kind="yuan"),
    Column("paid_fen", "实发平均工资（元）", kind="yuan"),
    Column("offers", "承诺的待遇", _OFFERS),
    Column("insured", "有社保缴费记录的月数"),
    Column("unrecorded", "是否兑现没有记录", _OFFERS),
    _CITY,
    _USCC,
    Column("vacancy", "岗位编号"),
)
PROMISES = ListSheet("retention.promises", "承诺台账", _PROMISED, PROMISE_RULE, _BY)
PROMISES_STATED = ListSheet(
    "retention.promises_stated", "各地承诺台账", (*_PROMISED, Column("stated_on", "公布日期")), PROMISE_RULE, _BY
)
