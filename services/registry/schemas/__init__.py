"""The shapes on the door of the registry: reports of imports, people, guests."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field
from pydantic_core import PydanticCustomError

from libs.common.imports.schemas import UNDERWAY, Underway
from libs.common.problems import said_in_both
from libs.common.sheets.text import tidy_name
from libs.common.values import Text
from services.registry.rules.departures import Way
from services.registry.rules.names import NAME_LIMIT, name_faults
from services.registry.rules.wording import WORDS
from services.registry.schemas.undoing import UndoShown

_ID = "01890a5d-ac96-774b-bcce-b302099a8057"


def _sound_name(value: object) -> object:
    """As an import takes a name or refuses it."""
    if isinstance(value, str) and (wrong := name_faults(value)):
        raise PydanticCustomError(wrong[0], "{words}", {"words": said_in_both(*WORDS[wrong[0]])})
    return tidy_name(value) if isinstance(value, str) else value


PersonName = Annotated[Text, Field(min_length=1, max_length=NAME_LIMIT), BeforeValidator(_sound_name)]


class ImportShown(Underway):
    """导入结果: what a file held and did. `added` and `changed` people, `known` as they were; `findings` by row of the sheet."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                **UNDERWAY,
                "id": _ID,
                "kind": "people",
                "filename": "people-433124.xlsx",
                "as_of": "2016-12-31",
                "total_rows": 618,
                "accepted": 595,
                "refused": 23,
                "flagged": 64,
                "header_row": 2,
                "ignored_rows": {"1": "title"},
                "notes": [],
                "sheets": [{"sheet": "贫困人口信息", "header_row": 2, "offset": 0, "rows": 618}],
                "added": 595,
                "changed": 0,
                "known": 0,
                "findings": {"38": [{"code": "id_lost_digits", "column": "证件号码"}]},
                "households": 163,
                "labourers": 358,
                "labourers_by_township": {"花垣镇": 61},
                "not_labourers_by_reason": {"age": 187, "in_school": 96, "unable": 165},
                "labourers_by_work_place": {"县内": 71},
                "labourer_rows": [3, 4],
                "willing": None,
                "couples": None,
                "refused_rows": f"/registry/v1/imports/{_ID}/refused.xlsx",
                "undone": None,
            }
        }
    )

    id: UUID
    kind: Literal["people", "wishes"]
    as_of: date | None = Field(description="null until a file that says its day itself has been read")
    added: int
    changed: int
    known: int
    households: int | None = None
    labourers: int | None = None
    labourer_rows: list[int] | None = None
    labourers_by_township: dict[str, int] | None = None
    not_labourers_by_reason: dict[str, int] | None = None
    labourers_by_work_place: dict[str, int] | None = None
    willing: int | None = None
    couples: int | None = None
    refused_rows: str | None = Field(
        default=None, description="Address of the refused rows with reasons, null when all went in"
    )
    undone: UndoShown | None = Field(default=None, description="what taking it back did; null: it stands")


_LABOURER: dict[str, Any] = {
    "id": _ID,
    "household": "01890a5d-ac96-774b-bcce-b302099a8001",
    "name": "石**",
    "number": "433124************",
    "phone": "154********",
    "household_phone": None,
    "sex": "男",
    "age_band": "30-34",
    "township": "花垣镇",
    "village": "老寨村",
    "ethnic_group": "苗族",
    "kinship": "户主",
    "education": "初中",
    "pupil": "",
    "ability": "普通劳动力",
    "health": ["健康"],
    "labourer": True,
    "reasons": [],
    "judged_on": "2016-12-31",
    "rule": "v1",
    "older": False,
    "employed": False,
    "work_place": None,
    "channel": None,
    "groups": ["zero_employment"],
    "burden": 35,
    "willing": True,
    "visited": "2017-02-20",
    "version": 1,
}


class LabourerShown(BaseModel):
    """一人, masked: who needs the name, the number, a phone or the birth date asks for them with a purpose (`reveal`)."""

    model_config = ConfigDict(json_schema_extra={"example": _LABOURER})

    id: UUID
    household: UUID
    name: str
    number: str
    phone: str | None
    household_phone: str | None
    sex: str
    age_band: str = Field(description="年龄段 on the last 31 December")
    township: str
    village: str
    ethnic_group: str
    kinship: str
    education: str
    pupil: str
    ability: str
    health: list[str]
    labourer: bool
    reasons: list[str] = Field(description="why not: age, in_school, unable, ability_unknown; empty for a labourer")
    judged_on: date | None = Field(
        description="认定基准日: the day of the verdict, the same for everybody of the register"
    )
    rule: str | None = Field(description="the version of the rule that counts on that day")
    older: bool = Field(description="大龄: men from 50, women from 40, on the last 31 December")
    employed: bool
    work_place: str | None = Field(
        description="务工所在地: 01 township, 02 county, 03 province, 04 beyond, 99 other; null: out of work"
    )
    channel: str | None = Field(description="就业渠道: 自主就业, 帮扶就业")
    groups: list[str]
    burden: int = Field(description="household points 0-100, rule burden-1")
    willing: bool | None = Field(description="null: not visited yet")
    visited: date | None
    version: int


class ReasonShown(BaseModel):
    """One ground of identification with the fact it looked at."""

    model_config = ConfigDict(from_attributes=True)

    code: str
    holds: bool
    zh: str
    en: str


class EntryFindingShown(BaseModel):
    """Something odd that keeps nobody out (提示), with the field that it is about."""

    model_config = ConfigDict(from_attributes=True)

    code: str
    field: str
    zh: str
    en: str


class LeftShown(BaseModel):
    """减员: how and since when somebody is gone from the register."""

    way: Way
    on: date


class LabourerWithReasons(LabourerShown):
    """One person with every ground of the identification on record, and what was said at the last visit before a day."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                **_LABOURER,
                "as_of": "2016-12-31",
                "wish": {"willing": True, "destinations": ["440300"], "elsewhere": "none"},
                "identification": [
                    {"code": "age", "holds": True, "zh": "年龄在 16–59 岁之间", "en": "age within 16 to 59"}
                ],
            }
        }
    )

    as_of: date
    identification: list[ReasonShown]
    wish: dict[str, Any] | None
    left: LeftShown | None = Field(default=None, description="gone from lists, counts and the supply since that day")
    findings: list[EntryFindingShown] = Field(default=[], description="what is odd in what was just written")


class GuestShown(BaseModel):
    """外来务工人员: somebody introduced from another region, whose sealed card was opened here. An employer sees no number."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "id": _ID,
                "introduction": "01890a5d-ac96-774b-bcce-b302099a8002",
                "county": "433124",
                "vacancy": "01890a5d-ac96-774b-bcce-b302099a8003",
                "course": None,
                "name": "石**",
                "number": "433124************",
                "phone": "154********",
                "sex": "男",
                "age_band": "30-34",
                "ethnic_group": "苗族",
                "education": 2,
                "consent": "2017.1",
                "consent_on": "2017-04-15",
                "received_on": "2017-04-15",
            }
        }
    )

    id: UUID
    introduction: UUID = Field(description="of a student: the application")
    county: str
    vacancy: UUID | None = Field(description="null: came for a course")
    course: UUID | None = None
    name: str
    number: str | None
    phone: str | None
    sex: str
    age_band: str = Field(description="年龄段 on the last 31 December")
    ethnic_group: str
    education: int
    consent: str
    consent_on: date
    received_on: date
