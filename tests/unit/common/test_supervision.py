"""What is away is waited for; a fault of our own is told with its trace, counted, and after some in a row it is the end."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable

import pytest
from structlog.testing import capture_logs

from libs.common import supervision
from libs.common.faults import DatabaseAway
from libs.common.supervision import WorkerFailed, supervise
from libs.common.telemetry import Metrics


@pytest.fixture(autouse=True)
def without_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(supervision, "RESTART_SECONDS", 0.0)


def a_worker(failures: Iterable[Exception]) -> Callable[[], Awaitable[None]]:
    """Fails with one after the other, then ends well."""
    left = iter(failures)

    async def work() -> None:
        for error in left:
            raise error

    return work


def counted(metrics: Metrics) -> float:
    return float(metrics.worker_faults.labels("sample", "sample.work")._value.get())


async def test_faults_of_our_own_end_the_work_after_so_many_in_a_row() -> None:
    metrics, work = Metrics("sample"), a_worker([KeyError("a slip")] * 5)
    with capture_logs() as told, pytest.raises(WorkerFailed, match="3 times in a row: KeyError") as failed:
        await supervise("sample.work", work, metrics, 3)
    assert isinstance(failed.value.__cause__, KeyError)
    assert counted(metrics) == 3
    assert [(line["event"], line["log_level"], line["in_a_row"]) for line in told] == [
        ("worker_failed", "error", time) for time in (1, 2, 3)
    ]
    assert all(repr(line["exc_info"]) == "KeyError('a slip')" for line in told)


async def test_what_is_away_is_waited_for_however_often() -> None:
    metrics, away = Metrics("sample"), [DatabaseAway(), ConnectionResetError(), TimeoutError()]
    with capture_logs() as told:
        await supervise("sample.work", a_worker(away * 20), metrics, 2)
    assert (counted(metrics), [line for line in told if line["log_level"] == "error"]) == (0, [])


async def test_the_row_goes_on_over_what_was_away_in_between() -> None:
    failures = [KeyError(), DatabaseAway(), KeyError(), DatabaseAway(), KeyError()]
    with pytest.raises(WorkerFailed):
        await supervise("sample.work", a_worker(failures), Metrics("sample"), 3)


async def test_who_has_worked_well_for_a_while_has_not_failed_in_a_row(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(supervision, "WELL_SECONDS", -1.0)
    metrics = Metrics("sample")
    await supervise("sample.work", a_worker([KeyError()] * 9), metrics, 3)
    assert counted(metrics) == 9


async def test_without_a_bound_it_begins_again_for_ever() -> None:
    metrics = Metrics("sample")
    await asyncio.wait_for(supervise("sample.work", a_worker([KeyError()] * 40), metrics, 0), 10)
    assert counted(metrics) == 40
