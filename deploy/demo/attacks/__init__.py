"""守门 Attacks, the last step of the story: what somebody with no more than a network would try is tried, refused and told.

Each attack is a file of its own with `play(story)`; a check holds when the attack was refused and the node says so.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from deploy.demo.attacks import (
    anonymous,
    big_body,
    birth_dates,
    false_system,
    forged_consent,
    forged_vacancy,
    killer_workbook,
    partner,
    poison,
    small_numbers,
    stolen,
)
from deploy.demo.story import Story

ATTACKS: tuple[Callable[[Story], Awaitable[None]], ...] = (
    anonymous.play,
    partner.play,
    stolen.play,
    killer_workbook.play,
    big_body.play,
    birth_dates.play,
    small_numbers.play,
    false_system.play,
    poison.play,
    forged_consent.play,
    forged_vacancy.play,
)


async def play(story: Story) -> None:
    """One attack after the other: what one leaves behind must not help the next."""
    for attack in ATTACKS:
        await attack(story)
