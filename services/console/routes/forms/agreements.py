"""What both sides do with an agreement (协作协议): entered, broken down, confirmed, ended; a quarter stated, signed, settled."""

from __future__ import annotations

from services.console.rendering.words import N_
from services.console.rules.forms import Field, Form

_HERE, _PAGE = "/jobs/v1/agreements/{agreement}", "/agreements/{agreement}"
_QUARTER_HERE, _QUARTER = "/jobs/v1/quarters/{quarter}", "/quarters/{quarter}"
_TERMS = (
    Field("title", N_("名称"), needed=True, hint=N_("如 济南市—湘西州劳务协作协议")),
    Field("since", N_("起始日期"), "day", needed=True),
    Field("until", N_("截止日期"), "day", needed=True),
    Field("posts", N_("就业人数"), "number"),
    Field("students", N_("接收学生"), "number"),
    Field("fairs", N_("招聘会场次"), "number"),
    Field("firms", N_("用工企业数"), "number"),
    Field("trained", N_("培训人数"), "number"),
    Field("counties", N_("签约县"), "places", hint=N_("如 花垣、古丈；不填即输出地内所有已联网的县")),
)
_ON = Field("on", N_("日期"), "day", today=True)
_KIND = Field("kind", N_("指标"), "choice", "agreed", needed=True)


def _step(path: str, action: str, title: str, *fields: Field, said: str, hint: str = "", of: str = _HERE) -> Form:
    page = _PAGE if of == _HERE else _QUARTER
    return Form(action, title, "POST", f"{of}/{path}", fields, page, hint=hint, said=said)


FORMS = {
    "/agreements/new": Form(
        "jobs.agreement.create",
        N_("登记协作协议"),
        "POST",
        "/jobs/v1/agreements",
        (Field("origin", N_("输出地"), "place", needed=True, hint=N_("如 湘西、花垣")), *_TERMS),
        "/agreements/{id}",
        hint=N_("各签约县确认以后生效；确认以前可以更正和分解。"),
        said=N_("协作协议已登记，等待各县确认。"),
    ),
    f"{_PAGE}/correct": Form(
        "jobs.agreement.change",
        N_("更正协议"),
        "PATCH",
        _HERE,
        _TERMS,
        _PAGE,
        source=_HERE,
        hint=N_("更正以后，已确认的县须重新确认。"),
        said=N_("协议已更正。"),
    ),
    f"{_PAGE}/targets": _step(
        "targets",
        "jobs.agreement.set_target",
        N_("分解指标"),
        _KIND,
        Field("target", N_("目标"), "number", needed=True, hint=N_("填 0 即取消这一项")),
        Field("year", N_("年度"), "number", hint=N_("不填即整个协议期")),
        Field("county", N_("县"), "place"),
        Field("employer_uscc", N_("统一社会信用代码"), hint=N_("分解到企业时填")),
        hint=N_("分解到年、到县，须在生效以前，并由各县重新确认；分解到企业随时可以。"),
        said=N_("指标已分解。"),
    ),
    f"{_PAGE}/confirm": _step(
        "confirm",
        "jobs.agreement.confirm",
        N_("确认协议"),
        _ON,
        hint=N_("代表本县确认双方、期限和指标；最后一个县确认即生效。"),
        said=N_("本县已确认。"),
    ),
    f"{_PAGE}/end": _step(
        "end",
        "jobs.agreement.end",
        N_("结束协议"),
        Field("reason", N_("原因"), "area", needed=True),
        _ON,
        said=N_("协议已结束。"),
    ),
    "/quarters/new": Form(
        "jobs.quarter.state",
        N_("签报季度"),
        "POST",
        "/jobs/v1/quarters",
        (
            Field("agreement", N_("协议"), "hidden"),
            Field("county", N_("县"), "place", needed=True),
            Field("period", N_("季度"), needed=True, hint=N_("如 2017Q2；已结束的季度")),
            _ON,
        ),
        "/quarters/{id}",
        hint=N_("把上次签认以来计入该县的人和事逐条报给县方；再报一次即以新的为准。"),
        said=N_("季度已签报，等待县方签认。"),
    ),
    f"{_QUARTER}/sign": _step(
        "sign",
        "jobs.quarter.sign",
        N_("核对并签认"),
        _ON,
        hint=N_("与本县清单一致即签认；不一致即告知对方哪些有差异。"),
        said=N_("已核对并答复用工地。"),
        of=_QUARTER_HERE,
    ),
    f"{_QUARTER}/accept": _step(
        "accept",
        "jobs.quarter.accept",
        N_("采用对方意见"),
        Field("kind", N_("指标"), "hidden"),
        Field("reference", N_("编号"), "hidden"),
        Field("reason", N_("理由"), "choice", "settle_reason", needed=True),
        Field("note", N_("说明"), "area", hint=N_("只留在本节点；不写姓名")),
        _ON,
        hint=N_("在明细中从有差异的那一条进入。本方没有的计入，本方多出的不再计入；理由双方都看到。"),
        said=N_("差异已裁定，新的清单已告知对方。"),
        of=_QUARTER_HERE,
    ),
}
