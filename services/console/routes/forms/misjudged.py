"""What is done with an advert judged wrongly (误判): marked from its vacancy, decided where the firm has said so."""

from __future__ import annotations

from services.console.rendering.codes import codes_of
from services.console.rendering.words import N_
from services.console.rules.forms import Field, Form

# Codes of what could not be compared refuse nothing.
_RULES = tuple(code for code in codes_of("vetting") if code != "minimum_unknown")

FORMS = {
    "/vacancies/{vacancy}/misjudged": Form(
        "jobs.misjudgement.create",
        N_("标记误判"),
        "POST",
        "/jobs/v1/vacancies/{vacancy}/misjudged",
        (
            Field("should", N_("应当"), "choice", "should", needed=True),
            Field("codes", N_("违反"), "many", "vetting", _RULES, hint=N_("只有应退回的填")),
            Field("why", N_("理由"), "area", needed=True),
        ),
        "/misjudged/{id}",
        hint=N_("岗位状态不变，要改请重新审核；单位提出的由经办人员认定。"),
        said=N_("误判已标记。"),
    ),
    "/misjudged/{case}/decide": Form(
        "jobs.misjudgement.decide",
        N_("认定误判"),
        "POST",
        "/jobs/v1/misjudged/{case}/decide",
        (
            Field("decision", N_("认定"), "choice", "misjudged_decision", needed=True),
            Field("reason", N_("理由"), "area", needed=True),
        ),
        "/misjudged/{case}",
        hint=N_("认定后进入误判测试集。"),
        said=N_("认定意见已记录。"),
    ),
}
