"""Who has come to this city (来本市人员): guests by the card that their county has sealed, after they agreed."""

from __future__ import annotations

from services.console.rendering.words import N_
from services.console.rules.listings import Column, Listing, Record

_FACTS = (
    Column("county", N_("户籍县"), "place"),
    Column("sex", N_("性别"), "code", "sex"),
    Column("age_band", N_("年龄")),
    Column("education", N_("学历"), "code", "education"),
    Column("phone", N_("电话")),
    Column("vacancy", N_("岗位"), "vacancy", link="/vacancies/{vacancy}"),
    Column("introduction", N_("介绍"), "id", link="/introductions/{introduction}"),
    Column("consent_on", N_("同意日期"), "day"),
    Column("received_on", N_("收到日期"), "day"),
)

LISTINGS = {
    "/guests": Listing(
        "registry.guest.list",
        N_("来本市人员"),
        "registry",
        "/registry/v1/guests",
        (Column("name", N_("姓名"), link="/guests/{id}"), *_FACTS),
        nothing=N_("还没有人来。本人同意后，户籍县会送来密封的求职卡。"),
    )
}

RECORDS = {
    "/guests/{guest}": Record(
        "registry.guest.show",
        N_("来本市人员"),
        "registry",
        "/registry/v1/guests/{guest}",
        (Column("name", N_("姓名")), Column("number", N_("证件号码")), *_FACTS),
        "/guests",
    )
}
