"""What an answer says beside its body: where that stands which was made, and which version is shown (Location, ETag; RFC 9110 section 15.3.2).

Both follow from the operation and from the body as it is sent, so that the kept answer of a repeated creation says them as well.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any

from fastapi import Response
from fastapi.routing import APIRoute
from pydantic import BaseModel

from libs.common.api.preconditions import etag

_FIELD = re.compile(r"\{([a-z_.]+)\}")
_ADDRESS = "x-address"
# `responses` of a route: what the OpenAPI document says of each status beside the answer's own shape.
Responses = dict[int | str, dict[str, Any]]


def made_at(address: str) -> Responses:
    """For `responses` of a creation: the address of what it makes, `/jobs/v1/vacancies/{id}`, by fields of its answer, inner ones by dots."""
    location = {
        "description": "Where it stands",
        "required": True,
        "schema": {"type": "string", "format": "uri-reference"},
        _ADDRESS: address,
    }
    return {201: {"description": "登记完成 Made", "headers": {"Location": location}}}


def has_version(model: Any) -> bool:
    """Whether an answer's own version is counted, so that a change can be based on it."""
    field = model.model_fields.get("version") if isinstance(model, type) and issubclass(model, BaseModel) else None
    return field is not None and field.annotation is int


@dataclass(frozen=True)
class Telling:
    """What the answers of one operation say."""

    address: str | None
    versioned: bool

    @classmethod
    def of(cls, route: APIRoute) -> Telling:
        """From the route as it was declared; a creation that names no address is a fault, found when its service is loaded."""
        address = route.responses.get(201, {}).get("headers", {}).get("Location", {}).get(_ADDRESS)
        if route.status_code == 201 and address is None:
            raise TypeError(
                f"{route.path} makes something and does not say where it stands: give it responses=made_at(…)"
            )
        return cls(address, has_version(route.response_model))

    def tell(self, response: Response) -> Response:
        """The answer with its headers; a route that is asked often may have said its ETag already."""
        made = self.address is not None and response.status_code in (201, 202)
        due = made or (self.versioned and "etag" not in response.headers)
        if due and response.status_code < 300:
            body = json.loads(bytes(response.body))
            if made and self.address:
                response.headers["Location"] = _FIELD.sub(lambda found: str(_value(body, found[1])), self.address)
            if self.versioned:
                response.headers["ETag"] = etag(body["version"])
        return response


def _value(body: Any, name: str) -> Any:
    for part in name.split("."):
        body = body[part]
    return body
