"""What a caller may see, as a condition on the introduction behind a row."""

from __future__ import annotations

from sqlalchemy import ColumnElement, FromClause, and_, or_, true

from services.retention.rules.sight import Sight
from services.retention.tables import introduction, person, spell


def seen_by(sight: Sight | None) -> ColumnElement[bool]:
    """A row whose introduction's county or city lies in the caller's regions; None is the service itself."""
    if sight is None:
        return true()
    places = [column.like(f"{prefix}%") for prefix in sight.prefixes for column in (introduction.c.county, introduction.c.city)]
    township = person.c.township.in_(sight.townships) if sight.townships else true()
    return and_(or_(*places), township)


def spell_seen_by(sight: Sight | None) -> ColumnElement[bool]:
    """The same for a spell: an employer sees those with itself only."""
    own = spell.c.employer_uscc == sight.employer if sight and sight.employer else true()
    return and_(seen_by(sight), own)


def with_person(table: FromClause) -> FromClause:
    """A table with an `introduction` column, joined with the introduction and, where known, the person's township."""
    joined = table.join(introduction, introduction.c.id == table.c.introduction)
    return joined.outerjoin(person, person.c.id == introduction.c.person)
