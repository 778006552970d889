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


class EmployerKnown(Conflict):
    title = "这家单位已在名单中 The employer is on the list already"


class EmployerNotListed(Conflict):
    title = "单位未通过审核 The employer has not passed vetting"


class EmployerMergedAlready(Conflict):
    title = "这条登记已并入另一条 This entry has been merged into another"


class EmployerBlacklisted(Conflict):
    title = "单位在失信名单中 The employer is blacklisted"


class RegistrationIncomplete(Invalid):
    title = "登记内容不全 The registration is not complete"


class NothingToAppeal(Conflict):
    title = "没有可以申诉的决定 There is no decision to appeal against"


class AppealTooLate(Conflict):
    title = "已过申诉期限 The time to appeal is over"


class DesignationNotFound(NotFound):
    title = "没有这项认定 No such designation"


class DesignationOver(Conflict):
    title = "认定已结束 The designation has ended"


class DesignatedAlready(Conflict):
    title = "该单位已有同类认定 The firm is designated as that already"


class CheckNotFound(NotFound):
    title = "没有这次抽查 No such check"


class LineNotFound(NotFound):
    title = "抽查中没有这一条 No such line in the check"


class NothingToCheck(Conflict):
    title = "没有可抽查的录用 There is nothing to check"


class LineJudged(Conflict):
    title = "这一条已判定 The line is judged already"


class LinesToJudge(Conflict):
    title = "还有没判定的 Not every line is judged"


class CheckConcluded(Conflict):
    title = "抽查已办结 The check is concluded"


class MisjudgementNotFound(NotFound):
    title = "没有这条误判 No such advert judged wrongly"


class MarkedAlready(Conflict):
    title = "已标记误判 It is marked as judged wrongly already"


class NotVetted(Conflict):
    title = "岗位没有审核意见 There is no vetting decision"


class MisjudgementDecided(Conflict):
    title = "误判已认定 It has been decided already"


class LeadNotFound(NotFound):
    title = "没有这条线索 No such lead"


class LeadClosed(Conflict):
    title = "线索已办结 The lead is closed"


class FairNotFound(NotFound):
    title = "没有这场招聘会 No such fair"


class FairOver(Conflict):
    title = "招聘会已结束 The fair is over"


class FairOpenAlready(Conflict):
    title = "招聘会已开放报名 The fair is open already"


class FairEmpty(Conflict):
    title = "招聘会还没有参会单位 No firm comes to the fair yet"


class FairFull(Conflict):
    title = "展位已满 The fair has no booth left"


class BoothNotFound(NotFound):
    title = "没有这个展位 No such booth"


class AgreementNotFound(NotFound):
    title = "没有这份协议 No such agreement"


class AgreementKnown(Conflict):
    title = "已有同样的协议 There is this agreement already"


class AgreementFixed(Conflict):
    title = "协议已生效或已结束 The agreement is in force or has ended"


class AgreementOver(Conflict):
    title = "协议已结束 The agreement has ended"


class NotAParty(Conflict):
    title = "本节点不是这一方 This node is not that party"


class QuarterNotFound(NotFound):
    title = "没有这份季度签报 No such quarterly statement"


class QuarterSigned(Conflict):
    title = "该季度双方已签认 Both sides have signed this quarter"


class NothingToSettle(Conflict):
    title = "没有差异可裁 There is no difference to settle"


class CourseNotFound(NotFound):
    title = "没有这个培训班 No such course"


class CourseRefused(Invalid):
    title = "培训班内容有误 The course's terms are not valid"


class CourseClosed(Conflict):
    title = "培训班不再办理 The course takes this no more"


class AdmissionNotFound(NotFound):
    title = "没有这份报名 No such application"


class AdmissionStands(Conflict):
    title = "这一步现在不能办理 This step does not follow from where the application stands"
