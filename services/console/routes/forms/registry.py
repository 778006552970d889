"""What a county's officers and cadres put right in the register (登记册): a person's facts, on the version that was read."""

from __future__ import annotations

from libs.common.codes.lists import education_steps, register_list
from services.console.rendering.words import N_
from services.console.rules.forms import Field, Form

_HERE, _PAGE = "/registry/v1/labourers/{person}", "/people/{person}"

_FACTS = (
    Field("name", N_("姓名"), "sealed"),
    Field("phone", N_("本人电话"), "sealed"),
    Field("household_phone", N_("家庭电话"), "sealed"),
    Field("education", N_("学历"), "choice", options=tuple(education_steps())),
    Field("pupil", N_("在校生状况"), "choice", options=tuple(register_list("pupils"))),
    Field("ability", N_("劳动技能"), "choice", options=tuple(register_list("ability"))),
    Field("health", N_("健康状况"), "many", options=tuple(register_list("health"))),
    Field("low_income", N_("低保"), "flag"),
    Field("destitute", N_("特困供养"), "flag"),
    Field("work_place", N_("务工所在地"), "choice", "work_place"),
    Field("channel", N_("就业渠道"), "choice", options=tuple(register_list("channel"))),
)

FORMS = {
    f"{_PAGE}/correct": Form(
        "registry.labourer.correct",
        N_("更正登记"),
        "PATCH",
        _HERE,
        (*_FACTS, Field("on", N_("从哪天起"), "day", hint=N_("不填即今天"))),
        _PAGE,
        source=_HERE,
        hint=N_("遮盖的内容不填即不变；原来的内容保留在变更记录里。"),
        said=N_("已更正。"),
    )
}
