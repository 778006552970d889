"""The shape of `weights.json` (matching v1, section 7): which keys there are and what may stand in them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from libs.common.problems import FieldError
from libs.common.values import INT4, Count, Text, Token

# Far above any points; so that sums and products of them stay within the kernel's 64 bits.
COUNT_MOST = INT4

Name = Annotated[Text, Field(min_length=1, max_length=64)]


def _different(names: list[str]) -> list[str]:
    if len(set(names)) != len(names):
        raise ValueError("a name twice")
    return names


Names = Annotated[list[Name], AfterValidator(_different)]


class Part(BaseModel):
    """A piece of the file. A key that nobody knows is refused, unless whoever reads says otherwise."""

    model_config = ConfigDict(extra="forbid")


class WageRamp(Part):
    numerator: Count
    denominator: Annotated[Count, Field(ge=1)]
    half_span: Count


class OccupationPoints(Part):
    same: Count
    major: Count
    other: Count
    general_floor: Count


class OfferPoints(Part):
    needed: dict[Name, Count]
    extra: Count


class WeightsFile(Part):
    """The weights of the formula as the file holds them; every key must be there."""

    version: Name
    general_occupation: Annotated[Token, StringConstraints(pattern=r"^[0-9]{1,4}-[0-9]{2}$")]
    wage: WageRamp
    occupation_utility: OccupationPoints
    destination: list[Count]
    relatives: Count
    offers: OfferPoints
    closeness: dict[Name, dict[Name, Count]]
    group_points: dict[Name, Count]
    reserve_groups: Names
    occupation_priority: OccupationPoints
    education_step: Count
    education_cap: Count
    agreement: Count
    agreements: list[tuple[Name, Name]]
    certificates: Names
    restrictions: Names
    accommodations: Names


def read_file(data: Mapping[str, Any], *, known_keys_only: bool = False) -> WeightsFile:
    """The file of these data; raises ValidationError."""
    return WeightsFile.model_validate(data, extra="forbid" if known_keys_only else "ignore")


def errors_of(refused: ValidationError) -> list[FieldError]:
    """What pydantic found, each with its JSON pointer."""
    return [FieldError(pointer_to(*each["loc"]), each["type"], each["msg"]) for each in refused.errors()]


def pointer_to(*parts: object) -> str:
    """A JSON pointer (RFC 6901)."""
    return "".join("/" + str(part).replace("~", "~0").replace("/", "~1") for part in parts)
