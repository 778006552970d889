"""The table as a page (权限表): what docs/access.md shows, written from the two files; a test keeps them equal."""

from __future__ import annotations

from collections.abc import Iterator

from libs.common.access.policy import POLICY, ROLES, Action
from libs.common.access.reach import Kind

BEGIN, END = "<!-- table: written by `python -m libs.common.access.document` -->", "<!-- end of table -->"
REACHES: dict[Kind, tuple[str, str]] = {
    "node": ("本辖区", "every row of this node's region"),
    "townships": ("本乡镇（村）", "people of the townships or villages that the token names"),
    "county": ("本县来人", "people of the own county who work in this city"),
    "organisation": ("本单位", "the own vacancies, and the people introduced to them"),
    "self": ("本人", "what is kept of the caller"),
    "counts": ("只看数字", "counts and never a row"),
    "any": ("公开", "what is published or belongs to nobody"),
}


def table() -> str:
    """The roles, the reaches, and a table of actions for each service, as Markdown."""
    return "\n".join(
        [BEGIN, "", *_roles(), "", *_reaches(), *(line for name in _services() for line in _actions(name)), "", END]
    )


def _roles() -> Iterator[str]:
    yield from ("| role 角色 | 中文 | what it is | its token names |", "|---|---|---|---|")
    yield from (f"| `{role.name}` | {role.chinese} | {role.english} | {role.bound_to} |" for role in ROLES.values())


def _reaches() -> Iterator[str]:
    yield from ("| reach 范围 | 中文 | rows |", "|---|---|---|")
    yield from (f"| {kind} | {chinese} | {english} |" for kind, (chinese, english) in REACHES.items())
    yield from (
        "",
        "Who has no `exact` after a reach is told counts of people by decision 0025: 1 to 4 as `<5`, others to the nearest five.",
    )


def _services() -> list[str]:
    return list(dict.fromkeys(name.split(".")[0] for name in POLICY))


def _actions(service: str) -> Iterator[str]:
    yield from (
        "",
        f"## {service}",
        "",
        f"| action 事项 | 中文 | English | {' | '.join(ROLES)} |",
        "|---|---|---|" + "---|" * len(ROLES),
    )
    yield from (_line(action) for name, action in POLICY.items() if name.startswith(f"{service}."))


def _line(action: Action) -> str:
    cells = (str(action.cells.get(role, "—")) for role in ROLES)
    return f"| `{action.name}` | {action.chinese} | {action.english} | {' | '.join(cells)} |"


if __name__ == "__main__":
    print(table())
