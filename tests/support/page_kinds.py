"""Every kind of page that the console has, and an address of each: by its own path, by a link of a page seen before, or below one."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

from fastapi.routing import APIRoute

from services.console.routes import ROUTERS
from services.console.routes.forms import FORMS

# What is no page: files, what a phone asks, and the way to and from an OpenID provider that nobody has named.
NO_PAGE = (
    ".xlsx",
    ".js",
    ".webmanifest",
    "/m/app/{version}/{name}",
    "/m/who",
    "/sign-in/openid",
    "/sign-in/openid/back",
)


def page_kinds() -> dict[str, APIRoute]:
    """The routes of all pages by their paths, in the order in which the console looks for them."""
    routes = (route for router in ROUTERS for route in router.routes if isinstance(route, APIRoute))
    return {
        route.path: route
        for route in routes
        if "GET" in (route.methods or ()) and not route.include_in_schema and not route.path.endswith(NO_PAGE)
    }


class Tour:
    """Which kinds of pages have been seen, and where the others are. A form that is like another is passed over, unless all are asked for."""

    def __init__(self, *, alike: bool = False) -> None:
        self.alike = alike
        self.kinds = page_kinds()
        self.known = {path: path for path in self.kinds if "{" not in path}
        self.seen: set[str] = set()
        self.forms_of: set[frozenset[str]] = set()

    def note(self, links: list[str]) -> None:
        """Links of a page: the first one to a kind of page is the address of that kind."""
        for link in links:
            path = urlsplit(link).path
            kind = next((kind for kind, route in self.kinds.items() if route.path_regex.match(path)), None)
            if kind is not None:
                self.known.setdefault(kind, link)

    def addresses(self) -> Iterator[str]:
        """One kind after the other, as long as one can be found that has not been seen."""
        while waiting := [kind for kind in self.kinds if kind not in self.seen and self._find(kind)]:
            self.seen.add(waiting[0])
            if self.alike or not self._is_alike(waiting[0]):
                yield self.known[waiting[0]]

    @property
    def unseen(self) -> list[str]:
        return [kind for kind in self.kinds if kind not in self.seen]

    def _is_alike(self, kind: str) -> bool:
        """A form is like one that was seen when it has no other kinds of fields: they are all shown by one template."""
        if kind not in FORMS:
            return False
        fields = frozenset(each.kind for each in FORMS[kind].fields)
        alike = any(fields <= before for before in self.forms_of)
        self.forms_of.add(fields)
        return alike

    def _find(self, kind: str) -> bool:
        """A form that no link leads to today stands below the page of its row."""
        above, _, last = kind.rpartition("/")
        if kind not in self.known and above in self.known and "{" not in last:
            self.known[kind] = f"{urlsplit(self.known[above]).path}/{last}"
        return kind in self.known
