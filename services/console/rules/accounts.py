"""Accounts (账号): who may sign in at this node and as what, what a session is, and which changes of rights are refused."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from libs.common.access import policy
from libs.common.problems import one_of

# Who vouches for a labourer: a cadre who knows the person has handed over a code.
SIGN_IN_CODE = "sign-in code"
# Letters of any script, digits and a few signs: what stands in an address and cannot look like something else.
LOGIN = r"^[\p{L}\p{N}][\p{L}\p{N}_.@-]{0,63}$"
# A division, or a township or village of one: 433124, 433124:花垣镇, 433124:花垣镇/扪岱村.
REGION = r"^[1-9][0-9]{5}(:[^:/\s]{1,40}(/[^:/\s]{1,40})?)?$"
# Programs (系统) have keys, no passwords and no pages.
ROLES = frozenset(policy.ROLES)
ROLES_BOUND = {name: role.bound_to for name, role in policy.ROLES.items()}
NOT_FOR_PEOPLE = frozenset({"system", "service"})


@dataclass(frozen=True)
class Account:
    """Somebody who may sign in at this node. `secret` is the kept password, `issuer` the OpenID provider that vouches instead."""

    id: UUID
    login: str
    role: str
    regions: tuple[str, ...]
    organisation: str
    secret: str
    created_at: datetime
    password_at: datetime
    issuer: str = ""
    closed_at: datetime | None = None
    must_change: bool = False
    totp: bytes | None = None
    totp_step: int = 0
    recovery: tuple[str, ...] = ()
    version: int = 1

    @property
    def rights(self) -> dict[str, Any]:
        """What a token of this account says, and an operator may change."""
        return {"role": self.role, "regions": list(self.regions), "organisation": self.organisation}


def is_labourer(account: Account) -> bool:
    """Whether somebody signs in for herself alone: the login is her id in the register."""
    return ROLES_BOUND[account.role] == "person"


@dataclass(frozen=True)
class Session:
    """A browser that somebody has signed in from; not yet `passed` while a second factor is asked for. Or a `phone` with people on it."""

    id: UUID
    login: str
    begun_at: datetime
    seen_at: datetime
    passed: bool
    address: str
    agent: str
    phone: bool = False
    ended_at: datetime | None = None


@dataclass(frozen=True)
class Change:
    """One change of an account: who made it, when, what, and the facts before and after; never a password."""

    login: str
    at: datetime
    by: str
    what: str
    facts: Mapping[str, Any]


def difference(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, Any]:
    """What differs, as `{name: [before, after]}`."""
    return {name: [before[name], after[name]] for name in before if before[name] != after[name]}


def check_role(role: str) -> str:
    if role not in ROLES or role in NOT_FOR_PEOPLE:
        raise ValueError(one_of(sorted(ROLES - NOT_FOR_PEOPLE)))
    return role
