"""Why a step of an introduction is refused (办不了): each a problem that says what stands in the way."""

from __future__ import annotations

from libs.common.problems import Conflict, NotFound


class IntroductionNotFound(NotFound):
    title = "没有这条介绍 No such introduction"


class StepNotPossible(Conflict):
    title = "当前状态不能进行此步骤 This step is not possible from the present state"


class NothingToUndo(Conflict):
    title = "这一步已不能撤销 This step can no longer be undone"


class NoConsent(Conflict):
    title = "本人尚未同意，无可撤回 There is no consent to withdraw"


class PersonPlaced(Conflict):
    title = "此人已同意另一介绍 The person has already agreed to another introduction"


class AlreadyIntroduced(Conflict):
    title = "此人与该岗位已有进行中的介绍 There is an open introduction of this person to this vacancy"


class NoOpeningLeft(Conflict):
    title = "该岗位已招满 No opening is left"


class VacancyGone(Conflict):
    title = "该岗位已撤回 The vacancy has been withdrawn"


class NotSeeking(Conflict):
    title = "此人不在求职清单 The person is not on the list of those who seek"
