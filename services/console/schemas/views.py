"""Saved views at the console's door."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from libs.common.values import Kind, Text

ListPath = Annotated[
    Text,
    Field(
        pattern=r"^(/[a-z][a-z-]*){1,4}$", max_length=60, description="the path of a list's page", examples=["/people"]
    ),
    Kind("page"),
]


def _not_blank(name: str) -> str:
    if not name.strip():
        raise ValueError("请写名称 Give it a name.")
    return name.strip()


class ViewNew(BaseModel):
    """What a list is narrowed to, under a name; a name that is taken stands for the new condition."""

    model_config = ConfigDict(extra="forbid")

    page: ListPath
    name: Annotated[Text, AfterValidator(_not_blank), Field(min_length=1, max_length=30, examples=["花垣镇未就业"])]
    query: Annotated[
        Text,
        Field(
            max_length=1000,
            description="filters and sort as they stand in the page's address",
            examples=["township=%E8%8A%B1%E5%9E%A3%E9%95%87&employed=false"],
        ),
    ] = ""


class ViewOut(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    id: UUID
    page: str
    name: str
    query: str
    address: str = Field(description="the page with its condition")


class ViewsOut(BaseModel):
    """All of them: they are few."""

    items: list[ViewOut]
