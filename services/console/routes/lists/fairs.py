"""Job fairs (招聘会): those that this node hosts with their firms, and those of all partners with posts, people and results."""

from __future__ import annotations

from services.console.rendering.words import N_
from services.console.rules.listings import Beside, Column, Listing, Narrowing, Record, Step

_HOSTED, _HOSTED_AT = "/hosted-fairs/{fair}", "/jobs/v1/fairs/{fair}"
_PAGE, _HERE = "/fairs/{fair}", "/matching/v1/fairs/{fair}"
_STATE = Column("state", N_("状态"), "tag", "fair")
_WHERE = (Column("day", N_("日期"), "day"), Column("place", N_("地点"), "place"), Column("venue", N_("场地")), _STATE)
_FIRM = (
    Column("employer_name", N_("单位")),
    Column("employer_uscc", N_("统一社会信用代码")),
    Column("city", N_("城市"), "place"),
)
_AHEAD = ("planned", "open")
_FILTERS = (Narrowing("state", N_("状态"), "fair"), Narrowing("since", N_("从哪天起"), kind="day"))

VISITORS = Listing(
    "matching.fair.list_visitors",
    N_("参会人员"),
    "matching",
    f"{_HERE}/visitors",
    (
        Column("person", N_("姓名"), "person"),
        Column("township", N_("乡镇")),
        Column("signed_up_on", N_("报名日期"), "day"),
        Column("came_on", N_("到场日期"), "day"),
        Column("title", N_("签约岗位"), link="/introductions/{introduction}"),
        Column("employer_name", N_("单位")),
        Column("state", N_("介绍状态"), "tag", "introduction"),
    ),
    (Narrowing("came", N_("到场"), kind="flag"),),
    nothing=N_("还没有人报名。"),
)
_POSTS = Beside(
    "matching.fair.show",
    N_("参会岗位"),
    f"{_HERE}/vacancies",
    (
        Column("title", N_("岗位")),
        Column("employer_name", N_("单位")),
        Column("openings_left", N_("剩余"), "number"),
        Column("wage", N_("工资（元/月）"), "number"),
        Column("starts_by", N_("最迟到岗"), "day"),
    ),
)

_SCANNED = Listing(
    "registry.self_sign_up.list",
    N_("扫码报名"),
    "registry",
    "/registry/v1/fairs/{fair}/self-sign-ups",
    (
        Column("name", N_("姓名"), link="/fairs/{fair}/scanned/{id}"),
        Column("phone", N_("电话")),
        Column("given_at", N_("时间"), "moment", link="/fairs/{fair}/scanned/{id}"),
        Column("state", N_("状态"), "tag", "self_sign_up"),
        Column("forget_on", N_("保留至"), "day"),
    ),
    (Narrowing("state", N_("状态"), "self_sign_up"),),
    nothing=N_("还没有人扫码报名。"),
)

LISTINGS = {
    "/hosted-fairs": Listing(
        "jobs.fair.list",
        N_("主办的招聘会"),
        "jobs",
        "/jobs/v1/fairs",
        (Column("title", N_("招聘会"), link="/hosted-fairs/{id}"), *_WHERE, Column("booths", N_("参会单位"), "number")),
        _FILTERS,
        (Step("/hosted-fairs/new"),),
        nothing=N_("还没有主办招聘会。"),
    ),
    "/fairs": Listing(
        "matching.fair.list",
        N_("招聘会"),
        "matching",
        "/matching/v1/fairs",
        (Column("title", N_("招聘会"), link="/fairs/{id}"), Column("city", N_("主办"), "place"), *_WHERE),
        _FILTERS,
        nothing=N_("还没有招聘会。"),
    ),
    f"{_PAGE}/visitors": VISITORS,
    f"{_PAGE}/scanned": _SCANNED,
}

RECORDS = {
    _HOSTED: Record(
        "jobs.fair.show",
        N_("主办的招聘会"),
        "jobs",
        _HOSTED_AT,
        (
            Column("title", N_("招聘会")),
            *_WHERE,
            Column("booths", N_("参会单位"), "number"),
            Column("closed_because", N_("取消原因")),
            Column("entered_by", N_("经办")),
        ),
        "/hosted-fairs",
        (
            Step(f"{_HOSTED}/booths", "state", _AHEAD),
            Step(f"{_HOSTED}/guests", "state", _AHEAD),
            Step(f"{_HOSTED}/open", "state", ("planned",)),
            Step(_PAGE),
            Step(f"{_HOSTED}/correct", "state", _AHEAD),
            Step(f"{_HOSTED}/remove", "state", _AHEAD),
            Step(f"{_HOSTED}/cancel", "state", _AHEAD),
        ),
        within=(("firms", N_("参会单位"), (*_FIRM, Column("posts", N_("在招岗位"), "words"))),),
    ),
    _PAGE: Record(
        "matching.fair.show",
        N_("招聘会"),
        "matching",
        _HERE,
        (
            Column("title", N_("招聘会")),
            Column("city", N_("主办"), "place"),
            *_WHERE,
            Column("closed_because", N_("取消原因")),
        ),
        "/fairs",
        (
            Step(f"{_PAGE}/desk", "state", ("open", "held"), "county"),
            Step(f"{_PAGE}/visitors", level="county"),
            Step(f"{_PAGE}/scanned", level="county"),
            Step(f"{_PAGE}/poster", level="county"),
            Step(f"{_PAGE}/gate", level="county"),
            Step(f"{_PAGE}/results"),
        ),
        within=(("firms", N_("参会单位"), _FIRM),),
        beside=(_POSTS,),
    ),
    f"{_PAGE}/results": Record(
        "matching.fair.results",
        N_("招聘会结果"),
        "matching",
        f"{_HERE}/results",
        (Column("title", N_("招聘会"), link="/fairs/{fair}"), Column("day", N_("日期"), "day")),
        "/fairs",
        within=(
            (
                "by_firm",
                N_("分单位"),
                (
                    Column("employer_name", N_("单位")),
                    Column("signed", N_("现场签约"), "number"),
                    Column("hired", N_("录用"), "number"),
                    Column("started", N_("到岗"), "number"),
                ),
            ),
            (
                "by_origin",
                N_("分来源地"),
                (
                    Column("county", N_("户籍县"), "place"),
                    Column("township", N_("乡镇")),
                    Column("signed_up", N_("报名"), "number"),
                    Column("came", N_("到场"), "number"),
                    Column("signed", N_("现场签约"), "number"),
                    Column("hired", N_("录用"), "number"),
                ),
            ),
        ),
    ),
}
