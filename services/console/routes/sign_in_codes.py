"""Give somebody a code for the own pages (发登录码): shown on one slip of paper with the way to the page, and kept nowhere."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Response

from services.console.rendering.qr import qr
from services.console.routes.people import person_page
from services.console.routes.people_named import PEOPLE
from services.console.routes.session import Visitor, visits

pages = APIRouter(include_in_schema=False)


@pages.post("/people/{person}/code")
async def give_code(visitor: Annotated[Visitor, visits("registry.sign_in_code.issue")], person: UUID) -> Response:
    """The slip names nobody: whoever finds it has an address and a code that soon ends."""
    made = await visitor.send("POST", f"{PEOPLE}/{person}/codes")
    if not made.ok:
        return await person_page(visitor, person, made)
    address = f"{visitor.context.settings.gateway.rstrip('/')}/my"
    return visitor.show(
        "code_slip.html",
        made,
        back=f"/people/{person}",
        address=address,
        picture=qr(address, scale=4),
        printed_at=visitor.context.node.clock.now().isoformat(),
    )
