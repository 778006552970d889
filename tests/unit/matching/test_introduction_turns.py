"""News of introductions late, doubled, lost and repeated, in any order: both nodes end in the same state, and of one person there is one yes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from itertools import product
from random import Random

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.matching.rules.introductions.reasons import AGREED_ELSEWHERE, MISTAKE
from services.matching.rules.introductions.refusals import StepNotPossible
from services.matching.rules.introductions.steps import (
    CITY,
    CITY_SAYS,
    COUNTY,
    COUNTY_ENDS,
    COUNTY_WAITS,
    SIGNED,
    STATES,
    TAKEN,
    UNDECIDED,
    UNDONE,
    check_step,
    step_to,
)
from services.matching.rules.introductions.turns import WEIGHT, Word, holds, settle

# One person's introductions: two to one city, one to another.
NAMES = ("a", "b", "c")
News = tuple[str, str, Word]
Move = Callable[[], None]


def test_the_weights_name_every_state_once() -> None:
    assert sorted(WEIGHT) == sorted(STATES)


def test_what_crosses_is_settled_alike_at_both_nodes() -> None:
    """Two words of the same number: one of them holds, whichever is heard second."""
    for county, city in product((*COUNTY_WAITS, *COUNTY_ENDS), CITY_SAYS):
        one, other = Word(county, "x", 5), Word(city, "y", 5)
        assert holds(one, other) != holds(other, one)


def test_nothing_older_and_nothing_told_again_replaces_what_is_known() -> None:
    for known, told in product(STATES, STATES):
        assert not holds(Word(told, None, 4), Word(known, None, 5))
        assert holds(Word(told, None, 6), Word(known, None, 5))
    assert not any(holds(Word(state, "x", 5), Word(state, "x", 5)) for state in STATES)


@dataclass
class World:
    """A county and its cities by the rules alone; nothing that was told leaves the wire."""

    county: dict[str, Word] = field(default_factory=lambda: {name: Word("held", None, 1) for name in NAMES})
    city: dict[str, Word] = field(default_factory=dict)
    agreed: set[str] = field(default_factory=set)
    told: list[News] = field(default_factory=lambda: [(CITY, name, Word("held", None, 1)) for name in NAMES])

    def moves(self) -> list[Move]:
        """Every step that either side may take now."""
        sides = ((COUNTY, self.county), (CITY, self.city))
        found = [move for side, here in sides for move in (*self._steps(side, here), *self._undos(side, here))]
        return found if self.placed("") or len(self.county) > 5 else [*found, self.propose]

    def propose(self) -> None:
        """Somebody who is free may be asked about another vacancy."""
        name = f"n{len(self.county)}"
        self.county[name] = Word("proposed", None, 1)
        self.told.append((CITY, name, self.county[name]))

    def _steps(self, side: str, here: dict[str, Word]) -> Iterator[Move]:
        for (name, word), to in product(here.items(), STATES):
            reasons = step_to(to, side).reasons
            reason = reasons[0] if reasons else None
            try:
                check_step(word.state, to, side, reason)
            except StepNotPossible:
                continue
            if to != "agreed" or not self.placed(name):
                yield partial(self.take, side, name, to, reason)

    def _undos(self, side: str, here: dict[str, Word]) -> Iterator[Move]:
        for name, word in here.items():
            if (side, word.state) in UNDONE and not (word.state == "declined" and self.placed(name)):
                yield partial(self.take, side, name, UNDONE[side, word.state] or "held", MISTAKE)

    def placed(self, but: str) -> bool:
        return any(word.state in SIGNED for name, word in self.county.items() if name != but)

    def take(self, side: str, name: str, to: str, reason: str | None) -> None:
        here = self.county if side == COUNTY else self.city
        here[name] = Word(to, reason, here[name].turn + 1)
        self.told.append((CITY if side == COUNTY else COUNTY, name, here[name]))
        if to == "agreed":
            self.agreed.add(name)
            self._make_obsolete(name)

    def _make_obsolete(self, but: str) -> None:
        for name, word in list(self.county.items()):
            if name != but and word.state in UNDECIDED:
                self.take(COUNTY, name, "obsolete", AGREED_ELSEWHERE)

    def hear(self, news: News) -> None:
        side, name, told = news
        if side == CITY:
            known = self.city.get(name)
            self.city[name] = (settle(told, known) or known) if known else told
            return
        after = settle(told, self.county[name], placed_elsewhere=self.placed(name))
        if after is None or name not in self.agreed:
            return
        self.county[name] = after
        if after.state != told.state:
            self.told.append((CITY, name, after))
        elif after.state in SIGNED:
            self._make_obsolete(name)

    def check_one_yes(self) -> None:
        assert sum(word.state in SIGNED for word in self.county.values()) <= 1

    def settle_all(self, random: Random) -> None:
        """Everything once more, in any order, until nobody has anything to say."""
        heard = 0
        while heard < len(self.told):
            heard = len(self.told)
            for news in random.sample(self.told, heard):
                self.hear(news)
                self.check_one_yes()


PATH = ((COUNTY, "offered"), (COUNTY, "agreed"), (CITY, "introduced"), (CITY, "hired"), (CITY, "started"))


def a_world(random: Random) -> World:
    """Somewhere on the way to work with one introduction, both nodes knowing it."""
    world = World()
    for news in list(world.told):
        world.hear(news)
    for side, to in PATH[: random.randint(0, len(PATH))]:
        world.take(side, "a", to, None)
        for news in list(world.told):
            world.hear(news)
    return world


def a_day(world: World, random: Random) -> None:
    """A step of a side on what it knows, the other side's as likely as one's own, or news that is heard now or again."""
    moves = world.moves()
    if moves and random.random() < 0.6:
        random.choice(moves)()
        if random.random() < 0.2 and not world.placed(""):  # the county goes on before it hears anything
            world.propose()
            name = f"n{len(world.county) - 1}"
            world.take(COUNTY, name, "offered", None)
            world.take(COUNTY, name, "agreed", None)
    else:
        world.hear(random.choice(world.told))
    world.check_one_yes()


@settings(max_examples=600, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.integers(0, 2**32))
def test_any_order_of_news_ends_in_states_that_fit(seed: int) -> None:
    """Whatever was told may be heard now, again, or only in the end; steps are taken in between on what is known."""
    random = Random(seed)
    world = a_world(random)
    for _ in range(random.randint(1, 25)):
        a_day(world, random)
    world.settle_all(random)
    assert world.county == world.city
    taken = [name for name, word in world.city.items() if word.state in TAKEN]
    assert taken == [name for name, word in world.county.items() if word.state in TAKEN]
    assert len(taken) <= 1
