"""A service at a node, put together and run: api, worker, all or migrate, with an ordered stop."""

from __future__ import annotations

import argparse
import asyncio
import gc
import signal
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, nullcontext
from typing import Any

import uvicorn
from starlette.types import ASGIApp

from libs.common import workers
from libs.common.service import Service, ServiceContext, create_context
from libs.common.telemetry import start_logging, start_tracing

# Longer than clients keep an idle connection (httpx: 5 s, nginx: 60 s): else one is closed under a request on its way.
KEEP_ALIVE_SECONDS = 75


@asynccontextmanager
async def serving(app: ASGIApp, host: str, port: int, proxies: str = "") -> AsyncIterator[uvicorn.Server]:
    """uvicorn in this loop, stopped in order: no new requests, those at hand finish, then out."""
    config = uvicorn.Config(
        app,
        host=host,
        port=port,
        log_config=None,
        access_log=False,
        lifespan="off",
        timeout_graceful_shutdown=5,
        timeout_keep_alive=KEEP_ALIVE_SECONDS,
        server_header=False,
        proxy_headers=bool(proxies),
        forwarded_allow_ips=proxies,
    )
    server = _Server(config)
    task = asyncio.create_task(server.serve())
    try:
        yield server
    finally:
        server.should_exit = True
        await task


class _Server(uvicorn.Server):
    """Leaves signals to `stop_signal`."""

    def capture_signals(self) -> Any:
        return nullcontext()


def stop_signal() -> asyncio.Event:
    """An event that SIGTERM and SIGINT set."""
    stop, loop = asyncio.Event(), asyncio.get_running_loop()
    for signum in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(signum, stop.set)
    return stop


# Files are judged in threads beside the loop. Whoever has the interpreter keeps it for so long before another one has a turn, and
# an answer needs a dozen of turns.
TURN_SECONDS = 0.0005


def load_without_collections() -> None:
    """First of all: what is loaded and put together for good is garbage for nobody; looking for some was a quarter of a start."""
    gc.disable()


def share_interpreter() -> None:
    """Before serving: short turns, and collections begin, which never look at what has been loaded until now."""
    sys.setswitchinterval(TURN_SECONDS)
    gc.collect()
    gc.freeze()
    gc.enable()


async def run(
    contexts: Sequence[ServiceContext], *, api: ASGIApp | None, host: str, port: int, work: bool = True
) -> None:
    """Serve and work until a stop signal: first the door closes, then the work ends, then the databases are let go."""
    share_interpreter()
    start_tracing(contexts[0].settings.otlp_traces, contexts[0].node.id)
    stop = stop_signal()
    tasks = [asyncio.create_task(workers.work(context)) for context in contexts] if work else []
    if api is not None:
        tasks += [asyncio.create_task(workers.heed_revocations(context)) for context in contexts]
        if foreign := contexts[0].node.verifier.foreign:
            tasks.append(asyncio.create_task(workers.watch_over(contexts[0], "issuer.keys", foreign.keep_keys)))
        tasks += [asyncio.create_task(workers.refresh(context)) for context in contexts if context.service.refresh]
    try:
        if api is None:
            await _until(stop, tasks)
        else:
            async with serving(api, host, port, contexts[0].settings.proxies):
                await _until(stop, tasks)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        for context in contexts:
            await context.close()


async def _until(stop: asyncio.Event, tasks: Sequence[asyncio.Task[None]]) -> None:
    waiting = asyncio.create_task(stop.wait())
    done, _ = await asyncio.wait([waiting, *tasks], return_when=asyncio.FIRST_COMPLETED)
    waiting.cancel()
    for task in done:
        task.result()  # a worker that ended by itself has failed: say why and stop the process


def main(service: Service) -> None:
    """`python -m services.<name> api|worker|all|migrate`."""
    parser = argparse.ArgumentParser(prog=f"services.{service.name}", description=service.title)
    parser.add_argument("part", choices=["api", "worker", "all", "migrate"])
    part = parser.parse_args().part
    load_without_collections()
    start_logging()
    asyncio.run(_run_part(service, part))


async def _run_part(service: Service, part: str) -> None:
    from libs.common.api.application import create_api  # only a process that serves needs the web framework

    settings = service.settings()
    context = create_context(service, settings)
    if part == "migrate":
        await context.migrate()
        return await context.close()
    api = create_api(context) if part in ("api", "all") else None
    await run([context], api=api, host=settings.host, port=settings.port, work=part in ("worker", "all"))
