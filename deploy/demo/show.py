"""全省一张表, step 7 of the story: what the province shows is the sum of what each node's own lists say."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from html.parser import HTMLParser
from typing import Any

from deploy.demo.cast import Answer, Row
from deploy.demo.desk import account_of, browser_of
from deploy.demo.story import Story, StoryBroken

Figures = dict[str, int]
Rows = list[Row]

ADDED = {
    "people": ("labourers", "employed"),
    "places of work": ("in_county", "in_province", "out_of_province", "elsewhere"),
    "channels": ("own_account", "assisted"),
    "retention": ("placed", "in_work", "wage_sum_fen", "wage_count"),
    "services and subsidies": ("services", "trainings", "guidances", "introductions", "subsidies", "subsidies_fen"),
    "employers and vacancies": ("employers", "vacancies", "openings", "openings_left"),
    "designations, their intake and fairs": ("designations", "intake", "fairs"),
}
# 务工所在地 and 就业渠道 as the register's list has them, and the column of the table that each belongs to.
_PLACES = {"01": "in_county", "02": "in_county", "03": "in_province", "04": "out_of_province"}
_CHANNELS = {"自主就业": "own_account", "帮扶就业": "assisted"}
FIGURES = tuple(figure for figures in ADDED.values() for figure in figures)


async def play(story: Story) -> None:
    """Count each node's lists, compare with the province's JSON, then read the same from its first page."""
    table, counted = await _when_all_is_told(story)
    total = _sum(counted.values())
    for what, figures in ADDED.items():
        story.check_equal(
            f"province: {what} add up to the nodes' own lists", _only(table["total"], figures), _only(total, figures)
        )
    _check_divisions(story, table, counted)
    _check_rates(story, table)
    await _check_page(story)


async def _when_all_is_told(story: Story) -> tuple[Answer, dict[str, Figures]]:
    """The province's table and the nodes' counts, as soon as they agree; if they never do, as they are at the end."""
    seen: Answer = {}

    async def agree() -> bool:
        seen["table"] = await story.get(story.province, "/console/v1/province")
        seen["counted"] = await _count_lists(story, seen["table"])
        return _only(seen["table"]["total"], FIGURES) == _only(_sum(seen["counted"].values()), FIGURES)

    try:
        await story.eventually(agree, every=1.5, what="the province's table agrees with the lists")
    except StoryBroken as late:
        if "counted" not in seen:
            raise
        story.tell(str(late))  # the checks that follow say which figures differ
    return seen["table"], seen["counted"]


# --- what the nodes' own lists say --------------------------------------------------------------------------------------


async def _count_lists(story: Story, table: Mapping[str, Any]) -> dict[str, Figures]:
    """Figures for each node that holds lists, counted row by row over HTTP, of the day of that node's last statement."""
    granted = await _granted(story)
    days = {(one["division"], one["kind"]): one["as_of"] for line in table["divisions"] for one in line["statements"]}
    counted = {}
    for node in [*story.counties, *story.cities]:
        code = story.places[node].code
        day = days.get((code, "retention"), table["as_of"])
        parts = (
            await _people(story, node),
            await _spells(story, node, day),
            await _help(story, node),
            await _posts(story, node),
        )
        subsidies = [claim for claim in granted if claim["county"] == code]
        money = {"subsidies": len(subsidies), "subsidies_fen": sum(claim["amount_fen"] for claim in subsidies)}
        counted[code] = _sum([*parts, money])
    return counted


async def _people(story: Story, node: str) -> Figures:
    """The register's labourers by where and how they work."""
    rows = [row for row in await story.pages(node, "/registry/v1/labourers") if row["labourer"]]
    employed = [row for row in rows if row["employed"]]
    places = [_PLACES.get(row["work_place"], "elsewhere") for row in employed]
    channels = [_CHANNELS[row["channel"]] for row in employed if row["channel"] in _CHANNELS]
    return {"labourers": len(rows), "employed": len(employed), **Counter(places), **Counter(channels)}


async def _spells(story: Story, node: str, day: str) -> Figures:
    """Spells of the node's own people that had begun by a day, and the wages of those that still ran."""
    code = story.places[node].code
    begun = [
        row for row in await story.pages(node, "/retention/v1/spells") if row["county"] == code and row["start"] <= day
    ]
    running = [row for row in begun if row["end"] is None or row["end"] >= day]
    return {
        "placed": len({row["person"] for row in begun}),
        "in_work": len({row["person"] for row in running}),
        "wage_sum_fen": sum(row["wage_fen"] for row in running),
        "wage_count": len(running),
    }


async def _help(story: Story, node: str) -> Figures:
    """Services given to the node's own people."""
    code = story.places[node].code
    given = [row for row in await story.pages(node, "/retention/v1/services") if row["county"] == code]
    kinds = Counter(row["kind"] for row in given)
    named = {"trainings": "training", "guidances": "guidance", "introductions": "introduction"}
    return {"services": len(given), **{figure: kinds[kind] for figure, kind in named.items()}}


async def _granted(story: Story) -> Rows:
    """Claims that were granted, wherever they were made: the home county's ledger decides them all."""
    lists = [await story.pages(node, "/retention/v1/claims", state="granted") for node in story.places]
    return list({claim["id"]: claim for rows in lists for claim in rows}.values())


async def _posts(story: Story, node: str) -> Figures:
    """Employers, and the vacancies that are on offer."""
    offered = await story.pages(node, "/jobs/v1/vacancies", state="vetted")
    designated = await story.pages(node, "/jobs/v1/designations")
    return {
        "employers": len(await story.pages(node, "/jobs/v1/employers")),
        "vacancies": len(offered),
        "openings": sum(row["openings"] for row in offered),
        "openings_left": sum(row["openings_left"] for row in offered),
        "designations": sum(row["running"] for row in designated),
        "intake": sum(row["counted"] for row in designated),
        "fairs": len(await story.pages(node, "/jobs/v1/fairs", state="held")),
    }


def _sum(parts: Iterable[Mapping[str, int]]) -> Figures:
    listed = list(parts)
    return {figure: sum(part.get(figure, 0) for part in listed) for figure in FIGURES}


def _only(figures: Mapping[str, Any], wanted: Iterable[str]) -> dict[str, int]:
    """Some of the figures; what nobody has stated counts as none."""
    return {figure: figures.get(figure) or 0 for figure in wanted}


# --- what the province shows --------------------------------------------------------------------------------------------


def _check_divisions(story: Story, table: Mapping[str, Any], counted: Mapping[str, Figures]) -> None:
    lines = {line["division"]: line for line in table["divisions"]}
    wrong = [code for code, figures in counted.items() if _only(lines.get(code, {}), FIGURES) != figures]
    story.check(
        "province: each division's line equals that node's lists",
        counted and not wrong,
        wrong or f"{len(counted)} divisions",
    )
    sources = {one["source"].split("/")[1] for one in table["statements"]}
    story.check(
        "province: every figure comes from a statement of the node that holds the people or the posts",
        {*story.counties, *story.cities} <= sources
        and all(one["event"] and one["rule"] for one in table["statements"]),
        f"{len(table['statements'])} statements of {', '.join(sorted(sources))}",
    )


def _check_rates(story: Story, table: Mapping[str, Any]) -> None:
    rates = [
        line[name] for line in [*table["divisions"], table["total"]] for name in ("employed_share", "mean_wage_fen")
    ]
    whole = all(
        {"numerator", "denominator", "value", "rule", "as_of"} <= rate.keys() and rate["rule"] and rate["as_of"]
        for rate in rates
    )
    share = table["total"]["employed_share"]
    right = share["denominator"] and abs(share["value"] - share["numerator"] / share["denominator"]) < 0.0001
    story.check("province: every rate has numerator, denominator, rule and date", whole and right, share)


async def _check_page(story: Story) -> None:
    """The province's page, signed in as a browser would, beside the JSON that the same session gets."""
    async with browser_of(story.places[story.province]) as browser:
        closed = await browser.get("/province")
        entered = await browser.post("/sign-in", data=account_of(story.places[story.province]))
        page, table = await browser.get("/province"), (await browser.get("/console/v1/province")).json()
        left = await browser.post("/sign-out")
        after = await browser.get("/province")
    turned_away = [answer.status_code for answer in (closed, left, after)] == [303, 303, 303]
    story.check(
        "console: nobody sees the page without signing in",
        turned_away and entered.status_code == 303,
        entered.status_code,
    )
    _check_figures(story, page.text, table)
    policy = page.headers.get("content-security-policy", "")
    story.check(
        "console: the page runs under a strict content policy",
        "default-src 'none'" in policy and "unsafe" not in policy,
        policy,
    )


def _check_figures(story: Story, page: str, table: Answer) -> None:
    shown = Shown.of(page)
    expected = {line["division"]: _shown(line) for line in table["divisions"]} | {"total": _shown(table["total"])}
    wrong = [division for division in expected if shown.get(division) != expected[division]]
    story.check(
        "console: the province's page shows the figures of the JSON",
        expected and not wrong,
        wrong or f"{len(expected)} lines",
    )


def _shown(line: Mapping[str, Any]) -> dict[str, str]:
    """A line of the JSON as the page's `data` elements have it."""
    on_page = [figure for figure in FIGURES if figure not in ("placed", "in_work", "wage_sum_fen", "wage_count")]
    values = {figure: line[figure] for figure in on_page} | {
        name: line[name]["value"] for name in ("employed_share", "mean_wage_fen")
    }
    return {figure: "" if value is None else str(value) for figure, value in values.items()}


class Shown(HTMLParser):
    """Reads the page's table: division -> figure -> value."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: dict[str, dict[str, str]] = {}
        self._line: dict[str, str] = {}

    @classmethod
    def of(cls, page: str) -> dict[str, dict[str, str]]:
        parser = cls()
        parser.feed(page)
        return parser.lines

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "tr":
            self._line = self.lines.setdefault(given.get("data-division") or "", {})
        if tag == "data" and given.get("data-figure"):
            self._line[str(given["data-figure"])] = given.get("value") or ""
