"""The chapters of the story in their order, and how they are played one after the other."""

from __future__ import annotations

import traceback
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from deploy.demo import (
    agreement,
    attacks,
    connect,
    day,
    fair,
    identify,
    introduce,
    keep,
    match,
    nothing_lost,
    privacy,
    serve,
    show,
    training,
    two_lists,
)
from deploy.demo.story import Story, StoryBroken


@dataclass(frozen=True)
class Chapter:
    """One link of the chain: its title as people say it, and the step that plays it."""

    title: str
    play: Callable[[Story], Awaitable[None]]


CHAPTERS = [
    Chapter("精准识别 Identify: who is able and willing to work", identify.play),
    Chapter("两张清单 Two lists: what people seek, what employers offer", two_lists.play),
    Chapter("精准对接 Match: one run over counties and cities", match.play),
    Chapter("介绍上岗 Introduce: consent, the sealed card, hired", introduce.play),
    Chapter("精准稳岗 Keep: spells, verification, transfer, retention", keep.play),
    Chapter("精准服务 Serve: training, guidance, subsidies once", serve.play),
    Chapter("花垣的一天 A day in Huayuan: entered, visited, corrected, taken back, printed", day.play),
    Chapter("两地对接 Connect: designated, abroad, not turned up, consent withdrawn", connect.play),
    Chapter("招聘会 A fair: thirty signed on the spot", fair.play),
    Chapter("订单班 A training place: admitted, dropped out, moved up", training.play),
    Chapter("协作协议 An agreement: counted to the person, signed by both sides", agreement.play),
    Chapter("全省一张表 Show: the province adds up", show.play),
    Chapter("一个不漏 Nothing lost: every mirror complete", nothing_lost.play),
    Chapter("姓名不出县 Privacy: no name anywhere else", privacy.play),
    Chapter("守门 Attacks: refused and told", attacks.play),
]


async def play(story: Story) -> None:
    """Play every chapter; a chapter that breaks is a failed check, and the ones that can still be told go on."""
    for chapter in CHAPTERS:
        story.tell(chapter.title)
        try:
            await chapter.play(story)
        except StoryBroken as broken:
            story.check(f"{chapter.play.__module__.rsplit('.', 1)[-1]}: told to its end", False, broken)
        except Exception as error:  # noqa: BLE001  an unexpected end of a chapter is a failed check with its place
            place = traceback.extract_tb(error.__traceback__)[-1]
            story.check(
                f"{chapter.play.__module__.rsplit('.', 1)[-1]}: told to its end",
                False,
                f"{type(error).__name__}: {error} ({place.name}, line {place.lineno})",
            )
