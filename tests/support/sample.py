"""A service small enough to test the plumbing with: it counts what it hears, and fails when told to."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, ClassVar
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, Field
from sqlalchemy import Column, Integer, MetaData, Table, Text, text
from sqlalchemy.dialects.postgresql import insert

from libs.common.access.rows import belongs
from libs.common.api import Idempotency, Tx, allow, answer_once, made_at
from libs.common.database import Transaction, new_id
from libs.common.events.audit import AuditHeadsStated
from libs.common.events.envelope import Audience, Envelope, Event
from libs.common.identity import Caller
from libs.common.messaging_tables import plumbing
from libs.common.outbox import announce
from libs.common.problems import Conflict
from libs.common.service import Service
from libs.common.settings import Settings

metadata = MetaData(schema="sample")
plumbing(metadata)
tally = Table("tally", metadata, Column("name", Text, primary_key=True), Column("count", Integer, nullable=False))
belongs(tally, published="counts of a sample")


class SampleSettings(Settings):
    service: ClassVar[str] = "sample"


class Counted(Event):
    """Something was counted."""

    TYPE: ClassVar[str] = "sample.tally.counted.v1"
    AUDIENCE: ClassVar[Audience] = "public"
    AGGREGATE: ClassVar[str] = "sample.tally"

    name: str
    number: int

    def key(self) -> str:
        return self.name


class Told(Counted):
    """The same, told to one node."""

    TYPE: ClassVar[str] = "sample.tally.told.v1"
    AUDIENCE: ClassVar[Audience] = "to"


class CountIn(BaseModel):
    name: str = Field(min_length=1, max_length=20)
    number: int = Field(ge=0, le=1000)


class CountOut(BaseModel):
    id: UUID
    name: str


class Refused(Conflict):
    title = "不收 Refused"


router = APIRouter(prefix="/sample/v1", tags=["sample"])


@router.post(
    "/counts",
    status_code=201,
    responses=made_at("/sample/v1/counts/{id}"),
    summary="Count",
    description="Counts and announces.",
)
async def count(
    body: CountIn, tx: Tx, once: Idempotency, _: Annotated[Caller, allow("jobs.vacancy.create")]
) -> CountOut:
    async def create() -> CountOut:
        if body.name == "refused":
            raise Refused("this name is refused")
        if body.name == "broken":
            raise RuntimeError("a secret that no answer may show")
        await announce(tx, Counted(name=body.name, number=body.number))
        return CountOut(id=new_id(), name=body.name)

    return await answer_once(tx, once, create)


async def on_counted(tx: Transaction, event: Counted, envelope: Envelope) -> None:
    """Add one for the name; `poison` fails until the table `tally` holds a row `cure`."""
    if (
        event.name.startswith("poison")
        and not (await tx.execute(text("SELECT 1 FROM sample.tally WHERE name = 'cure'"))).scalar()
    ):
        raise ValueError("poisoned")
    statement = insert(tally).values(name=event.name, count=1)
    await tx.execute(statement.on_conflict_do_update(index_elements=["name"], set_={"count": tally.c.count + 1}))


class SampleService(Service):
    @property
    def migrations(self) -> Path:
        return Path(__file__).parent / "sample_migrations"


SERVICE = SampleService(
    name="sample",
    title="A sample",
    settings=SampleSettings,
    metadata=metadata,
    routers=[router],
    subscriptions={Counted: on_counted, Told: on_counted},
    announces=[Counted, Told, AuditHeadsStated],
)
