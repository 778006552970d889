"""The households of a county (户), and who has come to a city (来本市人员) by the card that their county has sealed."""

from __future__ import annotations

from services.console.rendering.words import N_
from services.console.rules.listings import Column, Listing, Narrowing, Record, Step

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

_HOUSEHOLD = (
    Column("township", N_("乡镇")),
    Column("village", N_("村")),
    Column("members", N_("人口"), "number"),
    Column("burden", N_("负担分"), "number"),
    Column("closed_on", N_("无人居住自"), "day"),
)
_HOME = "/households/{household}"

LISTINGS = {
    "/households": Listing(
        "registry.household.list",
        N_("户"),
        "registry",
        "/registry/v1/households",
        (Column("head", N_("户主"), link="/households/{id}"), *_HOUSEHOLD),
        (
            Narrowing("township", N_("乡镇"), kind="text"),
            Narrowing("village", N_("村"), kind="text"),
            Narrowing("closed", N_("无人居住"), kind="flag"),
        ),
        (Step("/households/new"),),
        nothing=N_("名册里还没有户。"),
    ),
    "/guests": Listing(
        "registry.guest.list",
        N_("来本市人员"),
        "registry",
        "/registry/v1/guests",
        (Column("name", N_("姓名"), link="/guests/{id}"), *_FACTS),
        nothing=N_("还没有人来。本人同意后，户籍县会送来密封的求职卡。"),
    ),
}

RECORDS = {
    _HOME: Record(
        "registry.household.show",
        N_("户"),
        "registry",
        "/registry/v1/households/{household}",
        (Column("head", N_("户主")), *_HOUSEHOLD),
        "/households",
        (
            Step("/people/new", "closed_on", ("",), given=(("household", "household"),)),
            Step(f"{_HOME}/visit", "closed_on", ("",)),
            Step(f"{_HOME}/correct", "closed_on", ("",)),
            Step(f"{_HOME}/split", "closed_on", ("",)),
            Step(f"{_HOME}/join", "closed_on", ("",)),
        ),
        (
            (
                "residents",
                N_("户里的人"),
                (
                    Column("name", N_("姓名"), link="/people/{id}"),
                    Column("kinship", N_("与户主关系")),
                    Column("sex", N_("性别"), "code", "sex"),
                    Column("age_band", N_("年龄")),
                    Column("labourer", N_("劳动力"), "flag"),
                ),
            ),
            ("findings", N_("待核对"), (Column("code", N_("问题"), "said"),)),
        ),
    ),
    "/guests/{guest}": Record(
        "registry.guest.show",
        N_("来本市人员"),
        "registry",
        "/registry/v1/guests/{guest}",
        (Column("name", N_("姓名")), Column("number", N_("证件号码")), *_FACTS),
        "/guests",
    ),
}
