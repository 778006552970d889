"""Agreements of labour cooperation (协作协议): terms and who has confirmed, how far they are with the list behind each figure, quarters."""

from __future__ import annotations

from services.console.rendering.words import N_
from services.console.rules.listings import Beside, Column, Listing, Narrowing, Record, Step

_PAGE, _HERE = "/agreements/{agreement}", "/jobs/v1/agreements/{agreement}"
_QUARTER, _QUARTER_HERE = "/quarters/{quarter}", "/jobs/v1/quarters/{quarter}"
_STATE = Column("state", N_("状态"), "tag", "agreement")
_FACTS = (
    Column("origin", N_("输出地"), "place"),
    Column("destination", N_("用工地"), "place"),
    Column("since", N_("起始日期"), "day"),
    Column("until", N_("截止日期"), "day"),
    _STATE,
    Column("posts", N_("就业人数"), "number"),
    Column("students", N_("接收学生"), "number"),
    Column("fairs", N_("招聘会"), "number"),
    Column("firms", N_("用工企业"), "number"),
    Column("trained", N_("培训人数"), "number"),
)
_LINE = (
    Column("kind", N_("指标"), "code", "agreed"),
    Column("year", N_("年度")),
    Column("county", N_("县"), "place"),
    Column("employer_uscc", N_("统一社会信用代码")),
    Column("target", N_("目标"), "number"),
)
_PROGRESS = (
    *_LINE,
    Column("reached", N_("完成"), "number", link=f"{_PAGE}/counted?{{behind}}", whole="target"),
    Column("signed", N_("双方已签认"), "number", whole="target"),
    Column("forecast", N_("预计"), "number", whole="target"),
    Column("gap", N_("差额"), "number"),
    Column("few", N_("预计依据不足三个月"), "flag"),
)
_REFERS = (
    Column("introduction", N_("介绍"), "id", link="/introductions/{introduction}"),
    Column("fair", N_("招聘会"), "id", link="/fairs/{fair}"),
)
_ENTRY = (
    Column("kind", N_("指标"), "code", "agreed"),
    Column("day", N_("日期"), "day"),
    Column("employer_uscc", N_("统一社会信用代码")),
    Column("by", N_("增减"), "number"),
    Column("held_by", N_("哪一方计入"), "tag", "held_by"),
    *_REFERS,
    Column("to_settle", N_("差异"), "id", link="/quarters/{quarter}/accept?kind={kind}&reference={to_settle}"),
)
_STATED = (
    Column("county", N_("县"), "place"),
    Column("state", N_("状态"), "tag", "quarter_state"),
    Column("stated_on", N_("签报日期"), "day"),
    Column("answered_on", N_("答复日期"), "day"),
    Column("signed_on", N_("签认日期"), "day"),
)
_NARROWED = (
    Narrowing("kind", N_("指标"), "agreed"),
    Narrowing("year", N_("年度"), kind="text"),
    Narrowing("county", N_("县（代码）"), kind="text"),
)

LISTINGS = {
    "/agreements": Listing(
        "jobs.agreement.list",
        N_("协作协议"),
        "jobs",
        "/jobs/v1/agreements",
        (Column("title", N_("名称"), link="/agreements/{id}"), *_FACTS),
        (Narrowing("state", N_("状态"), "agreement"),),
        (Step("/agreements/new", level="city"),),
        nothing=N_("还没有协作协议。由用工地登记，各签约县确认。"),
    ),
    f"{_PAGE}/progress": Listing(
        "jobs.agreement.progress",
        N_("协议进度"),
        "jobs",
        f"{_HERE}/progress",
        _PROGRESS,
        _NARROWED,
        nothing=N_("协议还没有指标。"),
    ),
    f"{_PAGE}/counted": Listing(
        "jobs.agreement.counted",
        N_("协议计数清单"),
        "jobs",
        f"{_HERE}/counted",
        (
            Column("kind", N_("指标"), "code", "agreed"),
            Column("county", N_("县"), "place"),
            Column("day", N_("日期"), "day"),
            Column("employer_uscc", N_("统一社会信用代码")),
            *_REFERS,
        ),
        (*_NARROWED, Narrowing("employer", N_("统一社会信用代码"), kind="text")),
        nothing=N_("还没有计入的人和事。"),
    ),
    "/quarters": Listing(
        "jobs.quarter.list",
        N_("季度签认"),
        "jobs",
        "/jobs/v1/quarters",
        (Column("period", N_("季度"), link="/quarters/{id}"), *_STATED),
        (Narrowing("state", N_("状态"), "quarter_state"),),
        nothing=N_("还没有签报的季度。由用工地在协议页签报。"),
    ),
    f"{_QUARTER}/entries": Listing(
        "jobs.quarter.entries",
        N_("季度签认明细"),
        "jobs",
        f"{_QUARTER_HERE}/entries",
        _ENTRY,
        (Narrowing("differing", N_("只看差异"), kind="flag"),),
        nothing=N_("本季度没有增减。"),
    ),
}

RECORDS = {
    _PAGE: Record(
        "jobs.agreement.show",
        N_("协作协议"),
        "jobs",
        _HERE,
        (
            Column("title", N_("名称")),
            *_FACTS,
            Column("ended_on", N_("结束日期"), "day"),
            Column("ended_because", N_("结束原因")),
        ),
        "/agreements",
        (
            Step(f"{_PAGE}/confirm", "state", ("draft",), "county"),
            Step(f"{_PAGE}/progress"),
            Step("/quarters/new", "state", ("in_force", "ended"), "city", given=(("agreement", "id"),)),
            Step(f"{_PAGE}/targets", "state", ("draft", "in_force"), "city"),
            Step(f"{_PAGE}/correct", "state", ("draft",), "city"),
            Step(f"{_PAGE}/end", "state", ("draft", "in_force"), "city"),
        ),
        within=(
            (
                "parts",
                N_("签约县"),
                (Column("county", N_("县"), "place"), Column("confirmed_on", N_("确认日期"), "day")),
            ),
            ("targets", N_("指标分解"), _LINE),
        ),
        beside=(
            Beside("jobs.agreement.progress", N_("协议进度"), f"{_HERE}/progress", _PROGRESS),
            Beside(
                "jobs.quarter.list",
                N_("季度签认"),
                "/jobs/v1/quarters",
                (Column("period", N_("季度"), link="/quarters/{id}"), *_STATED),
                (("agreement", "id"),),
            ),
        ),
    ),
    _QUARTER: Record(
        "jobs.quarter.show",
        N_("季度签认"),
        "jobs",
        _QUARTER_HERE,
        (
            Column("agreement", N_("协议"), "id", link="/agreements/{agreement}"),
            Column("period", N_("季度")),
            *_STATED,
            Column("turn", N_("第几次签报"), "number"),
        ),
        "/quarters",
        (
            Step(f"{_QUARTER}/sign", "state", ("stated", "differs"), "county"),
            Step(f"{_QUARTER}/entries"),
            Step(
                "/quarters/new",
                "state",
                ("stated", "differs"),
                "city",
                given=(("agreement", "agreement"), ("county", "county"), ("period", "period")),
            ),
        ),
        within=(
            (
                "settled",
                N_("已裁定的差异"),
                (
                    Column("side", N_("采用对方意见的一方"), "code", "held_by"),
                    Column("kind", N_("指标"), "code", "agreed"),
                    *_REFERS,
                    Column("reason", N_("理由"), "code", "settle_reason"),
                    Column("note", N_("说明")),
                    Column("on", N_("日期"), "day"),
                ),
            ),
        ),
        beside=(Beside("jobs.quarter.entries", N_("季度签认明细"), f"{_QUARTER_HERE}/entries", _ENTRY),),
    ),
}
