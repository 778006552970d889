"""What a run came to, and what became of introductions (匹配结果、到岗情况): people with why, vacancies with their points, firms."""

from __future__ import annotations

from services.console.rendering.words import N_
from services.console.rules.listings import Column, Listing, Narrowing

_POST = (Column("title", N_("岗位")), Column("employer_name", N_("单位")))

LISTINGS = {
    "/runs/{run}/people": Listing(
        "matching.run.people",
        N_("本轮人员"),
        "matching",
        "/matching/v1/runs/{run}/people",
        (
            Column("person", N_("人员"), "person"),
            Column("placed", N_("已安置"), "flag"),
            Column("state", N_("状态"), "tag", "introduction"),
            *_POST,
            Column("city", N_("去往"), "place"),
            Column("suitable", N_("合适的岗位"), "number"),
            Column("why", N_("说明"), "said"),
        ),
        (Narrowing("placed", N_("已安置"), kind="flag"),),
        nothing=N_("本县没有人参加这一轮。求职清单上愿意外出的人随召集参加。"),
    ),
    "/runs/{run}/vacancies": Listing(
        "matching.run.vacancies",
        N_("本轮岗位"),
        "matching",
        "/matching/v1/runs/{run}/vacancies",
        (
            *_POST,
            Column("openings", N_("本轮名额"), "number"),
            Column("placed", N_("已安置"), "number"),
            Column("left", N_("剩余"), "number"),
            Column("reserved", N_("预留名额"), "number"),
            Column("placed_reserved", N_("预留已用"), "number"),
            Column("cutoff", N_("录取最低分"), "number"),
        ),
        nothing=N_("本市没有给这一轮名额。"),
    ),
    "/outcomes": Listing(
        "matching.outcome.list",
        N_("到岗情况"),
        "matching",
        "/matching/v1/outcomes",
        (
            Column("name", N_("单位")),
            Column("introduced", N_("已介绍"), "number"),
            Column("hired", N_("录用"), "number"),
            Column("came", N_("到岗"), "number"),
            Column("no_show", N_("未到岗"), "number"),
            Column("rescinded", N_("取消录用"), "number"),
            Column("cancelled", N_("本人取消"), "number"),
            Column("rejected", N_("不录用"), "number"),
        ),
        nothing=N_("还没有介绍送到单位，所以没有到岗情况。"),
    ),
}
