"""Events of services that a test does not run, told to an office as if they had come over the broker."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from libs.common.database import new_id
from libs.common.events.envelope import Envelope, Event, partition_of, topic_of
from libs.common.events.jobs import VacancyAnnounced
from libs.common.events.registry import LabourerRecorded, Wish
from libs.common.inbox import Arrival
from libs.common.service import ServiceContext

_TOLD: Counter[tuple[object, ...]] = Counter()
SPRING = date(2017, 4, 10)


def arrival_of_event(event: Event, context: ServiceContext, node: str, service: str) -> Arrival:
    """An event as it comes off the broker, numbered without gaps for each office, source, topic and partition."""
    topic, partition = (
        topic_of(type(event), context.node.id if event.AUDIENCE == "to" else None),
        partition_of(event.key()),
    )
    place = (context.database.url, node, service, topic, partition)
    _TOLD[place] += 1
    envelope = Envelope(
        id=new_id(),
        source=f"/{node}/{service}",
        type=event.TYPE,
        time=datetime(2017, 5, 1, tzinfo=UTC),
        topic=topic,
        partition=partition,
        sequence=_TOLD[place],
        key=event.key(),
    )
    return Arrival(envelope, event.model_dump_json())


async def tell(context: ServiceContext, *events: Event, node: str | None = None, service: str = "registry") -> None:
    """Tell an office something; by default it comes from its own node."""
    await context.inbox.receive(
        [arrival_of_event(event, context, node or context.node.id, service) for event in events]
    )


def a_wish(**said: Any) -> Wish:
    """Somebody who would go anywhere from the first of May."""
    return Wish(
        **{
            "visited": SPRING,
            "willing": True,
            "elsewhere": "anywhere",
            "occupation": "6-25",
            "wage_expected": 4000,
            "wage_minimum": 2500,
            "available_from": date(2017, 5, 1),
            "experience": 2,
            **said,
        }
    )


def a_labourer(county: str = "433124", wish: Wish | None = None, **known: Any) -> LabourerRecorded:
    """A labourer of a county who seeks work."""
    return LabourerRecorded(
        **{
            "person": new_id(),
            "household": new_id(),
            "county": county,
            "township": "花垣镇",
            "birth_date": date(1985, 3, 2),
            "education": 2,
            "labourer": True,
            "employed": False,
            "burden": 20,
            "wish": wish or a_wish(),
            "on": SPRING,
            **known,
        }
    )


def a_vacancy(city: str = "440300", **said: Any) -> VacancyAnnounced:
    """A vetted vacancy in a city."""
    return VacancyAnnounced(
        **{
            "vacancy": new_id(),
            "city": city,
            "employer": new_id(),
            "employer_uscc": "91440300MA5D8C1X2T",
            "employer_name": "某电子有限公司",
            "title": "电子组装工",
            "industry": "电子",
            "occupation": "6-25",
            "openings": 3,
            "openings_left": 3,
            "wage": 4200,
            "education_min": 1,
            "starts_by": date(2017, 6, 30),
            "offers": ("board",),
            "experience_points": 5,
            "on": SPRING,
            **said,
        }
    )


def ids(*events: Any) -> list[UUID]:
    """The ids of what events are about, in their order."""
    return [getattr(event, "person", None) or event.vacancy for event in events]
