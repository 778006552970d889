"""What a labourer says of herself (本人申报): phone and wish, which hold at once, and whatever else should be put right."""

from __future__ import annotations

from libs.common.codes.lists import education_steps, register_list
from libs.common.codes.occupations import words_of_wishes
from services.console.rendering.words import N_
from services.console.routes.forms.registry import WISH
from services.console.routes.forms.retention import HELP
from services.console.rules.forms import Field, Form

_ME, _PAGE = "/registry/v1/labourers/{me}", "/my"

FORMS = {
    "/my/phone": Form(
        "registry.labourer.state_phone",
        N_("改我的电话"),
        "PUT",
        f"{_ME}/phone",
        (Field("phone", N_("本人电话"), needed=True, hint=N_("11 位手机号，改了马上生效")),),
        _PAGE,
        said=N_("电话已改好。"),
    ),
    "/my/wish": Form(
        "registry.labourer.state_wish",
        N_("我想找的工作"),
        "PUT",
        f"{_ME}/wish",
        (
            Field("wish.willing", N_("愿意外出务工"), "flag", needed=True),
            Field("wish.unwilling_reason", N_("不愿外出的原因"), "choice", "unwilling_reason"),
            Field("wish.destinations", N_("想去的地方"), "places", hint=N_("按先后，如 深圳、长沙、浙江")),
            Field("wish.occupation", N_("想做的工种"), "choice", options=words_of_wishes()),
            Field("wish.wage_expected", N_("期望月工资（元）"), "number"),
            Field("wish.wage_minimum", N_("最低月工资（元）"), "number"),
            Field("wish.available_from", N_("何时能走"), "day"),
            Field("wish.needs", N_("要求"), "many", "need", WISH["need"]),
        ),
        _PAGE,
        source=_ME,
        hint=N_("今天起生效，按它给您推荐岗位。"),
        said=N_("已记下您想找的工作。"),
    ),
    "/my/help": Form(
        "retention.help.ask",
        N_("我要求助"),
        "POST",
        "/retention/v1/help-requests",
        HELP,
        _PAGE,
        hint=N_("例如工资没发、受了伤、孩子上学。县里会有人答复，结果在“我的信息”里看。"),
        said=N_("已交给县里，答复会写在这里。"),
    ),
    "/my/correct": Form(
        "registry.correction.request",
        N_("登记的不对"),
        "POST",
        f"{_ME}/correction-requests",
        (
            Field("name", N_("姓名")),
            Field("number", N_("证件号码")),
            Field("household_phone", N_("家庭电话")),
            Field("education", N_("学历"), "choice", options=tuple(education_steps())),
            Field("ability", N_("劳动技能"), "choice", options=register_list("ability")),
            Field("work_place", N_("现在在哪里务工"), "choice", "work_place"),
            Field("work_employer", N_("务工企业")),
            Field("reason", N_("说明"), "area", hint=N_("哪里不对、为什么；改证件号码必须写")),
        ),
        _PAGE,
        hint=N_("只填不对的那几项，写上正确的。干部核对以后才改，结果在“我的信息”里看。"),
        said=N_("已交给干部核对。"),
    ),
}
