"""Training places (培训名额) on pages: a city's courses and who applies for them, and the courses that a county's people may apply for."""

from __future__ import annotations

from dataclasses import replace

from services.console.rendering.words import N_
from services.console.rules.listings import Beside, Column, Listing, Narrowing, Record, Step

_COURSE, _ADMISSION, _APPLICATION = "/courses/{course}", "/admissions/{application}", "/applications/{application}"
_STATE = Column("state", N_("状态"), "tag", "course")
_OFFER = (
    Column("kind", N_("种类"), "code", "course_kind"),
    Column("provider_name", N_("开办单位")),
    Column("places", N_("名额"), "number"),
    Column("places_left", N_("剩余"), "number"),
    Column("apply_by", N_("报名截止"), "day"),
    Column("starts_on", N_("开班"), "day"),
    Column("ends_on", N_("结束"), "day"),
)
_CONDITIONS = (
    Column("occupation", N_("职业中类"), "code", "occupation"),
    Column("age_min", N_("最低年龄"), "number"),
    Column("age_max", N_("最高年龄"), "number"),
    Column("education_min", N_("最低学历"), "code", "education"),
    Column("demands", N_("身体要求"), "codes", "work_demand"),
    Column("certificate", N_("考取的证书"), "code", "certificate"),
    Column("fee", N_("收费（元）"), "number"),
    Column("fee_note", N_("收什么费")),
    Column("allowance", N_("生活补助（元/月）"), "number"),
)
_NUMBERS = (
    Column("taken", N_("已录取"), "number"),
    Column("waiting", N_("候补"), "number"),
    Column("applied", N_("待录取"), "number"),
    Column("behind", N_("绑定岗位的名额"), "number"),
    Column("short", N_("岗位少于名额"), "flag"),
)
_STANDS = (
    Column("state", N_("状态"), "tag", "admission"),
    Column("reason", N_("原因"), "code", "admission_reason"),
    Column("changed_on", N_("变更日期"), "day"),
    Column("attended", N_("出勤天数"), "number"),
    Column("certificate_number", N_("证书编号")),
    Column("certificate_level", N_("等级")),
)
_ASKED = (
    Column("county", N_("户籍县"), "place"),
    Column("age", N_("年龄"), "number"),
    Column("education", N_("学历"), "code", "education"),
)
_APPLIED = (Column("applied_on", N_("报名日期"), "day", link=_ADMISSION.format(application="{id}")), *_ASKED, *_STANDS)
_OWN = (
    Column("person", N_("本人"), "person"),
    Column("city", N_("城市"), "place"),
    Column("provider_name", N_("开办单位")),
    Column("applied_on", N_("报名日期"), "day"),
    *_STANDS,
)
_STUDENT = Beside(
    "registry.guest.list",
    N_("本人"),
    "/registry/v1/guests",
    (
        Column("name", N_("姓名"), link="/guests/{id}"),
        Column("sex", N_("性别"), "code", "sex"),
        Column("age_band", N_("年龄")),
        Column("phone", N_("电话")),
    ),
    (("introduction", "id"),),
)

LISTINGS = {
    "/courses": Listing(
        "jobs.course.list",
        N_("培训班"),
        "jobs",
        "/jobs/v1/courses",
        (Column("title", N_("培训班"), link="/courses/{id}"), _STATE, *_OFFER, *_NUMBERS),
        (
            Narrowing("state", N_("状态"), "course"),
            Narrowing("kind", N_("种类"), "course_kind"),
            Narrowing("short", N_("岗位少于名额"), kind="flag"),
        ),
        (Step("/courses/new"),),
        nothing=N_("还没有培训班。企业的订单班或学校的班，登记后各县即可报名。"),
    ),
    "/admissions": Listing(
        "jobs.admission.list",
        N_("培训报名"),
        "jobs",
        "/jobs/v1/admissions",
        _APPLIED,
        (Narrowing("state", N_("状态"), "admission"),),
        nothing=N_("还没有县报名。"),
    ),
    "/training": Listing(
        "registry.course.list",
        N_("可报名培训班"),
        "registry",
        "/registry/v1/courses",
        (Column("title", N_("培训班"), link="/training/{id}"), Column("city", N_("城市"), "place"), _STATE, *_OFFER),
        (Narrowing("open", N_("可报名"), kind="flag"), Narrowing("kind", N_("种类"), "course_kind")),
        nothing=N_("还没有城市公布培训班。"),
    ),
    "/applications": Listing(
        "registry.application.list",
        N_("培训报名"),
        "registry",
        "/registry/v1/applications",
        (Column("title", N_("培训班"), link="/applications/{id}"), *_OWN),
        (Narrowing("state", N_("状态"), "admission"), Narrowing("township", N_("乡镇"), kind="text")),
        nothing=N_("还没有人报名培训班。在两后生或人员的页面上报名。"),
    ),
}

RECORDS = {
    _COURSE: Record(
        "jobs.course.show",
        N_("培训班"),
        "jobs",
        "/jobs/v1/courses/{course}",
        (
            Column("title", N_("培训班")),
            _STATE,
            *_OFFER,
            Column("provider_uscc", N_("统一社会信用代码")),
            Column("licence", N_("办学许可证号")),
            *_NUMBERS,
            *_CONDITIONS,
            Column("note", N_("说明")),
            Column("closed_on", N_("停止日期"), "day"),
            Column("closed_because", N_("停止原因")),
        ),
        "/courses",
        (
            Step(f"{_COURSE}/change", "state", ("open", "closed")),
            Step(f"{_COURSE}/close", "state", ("open",)),
            Step(f"{_COURSE}/withdraw", "state", ("open", "closed")),
        ),
        beside=(Beside("jobs.admission.list", N_("报名"), "/jobs/v1/admissions", _APPLIED, (("course", "id"),)),),
    ),
    _ADMISSION: Record(
        "jobs.admission.show",
        N_("培训报名"),
        "jobs",
        "/jobs/v1/admissions/{application}",
        (
            *(replace(each, link="") for each in _APPLIED),
            Column("restrictions", N_("做不了的"), "codes", "restriction"),
            Column("course", N_("培训班"), "id", link=_COURSE),
        ),
        "/admissions",
        (
            Step(f"{_ADMISSION}/admit", "state", ("applied", "waiting")),
            Step(f"{_ADMISSION}/refuse", "state", ("applied", "waiting")),
            Step(f"{_ADMISSION}/attendance", "state", ("admitted",)),
            Step(f"{_ADMISSION}/complete", "state", ("admitted",)),
            Step(f"{_ADMISSION}/drop", "state", ("admitted",)),
        ),
        beside=(_STUDENT,),
    ),
    "/training/{course}": Record(
        "registry.course.show",
        N_("可报名培训班"),
        "registry",
        "/registry/v1/courses/{course}",
        (Column("title", N_("培训班")), Column("city", N_("城市"), "place"), _STATE, *_OFFER, *_CONDITIONS),
        "/training",
        beside=(
            Beside(
                "registry.application.list",
                N_("本县报名"),
                "/registry/v1/applications",
                (Column("person", N_("本人"), "person"), *_STANDS),
                (("course", "id"),),
            ),
        ),
    ),
    _APPLICATION: Record(
        "registry.application.show",
        N_("培训报名"),
        "registry",
        "/registry/v1/applications/{application}",
        (
            Column("title", N_("培训班"), link="/training/{course}"),
            Column("kind", N_("种类"), "code", "course_kind"),
            *_OWN,
            Column("certificate", N_("考取的证书"), "code", "certificate"),
            Column("consented_by", N_("谁同意"), "code", "consenting"),
            Column("consent_on", N_("同意日期"), "day"),
            Column("consent", N_("同意书版本")),
            Column("recorded_by", N_("经办")),
        ),
        "/applications",
        (Step(f"{_APPLICATION}/withdraw", "state", ("applied", "waiting", "admitted", "completed")),),
    ),
}
