"""The door takes a file in (收文件): 202 at once with the import's address; whoever prefers to wait hears how it ended (RFC 7240)."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial
from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, Header, Request, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel

from libs.common.api import Idempotency, answer_once
from libs.common.api.dependencies import reach_of
from libs.common.api.exception_handlers import ProblemResponse
from libs.common.api.recording import afterwards
from libs.common.api.safe_headers import SAFE_HEADERS
from libs.common.api.uploads import Upload
from libs.common.database import Transaction
from libs.common.identity import Caller
from libs.common.imports.flow import Imports
from libs.common.imports.model import AT_REST, ImportRecord, Sheet
from libs.common.imports.repairing import Given, Repairs
from libs.common.imports.schemas import RowsGiven
from libs.common.problems import MEDIA_TYPE
from libs.common.service import ServiceContext
from libs.common.values import HeaderText

# Nobody keeps a connection longer than its client would.
LONGEST_WAIT = 300.0
_WAIT = re.compile(r"(?:^|[,;])\s*wait\s*=\s*\"?(\d{1,6})", re.IGNORECASE)
_FIRST_LOOK, _SLOWEST_LOOK = 0.02, 0.5


def seconds_preferred(
    prefer: Annotated[
        HeaderText | None, Header(description="`wait=60`: answer when it is over, in so many seconds")
    ] = None,
) -> float:
    """`Prefer: wait=N`: how long the answer may take; a preference that is not understood is none."""
    found = _WAIT.search(prefer or "")
    return min(float(found[1]), LONGEST_WAIT) if found else 0.0


Wait = Annotated[float, Depends(seconds_preferred)]


Tell = Callable[[Transaction], Awaitable[BaseModel]]


@dataclass(frozen=True)
class Door:
    """A service's door for files: its imports, and how one is shown."""

    imports: Imports
    show: Callable[[ImportRecord], BaseModel]

    async def receive(
        self, request: Request, caller: Caller, tx: Transaction, once: Idempotency, sheet: Sheet, wait: float
    ) -> Any:
        """Kept for the worker; a repeated key is the same import, waited for anew."""

        async def create() -> BaseModel:
            return self.show(await self.imports.receive(tx, caller, sheet, pieces))

        with await self.imports.seal(tx, sheet) as pieces:
            answer = await answer_once(tx, once, create, status=202)
        return self._answer(request, answer, wait)

    async def repair_rows(
        self,
        request: Request,
        caller: Caller,
        tx: Transaction,
        once: Idempotency,
        number: UUID,
        asked: RowsGiven,
        wait: float,
    ) -> Any:
        """Rows given again as JSON."""
        record = await self._open(tx, number)
        given = await Repairs(self.imports).prepare_rows(tx, record, asked.rows)
        return await self._repair(request, caller, tx, once, record, given, wait)

    async def repair_workbook(
        self,
        request: Request,
        caller: Caller,
        tx: Transaction,
        once: Idempotency,
        number: UUID,
        file: Upload,
        wait: float,
    ) -> Any:
        """Rows given again as the workbook that was handed out."""
        record, repairs = await self._open(tx, number), Repairs(self.imports)
        rows = await repairs.read_workbook(record, file.content, file.filename)
        given = await repairs.prepare_workbook(tx, record, rows)
        return await self._repair(request, caller, tx, once, record, given, wait)

    async def _open(self, tx: Transaction, number: UUID) -> ImportRecord:
        record = await self.imports.get(tx, number)
        Repairs(self.imports).check_open(record)
        return record

    async def _repair(
        self,
        request: Request,
        caller: Caller,
        tx: Transaction,
        once: Idempotency,
        record: ImportRecord,
        given: Given,
        wait: float,
    ) -> Any:
        async def create() -> BaseModel:
            return self.show(await Repairs(self.imports).receive(tx, caller, record, given))

        return self._answer(request, await answer_once(tx, once, create, status=202), wait)

    def _answer(self, request: Request, answer: Any, wait: float) -> Any:
        """202 with what is there now, or what there is when it is over."""
        if wait:
            number = answer.id if isinstance(answer, BaseModel) else json.loads(answer.body)["id"]  # type: ignore[attr-defined]
            replayed = {} if isinstance(answer, BaseModel) else {"Idempotent-Replayed": "true"}
            afterwards(request, partial(self._wait, request, UUID(str(number)), wait, replayed))
        return answer

    async def _wait(self, request: Request, number: UUID, wait: float, headers: dict[str, str]) -> Response:
        """201 with what it did or would do, the problem why it failed, or 202 again when the time is over."""
        context: ServiceContext = request.app.state.context
        record = await self._look_until_over(context, request, number, asyncio.get_running_loop().time() + wait)
        applied = headers | {"Preference-Applied": f"wait={wait:.0f}"}
        if record.problem is not None:
            return ProblemResponse(
                record.problem,
                status_code=record.problem["status"],
                media_type=MEDIA_TYPE,
                headers=SAFE_HEADERS | applied,
            )
        shown = self.show(record).model_dump(mode="json", by_alias=True)
        return JSONResponse(shown, status_code=201 if record.is_at_rest else 202, headers=applied)

    async def confirm(
        self, request: Request, response: Response, caller: Caller, tx: Transaction, number: UUID, wait: float
    ) -> Any:
        """What was tried goes in."""
        record = await self.imports.confirm(tx, caller, number)
        response.status_code = 200 if record.is_over else 202
        return self.goes_on(
            request, self.show(record), number, 0 if record.is_over else wait, partial(self._tell, number)
        )

    async def _tell(self, number: UUID, tx: Transaction) -> BaseModel:
        return self.show(await self.imports.get(tx, number))

    def goes_on(self, request: Request, answer: BaseModel, number: UUID, wait: float, tell: Tell) -> Any:
        """200 for what is over, 202 while it is under way; whoever prefers to wait hears the end."""
        if wait:
            afterwards(request, partial(self._wait_on, request, number, wait, tell))
        return answer

    async def _wait_on(self, request: Request, number: UUID, wait: float, tell: Tell) -> Response:
        context: ServiceContext = request.app.state.context
        until = asyncio.get_running_loop().time() + wait
        record = await self._look_until_over(context, request, number, until)
        async with context.database.reading(lambda: reach_of(request)) as tx:
            shown = (await tell(tx)).model_dump(mode="json", by_alias=True)
        return JSONResponse(shown, 200 if record.is_over else 202, {"Preference-Applied": f"wait={wait:.0f}"})

    async def _look_until_over(
        self, context: ServiceContext, request: Request, number: UUID, until: float
    ) -> ImportRecord:
        pause = _FIRST_LOOK
        while True:
            async with context.database.reading(lambda: reach_of(request)) as tx:
                state = await self.imports.tables.find_state(tx, number)
                left = until - asyncio.get_running_loop().time()
                if state is None or state in AT_REST or left <= 0:
                    return await self.imports.get(tx, number)
            await asyncio.sleep(min(pause, left))
            pause = min(pause * 1.5, _SLOWEST_LOOK)
