"""What is written of a round (轮次): it is opened, and in a month it is said how somebody works."""

from __future__ import annotations

from services.console.rendering.words import N_
from services.console.rules.forms import Field, Form

_LIST = "/rounds/{round}/people"

FORMS = {
    "/rounds/new": Form(
        "registry.round.open",
        N_("开启轮次"),
        "POST",
        "/registry/v1/rounds",
        (
            Field("kind", N_("种类"), "choice", "round_kind", needed=True),
            Field("period", N_("期"), needed=True, hint=N_("季度如 2017Q2，月度如 2017-05")),
            Field("day", N_("名单日期"), "day", hint=N_("不填即首日；当天在册的人列入名单，后来的也列入")),
            Field("due", N_("截止日期"), "day", hint=N_("不填即末日")),
        ),
        "/rounds/{id}",
        said=N_("轮次已开启，名单在后台生成。"),
    ),
    f"{_LIST}/{{person}}/work": Form(
        "registry.visit.record",
        N_("本月务工"),
        "PUT",
        "/registry/v1/rounds/{round}/labourers/{person}/work",
        (
            Field("on", N_("询问日期"), "day", hint=N_("不填即今天")),
            Field("still_there", N_("仍在原处务工"), "flag", needed=True),
            Field("work_place", N_("务工所在地"), "choice", "work_place", hint=N_("仍在原处可不填；已不务工不填")),
            Field("paid", N_("工资是否足额"), "choice", "paid"),
            Field("on_time", N_("工资是否按时"), "flag"),
            Field("confirm", N_("与登记不一致，以本次所说为准"), "flag", hint=N_("只在提示不一致、核对以后才填")),
        ),
        f"{_LIST}?state=open",
        said=N_("本月务工已记录。"),
    ),
}
