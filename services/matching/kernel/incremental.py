"""Between runs (增量配岗): a run that is kept goes on with people who come later, as if they had been there from the start.

Cutoffs only rise while proposals only add, so asking later ends in the same matching: what `extend` leaves behind is
what a run from scratch finds with everybody. Each pass goes on by itself; with couples in the market they choose again
after it, and if one of them chooses otherwise than before, everybody is matched from scratch and the answer says so.

Memory: about 135 bytes a person and pass and 12 to 24 an opening, with room for an eighth more people; beside it the
people's columns, which a run from scratch would need.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from services.matching.kernel.array_types import FEW, I32, LOTTERY_BITS, U64, PassState, PeopleArrays, scratch_for
from services.matching.kernel.batched_deferred_acceptance import CHUNK, DeferredAcceptance, Tell
from services.matching.kernel.couples import CityChoice, Couples
from services.matching.kernel.encodings import Classes, classes_of
from services.matching.kernel.passes import (
    Outcome,
    PlayedPass,
    PreparedMarket,
    nobody,
    outcome_of,
    play,
    prepare,
    review,
)
from services.matching.kernel.people_arrays import LISTS, DeclaredColumns, draw, refuse_ties, undeclared
from services.matching.kernel.scoring import read_places
from services.matching.kernel.seat_heaps import propose
from services.matching.kernel.vacancy_arrays import lay_out
from services.matching.rules.columns import People

LEAST_ROOM = 4_096
NOBODY_YET, COUPLE_CAME, COUPLE_MOVED = "nobody had been matched", "a couple came", "a couple chose otherwise"
GROUPS = "groups of fellows choose anew"


class PlacesRefused(ValueError):
    """Places that cannot be held together: somebody sits where others would have been chosen."""


@dataclass
class ExtendableRun:
    """A run that can go on: all its passes, with room for more people, and everybody's columns, part by part as they came.

    `lots` are ascending, those of the beginning and those added since: two people with one lot are refused also if they
    come on different days.
    """

    run: PreparedMarket
    passes: list[PlayedPass]
    parts: list[People]
    lots: tuple[U64, U64]

    @property
    def count(self) -> int:
        return sum(len(part) for part in self.parts)

    @property
    def seed(self) -> bytes:
        return self.run.seed

    def people(self) -> People:
        """Everybody, in the order in which they came."""
        self.parts = self.parts if len(self.parts) == 1 else [People.joined(self.parts)]
        return self.parts[0]

    def outcome(self) -> Outcome:
        """As `match` gives it; rows in the order of `people`."""
        if not self.passes:
            return nobody(self.run)
        last = self.passes[-1]
        later = undeclared(self.people().taken(np.arange(len(last.declared.shared), self.count)))
        last.declared = DeclaredColumns(
            *(np.concatenate(pair) for pair in zip(vars(last.declared).values(), vars(later).values(), strict=True))
        )
        return outcome_of(self.run, last, self.count)


@dataclass(frozen=True)
class ExtendedRun:
    """What came of people who joined: `run` goes on, `moved` are the rows whose place is another one (of those before and those who came).

    `from_scratch` says why everybody was matched anew, and is empty if not; `tables_rebuilt`: kinds of people came that the
    tables did not have.
    """

    run: ExtendableRun
    moved: I32
    from_scratch: str = ""
    tables_rebuilt: bool = False


def match_extendable(run: PreparedMarket, tell: Tell = lambda text: None) -> ExtendableRun:
    """Matches as `match` does, and keeps what it takes to go on."""
    passes = list(play(run, tell)) if len(run.people) and run.vacancies else []
    for played in passes:
        make_room(run, played, played.count)
    return extendable(run, passes)


def extendable(run: PreparedMarket, passes: list[PlayedPass]) -> ExtendableRun:
    return ExtendableRun(run, passes, [run.people], (np.sort(_lots(run.drawn)), np.zeros(0, np.uint64)))


def extend(kept: ExtendableRun, people: People) -> ExtendedRun:
    """Lets new people propose, and whoever they displace; raises LotteryTied before anything has changed.

    The kept run is used up: go on with the one in the answer.
    """
    drawn = draw(people.person, kept.run.seed)
    _refuse_ties(kept, people, drawn)
    classes = classes_of(people, kept.run.weights, kept.run.classes.kinds)
    why = _why_from_scratch(kept, people, classes)
    if why:
        return _from_scratch(kept, people, why)
    tables_rebuilt = classes.kinds != kept.run.classes.kinds
    if tables_rebuilt:
        _rebuild_tables(kept, classes)
    new, couples = (
        replace(kept.run, people=people, drawn=drawn, classes=classes),
        _before_choosing(kept.run.couples, people),
    )
    for played, after in zip(kept.passes, [*kept.passes[1:], None], strict=True):
        moved = _go_on(new, played, kept.count)
        follows = review(kept.run, couples, kept.run.fellows, played)
        if follows != bool(after) or (after and couples.choices != after.choices):
            return _from_scratch(kept, people, COUPLE_MOVED)
    kept.run.couples = couples
    kept.parts.append(people)
    first, later = kept.lots
    kept.lots = first, np.sort(np.concatenate([later, _lots(drawn)]))
    return ExtendedRun(kept, moved, tables_rebuilt=tables_rebuilt)


def _why_from_scratch(kept: ExtendableRun, people: People, classes: Classes) -> str:
    """Why a run cannot go on with new people, before they have asked; empty if it can."""
    if not kept.passes:
        return NOBODY_YET
    if Couples.of(people, classes):
        return COUPLE_CAME
    return GROUPS if kept.run.fellows or (people.fellows and (people.fellows.codes >= 0).any()) else ""


def _lots(drawn: U64) -> U64:
    return drawn >> np.uint64(64 - LOTTERY_BITS)


def _refuse_ties(kept: ExtendableRun, people: People, drawn: U64) -> None:
    refuse_ties(people.person, drawn)
    lots = np.sort(_lots(drawn))
    if any((known[np.searchsorted(known[:-1], lots)] == lots).any() for known in kept.lots if len(known)):
        everybody = People.joined([*kept.parts, people]).person
        refuse_ties(everybody, draw(everybody, kept.run.seed))


def _from_scratch(kept: ExtendableRun, people: People, why: str) -> ExtendedRun:
    run, everybody = kept.run, People.joined([*kept.parts, people])
    fresh = match_extendable(prepare(everybody, run.vacancies, run.weights, run.seed, run.threads, run.batch))
    return ExtendedRun(fresh, np.arange(len(everybody), dtype=np.int32), from_scratch=why)


def _rebuild_tables(kept: ExtendableRun, classes: Classes) -> None:
    """Tables for kinds of people that were not there before; numbers, positions and places stay."""
    run = kept.run
    run.classes = replace(run.classes, kinds=classes.kinds)
    run.market, _ = lay_out(run.vacancies, classes.kinds, run.scales, run.weights, run.seed)
    for played in kept.passes:
        make_room(run, played, played.count)


def _before_choosing(couples: Couples, people: People) -> Couples:
    """The same couples among more people, as they stand before the first pass."""
    if not couples:
        return couples
    return Couples(
        couples.rows, couples.only, np.concatenate([couples.shared, people.shared]), [CityChoice()] * len(couples.rows)
    )


def _go_on(new: PreparedMarket, played: PlayedPass, first: int) -> I32:
    """New people, whose rows begin with `first`, propose in a pass; whose places change."""
    crowd, order = new.crowd(undeclared(new.people))
    before, count = played.count, played.count + len(order)
    if count > len(played.state.held):
        make_room(new, played, count)
    played.crowd = _behind(played.crowd, crowd, before)
    played.order[before:count] = order + first
    threads = new.threads if len(order) > CHUNK else 1
    with ThreadPoolExecutor(threads) as pool:
        waves = DeferredAcceptance(new.market, played.crowd, played.state, pool, threads, new.batch, played.later)
        waves.settle(np.arange(before, count, dtype=np.int32), lambda text: None)
    played.count, played.tally = count, waves.tally
    return played.order[_moved(played)]


def _moved(played: PlayedPass) -> I32:
    """Who sits elsewhere than when this was last asked."""
    held, known = played.state.held, played.known
    assert known is not None, "only a pass with room goes on"
    moved = np.flatnonzero(known != held).astype(np.int32)
    known[moved] = held[moved]
    return moved


def _behind(crowd: PeopleArrays, new: PeopleArrays, count: int) -> PeopleArrays:
    """Writes the columns of new people behind the first `count` of a crowd that has room."""
    columns, more = crowd._asdict(), new._asdict()
    for begins, codes in LISTS:
        offsets, values, used = more.pop(begins), more.pop(codes), int(columns[begins][count])
        whole = used + len(values)
        columns[codes] = columns[codes] if whole <= len(columns[codes]) else _longer(columns[codes], whole + whole // 8)
        columns[codes][used:whole] = values
        columns[begins][count + 1 : count + len(offsets)] = offsets[1:] + used
    for name, values in more.items():
        columns[name][..., count : count + values.shape[-1]] = values
    return PeopleArrays(**columns)


def _longer(column: npt.NDArray[Any], length: int) -> npt.NDArray[Any]:
    longer = np.zeros((*column.shape[:-1], length), column.dtype)
    longer[..., : column.shape[-1]] = column
    return longer


def make_room(run: PreparedMarket, played: PlayedPass, count: int) -> None:
    """Room for an eighth more than `count` people, with everybody seated anew."""
    room = count + max(LEAST_ROOM, count // 8)
    begins, codes = zip(*LISTS, strict=True)
    columns = {
        name: column if name in codes else _longer(column, room + 1 if name in begins else room)
        for name, column in played.crowd._asdict().items()
    }
    played.crowd, played.order = PeopleArrays(**columns), _longer(played.order, room)
    played.state = _seated(run, played.crowd, played.state.held[: played.count], room)
    # Everybody looks anew: where vacancies lie may have changed. Written, or the system would hand out each page when it is first needed.
    played.later, played.known = np.full((room, FEW), 0, np.int32), played.state.held.copy()


def _seated(run: PreparedMarket, crowd: PeopleArrays, held: I32, room: int) -> PassState:
    """A state with room in which everybody sits where he held a place. A vacancy chooses from those whom it holds as it chose
    from all who ever applied, so its cutoffs are the same."""
    state = run.state(room)
    state.held[: len(held)] = held
    utility, priority, seat = np.empty(room, np.int16), np.empty(room, np.int16), np.empty(room, np.int8)
    read_places(run.market, crowd, state, scratch_for(run.market), utility, priority, seat)
    who = np.flatnonzero(state.held >= 0).astype(np.int32)
    keys = priority[who].astype(np.int64) << LOTTERY_BITS | crowd.lottery[who]
    touched, blocks = np.zeros(run.market.numbers.blocks, np.uint8), run.market.numbers.blocks
    refused, _ = propose(
        run.market, crowd, state, who, len(who), state.held[who], keys, 0, blocks, touched, np.empty(len(who), np.int32)
    )
    if refused:
        raise PlacesRefused(f"{refused} people sit where others would have been chosen")
    return state
