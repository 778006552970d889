"""Names for the story's own checks: one person with a purpose, or a county's people after a second officer's yes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from deploy.demo.cast import Answer
from deploy.demo.story import Story, StoryBroken

WHY = {"purpose": "inspection", "reference": "演示核对 story"}
SECOND_OFFICER = "story-second-officer"


async def reveal(story: Story, node: str, path: str) -> Mapping[str, Any]:
    """One person in plain, at `/registry/v1/labourers/{id}` or `/registry/v1/guests/{id}`."""
    told: Mapping[str, Any] = await story.post(node, f"{path}/reveal", WHY)
    return told


async def reveal_all(story: Story, node: str, **wanted: Any) -> list[Answer]:
    """Many people in plain: asked for by one officer, approved by a second, collected once."""
    made = await story.post(node, "/registry/v1/reveals", {**WHY, **wanted})
    second, path = story.at(node, subject=SECOND_OFFICER), f"/registry/v1/reveals/{made['id']}"
    etag = (await second.get(path)).headers.get("etag", "")
    approved = await second.post(f"{path}/approve", headers={"If-Match": etag})
    if approved.status_code != 200:
        raise StoryBroken(f"{path}/approve: {approved.status_code} {approved.text[:300]}")
    people: list[Answer] = (await story.post(node, f"{path}/collect"))["items"]
    return people
