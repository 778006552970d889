"""What is done for whoever is at work (稳岗): started, corrected, paid, given notice, transferred, ended; verified and served."""

from __future__ import annotations

from services.console.rendering.words import N_
from services.console.rules.forms import Field, Form

_HERE, _PAGE = "/retention/v1/spells/{spell}", "/spells/{spell}"
_GRADES = ("worker", "roster", "wage_line", "insurance")
_ENDED = ("contract_ended", "dismissed", "own_wish", "family", "other_job", "health", "unknown")
_NOTICE = ("order_shortfall", "line_closed", "contract_ends", "season_ends", "unsuitable", "firm_moves")
_ON = Field("on", N_("发生日期"), "day", needed=True, today=True)
_WAGE = Field("wage_fen", N_("月工资（元）"), "yuan", needed=True)


def _of_spell(verb: str, action: str, title: str, fields: tuple[Field, ...], said: str, hint: str = "") -> Form:
    return Form(f"retention.{action}", title, "POST", f"{_HERE}/{verb}", fields, _PAGE, hint=hint, said=said)


_HELP = "/retention/v1/help-requests/{request}"
HELP = (
    Field("category", N_("类别"), "choice", "help", needed=True),
    Field("text", N_("说的情况"), "area", needed=True),
)

FORMS = {
    "/spells/new": Form(
        "retention.spell.start",
        N_("上岗"),
        "POST",
        "/retention/v1/spells",
        (
            Field("introduction", N_("介绍编号"), "hidden"),
            Field("start", N_("上岗日期"), "day", needed=True),
            _WAGE,
            Field("assisted", N_("帮扶就业"), "flag"),
        ),
        "/spells/{id}",
        said=N_("已上岗，户籍县随即知道。"),
    ),
    f"{_PAGE}/correct": Form(
        "retention.spell.correct",
        N_("更正就业台账"),
        "PATCH",
        _HERE,
        (Field("start", N_("上岗日期"), "day"), Field("wage_fen", N_("月工资（元）"), "yuan")),
        _PAGE,
        source=_HERE,
        said=N_("已更正。"),
    ),
    f"{_PAGE}/end": _of_spell(
        "end",
        "spell.end",
        N_("离岗"),
        (
            Field("end", N_("离岗日期"), "day", needed=True),
            Field("reason", N_("原因"), "choice", "parting", _ENDED, needed=True),
            Field("returned_home", N_("已返乡"), "flag", hint=N_("返乡后户籍县重新列入求职清单")),
        ),
        N_("已记录离岗。"),
    ),
    f"{_PAGE}/wages": _of_spell(
        "wages",
        "wage.record",
        N_("登记工资"),
        (
            Field("month", N_("月份"), "month", needed=True),
            Field("amount_fen", N_("实发工资（元）"), "yuan", needed=True),
            Field("evidence", N_("凭据"), "choice", "evidence", _GRADES, needed=True),
        ),
        N_("工资已登记。"),
    ),
    f"{_PAGE}/notice": _of_spell(
        "notice",
        "risk.give_notice",
        N_("预告离岗"),
        (
            Field("on", N_("预告日期"), "day", needed=True, today=True),
            Field("last_day", N_("最后工作日"), "day", needed=True),
            Field("reason", N_("原因"), "choice", "risk_reason", _NOTICE, needed=True),
        ),
        N_("已预告，城市须在 48 小时内提出另一岗位。"),
    ),
    f"{_PAGE}/transfer": _of_spell(
        "transfer",
        "spell.transfer",
        N_("转岗"),
        (
            Field(
                "vacancy", N_("岗位"), "pick", needed=True, listed="/jobs/v1/vacancies", narrowed=(("state", "vetted"),)
            ),
            _ON,
            Field("start", N_("上岗日期"), "day", needed=True),
            _WAGE,
        ),
        N_("已转岗。"),
    ),
    "/verifications/{verification}/answer": Form(
        "retention.verification.answer",
        N_("核查结果"),
        "POST",
        "/retention/v1/verifications/{verification}/answer",
        (
            Field("outcome", N_("结果"), "choice", "verification", ("in_work", "left", "unreachable"), needed=True),
            Field("grade", N_("凭据"), "choice", "evidence", _GRADES, hint=N_("在岗时写明凭什么知道")),
            _ON,
        ),
        "/verifications",
        said=N_("核查结果已记录。"),
    ),
    "/verifications/open": Form(
        "retention.verification.open",
        N_("季初派发"),
        "POST",
        "/retention/v1/verifications",
        (Field("quarter", N_("季度"), needed=True, hint=N_("如 2017Q1")),),
        "/verifications",
        said=N_("本季核查清单已派发。"),
    ),
    "/help/new": Form(
        "retention.help.ask",
        N_("代为求助"),
        "POST",
        "/retention/v1/help-requests",
        (Field("person", N_("人员编号"), "hidden"), *HELP),
        "/help/{id}",
        said=N_("已登记求助。"),
    ),
    "/help/{request}/answer": Form(
        "retention.help.answer",
        N_("答复求助"),
        "POST",
        f"{_HELP}/answer",
        (Field("answer", N_("答复"), "area", needed=True),),
        "/help/{request}",
        source=_HELP,
        hint=N_("写已经做了什么、本人可以怎么办；本人看得到。由求助人办结。"),
        said=N_("已答复。"),
    ),
    "/help/{request}/close": Form(
        "retention.help.close",
        N_("办结求助"),
        "POST",
        f"{_HELP}/close",
        (),
        "/help/{request}",
        source=_HELP,
        hint=N_("由求助人办结：本人求助的由本人办结，代为求助的由干部办结。"),
        button=N_("办结"),
        said=N_("已办结。"),
    ),
    "/ledger/{entry}/settle": Form(
        "retention.ledger.settle",
        N_("处理重复发放"),
        "POST",
        "/retention/v1/ledger/{entry}/settle",
        (Field("settlement", N_("结果"), "choice", "settlement", needed=True), _ON),
        "/ledger",
        hint=N_("两条登记合并后，同一政策、同一期间发放了两次。核实以后写明：追回，还是不追回。"),
        said=N_("已处理。"),
    ),
    "/services/new": Form(
        "retention.service.give",
        N_("登记服务"),
        "POST",
        "/retention/v1/services",
        (
            Field("person", N_("人员编号"), "hidden"),
            Field("introduction", N_("介绍编号"), "hidden"),
            Field(
                "kind",
                N_("服务"),
                "choice",
                "given_service",
                ("training", "guidance", "introduction", "startup"),
                needed=True,
            ),
            Field("hours", N_("学时"), "number"),
            _ON,
        ),
        "/services",
        said=N_("服务已登记。"),
    ),
}
