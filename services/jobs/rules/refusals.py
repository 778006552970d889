"""What jobs refuses to do, one problem each."""

from __future__ import annotations

from libs.common.problems import Conflict, Invalid, NotFound


class VacancyNotFound(NotFound):
    title = "没有这个岗位 No such vacancy"


class EmployerNotFound(NotFound):
    title = "没有这家企业 No such employer"


class VacancyWithdrawnAlready(Conflict):
    title = "岗位已撤下 The vacancy has been withdrawn"


class OtherCity(Invalid):
    title = "这是其他市的名单 This file is another city's"


class TermsRefused(Invalid):
    title = "岗位条件有误 The vacancy's terms are not valid"


class ReasonsMissing(Invalid):
    title = "须说明理由 Reasons are required"
