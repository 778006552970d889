"""What retention announces: spells of employment, whose they are, where a person works now, claims between regions, promises kept, and its figures."""

from __future__ import annotations

from datetime import date
from typing import ClassVar
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from libs.common.events.envelope import Audience, Event
from libs.common.small_numbers import Told


class _Spell(Event):
    """The whole state of a spell as it began; announced again when it is corrected. Wages in fen a month."""

    spell: UUID
    introduction: UUID
    county: str
    city: str
    vacancy: UUID
    employer_uscc: str | None = None
    occupation: str | None = None
    start: date
    wage_fen: int
    assisted: bool = True
    previous: UUID | None = None

    def key(self) -> str:
        return str(self.introduction)


class _SpellEnd(Event):
    """`end` is the last day in work. Reasons: transfer, contract_ended, dismissed, own_wish, family, other_job, health, unknown."""

    spell: UUID
    introduction: UUID
    county: str
    city: str
    vacancy: UUID
    end: date
    reason: str
    returned_home: bool = False

    def key(self) -> str:
        return str(self.introduction)


class SpellStarted(_Spell):
    """就业: a spell of employment began; for this node's own offices.

    With `previous` set it is a transfer (转岗) within the city: a seat of `vacancy` is taken here and nowhere else, so jobs
    counts a seat on IntroductionHired or on SpellStarted with `previous`, each spell once (a correction repeats the event).
    """

    TYPE: ClassVar[str] = "retention.spell.started.v1"
    AUDIENCE: ClassVar[Audience] = "home"
    AGGREGATE: ClassVar[str] = "retention.spell"


class SpellReported(_Spell):
    """The same, addressed to the person's home county, which knows the person by the introduction's id."""

    TYPE: ClassVar[str] = "retention.spell.reported.v1"
    AUDIENCE: ClassVar[Audience] = "to"
    AGGREGATE: ClassVar[str] = "retention.spell"


class SpellEnded(_SpellEnd):
    """离岗: a spell ended, with its reason; for this node's own offices."""

    TYPE: ClassVar[str] = "retention.spell.ended.v1"
    AUDIENCE: ClassVar[Audience] = "home"
    AGGREGATE: ClassVar[str] = "retention.spell"


class SpellEndReported(_SpellEnd):
    """The same, addressed to the person's home county; `returned_home` hands the person back to the county's list."""

    TYPE: ClassVar[str] = "retention.spell.end_reported.v1"
    AUDIENCE: ClassVar[Audience] = "to"
    AGGREGATE: ClassVar[str] = "retention.spell"


class _Repeat(Event):
    """`first` is the first introduction, among those on which somebody started in this city, of whoever this one is about."""

    introduction: UUID
    first: UUID
    county: str
    city: str
    on: date

    def key(self) -> str:
        return str(self.introduction)


class RepeatNoted(_Repeat):
    """同一人: the county, which alone can tell, says which starts in a city are the same person's. Stays at home; told again when
    two people of the register are found to be one, or two again."""

    TYPE: ClassVar[str] = "retention.repeat.noted.v1"
    AUDIENCE: ClassVar[Audience] = "home"
    AGGREGATE: ClassVar[str] = "retention.repeat"


class RepeatReported(_Repeat):
    """The same, to the city that took the person in; of introductions to other cities it learns nothing."""

    TYPE: ClassVar[str] = "retention.repeat.reported.v1"
    AUDIENCE: ClassVar[Audience] = "to"
    AGGREGATE: ClassVar[str] = "retention.repeat"


class RiskReported(Event):
    """风险: a notice was given, or its 48-hour clock was answered; to the home county, so that both sides see the risk.

    `answer` is None while the clock runs, then transferred, returned_home or left. Same topic and key as the spell's reports.
    """

    TYPE: ClassVar[str] = "retention.risk.reported.v1"
    AUDIENCE: ClassVar[Audience] = "to"
    AGGREGATE: ClassVar[str] = "retention.spell"

    risk: UUID
    spell: UUID
    introduction: UUID
    county: str
    city: str
    kind: str
    reason: str
    on: date
    last_day: date
    deadline: date
    answered_on: date | None = None
    answer: str | None = None
    answer_spell: UUID | None = None

    def key(self) -> str:
        return str(self.introduction)


class SituationChanged(Event):
    """务工状况: where one of this county's people works from a date on; `work_place` None is out of work.

    `work_place` 01 township, 02 county, 03 province, 04 elsewhere in China; `channel` is 帮扶就业 or 自主就业 (as the
    national export writes them), None with no work.
    """

    TYPE: ClassVar[str] = "retention.situation.changed.v1"
    AUDIENCE: ClassVar[Audience] = "home"
    AGGREGATE: ClassVar[str] = "retention.situation"

    person: UUID
    work_place: str | None
    channel: str | None = None
    since: date

    def key(self) -> str:
        return str(self.person)


class VerificationMoved(Event):
    """核查: the quarter's verification of one placed person now belongs to `owner` (a node). The city says so, since it
    learns of starts and ends first. `quarter` is "2017Q1". Source: MoHRSS platform notice (就业地 verifies the employed).
    """

    TYPE: ClassVar[str] = "retention.verification.moved.v1"
    AUDIENCE: ClassVar[Audience] = "to"
    AGGREGATE: ClassVar[str] = "retention.verification"

    introduction: UUID
    county: str
    city: str
    quarter: str
    owner: str
    on: date

    def key(self) -> str:
        return str(self.introduction)


class VerificationReported(Event):
    """核查结果: what the city found out in a quarter about one person in work there, for the home county's own count.

    `outcome` in_work, left or unreachable; `grade` worker, roster, wage_line or insurance, None when nobody was reached.
    """

    TYPE: ClassVar[str] = "retention.verification.reported.v1"
    AUDIENCE: ClassVar[Audience] = "to"
    AGGREGATE: ClassVar[str] = "retention.verification"

    introduction: UUID
    county: str
    city: str
    quarter: str
    outcome: str
    grade: str | None = None
    on: date

    def key(self) -> str:
        return str(self.introduction)


class ServiceReported(Event):
    """服务: a training, guidance, introduction or start-up service given to a guest; the home county counts it.

    A course carries no free text: `topic` is the code of what was learned, if any.
    """

    TYPE: ClassVar[str] = "retention.service.reported.v1"
    AUDIENCE: ClassVar[Audience] = "to"
    AGGREGATE: ClassVar[str] = "retention.service"

    service: UUID
    introduction: UUID
    county: str
    city: str
    kind: str
    topic: str | None = None
    hours: int | None = None
    on: date

    def key(self) -> str:
        return str(self.introduction)


class ClaimRequested(Event):
    """补贴申领: another region, whose own evidence is complete, asks the home county's ledger for one policy and period.

    One person, one policy, one period: the person is named by the introduction's id alone. `period` is a year, "2017".
    """

    TYPE: ClassVar[str] = "retention.claim.requested.v1"
    AUDIENCE: ClassVar[Audience] = "to"
    AGGREGATE: ClassVar[str] = "retention.claim"

    claim: UUID
    introduction: UUID
    region: str
    policy: str
    period: str
    amount_fen: int
    on: date

    def key(self) -> str:
        return str(self.introduction)


class ClaimDecided(Event):
    """The home county's answer: granted, or refused with a named reason (already_claimed, unknown_introduction) and, for
    the first, the region and period of the earlier claim.
    """

    TYPE: ClassVar[str] = "retention.claim.decided.v1"
    AUDIENCE: ClassVar[Audience] = "to"
    AGGREGATE: ClassVar[str] = "retention.claim"

    claim: UUID
    introduction: UUID
    granted: bool
    reason: str
    earlier_region: str | None = None
    earlier_period: str | None = None
    on: date

    def key(self) -> str:
        return str(self.introduction)


class RetentionIndicatorsStated(Event):
    """Figures of one county's people as of a date; the newest statement for a date replaces the older.

    Figures: placed (people with a first spell by then), in_work, wage_sum_fen and wage_count (agreed monthly wages of those
    in work), services, trainings, guidances and introductions (among them), subsidies, subsidies_fen (granted).
    """

    TYPE: ClassVar[str] = "retention.indicators.stated.v1"
    AUDIENCE: ClassVar[Audience] = "public"
    AGGREGATE: ClassVar[str] = "retention.indicators"
    COUNTS_PEOPLE: ClassVar[bool] = True

    division: str
    as_of: date
    rule: str
    figures: dict[str, int]

    def key(self) -> str:
        return self.division


class PromiseTold(BaseModel):
    """What one post published beside what was paid and kept, as it is told: counts of people of 1 to 4 as `<5`, others to the nearest five.

    None: fewer than five people's wages are on record. Means are in fen, to a hundred yuan; `months` are whole months of work with
    a wage on record, `kept` those paid at least as promised, `insured` those known from insurance payments. Of a firm, no vacancy.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    vacancy: UUID | None = None
    title: str = ""
    openings: int
    offers: tuple[str, ...] = ()
    hired: Told
    came: Told
    paid: Told
    months: Told | None = None
    kept: Told | None = None
    insured: Told | None = None
    promised_fen: int | None = None
    paid_fen: int | None = None


class PromisesStated(Event):
    """承诺台账: the whole state of one firm of a city and of each of its posts where somebody was hired; the newest replaces the older.

    Without posts the firm has none any more. No figure is of fewer than five people, nor the difference of any two.
    """

    TYPE: ClassVar[str] = "retention.promises.stated.v1"
    AUDIENCE: ClassVar[Audience] = "public"
    AGGREGATE: ClassVar[str] = "retention.promises"

    city: str
    employer_uscc: str
    employer_name: str
    firm: PromiseTold
    vacancies: tuple[PromiseTold, ...] = ()
    on: date

    def key(self) -> str:
        return f"{self.city} {self.employer_uscc}"
