"""For what somebody may be named (用途): a closed list, so that the trail can be read and counted."""

from __future__ import annotations

from typing import Literal, get_args

# contact 联系本人 · verification 核实身份 · correction 更正信息 · introduction 介绍上岗 · service 服务帮扶 · subsidy 补贴申领 ·
# complaint 信访投诉 · inspection 监督检查
Purpose = Literal[
    "contact", "verification", "correction", "introduction", "service", "subsidy", "complaint", "inspection"
]
PURPOSES: tuple[str, ...] = get_args(Purpose)
