"""Checks of firms' hires (抽查): whose turn it is until when, what was drawn, answered and judged."""

from __future__ import annotations

from dataclasses import replace

from services.console.rendering.words import N_
from services.console.rules.listings import Beside, Column, Listing, Narrowing, Record, Step

_PAGE = "/checks/{check}"
_LINE_PAGE = f"{_PAGE}/lines/{{line}}"
_FIRM = Column("employer_name", N_("单位"), link="/employers/{employer}")
_STANDS = (
    Column("state", N_("状态"), "tag", "check"),
    Column("owner", N_("下一步由谁办"), "code", "check_owner"),
    Column("next", N_("下一步"), "code", "check_next"),
    Column("due", N_("答复期限"), "day"),
    Column("drawn", N_("抽到"), "number"),
    Column("answered", N_("已答复"), "number"),
    Column("kept", N_("兑现"), "number"),
    Column("not_kept", N_("未兑现"), "number"),
    Column("no_answer", N_("未答复"), "number"),
    Column("outcome", N_("结论"), "tag", "verdict"),
    Column("consequence", N_("处理"), "code", "consequence"),
)
OF_EMPLOYER = Beside(
    "jobs.check.list",
    N_("抽查"),
    "/jobs/v1/checks",
    (Column("asked_on", N_("发起日期"), "day", link="/checks/{id}"), *_STANDS),
    (("employer", "uscc"),),
)
_LINE = (
    Column("hired_on", N_("录用日期"), "day", link="/checks/{check}/lines/{id}"),
    Column("vacancy", N_("岗位"), "vacancy", link="/vacancies/{vacancy}"),
    Column("answer", N_("答复")),
    Column("reference", N_("材料编号")),
    Column("answered_on", N_("答复日期"), "day"),
    Column("verdict", N_("判定"), "tag", "verdict"),
    Column("why", N_("理由")),
)

LISTINGS = {
    "/checks": Listing(
        "jobs.check.list",
        N_("抽查"),
        "jobs",
        "/jobs/v1/checks",
        (_FIRM, Column("asked_on", N_("发起日期"), "day", link="/checks/{id}"), *_STANDS),
        (Narrowing("state", N_("状态"), "check"), Narrowing("employer", N_("统一社会信用代码"), kind="text")),
        (Step("/checks/new"),),
        nothing=N_("还没有抽查过单位。"),
    )
}

RECORDS = {
    _PAGE: Record(
        "jobs.check.show",
        N_("抽查"),
        "jobs",
        "/jobs/v1/checks/{check}",
        (
            _FIRM,
            *_STANDS,
            Column("since", N_("录用起"), "day"),
            Column("until", N_("录用止"), "day"),
            Column("evidence", N_("要求的材料"), "codes", "check_evidence"),
            Column("warned_on", N_("催告日期"), "day"),
            Column("closes_on", N_("最后答复日"), "day"),
            Column("concluded_because", N_("原因")),
            Column("concluded_on", N_("办结日期"), "day"),
            Column("pool", N_("录用人数"), "number"),
        ),
        "/checks",
        (Step(f"{_PAGE}/conclude", "state", ("judged",)),),
        (("lines", N_("抽到的录用"), _LINE),),
    ),
    _LINE_PAGE: Record(
        "jobs.check.show",
        N_("抽到的录用"),
        "jobs",
        "/jobs/v1/checks/{check}/lines/{line}",
        (
            *(replace(each, link="") if each.name == "hired_on" else each for each in _LINE),
            Column("judged_on", N_("判定日期"), "day"),
            Column("check", N_("抽查"), "id", link="/checks/{check}"),
            Column("introduction", N_("介绍"), "id", link="/introductions/{introduction}"),
        ),
        "/checks",
        (Step(f"{_LINE_PAGE}/answer", "verdict", ("",)), Step(f"{_LINE_PAGE}/judge", "verdict", ("",))),
    ),
}
