"""The shapes of an import (导入结果): what a sheet held, and what was found in it."""

from __future__ import annotations

from datetime import date
from typing import Literal
from uuid import UUID

from pydantic import ConfigDict, Field

from libs.common.imports.schemas import UNDERWAY, Underway


class ImportShown(Underway):
    """导入结果: what a sheet held. `known` rows were in already; `findings` by row of the sheet."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                **UNDERWAY,
                "id": "01890a5d-ac96-774b-bcce-b302099a8057",
                "kind": "vacancies",
                "city": "440300",
                "filename": "vacancies-440300.xlsx",
                "as_of": "2017-03-31",
                "total_rows": 110,
                "accepted": 109,
                "refused": 1,
                "flagged": 12,
                "header_row": 2,
                "ignored_rows": {"1": "title"},
                "notes": [],
                "sheets": [{"sheet": "岗位表", "header_row": 2, "offset": 0, "rows": 110}],
                "added": 109,
                "known": 0,
                "findings": {"40": [{"code": "openings_unclear", "column": "招聘人数"}]},
                "vetted": 101,
                "openings_vetted": 3031,
                "reserved": 17,
                "designated": None,
                "bases": None,
                "refused_rows": "/jobs/v1/imports/01890a5d-ac96-774b-bcce-b302099a8057/refused.xlsx",
            }
        }
    )

    id: UUID
    kind: Literal["employers", "vacancies"]
    city: str
    as_of: date | None = Field(description="null until a file that says its day itself has been read")
    added: int
    known: int
    vetted: int | None = None
    openings_vetted: int | None = None
    reserved: int | None = None
    designated: int | None = None
    bases: int | None = None
    refused_rows: str | None = Field(
        default=None, description="Address of the refused rows with reasons, null when all went in"
    )
