"""What a city's officers and its employers do with a vacancy (岗位): entered, added to, vetted, withdrawn."""

from __future__ import annotations

from libs.common.codes.countries import countries
from libs.common.codes.occupations import groups
from services.console.rendering.codes import codes_of
from services.console.rendering.words import N_
from services.console.rules.forms import Field, Form

_HERE, _PAGE = "/jobs/v1/vacancies/{vacancy}", "/vacancies/{vacancy}"
_EDUCATION = ("0", "1", "2", "3", "4", "5")

_WORDS = (
    Field("title", N_("岗位名称"), needed=True),
    Field("district", N_("工作地点")),
    Field("industry", N_("行业")),
    Field("shift", N_("班次")),
    Field("welfare", N_("福利"), "area"),
)
_TERMS = (
    Field("openings", N_("招聘人数"), "number", needed=True),
    Field("wage", N_("月工资下限（元）"), "number"),
    Field("wage_max", N_("月工资上限（元）"), "number"),
    Field("occupation", N_("职业中类"), "choice", "occupation", tuple(groups())),
    Field("education_min", N_("最低学历"), "choice", "education", _EDUCATION),
    Field("age_min", N_("最低年龄"), "number"),
    Field("age_max", N_("最高年龄"), "number"),
    Field("starts_by", N_("最迟到岗"), "day"),
    Field("valid_until", N_("有效期至"), "day", hint=N_("到期自动停招，续期即恢复；不填则一直招到撤下")),
    Field("certificates", N_("要求的证书"), "many", "certificate", codes_of("certificate")),
    Field("accommodations", N_("便利条件"), "many", "accommodation", codes_of("accommodation")),
)

_KINDS = (
    Field("kind", N_("岗位类别"), "choice", "post_kind", needed=True),
    Field("reserved.disabled", N_("为残疾人预留"), "number"),
    Field("reserved.zero_employment", N_("为零就业家庭预留"), "number"),
    Field("reserved.older_or_low_schooled", N_("为大龄或低学历预留"), "number"),
    Field("contract_months", N_("合同期限（月）"), "number", hint=N_("公益性岗位最长 36 个月")),
    Field("country", N_("国家或地区"), "choice", "country", tuple(countries()), hint=N_("只有境外岗位填")),
    Field("healthy", N_("境外岗位：要求身体健康"), "flag"),
    Field("passport", N_("境外岗位：护照"), "choice", "passport"),
    Field("training", N_("境外岗位：出境培训"), "choice", "abroad_training"),
)

FORMS = {
    "/vacancies/new": Form(
        "jobs.vacancy.create",
        N_("登记岗位"),
        "POST",
        "/jobs/v1/vacancies",
        (
            Field("lead", N_("线索"), "hidden"),
            Field("employer_uscc", N_("统一社会信用代码"), needed=True),
            *_WORDS,
            *_TERMS,
            *_KINDS,
        ),
        "/vacancies/{id}",
        hint=N_("保存后等待审核；工资不写明即为面议。"),
        said=N_("岗位已登记，等待审核。"),
    ),
    "/leads/new": Form(
        "jobs.lead.create",
        N_("登记线索"),
        "POST",
        "/jobs/v1/leads",
        (
            Field("source", N_("来源"), "choice", "lead_source", needed=True),
            Field("employer_name", N_("单位"), needed=True),
            Field("employer_uscc", N_("统一社会信用代码")),
            Field("title", N_("岗位名称"), needed=True),
            Field("openings", N_("招聘人数"), "number"),
            Field("wage", N_("月工资下限（元）"), "number"),
            Field("district", N_("工作地点")),
            Field("note", N_("说明"), "area", hint=N_("不写告诉的人姓名")),
            Field("heard_on", N_("听说日期"), "day", today=True),
        ),
        "/leads/{id}",
        said=N_("线索已登记。"),
    ),
    "/leads/{lead}/drop": Form(
        "jobs.lead.drop",
        N_("放弃线索"),
        "POST",
        "/jobs/v1/leads/{lead}/drop",
        (Field("reason", N_("原因"), "area", needed=True),),
        "/leads/{lead}",
        said=N_("线索已放弃。"),
    ),
    f"{_PAGE}/change": Form(
        "jobs.vacancy.change",
        N_("更正岗位"),
        "PATCH",
        _HERE,
        (*_WORDS, *_TERMS, *_KINDS),
        _PAGE,
        source=_HERE,
        hint=N_("已录用的人占着名额，招聘人数不能再少；审核规则不许写的，这里也不许。"),
        said=N_("岗位已更正。"),
    ),
    f"{_PAGE}/vet": Form(
        "jobs.vacancy.vet",
        N_("审核岗位"),
        "POST",
        f"{_HERE}/vet",
        (
            Field("decision", N_("审核意见"), "choice", "decision", ("pass", "refuse"), needed=True),
            Field("reasons", N_("不通过的理由"), "words", hint=N_("退回时写明，单位会看到")),
        ),
        _PAGE,
        said=N_("审核意见已记录。"),
    ),
    f"{_PAGE}/renew": Form(
        "jobs.vacancy.renew",
        N_("续期"),
        "POST",
        f"{_HERE}/renew",
        (Field("valid_until", N_("有效期至"), "day", hint=N_("不填即从今天起 90 天")),),
        _PAGE,
        button=N_("续期"),
        said=N_("岗位已续期。"),
    ),
    f"{_PAGE}/withdraw": Form(
        "jobs.vacancy.withdraw",
        N_("撤下岗位"),
        "POST",
        f"{_HERE}/withdraw",
        (Field("reason", N_("原因"), "area", needed=True),),
        _PAGE,
        hint=N_("所有县的清单随即去掉这个岗位；已推荐的人会被告知。"),
        said=N_("岗位已撤下。"),
    ),
}
