"""Keep what was written of an employer (变更记录): who, when, what stood there before and after."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from libs.common.database import Transaction, new_id
from libs.common.privacy import Vault
from services.jobs.operations.sealing import SEALED, open_sealed
from services.jobs.rules.employers import Employer
from services.jobs.rules.history import FIELDS, KeptChange, Source
from services.jobs.store import changes

Written = tuple[Employer | None, Employer]


async def note_written(
    tx: Transaction, written: Iterable[Written], by: str, *, source: Source = "form", reason: str = ""
) -> None:
    """Each employer before (None: it came in) and after; what is as it was is not told of."""
    vault, at = tx.node.vault.for_many(), tx.node.clock.now()
    kept = [
        _change(vault, after, field, *texts, by=by, at=at, source=source, reason=reason)
        for before, after in written
        for field, texts in _differences(vault, before, after)
    ]
    await changes.insert_changes(tx, kept)


def _differences(vault: Vault, before: Employer | None, after: Employer) -> list[tuple[str, tuple[str, str]]]:
    if before is None:
        return [("entered", ("", after.name))]
    texts = ((field, (text_of(vault, before, field), text_of(vault, after, field))) for field in FIELDS)
    return [(field, both) for field, both in texts if both[0] != both[1]]


def text_of(vault: Vault, employer: Employer, field: str) -> str:
    """One field as text; an id of another entry, a day and a number as they are written."""
    value = open_sealed(vault, employer, field) if field in SEALED else getattr(employer, field)
    if value is None:
        return ""
    return str(value).lower() if isinstance(value, bool) else str(value)


def _change(
    vault: Vault,
    employer: Employer,
    field: str,
    before: str,
    after: str,
    *,
    by: str,
    at: datetime,
    source: Source,
    reason: str,
) -> KeptChange:
    return KeptChange(
        id=new_id(),
        employer=employer.id,
        field=field,
        before=vault.encrypt(before, context="jobs.change.before"),
        after=vault.encrypt(after, context="jobs.change.after"),
        by=by,
        at=at,
        source=source,
        reason=reason,
    )
