"""The shape of an employer (企业)."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field


class EmployerShown(BaseModel):
    """企业. Contact and phone are shown to officers only."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "id": "01890a5d-ac96-774b-bcce-b302099a8001",
                "city": "440300",
                "uscc": "91440300XL0000066R",
                "name": "深圳市鬼宿汽车部件有限公司",
                "district": "宝安区",
                "industry": "汽车零部件",
                "staff": 150,
                "designated": True,
                "base": True,
                "listed_on": "2017-03-31",
                "contact": None,
                "phone": None,
                "version": 1,
            }
        }
    )

    id: UUID
    city: str
    uscc: str
    name: str
    district: str
    industry: str
    staff: int | None
    designated: bool = Field(description="定点接收单位")
    base: bool = Field(description="就业扶贫基地")
    listed_on: date
    contact: str | None = None
    phone: str | None = None
    version: int
