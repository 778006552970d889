"""Input from which nothing can be computed, as one sentence and as what a machine wants to know of it."""

from __future__ import annotations


class InputRefused(ValueError):
    """`where` names the file, row or column that is wrong, as far as there is one."""

    def __init__(self, sentence: str, **where: str | int) -> None:
        super().__init__(sentence)
        self.where = where
