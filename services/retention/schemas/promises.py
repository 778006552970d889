"""The shapes of the ledger of promises (承诺台账): exactly for the city and the firm itself, and as everybody is told it."""

from __future__ import annotations

from datetime import date
from typing import Any, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from libs.common.small_numbers import PersonCount, tell_share
from services.retention.rules.promises import Promise, StatedPromise, mean_fen, unrecorded

_LINE: dict[str, Any] = {
    "key": "01890a5d-ac96-774b-bcce-b302099a8060",
    "city": "440300",
    "employer_uscc": "91440300XL0000066R",
    "employer_name": "深圳市鬼宿汽车部件有限公司",
    "vacancy": "01890a5d-ac96-774b-bcce-b302099a8060",
    "title": "普工",
    "openings": 40,
    "offers": ["board", "insurance"],
    "unrecorded": ["board"],
    "hired": 30,
    "came": 25,
    "paid": 20,
    "months": 60,
    "kept": 55,
    "kept_share": 0.9167,
    "insured": 40,
    "promised_fen": 400000,
    "paid_fen": 420000,
}
_MONTHS = "whole months of work with a wage on record, of people whose post stated a wage when they were hired"
_KEPT = "of them, paid at least the lowest wage that was published when the person was hired"
_UNRECORDED = "promised, and nobody has on record whether it was kept"
_PAID = "people with such months"


class _Line(BaseModel):
    key: UUID = Field(description="the vacancy, or the firm's place in this list")
    city: str
    employer_uscc: str | None
    employer_name: str
    vacancy: UUID | None = Field(description="null: the firm as a whole")
    title: str
    openings: int = Field(description="as published last, in all")
    offers: list[str] = Field(description="published: board 包吃, lodging 包住, insurance 缴保险")
    unrecorded: list[str] = Field(description=_UNRECORDED)
    kept_share: float | None
    promised_fen: int | None = Field(description="mean of the lowest wages promised for those months")
    paid_fen: int | None = Field(description="mean of what was paid in those months")


class PromiseShown(_Line):
    """承诺与兑现 of one post, or of one firm: exactly, counted now."""

    model_config = ConfigDict(json_schema_extra={"example": _LINE})

    hired: int
    came: int = Field(description="who began to work, transfers from other posts of this city too")
    paid: int = Field(description=_PAID)
    months: int = Field(description=_MONTHS)
    kept: int = Field(description=_KEPT)
    insured: int = Field(description="of them, months known from insurance payments")

    @classmethod
    def of(cls, line: Promise) -> Self:
        facts = {name: value for name, value in vars(line).items() if name != "wages"}
        wages = line.wages
        return cls(
            **facts,
            unrecorded=unrecorded(line.offers, wages.insured),
            paid=wages.paid,
            months=wages.months,
            kept=wages.kept,
            kept_share=round(wages.kept / wages.months, 4) if wages.months else None,
            insured=wages.insured,
            promised_fen=mean_fen(wages.promised_sum_fen, wages.months),
            paid_fen=mean_fen(wages.paid_sum_fen, wages.months),
        )


class PromiseStated(_Line):
    """The same as its city has stated it to everybody; wages are null where fewer than five people's are on record."""

    model_config = ConfigDict(json_schema_extra={"example": {**_LINE, "stated_on": "2017-09-01"}})

    hired: PersonCount
    came: PersonCount
    paid: PersonCount
    months: PersonCount | None = Field(description=_MONTHS)
    kept: PersonCount | None = Field(description=_KEPT)
    insured: PersonCount | None
    stated_on: date

    @classmethod
    def of(cls, line: StatedPromise) -> Self:
        told = vars(line.told)
        facts = {name: value for name, value in vars(line).items() if name not in ("id", "told")}
        share = tell_share(line.told.kept, line.told.months)
        return cls(
            **{**told, **facts},
            key=line.id,
            unrecorded=unrecorded(line.told.offers, line.told.insured),
            kept_share=share,
        )
