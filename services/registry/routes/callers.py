"""Who may come in, and what every list of people may be asked for."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query

from libs.common.values import Day

AsOf = Annotated[
    Day | None,
    Query(
        description="The day whose situation and wishes are shown; today in Shanghai when left out. Ages do not follow it",
        examples=["2016-12-31"],
    ),
]
