"""The employers (单位) of a city: how they stand, how to reach them where the role may know it, what they offer, what was written."""

from __future__ import annotations

from dataclasses import replace

from services.console.rendering.words import N_
from services.console.routes.lists.checks import OF_EMPLOYER as CHECKS
from services.console.routes.lists.promises import OF_EMPLOYER as PROMISES
from services.console.rules.listings import Beside, Column, Listing, Narrowing, Record, Step

_PAGE, _HERE = "/employers/{employer}", "/jobs/v1/employers/{employer}"
_STATE = Column("state", N_("状态"), "tag", "employer")
_FACTS = (
    Column("uscc", N_("统一社会信用代码")),
    Column("city", N_("地区"), "place"),
    Column("district", N_("区")),
    Column("industry", N_("行业")),
    Column("staff", N_("职工人数"), "number"),
    Column("designated", N_("定点接收单位"), "flag"),
    Column("base", N_("就业扶贫基地"), "flag"),
    Column("contact", N_("联系人")),
    Column("phone", N_("电话")),
    Column("blacklisted_until", N_("失信至"), "day"),
    Column("listed_on", N_("登记日期"), "day"),
)
_DECIDED = (
    Column("licence", N_("营业执照")),
    Column("export_licence", N_("外派资格证书")),
    Column("export_licence_until", N_("外派资格有效至"), "day"),
    Column("contact_confirmed_on", N_("核实联系人"), "day"),
    Column("decided_on", N_("审核日期"), "day"),
    Column("reasons", N_("审核意见"), "words"),
    Column("appeal_by", N_("申诉截止"), "day"),
    Column("appeal", N_("申诉")),
    Column("blacklisted_because", N_("失信原因")),
)
_VACANCIES = Beside(
    "jobs.vacancy.list",
    N_("岗位"),
    "/jobs/v1/vacancies",
    (
        Column("title", N_("岗位"), link="/vacancies/{id}"),
        Column("state", N_("状态"), "tag", "vacancy"),
        Column("paused", N_("暂停"), "tag", "paused"),
        Column("openings", N_("名额"), "number"),
        Column("openings_left", N_("剩余"), "number"),
        Column("valid_until", N_("有效期至"), "day"),
    ),
    (("employer", "uscc"),),
)
_HISTORY = Beside(
    "jobs.employer.history",
    N_("变更记录"),
    f"{_HERE}/history",
    (
        Column("at", N_("时间"), "moment"),
        Column("field", N_("内容"), "code", "employer_fact"),
        Column("before", N_("原来")),
        Column("after", N_("现在")),
        Column("source", N_("来源"), "code", "origin"),
        Column("who", N_("经办")),
        Column("reason", N_("原因")),
    ),
)

_DESIGNATION = (
    Column("kind", N_("种类"), "code", "designation", link="/designations/{id}"),
    Column("since", N_("起始日期"), "day"),
    Column("until", N_("截止日期"), "day"),
    Column("by", N_("认定机关")),
    Column("promised", N_("承诺接收"), "number"),
    Column("counted", N_("已接收"), "number"),
    Column("ended_on", N_("结束日期"), "day"),
)
_FIRM = Column("employer_name", N_("单位"), link="/employers/{employer}")
_DESIGNATIONS = Beside(
    "jobs.designation.list", N_("定点与基地"), "/jobs/v1/designations", _DESIGNATION, (("employer", "uscc"),)
)

_LEAD = (
    Column("employer_name", N_("单位")),
    Column("source", N_("来源"), "code", "lead_source"),
    Column("state", N_("状态"), "tag", "lead"),
    Column("openings", N_("名额"), "number"),
    Column("wage", N_("工资（元/月）"), "number"),
    Column("district", N_("工作地点")),
    Column("heard_on", N_("听说日期"), "day"),
)
# What a vacancy begins with that a lead has become.
_KNOWN = (
    ("lead", "id"),
    ("employer_uscc", "employer_uscc"),
    ("title", "title"),
    ("openings", "openings"),
    ("wage", "wage"),
)

LISTINGS = {
    "/leads": Listing(
        "jobs.lead.list",
        N_("线索"),
        "jobs",
        "/jobs/v1/leads",
        (Column("title", N_("岗位"), link="/leads/{id}"), *_LEAD),
        (Narrowing("state", N_("状态"), "lead"), Narrowing("source", N_("来源"), "lead_source")),
        (Step("/leads/new"),),
        nothing=N_("还没有线索。听说哪里要人，先记下来。"),
    ),
    "/designations": Listing(
        "jobs.designation.list",
        N_("定点与基地"),
        "jobs",
        "/jobs/v1/designations",
        (_FIRM, *_DESIGNATION),
        (
            Narrowing("kind", N_("种类"), "designation"),
            Narrowing("running", N_("有效"), kind="flag"),
            Narrowing("employer", N_("统一社会信用代码"), kind="text"),
        ),
        (Step("/designations/new"),),
        nothing=N_("还没有认定定点接收单位或就业扶贫基地。"),
    ),
    "/employers": Listing(
        "jobs.employer.list",
        N_("单位"),
        "jobs",
        "/jobs/v1/employers",
        (Column("name", N_("名称"), link="/employers/{id}", sort="name"), _STATE, *_FACTS),
        (
            Narrowing("q", N_("名称或代码"), kind="text"),
            Narrowing("state", N_("状态"), "employer"),
            Narrowing("designated", N_("定点接收单位"), kind="flag"),
            Narrowing("base", N_("就业扶贫基地"), kind="flag"),
            Narrowing("blacklisted", N_("失信名单"), kind="flag"),
        ),
        (Step("/employers/new"),),
        nothing=N_("还没有单位。先导入企业名单，或登记单位。"),
        counted=("/jobs/v1/employers/counts", "employers"),
    ),
}

RECORDS = {
    _PAGE: Record(
        "jobs.employer.show",
        N_("单位"),
        "jobs",
        _HERE,
        (Column("name", N_("名称")), _STATE, *_FACTS, *_DECIDED),
        "/employers",
        (
            Step(f"{_PAGE}/vet", "state", ("pending", "refused")),
            Step("/vacancies/new", "state", ("listed",), given=(("employer_uscc", "uscc"),)),
            Step(f"{_PAGE}/correct", "state", ("pending", "listed", "refused")),
            Step("/designations/new", "state", ("listed",), given=(("employer_uscc", "uscc"),)),
            Step("/courses/new", "state", ("listed",), given=(("provider_uscc", "uscc"),)),
            Step("/checks/new", "state", ("listed",), given=(("employer_uscc", "uscc"),)),
            Step(f"{_PAGE}/licence", "state", ("listed",)),
            Step(f"{_PAGE}/appeal", "state", ("refused",)),
            Step(f"{_PAGE}/merge", "state", ("listed",)),
            Step(f"{_PAGE}/blacklist", "blacklisted", ("",)),
            Step(f"{_PAGE}/lift", "blacklisted", ("True",)),
        ),
        beside=(_VACANCIES, PROMISES, CHECKS, _DESIGNATIONS, _HISTORY),
    ),
    "/leads/{lead}": Record(
        "jobs.lead.show",
        N_("线索"),
        "jobs",
        "/jobs/v1/leads/{lead}",
        (
            Column("title", N_("岗位")),
            *_LEAD,
            Column("employer_uscc", N_("统一社会信用代码")),
            Column("note", N_("说明")),
            Column("noted_by", N_("经办")),
            Column("vacancy", N_("转成的岗位"), "vacancy", link="/vacancies/{vacancy}"),
            Column("closed_on", N_("结束日期"), "day"),
            Column("closed_because", N_("原因")),
        ),
        "/leads",
        (Step("/vacancies/new", "state", ("open",), given=_KNOWN), Step("/leads/{lead}/drop", "state", ("open",))),
    ),
    "/designations/{designation}": Record(
        "jobs.designation.show",
        N_("定点与基地"),
        "jobs",
        "/jobs/v1/designations/{designation}",
        (
            _FIRM,
            Column("employer_uscc", N_("统一社会信用代码")),
            *(replace(each, link="") for each in _DESIGNATION),
            Column("ended_because", N_("结束原因")),
        ),
        "/designations",
        (Step("/designations/{designation}/end", "running", ("True",)),),
    ),
}
