"""Villages (村) in figures, counted in one look at the people within reach."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Date, literal, or_, select
from sqlalchemy import func as f
from sqlalchemy.dialects.postgresql import distinct_on

from libs.common.access.rows import within
from libs.common.database import Transaction
from libs.common.row_mapping import read_rows
from services.registry.rules.villages import Village
from services.registry.store.people import is_here
from services.registry.tables import person, situation, wish


async def list_village_figures(tx: Transaction, as_of: date) -> list[Village]:
    """By township and village, who is here; a wish counts that was said, and work that was known of, up to that day."""
    said = select(wish.c.person).where(wish.c.visited <= as_of).distinct().subquery("said")
    now = (
        select(situation.c.person, situation.c.work_place)
        .where(situation.c.since <= as_of)
        .order_by(situation.c.person, situation.c.since.desc())
        .ext(distinct_on(situation.c.person))
        .subquery("now")
    )
    known = {
        "employed": now.c.work_place.is_not(None),
        "with_phone": or_(person.c.phone_sealed.is_not(None), person.c.household_phone_sealed.is_not(None)),
        "with_ability": person.c.ability != "",
        "with_education": person.c.education != "",
        "with_wish": said.c.person.is_not(None),
    }
    place = person.c.township, person.c.village
    query = (
        select(
            *place,
            f.count().label("people"),
            f.count(person.c.household.distinct()).label("households"),
            f.count().filter(person.c.labourer).label("labourers"),
            *(f.count().filter(person.c.labourer, holds).label(name) for name, holds in known.items()),
        )
        .select_from(person.outerjoin(said, said.c.person == person.c.id).outerjoin(now, now.c.person == person.c.id))
        .where(within(person, tx.reach), is_here(literal(as_of, Date)))
    )
    return read_rows(Village, await tx.execute(query.group_by(*place).order_by(*place)))
