"""What the registry announces: labourers as facts without names, applications for courses, sealed cards, guests, and its figures."""

from __future__ import annotations

from datetime import date
from typing import ClassVar
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from libs.common.events.envelope import Audience, Event


class Wish(BaseModel):
    """求职意愿, what a person said at the visit; names of places are codes, wages yuan a month. Source: wishes sheet.

    `fellows` is the group of one village with which the person travels (结伴小组): an id, whose name stays with this register.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    visited: date
    willing: bool
    unwilling_reason: str | None = None
    destinations: tuple[str, ...] = ()
    elsewhere: str = "none"
    refused: tuple[str, ...] = ()
    occupation: str | None = None
    wage_expected: int | None = None
    wage_minimum: int | None = None
    available_from: date | None = None
    experience: int = 0
    certificates: tuple[str, ...] = ()
    restrictions: tuple[str, ...] = ()
    accommodations: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    together: str | None = None
    partner: UUID | None = None
    fellows: UUID | None = None
    relatives_city: str | None = None
    zero_employment: bool = False
    training: str | None = None


class LabourerRecorded(Event):
    """The whole state of one person of the register, without any direct identifier. Stays at home.

    Whoever has left the register (减员) is no labourer any more: `left` says how, `left_on` since when.
    """

    TYPE: ClassVar[str] = "registry.labourer.recorded.v1"
    AUDIENCE: ClassVar[Audience] = "home"
    AGGREGATE: ClassVar[str] = "registry.labourer"

    person: UUID
    household: UUID
    county: str
    township: str
    birth_date: date
    education: int
    labourer: bool
    reasons: tuple[str, ...] = ()
    employed: bool
    work_place: str | None = None
    channel: str | None = None
    groups: tuple[str, ...] = ()
    burden: int = 0
    wish: Wish | None = None
    left: str | None = None
    left_on: date | None = None
    on: date

    def key(self) -> str:
        return str(self.person)


class WorkChecked(Event):
    """务工月监测: what was said in a month of a person's work and pay (`paid`: full, part, none). Stays at home.

    The situation itself, where it is another one by this, comes as LabourerRecorded.
    """

    TYPE: ClassVar[str] = "registry.work.checked.v1"
    AUDIENCE: ClassVar[Audience] = "home"
    AGGREGATE: ClassVar[str] = "registry.labourer"

    person: UUID
    month: str
    still_there: bool
    work_place: str | None = None
    paid: str | None = None
    on_time: bool | None = None
    on: date

    def key(self) -> str:
        return str(self.person)


class LabourerErased(Event):
    """The register has forgotten this person; every service of the node does the same and says so. Stays at home."""

    TYPE: ClassVar[str] = "registry.labourer.erased.v1"
    AUDIENCE: ClassVar[Audience] = "home"
    AGGREGATE: ClassVar[str] = "registry.labourer"

    person: UUID
    on: date

    def key(self) -> str:
        return str(self.person)


class LabourersMerged(Event):
    """Two people of the register are one (合并): what hangs on `goes` hangs on `stays` from now on. Stays at home.

    Facts of `stays` come with LabourerRecorded, and `goes` is no labourer any more (`left` is `merged`). `merge` is its id.
    """

    TYPE: ClassVar[str] = "registry.labourers.merged.v1"
    AUDIENCE: ClassVar[Audience] = "home"
    AGGREGATE: ClassVar[str] = "registry.labourer"

    merge: UUID
    goes: UUID
    stays: UUID
    on: date

    def key(self) -> str:
        return str(self.stays)


class LabourersUnmerged(Event):
    """They are two again (撤销合并): what was recorded of `goes` is theirs again, whatever came since stays. Stays at home."""

    TYPE: ClassVar[str] = "registry.labourers.unmerged.v1"
    AUDIENCE: ClassVar[Audience] = "home"
    AGGREGATE: ClassVar[str] = "registry.labourer"

    merge: UUID
    goes: UUID
    stays: UUID
    on: date

    def key(self) -> str:
        return str(self.stays)


class CardSealed(Event):
    """A person's card (一人一卡), sealed to the destination's key after the recorded consent."""

    TYPE: ClassVar[str] = "registry.card.sealed.v1"
    AUDIENCE: ClassVar[Audience] = "to"
    AGGREGATE: ClassVar[str] = "registry.card"

    introduction: UUID
    county: str
    consent_on: date
    card: str
    # Of an application for a training place: `introduction` is its id.
    course: UUID | None = None

    def key(self) -> str:
        return str(self.introduction)


class CardErased(Event):
    """City to county: after the withdrawal of a consent the card is gone here, and one that comes late is not opened."""

    TYPE: ClassVar[str] = "registry.card.erased.v1"
    AUDIENCE: ClassVar[Audience] = "to"
    AGGREGATE: ClassVar[str] = "registry.card"

    introduction: UUID
    county: str
    on: date

    def key(self) -> str:
        return str(self.introduction)


class ApplicationSent(Event):
    """County to city: how an application for a training place (报名) stands at home, with the facts that conditions need and no name.

    States: applied, withdrawn, placed; `turn` is the number of the county's word. `age` is that of the course's first day.
    """

    TYPE: ClassVar[str] = "registry.application.sent.v1"
    AUDIENCE: ClassVar[Audience] = "to"
    AGGREGATE: ClassVar[str] = "registry.application"

    application: UUID
    county: str
    city: str
    course: UUID
    state: str
    reason: str | None = None
    age: int
    education: int
    restrictions: tuple[str, ...] = ()
    consent: str
    consent_on: date
    applied_on: date
    turn: int
    on: date

    def key(self) -> str:
        return str(self.application)


class GuestReceived(Event):
    """外来务工人员: a card was opened here; the facts on which priority was computed, and no name."""

    TYPE: ClassVar[str] = "registry.guest.received.v1"
    AUDIENCE: ClassVar[Audience] = "home"
    AGGREGATE: ClassVar[str] = "registry.guest"

    introduction: UUID
    guest: UUID
    county: str
    birth_date: date
    education: int
    occupation: str | None = None
    experience: int = 0
    certificates: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    burden: int = 0
    on: date

    def key(self) -> str:
        return str(self.introduction)


class RegistryIndicatorsStated(Event):
    """The register's figures of one division as of a date; the newest statement for a date replaces the older.

    Figures: households, people, labourers, employed, in_county, in_province, out_of_province, elsewhere, own_account, assisted.
    """

    TYPE: ClassVar[str] = "registry.indicators.stated.v1"
    AUDIENCE: ClassVar[Audience] = "public"
    AGGREGATE: ClassVar[str] = "registry.indicators"
    COUNTS_PEOPLE: ClassVar[bool] = True

    division: str
    as_of: date
    rule: str
    figures: dict[str, int]

    def key(self) -> str:
        return self.division
