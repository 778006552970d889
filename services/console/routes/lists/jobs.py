"""The employers (单位) of a city, with how to reach them where the role may know it."""

from __future__ import annotations

from services.console.rendering.words import N_
from services.console.rules.listings import Column, Listing, Narrowing, Record

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
    Column("listed_on", N_("登记日期"), "day"),
)

LISTINGS = {
    "/employers": Listing(
        "jobs.employer.list",
        N_("单位"),
        "jobs",
        "/jobs/v1/employers",
        (Column("name", N_("名称"), link="/employers/{id}"), *_FACTS),
        (Narrowing("designated", N_("定点接收单位"), kind="flag"),),
        nothing=N_("还没有单位。先导入企业名单。"),
    )
}

RECORDS = {
    "/employers/{employer}": Record(
        "jobs.employer.show",
        N_("单位"),
        "jobs",
        "/jobs/v1/employers/{employer}",
        (Column("name", N_("名称")), *_FACTS),
        "/employers",
    )
}
