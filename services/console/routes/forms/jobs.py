"""What a city's officers and its employers do with a vacancy (岗位): entered, added to, vetted, withdrawn."""

from __future__ import annotations

from libs.common.codes.occupations import groups
from services.console.rendering.codes import codes_of
from services.console.rendering.words import N_
from services.console.rules.forms import Field, Form

_HERE, _PAGE = "/jobs/v1/vacancies/{vacancy}", "/vacancies/{vacancy}"
_EDUCATION = ("0", "1", "2", "3", "4", "5")

_TERMS = (
    Field("openings", N_("招聘人数"), "number", needed=True),
    Field("wage", N_("月工资下限（元）"), "number"),
    Field("wage_max", N_("月工资上限（元）"), "number"),
    Field("occupation", N_("职业中类"), "choice", "occupation", tuple(groups())),
    Field("education_min", N_("最低学历"), "choice", "education", _EDUCATION),
    Field("age_min", N_("最低年龄"), "number"),
    Field("age_max", N_("最高年龄"), "number"),
    Field("starts_by", N_("最迟到岗"), "day"),
    Field("certificates", N_("要求的证书"), "many", "certificate", codes_of("certificate")),
    Field("accommodations", N_("便利条件"), "many", "accommodation", codes_of("accommodation")),
)

FORMS = {
    "/vacancies/new": Form(
        "jobs.vacancy.create",
        N_("登记岗位"),
        "POST",
        "/jobs/v1/vacancies",
        (
            Field("employer_uscc", N_("统一社会信用代码"), needed=True),
            Field("title", N_("岗位名称"), needed=True),
            *_TERMS,
            Field("district", N_("工作地点")),
            Field("industry", N_("行业")),
            Field("shift", N_("班次")),
            Field("welfare", N_("福利"), "area"),
        ),
        "/vacancies/{id}",
        hint=N_("保存后等待审核；工资不写明即为面议。"),
        said=N_("岗位已登记，等待审核。"),
    ),
    f"{_PAGE}/change": Form(
        "jobs.vacancy.change", N_("补充岗位"), "PATCH", _HERE, _TERMS, _PAGE, source=_HERE, said=N_("岗位已补充。")
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
