"""A household (户): as kept, as a list shows it, and what is wrong with it or with what is asked of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from libs.common.problems import Conflict, FieldError, NotFound
from services.registry.rules.duplicates import ELSEWHERE


@dataclass(frozen=True, kw_only=True)
class Household:
    """Nobody lives in a closed one; its number stays taken and its members' history tells of it."""

    id: UUID
    number_sealed: bytes
    number_index: bytes
    township: str
    village: str
    burden: int
    as_of: date
    closed_on: date | None = None
    version: int = 1
    batch: UUID | None = None


@dataclass(frozen=True, kw_only=True)
class ListedHousehold:
    """What a list shows: who is head of it, and how many live there."""

    id: UUID
    township: str
    village: str
    burden: int
    closed_on: date | None
    version: int
    head_sealed: bytes | None
    members: int


@dataclass(frozen=True, kw_only=True)
class Resident:
    """Somebody who lives there, as the household's page shows them."""

    id: UUID
    name_sealed: bytes
    sex: str
    birth_date: date
    kinship: str
    labourer: bool
    version: int


class HouseholdNotFound(NotFound):
    title = "登记册中没有这一户 No such household in the register"


class HouseholdClosed(Conflict):
    title = "该户已注销 This household is closed"


class HouseholdNumberTaken(Conflict):
    title = "户编号已在登记册中 This household number is in the register already"


def check_open(household: Household) -> None:
    if household.closed_on:
        raise HouseholdClosed(f"自 {household.closed_on} 起无人 Nobody lives there since {household.closed_on}.")


def refuse_taken_household(known_as: UUID | None, field: str = "number") -> HouseholdNumberTaken:
    """`known_as`: the household that has it, where the caller may see it."""
    address = f"/registry/v1/households/{known_as}" if known_as else None
    return HouseholdNumberTaken(
        "请核对户编号，或打开已有的户 Check the number, or open the household on record.",
        errors=[
            FieldError(
                f"/{field}",
                "household_no_taken",
                f"已登记：「{address}」 On record: {address}." if address else ELSEWHERE,
            )
        ],
        extensions={"known_as": address},
    )


@dataclass(frozen=True, kw_only=True)
class SyncedHousehold:
    """What a phone keeps of one: where it is; who lives there, it knows of the people."""

    id: UUID
    township: str
    village: str
    burden: int
    version: int
