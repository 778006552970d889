"""Who is at work and what is done for them (在岗): spells with wages, risks with their clock, verifications, services, claims."""

from __future__ import annotations

from services.console.rendering.words import N_
from services.console.rules.listings import Column, Listing, Narrowing, Record, Step

_PERSON = Column("person", N_("人员"), "person")
_COUNTY = Column("county", N_("户籍县"), "place")
_CITY = Column("city", N_("城市"), "place")
_PAGE = "/spells/{spell}"

_SPELL = (
    _COUNTY,
    _CITY,
    Column("start", N_("上岗日期"), "day"),
    Column("wage_fen", N_("月工资（元）"), "yuan"),
    Column("assisted", N_("帮扶就业"), "flag"),
    Column("end", N_("离岗日期"), "day"),
    Column("reason", N_("原因"), "code", "parting"),
)
_RISK = (
    Column("state", N_("状态"), "tag", "risk", link="/risks/{id}"),
    Column("reason", N_("原因"), "code", "risk_reason"),
    Column("on", N_("预告日期"), "day"),
    Column("last_day", N_("最后工作日"), "day"),
    Column("deadline", N_("办理期限"), "moment"),
    Column("hours_left", N_("剩余小时"), "number"),
)
_CLAIM = (
    Column("state", N_("状态"), "tag", "claim", link="/claims/{id}"),
    _PERSON,
    Column("policy", N_("政策"), "code", "policy"),
    Column("period", N_("期间")),
    Column("amount_fen", N_("金额（元）"), "yuan"),
    Column("on", N_("申领日期"), "day"),
    Column("decided_on", N_("裁定日期"), "day"),
    Column("reason", N_("原因"), "code", "claim_reason"),
)

_HELP = (
    Column("state", N_("状态"), "tag", "help_state"),
    Column("by_person", N_("本人求助"), "flag"),
    Column("asked_on", N_("求助日期"), "day"),
    Column("answered_at", N_("答复时间"), "moment"),
    Column("closed_at", N_("办结时间"), "moment"),
)

LISTINGS = {
    "/spells": Listing(
        "retention.spell.list",
        N_("就业台账"),
        "retention",
        "/retention/v1/spells",
        (_PERSON, *_SPELL, Column("id", N_("详情"), "id", link="/spells/{id}")),
        (Narrowing("open", N_("在岗"), kind="flag"), Narrowing("employer", N_("统一社会信用代码"), kind="text")),
        nothing=N_("还没有人上岗。录用后在介绍页上登记上岗。"),
    ),
    "/risks": Listing(
        "retention.risk.list",
        N_("48 小时转岗"),
        "retention",
        "/retention/v1/risks",
        (*_RISK, Column("spell", N_("就业台账"), "id", link="/spells/{spell}")),
        nothing=N_("没有人被预告离岗。"),
    ),
    "/verifications": Listing(
        "retention.verification.list",
        N_("核查"),
        "retention",
        "/retention/v1/verifications",
        (
            _PERSON,
            _COUNTY,
            _CITY,
            Column("quarter", N_("季度")),
            Column("owner", N_("负责方"), "place"),
            Column("outcome", N_("结果"), "tag", "verification"),
            Column("grade", N_("凭据"), "code", "evidence"),
            Column("answered_on", N_("核查日期"), "day"),
            Column("id", N_("办理"), "id", link="/verifications/{id}/answer"),
        ),
        (Narrowing("quarter", N_("季度"), kind="quarter"), Narrowing("answered", N_("已核查"), kind="flag")),
        (Step("/verifications/open"),),
        nothing=N_("本季还没有派发核查清单。"),
    ),
    "/services": Listing(
        "retention.service.list",
        N_("服务记录"),
        "retention",
        "/retention/v1/services",
        (
            _PERSON,
            Column("kind", N_("服务"), "code", "given_service"),
            Column("topic", N_("内容")),
            Column("hours", N_("学时"), "number"),
            Column("on", N_("日期"), "day"),
            Column("region", N_("提供方"), "place"),
        ),
        (Narrowing("kind", N_("服务"), "given_service"),),
        nothing=N_("还没有服务记录。在人员页上登记服务。"),
    ),
    "/help": Listing(
        "retention.help.list",
        N_("求助"),
        "retention",
        "/retention/v1/help-requests",
        (Column("category", N_("类别"), "code", "help", link="/help/{id}"), _PERSON, *_HELP),
        (Narrowing("state", N_("状态"), "help_state"), Narrowing("category", N_("类别"), "help")),
        nothing=N_("没有人求助。"),
    ),
    "/ledger": Listing(
        "retention.ledger.list",
        N_("补贴台账"),
        "retention",
        "/retention/v1/ledger",
        (
            _PERSON,
            Column("policy", N_("政策"), "code", "policy"),
            Column("period", N_("期间")),
            Column("region", N_("发放方"), "place"),
            Column("amount_fen", N_("金额（元）"), "yuan"),
            Column("on", N_("发放日期"), "day"),
            Column("paid_twice", N_("重复发放"), "flag"),
            Column("settled_as", N_("处理"), "code", "settlement"),
            Column("settled_by", N_("经办")),
        ),
        (Narrowing("to_settle", N_("重复发放待处理"), kind="flag"),),
        nothing=N_("还没有发放过补贴。"),
    ),
    "/claims": Listing(
        "retention.claim.list",
        N_("补贴申领"),
        "retention",
        "/retention/v1/claims",
        _CLAIM,
        (Narrowing("state", N_("状态"), "claim", ("open", "asked", "granted", "refused")),),
        nothing=N_("还没有申领。"),
    ),
}

RECORDS = {
    _PAGE: Record(
        "retention.spell.show",
        N_("就业台账"),
        "retention",
        "/retention/v1/spells/{spell}",
        (
            _PERSON,
            *_SPELL,
            Column("employer_uscc", N_("统一社会信用代码")),
            Column("introduction", N_("介绍"), "id", link="/introductions/{introduction}"),
            Column("vacancy", N_("岗位"), "vacancy", link="/vacancies/{vacancy}"),
            Column("previous", N_("上一段"), "id", link="/spells/{previous}"),
        ),
        "/spells",
        tuple(Step(f"{_PAGE}/{verb}", "end", ("",)) for verb in ("wages", "notice", "transfer", "end", "correct")),
        (
            (
                "wages",
                N_("工资"),
                (
                    Column("month", N_("月份")),
                    Column("amount_fen", N_("实发工资（元）"), "yuan"),
                    Column("evidence", N_("凭据"), "code", "evidence"),
                ),
            ),
        ),
    ),
    "/risks/{risk}": Record(
        "retention.risk.show",
        N_("48 小时转岗"),
        "retention",
        "/retention/v1/risks/{risk}",
        (
            *_RISK[1:],
            Column("state", N_("状态"), "tag", "risk"),
            Column("spell", N_("就业台账"), "id", link="/spells/{spell}"),
            Column("vacancy", N_("岗位"), "vacancy", link="/vacancies/{vacancy}"),
            Column("answered_on", N_("处理日期"), "day"),
            Column("rule", N_("规则")),
        ),
        "/risks",
        (Step("/spells/{spell}/transfer", "answered_on", ("",)), Step("/spells/{spell}/end", "answered_on", ("",))),
    ),
    "/help/{request}": Record(
        "retention.help.show",
        N_("求助"),
        "retention",
        "/retention/v1/help-requests/{request}",
        (
            _PERSON,
            Column("category", N_("类别"), "code", "help"),
            Column("text", N_("说的情况")),
            *_HELP,
            Column("answer", N_("答复")),
            Column("answered_by", N_("经办")),
        ),
        "/help",
        (
            Step("/help/{request}/answer", "state", ("open", "answered")),
            Step("/help/{request}/close", "state", ("answered",)),
        ),
    ),
    "/claims/{claim}": Record(
        "retention.claim.show",
        N_("补贴申领"),
        "retention",
        "/retention/v1/claims/{claim}",
        (
            *_CLAIM[1:],
            Column("state", N_("状态"), "tag", "claim"),
            Column("region", N_("受理方"), "place"),
            Column("introduction", N_("介绍"), "id", link="/introductions/{introduction}"),
        ),
        "/claims",
    ),
}
