"""Why an introduction ends (原因): a closed list for each kind of end; each has its public wording."""

from __future__ import annotations

# 不接受原因: why a person says no.
DECLINE_REASONS = (
    "wage_too_low",
    "too_far",
    "family_care",
    "health",
    "found_work_elsewhere",
    "in_training",
    "not_interested",
    "partner_not_placed",
    "unreachable",
    "other",
)
# 不录用原因: why an employer says no; the list follows what placement services elsewhere have found to be asked for.
REJECT_REASONS = (
    "unreachable",
    "no_show",
    "hired_elsewhere",
    "in_training",
    "not_eligible",
    "not_mobile",
    "not_interested",
    "lacking_skills",
    "health_check",
    "obstacle_to_post",
    "no_opening",
    "duplicate",
    "deadline_passed",
    "other",
)
# 未到岗原因: whoever was hired and has not come.
NO_SHOW_REASONS = ("did_not_come", "unreachable", "not_mobile", "deadline_passed", "other")
# 取消录用原因: why a firm takes back what it has promised.
RESCIND_REASONS = ("post_gone", "not_eligible", "health_check", "other")
REFUSE_REASONS = ("priority_mismatch", "no_opening", "vacancy_withdrawn", "deadline_passed")
OBSOLETE_REASONS = ("agreed_elsewhere", "moved_up", "no_longer_held")
WITHDRAW_REASONS = ("vacancy_withdrawn", "deadline_passed")
# How work ended (离岗): home again, or elsewhere.
END_REASONS = ("returned_home", "left_work")

# 撤回同意: nobody has to say why. What it ends, it ends as a decline does; work that was found on it goes on.
CONSENT_WITHDRAWN = "consent_withdrawn"
WITHDRAWAL_REASONS = ("not_said", "changed_mind", "found_work_elsewhere", "data_misused", "other")

AGREED_ELSEWHERE = "agreed_elsewhere"
DEADLINE_PASSED = "deadline_passed"
# 录入有误: the one who took a step takes it back.
MISTAKE = "entered_by_mistake"
