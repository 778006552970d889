"""Promises beside what was kept (承诺台账): this city's as they stand, and every city's as they are told before a person says yes."""

from __future__ import annotations

from services.console.rendering.words import N_
from services.console.rules.listings import Beside, Column, Listing, Narrowing

_LINE = (
    Column("employer_name", N_("单位")),
    Column("openings", N_("名额"), "number"),
    Column("hired", N_("录用"), "number"),
    Column("came", N_("到岗"), "number"),
    Column("paid", N_("有工资记录的人"), "number"),
    Column("months", N_("整月工资记录"), "number"),
    Column("kept_share", N_("不低于承诺的月份"), "percent"),
    Column("promised_fen", N_("承诺最低工资（元/月）"), "yuan"),
    Column("paid_fen", N_("实发平均工资（元/月）"), "yuan"),
    Column("offers", N_("承诺的待遇"), "codes", "offer"),
    Column("insured", N_("有社保缴费记录的月数"), "number"),
    Column("unrecorded", N_("是否兑现没有记录"), "codes", "offer"),
)
_BY = (Narrowing("by", N_("按"), "promise_by"), Narrowing("employer", N_("统一社会信用代码"), kind="text"))
OF_EMPLOYER = Beside(
    "retention.promise.list",
    N_("承诺与兑现"),
    "/retention/v1/promises",
    (Column("title", N_("岗位")), *_LINE[1:]),
    (("employer", "uscc"),),
)

LISTINGS = {
    "/promises": Listing(
        "retention.promise.list",
        N_("承诺台账"),
        "retention",
        "/retention/v1/promises",
        (Column("title", N_("岗位"), link="/vacancies/{vacancy}"), *_LINE),
        _BY,
        nothing=N_("还没有岗位录用过人。"),
    ),
    "/promises/stated": Listing(
        "retention.promise_statement.list",
        N_("各地承诺台账"),
        "retention",
        "/retention/v1/promises/stated",
        (
            Column("title", N_("岗位")),
            *_LINE,
            Column("city", N_("城市"), "place"),
            Column("stated_on", N_("截至"), "day"),
        ),
        (*_BY, Narrowing("vacancy", N_("岗位编号"), kind="text"), Narrowing("city", N_("城市（代码）"), kind="text")),
        nothing=N_("还没有城市公布过承诺与兑现。"),
    ),
}
