"""A labourer's sessions (本人会话): whoever has shown a code is the person of the code and nobody else; forgotten with the person."""

from __future__ import annotations

from uuid import UUID

from libs.common.database import Transaction
from services.console.operations.sessions import Guest, welcome
from services.console.rules.accounts import SIGN_IN_CODE
from services.console.rules.openid import GivenRights
from services.console.store import accounts


async def welcome_labourer(tx: Transaction, guest: Guest) -> str | None:
    """A session's word for a person by id; None where an operator has closed this account."""
    return await welcome(
        tx, guest, SIGN_IN_CODE, GivenRights(role="labourer", regions=(tx.node.code,)), way=SIGN_IN_CODE
    )


async def forget_labourer(tx: Transaction, person: UUID) -> None:
    """The registry has erased the person: sessions and account go with her."""
    await accounts.delete_account(tx, str(person))
