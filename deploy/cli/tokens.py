"""token: a signed token of a node's own issuer, printed alone so that a script can use it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import timedelta
from typing import Annotated

import typer

from deploy.local.errors import OperatorError
from deploy.local.node import Node
from libs.common.access.policy import ROLES
from libs.common.identity import Signer
from libs.common.node import Clock

_REGION = re.compile(r"[1-9]\d{5}(:[^:\s]+)?", re.ASCII)


class NoSuchRole(OperatorError):
    """A role that no service knows."""


class NoOrganisation(OperatorError):
    """An employer without a firm: every list would be empty and every call refused."""


class NoDivision(OperatorError):
    """A region that is no division code."""


class NoKeysYet(OperatorError):
    """The node has never been started, so it has no key to sign with."""


def token(
    node: Annotated[str, typer.Option(help="The node that issues it and where it holds: n433124 or 433124.")],
    role: Annotated[str, typer.Option(help=f"One of {', '.join(ROLES)}.")],
    region: Annotated[
        list[str] | None,
        typer.Option(
            help="Division codes it covers, 433124, or one township of them, 433124:花垣镇; default: the node's own."
        ),
    ] = None,
    organisation: Annotated[str, typer.Option(help="For an employer: its unified social credit code.")] = "",
    subject: Annotated[str, typer.Option(help="Who signs in; default: the role.")] = "",
    scope: Annotated[
        list[str] | None,
        typer.Option(help="For a system: an action of docs/access.md that it may; several times for several."),
    ] = None,
    hours: Annotated[float, typer.Option(help="How long it lives; twelve hours at most.", min=0.01, max=12)] = 1,
) -> None:
    """Print a token for a role at a node."""
    typer.echo(issue(Node.of(node), role, region or (), organisation, subject, hours, scope or ()))


def issue(
    node: Node,
    role: str,
    regions: list[str] | tuple[str, ...] = (),
    organisation: str = "",
    subject: str = "",
    hours: float = 1,
    scopes: Sequence[str] = (),
) -> str:
    """A token that this node's services accept for so long."""
    _check_bounds(role, regions, organisation)
    if not (node.places.keys / "sign.jwk").is_file():
        raise NoKeysYet(f"{node.id} has no keys yet: start it once with ./xieli up --node {node.id}")
    return Signer.read(node.id, node.places.keys).issue(
        Clock().now(),
        subject=subject or role,
        role=role,
        regions=regions or [node.region.code],
        organisation=organisation,
        lifetime=timedelta(hours=hours),
        scopes=scopes,
    )


def _check_bounds(role: str, regions: list[str] | tuple[str, ...], organisation: str) -> None:
    if role not in ROLES:
        raise NoSuchRole(f"there is no role {role}: known are {', '.join(ROLES)}")
    if role == "employer" and not organisation:
        raise NoOrganisation(
            "an employer's token names its firm: --organisation with the unified social credit code (统一社会信用代码)"
        )
    for region in regions:
        if not _REGION.fullmatch(region):
            raise NoDivision(
                f"--region {region} is no division code: six digits such as 433124, or with a township, 433124:花垣镇"
            )
