"""Which service takes the files of the node that somebody is in front of (导入入口)."""

from __future__ import annotations

from libs.common.problems import NotFound
from services.console.routes.session import Visitor
from services.console.rules.imports import ImportDoor, door_of


class NoImportsHere(NotFound):
    title = "本级不导入文件 No files are imported at this level"


def door_for(visitor: Visitor) -> ImportDoor:
    """Raises NoImportsHere."""
    door = door_of(visitor.frame.level)
    if door is None:
        raise NoImportsHere()
    return door
