"""How a step is said in public (公开用语), apart from its code: plain words in Chinese and English."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Wording:
    """One text in both languages of the house."""

    zh: str
    en: str


STATES: Mapping[str, Wording] = {
    "proposed": Wording("工作人员已推荐，尚未通知本人", "Proposed by an officer; the person has not been asked yet"),
    "held": Wording("匹配已留岗，尚未通知本人", "A place is held from the matching; the person has not been asked yet"),
    "offered": Wording("已告知本人，等待答复", "Offered; waiting for the person's answer"),
    "agreed": Wording(
        "本人已同意，资料加密送往用工地", "The person has agreed; the sealed card is on its way to the city"
    ),
    "introduced": Wording(
        "用工地已收到资料，等待用人单位决定", "The city has the card; waiting for the employer's decision"
    ),
    "hired": Wording("用人单位已录用，等待到岗", "Hired; waiting for the first day of work"),
    "started": Wording("已到岗", "At work"),
    "ended": Wording("已离岗", "The work has ended"),
    "declined": Wording("本人未接受", "The person said no"),
    "obsolete": Wording("本人已有其他去处，此介绍自动失效", "No longer needed: the person has another place"),
    "rejected": Wording("用人单位未录用", "Not hired"),
    "refused": Wording("用工地核对未通过", "Not accepted by the city's check"),
    "withdrawn": Wording("已撤回", "Withdrawn"),
    "cancelled": Wording("本人同意后取消", "The person has taken the yes back"),
    "rescinded": Wording("用人单位取消录用", "The employer has taken the hire back"),
    "no_show": Wording("录用后未到岗", "Hired, but did not come"),
}

CONSENTS: Mapping[str, Wording] = {
    "2017.1": Wording(
        "我同意将我的一人一卡资料加密送往该岗位所在城市的人社部门，只用于本次介绍、就业服务和稳岗；我可以随时要求停止使用。",
        "I agree that my card is sealed and sent to the labour bureau of the vacancy's city, for this introduction, employment "
        "service and retention only; I may ask at any time that its use ends.",
    )
}

REASONS: Mapping[str, Wording] = {
    "wage_too_low": Wording("工资低于期望", "Wage too low"),
    "too_far": Wording("太远", "Too far away"),
    "family_care": Wording("需照顾家人", "Family needs care"),
    "health": Wording("身体原因", "Health"),
    "found_work_elsewhere": Wording("已自行就业", "Found work by oneself"),
    "in_training": Wording("正在培训", "In training"),
    "not_interested": Wording("本人不感兴趣", "Not interested"),
    "partner_not_placed": Wording("配偶未落实岗位", "The partner has no place"),
    "unreachable": Wording("联系不上", "Could not be reached"),
    "no_show": Wording("未到面试", "Did not come to the interview"),
    "hired_elsewhere": Wording("已被其他单位录用", "Hired elsewhere"),
    "not_eligible": Wording("不符合条件", "Not eligible"),
    "not_mobile": Wording("无法前往", "Cannot travel there"),
    "lacking_skills": Wording("技能不足", "Lacks a skill that the work needs"),
    "health_check": Wording("体检未通过", "Health check not passed"),
    "obstacle_to_post": Wording("与岗位要求有冲突", "Something stands against this post"),
    "no_opening": Wording("已招满", "No opening left"),
    "duplicate": Wording("重复介绍", "Introduced twice"),
    "priority_mismatch": Wording("资料与申报的优先分不符", "The documents do not give the priority that was declared"),
    "vacancy_withdrawn": Wording("岗位已撤回", "The vacancy was withdrawn"),
    "deadline_passed": Wording("逾期未办理", "Not done in time"),
    "agreed_elsewhere": Wording("本人已同意另一岗位", "The person agreed to another vacancy"),
    "moved_up": Wording("本人换到更满意的岗位", "The person has moved up to a vacancy they want more"),
    "no_longer_held": Wording("匹配中不再留岗", "No longer held in the matching"),
    "consent_withdrawn": Wording("本人已撤回同意", "The person has withdrawn the consent"),
    "entered_by_mistake": Wording("录入有误，已撤销", "Entered by mistake, taken back"),
    "did_not_come": Wording("约定之日未来", "Did not come on the agreed day"),
    "post_gone": Wording("岗位没有了", "The post is gone"),
    "returned_home": Wording("已返乡", "Has come home"),
    "left_work": Wording("已离岗", "Has left the work"),
    "other": Wording("其他", "Other"),
}
