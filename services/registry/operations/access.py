"""Who may see and change what in the register: an officer the county, a cadre the own township; names need a right of their own."""

from __future__ import annotations

from libs.common.database import Transaction
from libs.common.identity import Caller
from libs.common.problems import Forbidden
from services.registry.store.people import PersonNotFound

NAMES = "registry:names"


def check_county(tx: Transaction, caller: Caller) -> None:
    """403 for whoever is not of this node's division."""
    caller.check(tx.home.code)


def check_whole_county(tx: Transaction, caller: Caller) -> None:
    """A file speaks for the whole county: a cadre of one township may not hand it in."""
    check_county(tx, caller)
    if caller.townships:
        raise Forbidden("整县名册由县级经办人员导入 A file of the whole county is imported by its officers.")


def check_township(caller: Caller, township: str) -> None:
    """To a cadre, people of another township are not there."""
    if caller.townships and township not in caller.townships:
        raise PersonNotFound()
