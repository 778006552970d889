"""What is done with training places (培训名额): a city enters courses and admits, a county applies for its people and withdraws."""

from __future__ import annotations

from libs.common.codes.occupations import groups
from services.console.rendering.codes import codes_of
from services.console.rendering.words import N_
from services.console.rules.forms import Field, Form

_COURSE, _COURSE_PAGE = "/jobs/v1/courses/{course}", "/courses/{course}"
_ADMISSION, _ADMISSION_PAGE = "/jobs/v1/admissions/{application}", "/admissions/{application}"
_ON = Field("on", N_("发生日期"), "day", hint=N_("不填即今天"))
_WHY = Field("reason", N_("原因"), "area", needed=True)
REFUSALS = ("age", "education", "demands", "interview", "health", "not_reached", "other")
DROPS = ("found_work", "family", "health", "not_suitable", "too_far", "absent", "discipline", "other")
WITHDRAWALS = ("person", "guardian", "found_work", "entered_by_mistake", "other")

_TERMS = (
    Field("title", N_("培训班名称"), needed=True),
    Field("places", N_("名额"), "number", needed=True),
    Field("starts_on", N_("开班"), "day", needed=True),
    Field("ends_on", N_("结束"), "day", needed=True),
    Field("apply_by", N_("报名截止"), "day", needed=True),
    Field("occupation", N_("职业中类"), "choice", "occupation", tuple(groups())),
    Field("age_min", N_("最低年龄"), "number", hint=N_("开班之日的周岁")),
    Field("age_max", N_("最高年龄"), "number"),
    Field("education_min", N_("最低学历"), "choice", "education", ("0", "1", "2", "3", "4", "5")),
    Field("demands", N_("身体要求"), "many", "work_demand", codes_of("work_demand")),
    Field("certificate", N_("考取的证书"), "choice", "certificate", codes_of("certificate")),
    Field("fee", N_("收费（元）"), "number", hint=N_("不收费填 0；不得收押金")),
    Field("fee_note", N_("收什么费"), hint=N_("收费的必须写明")),
    Field("allowance", N_("生活补助（元/月）"), "number"),
    Field("note", N_("说明"), "area"),
    Field(
        "vacancies",
        N_("绑定的岗位"),
        "picks",
        listed="/jobs/v1/vacancies",
        narrowed=(("state", "vetted"),),
        hint=N_("订单班必选，须是本单位已审核的岗位"),
    ),
)


def _step(verb: str, title: str, *fields: Field, method: str = "POST", hint: str = "", said: str) -> Form:
    action = "attend" if verb == "attendance" else verb
    return Form(
        f"jobs.admission.{action}",
        title,
        method,
        f"{_ADMISSION}/{verb}",
        (*fields, _ON),
        _ADMISSION_PAGE,
        hint=hint,
        said=said,
    )


def _end(verb: str, title: str, hint: str, said: str) -> Form:
    return Form(
        f"jobs.course.{verb}", title, "POST", f"{_COURSE}/{verb}", (_WHY, _ON), _COURSE_PAGE, hint=hint, said=said
    )


FORMS = {
    "/courses/new": Form(
        "jobs.course.create",
        N_("登记培训班"),
        "POST",
        "/jobs/v1/courses",
        (
            Field("provider_uscc", N_("统一社会信用代码"), needed=True, hint=N_("名单中的企业，或学校的代码")),
            Field("provider_name", N_("学校名称"), hint=N_("企业不填")),
            Field("licence", N_("办学许可证号"), hint=N_("企业不填")),
            Field("kind", N_("种类"), "choice", "course_kind", needed=True),
            *_TERMS,
        ),
        "/courses/{id}",
        said=N_("培训班已登记，各县可以报名。"),
    ),
    f"{_COURSE_PAGE}/change": Form(
        "jobs.course.change",
        N_("更正培训班"),
        "PATCH",
        _COURSE,
        _TERMS,
        _COURSE_PAGE,
        source=_COURSE,
        hint=N_("名额不能少于已录取的人；增加名额后候补的人依次录取。"),
        said=N_("培训班已更正。"),
    ),
    f"{_COURSE_PAGE}/close": _end(
        "close", N_("停止报名"), N_("已报名的仍会得到答复，已录取的继续。"), N_("已停止报名。")
    ),
    f"{_COURSE_PAGE}/withdraw": _end(
        "withdraw", N_("撤销培训班"), N_("已报名、候补和已录取的人随即被告知，户籍县也会知道。"), N_("培训班已撤销。")
    ),
    f"{_ADMISSION_PAGE}/admit": _step(
        "admit", N_("录取"), hint=N_("没有名额时列入候补；有人退出后依报名先后录取。"), said=N_("已录取或列入候补。")
    ),
    f"{_ADMISSION_PAGE}/refuse": _step(
        "refuse",
        N_("不录取"),
        Field("reason", N_("原因"), "choice", "admission_reason", REFUSALS, needed=True),
        said=N_("已记录，户籍县会知道原因。"),
    ),
    f"{_ADMISSION_PAGE}/attendance": _step(
        "attendance",
        N_("登记出勤"),
        Field("days", N_("累计出勤天数"), "number", needed=True),
        method="PUT",
        said=N_("出勤已记录。"),
    ),
    f"{_ADMISSION_PAGE}/drop": _step(
        "drop",
        N_("登记退学"),
        Field("reason", N_("原因"), "choice", "admission_reason", DROPS, needed=True),
        hint=N_("名额随即空出，候补的第一人被录取。"),
        said=N_("退学已记录。"),
    ),
    f"{_ADMISSION_PAGE}/complete": _step(
        "complete",
        N_("登记结业"),
        Field("certificate_number", N_("证书编号")),
        Field("certificate_level", N_("等级")),
        said=N_("结业已记录。"),
    ),
    "/applications/new": Form(
        "registry.application.create",
        N_("报名培训班"),
        "POST",
        "/registry/v1/applications",
        (
            Field("person", N_("本人"), "hidden"),
            Field(
                "course",
                N_("培训班"),
                "pick",
                needed=True,
                listed="/registry/v1/courses",
                narrowed=(("open", "true"), ("person", "")),
                hint=N_("只列出本人符合条件、正在报名的班；没有剩余名额的先候补"),
            ),
            Field(
                "consented_by", N_("谁同意"), "choice", "consenting", needed=True, hint=N_("未满 18 周岁由监护人同意")
            ),
            Field("consent_on", N_("同意日期"), "day", today=True),
        ),
        "/applications/{id}",
        hint=N_(
            "先向本人（监护人）宣读同意书：报名时只把年龄、学历和做不了的告知该市，录取后才寄出姓名、证件号码和电话。"
        ),
        said=N_("已报名，等待该市录取。"),
    ),
    "/applications/{application}/withdraw": Form(
        "registry.application.withdraw",
        N_("撤回报名"),
        "POST",
        "/registry/v1/applications/{application}/withdraw",
        (Field("reason", N_("原因"), "choice", "admission_reason", WITHDRAWALS, needed=True), _ON),
        "/applications/{application}",
        hint=N_("名额随即空出，该市删除已收到的求职卡。"),
        said=N_("已撤回报名和同意。"),
    ),
}
