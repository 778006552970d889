"""The households of a county (户), and who has come to a city (来本市人员) by the card that their county has sealed."""

from __future__ import annotations

from services.console.rendering.words import N_
from services.console.rules.listings import Beside, Column, Listing, Narrowing, Record, Step

_FACTS = (
    Column("county", N_("户籍县"), "place"),
    Column("sex", N_("性别"), "code", "sex"),
    Column("age_band", N_("年龄")),
    Column("education", N_("学历"), "code", "education"),
    Column("phone", N_("电话")),
    Column("vacancy", N_("岗位"), "vacancy", link="/vacancies/{vacancy}"),
    Column("course", N_("培训班"), "id", link="/courses/{course}"),
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

_LEAVER = (
    Column("plan", N_("打算"), "tag", "leaver_plan"),
    Column("township", N_("乡镇")),
    Column("village", N_("村")),
    Column("sex", N_("性别"), "code", "sex"),
    Column("age_band", N_("年龄")),
    Column("education", N_("学历")),
    Column("training", N_("想学的")),
    Column("said_on", N_("询问日期"), "day"),
    Column("noted_by", N_("询问人")),
    Column("note", N_("说明")),
)
_ONE_LEAVER = "/leavers/{person}"

LISTINGS = {
    "/leavers": Listing(
        "registry.leaver.list",
        N_("两后生"),
        "registry",
        "/registry/v1/leavers",
        (Column("name", N_("姓名"), link="/leavers/{id}"), *_LEAVER),
        (
            Narrowing("planned", N_("已有打算"), kind="flag"),
            Narrowing("plan", N_("打算"), "leaver_plan"),
            Narrowing("township", N_("乡镇"), kind="text"),
            Narrowing("village", N_("村"), kind="text"),
        ),
        nothing=N_("没有符合条件的两后生：初中、高中毕业后未继续升学的 15–22 岁青年。"),
        counted=("/registry/v1/leavers/counts", "people"),
    ),
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
    _ONE_LEAVER: Record(
        "registry.leaver.show",
        N_("两后生"),
        "registry",
        "/registry/v1/leavers/{person}",
        (
            Column("name", N_("姓名"), link="/people/{id}"),
            *_LEAVER,
            Column("phone", N_("电话")),
            Column("household_phone", N_("家庭电话")),
            Column("willing", N_("愿意外出务工"), "flag"),
            Column("leaver", N_("两后生"), "flag"),
            Column("judged_on", N_("认定基准日"), "day"),
        ),
        "/leavers",
        (Step(f"{_ONE_LEAVER}/plan", "leaver", ("True",)), Step("/applications/new", given=(("person", "id"),))),
        (
            (
                "said",
                N_("说过的打算"),
                (
                    Column("said_on", N_("询问日期"), "day"),
                    Column("plan", N_("打算"), "code", "leaver_plan"),
                    Column("note", N_("说明")),
                    Column("noted_by", N_("询问人")),
                ),
            ),
        ),
        (
            Beside(
                "registry.application.list",
                N_("培训报名"),
                "/registry/v1/applications",
                (
                    Column("title", N_("培训班"), link="/applications/{id}"),
                    Column("city", N_("城市"), "place"),
                    Column("state", N_("状态"), "tag", "admission"),
                    Column("changed_on", N_("变更日期"), "day"),
                ),
                (("person", "id"),),
            ),
        ),
    ),
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
