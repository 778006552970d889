"""Whether reasons may be told beside townships (小数抑制): who is no labourer has a reason at least, and each reason is one of theirs."""

from __future__ import annotations

from collections.abc import Sequence

from libs.common.small_numbers import SMALL, Told, span, span_of_sum


def may_tell_reasons(townships: Sequence[tuple[Told, Told]], reasons: Sequence[Told]) -> bool:
    """Whether beside these counts every small one may still be any of 1 to 4: judged by what is told, and never beside a small township."""
    if any(SMALL in township for township in townships):
        return False
    least = sum(max(span(people)[0] - span(labourers)[1], 0) for people, labourers in townships)
    greatest = sum(span(people)[1] - span(labourers)[0] for people, labourers in townships)
    # With a small reason at 1 and the others at their greatest there are still as many as must have one; with it at 4 no more than may.
    one, four = span(SMALL)
    return SMALL not in reasons or (span_of_sum(reasons)[1] - (four - one) >= least and four <= greatest)
