"""Codes that several services keep, in the words of the office (代码用语): groups, schooling, what an employer offers."""

from __future__ import annotations

from collections.abc import Mapping

GROUPS: Mapping[str, str] = {
    "zero_employment": "零就业家庭",
    "zero_transfer": "零转移就业家庭",
    "disabled": "残疾人",
    "older_or_low_schooled": "大龄或低学历",
    "open": "普通名额",
}
# As a demand; of a person the first says that none is known.
SCHOOLING: Mapping[str, str] = {"0": "不限", "1": "小学", "2": "初中", "3": "高中", "4": "大专", "5": "本科"}
OFFERS: Mapping[str, str] = {"board": "包吃", "lodging": "包住", "insurance": "社保"}
# 报名 as it stands, and why.
APPLICATION_STATES: Mapping[str, str] = {
    "applied": "待录取",
    "waiting": "候补",
    "admitted": "已录取",
    "refused": "未录取",
    "dropped": "已退学",
    "completed": "已结业",
    "placed": "已上岗",
    "withdrawn": "已撤回",
}
APPLICATION_REASONS: Mapping[str, str] = {
    "age": "年龄不符",
    "education": "学历不符",
    "demands": "身体条件不符",
    "interview": "面试未通过",
    "health": "身体原因",
    "not_reached": "联系不上",
    "too_late": "已过报名截止",
    "course_closed": "培训班已停止报名或撤销",
    "course_over": "培训班已结束",
    "no_such_course": "没有这个培训班",
    "found_work": "已就业",
    "family": "家庭原因",
    "not_suitable": "不适应",
    "too_far": "太远",
    "absent": "长期缺勤",
    "discipline": "违反纪律",
    "person": "本人撤回",
    "guardian": "监护人撤回",
    "entered_by_mistake": "录入有误",
    "erased": "个人信息已删除",
    "other": "其他",
}
COURSE_KINDS: Mapping[str, str] = {"order_class": "订单班", "free": "普通班"}
COURSE_STATES: Mapping[str, str] = {"open": "报名中", "closed": "停止报名", "withdrawn": "已撤销", "ended": "已结束"}
