"""Rounds (轮次), and what one has found otherwise than the one before."""

from __future__ import annotations

from services.console.rendering.words import N_
from services.console.rules.listings import Column, Listing, Narrowing, Step

LISTINGS = {
    "/rounds": Listing(
        "registry.round.list",
        N_("走访轮次"),
        "registry",
        "/registry/v1/rounds",
        (
            Column("period", N_("期"), link="/rounds/{id}"),
            Column("kind", N_("种类"), "code", "round_kind"),
            Column("state", N_("状态"), "tag", "round"),
            Column("day", N_("名单日期"), "day"),
            Column("due", N_("截止日期"), "day"),
            Column("opened_by", N_("开启人")),
        ),
        (Narrowing("state", N_("状态"), "round"),),
        (Step("/rounds/new"),),
        nothing=N_("还没有开启轮次。"),
    ),
    "/rounds/{round}/differences": Listing(
        "registry.round.list_labourers",
        N_("与上轮比较"),
        "registry",
        "/registry/v1/rounds/{round}/differences",
        (
            Column("name", N_("姓名"), link="/people/{person}"),
            Column("township", N_("乡镇")),
            Column("village", N_("村")),
            Column("differs", N_("变化"), "tag", "differs"),
            Column("told", N_("前 → 后")),
        ),
        (Narrowing("differs", N_("变化"), "differs"),),
        nothing=N_("与上轮没有不同。"),
    ),
}
