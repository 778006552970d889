"""Adverts judged wrongly (误判): as they stood, what should have been, and whether the present rules judge them rightly."""

from __future__ import annotations

from dataclasses import replace

from services.console.rendering.words import N_
from services.console.rules.listings import Column, Listing, Narrowing, Record, Step

_PAGE = "/misjudged/{case}"
_CASE = (
    Column("title", N_("岗位"), link="/misjudged/{id}"),
    Column("state", N_("状态"), "tag", "misjudged"),
    Column("stood", N_("原审核"), "code", "decision"),
    Column("should", N_("应当"), "tag", "should"),
    Column("codes", N_("违反"), "codes", "vetting"),
    Column("right_now", N_("现行规则判对"), "flag"),
    Column("found", N_("现行规则查出"), "codes", "vetting"),
    Column("why", N_("理由")),
    Column("by_firm", N_("单位提出"), "flag"),
    Column("marked_on", N_("标记日期"), "day"),
)

LISTINGS = {
    "/misjudged": Listing(
        "jobs.misjudgement.list",
        N_("误判"),
        "jobs",
        "/jobs/v1/misjudged",
        _CASE,
        (Narrowing("state", N_("状态"), "misjudged"), Narrowing("should", N_("应当"), "should")),
        nothing=N_("还没有标记过误判。在岗位页上标记。"),
    )
}

RECORDS = {
    _PAGE: Record(
        "jobs.misjudgement.show",
        N_("误判"),
        "jobs",
        "/jobs/v1/misjudged/{case}",
        (
            *(replace(each, link="") for each in _CASE),
            Column("shift", N_("班次")),
            Column("welfare", N_("福利")),
            Column("age_min", N_("最低年龄"), "number"),
            Column("wage", N_("月工资下限（元）"), "number"),
            Column("on", N_("审核日期"), "day"),
            Column("vacancy", N_("岗位"), "vacancy", link="/vacancies/{vacancy}"),
            Column("decided_on", N_("认定日期"), "day"),
            Column("decided_because", N_("认定意见")),
        ),
        "/misjudged",
        (Step(f"{_PAGE}/decide", "state", ("claimed",)),),
    )
}
