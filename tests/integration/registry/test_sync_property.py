"""Two phones and an officer in any order: doubled, lost, at the same moment. In the end each copy is the register, and nothing said is lost."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from random import Random
from typing import Any
from uuid import UUID

import httpx
import pytest

from libs.common.codes.lists import education_steps
from libs.common.service import ServiceContext
from services.registry.app import SERVICE
from tests.integration.registry.phones import BIANCHENG, HUAYUAN, Phone
from tests.integration.registry.test_corrections import LABOURERS, history
from tests.integration.registry.test_sync_pull import a_county
from tests.integration.registry.test_sync_push import CONFLICTS, day, send
from tests.support.nodes import Nodes, client_of

Json = dict[str, Any]
STEPS = 40
COUNTED = ("applied", "merged", "conflict")


@dataclass
class Sender(Phone):
    """A phone with what waits to be sent, and every answer that it was ever given."""

    waiting: list[Json] = field(default_factory=list)
    sent: dict[str, Json] = field(default_factory=dict)
    answers: dict[str, Json] = field(default_factory=dict)

    def take(self, answers: list[Json], *, keep: bool) -> None:
        """A repetition is answered as the first time. A request whose answer is lost stays in the queue."""
        for answer in answers:
            known = self.answers.get(answer["id"])
            if answer["repeated"]:
                assert known is None or {**answer, "repeated": False} == {**known, "repeated": False}
            assert known is None or known["state"] not in COUNTED or answer["repeated"], answer
            if answer["state"] != "later":
                self.answers[answer["id"]] = answer
        if not keep:
            done = {each["id"] for each in answers if each["state"] != "later"}
            self.waiting = [each for each in self.waiting if each["id"] not in done]


@dataclass
class Day:
    """What may happen, drawn by chance."""

    context: ServiceContext
    random: Random
    officer: httpx.AsyncClient
    phones: list[Sender]
    number: int = 0

    def new_id(self) -> str:
        return str(UUID(int=self.random.getrandbits(128), version=4))

    def something(self) -> Json:
        """A value that nobody else says, a field that anybody may say, or both."""
        self.number += 1
        said = {"work_employer": f"第{self.number}厂"}
        if self.random.random() < 0.5:
            said["education"] = self.random.choice([*education_steps()])
        return said

    def write(self, phone: Sender) -> None:
        """On the phone, without a network."""
        if not phone.people:
            return
        person = phone.people[self.random.choice(sorted(phone.people))]
        made: Json = {"id": self.new_id(), "person": person["id"], "on": day(self.context)}
        match self.random.choice(("correct", "correct", "correct", "visit", "depart")):
            case "correct":
                made |= {"kind": "correct", "base": person["version"], "facts": self.something()}
            case "visit":
                made |= {"kind": "visit", "found": "changed", "wish": {"willing": self.random.random() < 0.5}}
            case "depart" if self.random.random() < 0.3:
                made |= {"kind": "depart", "way": "moved_out"}
            case _:
                made |= {"kind": "visit", "found": "not_home"}
        phone.waiting.append(made)

    async def push(self, phone: Sender) -> None:
        """Sent; sent twice; sent, and the answer never comes."""
        if phone.waiting:
            lost, batch = self.random.random() < 0.3, phone.waiting[: self.random.randint(1, 6)]
            phone.sent |= {each["id"]: each for each in batch}
            phone.take(await send(self.context, phone.client, *batch), keep=lost)
            if self.random.random() < 0.3:
                phone.take(await send(self.context, phone.client, *reversed(batch)), keep=False)

    async def correct(self) -> None:
        """At the desk. Whoever has left meanwhile is a 409."""
        people = [row for phone in self.phones for row in phone.people.values()]
        if people:
            one = self.random.choice(people)["id"]
            answer = await self.officer.patch(f"{LABOURERS}/{one}", json=self.something(), headers={"If-Match": "*"})
            assert answer.status_code in (200, 409), answer.text

    async def move(self) -> None:
        homes = sorted({home for phone in self.phones for home in phone.households})
        people = sorted({one for phone in self.phones for one in phone.people})
        if homes and people:
            body = {"household": self.random.choice(homes), "kinship": "其他", "on": day(self.context)}
            answer = await self.officer.post(f"{LABOURERS}/{self.random.choice(people)}/moves", json=body)
            assert answer.status_code in (200, 409, 422), answer.text

    async def decide(self) -> None:
        waiting = (await self.officer.get(CONFLICTS)).json()["items"]
        if waiting:
            one = self.random.choice(waiting)
            body = {"decision": self.random.choice(("mine", "theirs"))}
            match = {"If-Match": f'"v{one["version"]}"'}
            answer = await self.officer.post(f"{CONFLICTS}/{one['id']}/decision", json=body, headers=match)
            assert answer.status_code in (200, 409), answer.text

    async def at_once(self) -> None:
        await asyncio.gather(*(self.push(phone) for phone in self.phones), self.correct())

    async def step(self) -> None:
        phone = self.random.choice(self.phones)
        match self.random.choice(
            ("write", "write", "write", "page", "pull", "push", "correct", "move", "decide", "all")
        ):
            case "write":
                self.write(phone)
            case "page":
                await phone.page(self.random.randint(1, 3))
            case "pull":
                await phone.pull(self.random.randint(1, 5))
            case "push":
                await self.push(phone)
            case "all":
                await self.at_once()
            case name:
                await getattr(self, name)()

    async def finish(self) -> None:
        """Everything is sent, everybody asks once more."""
        for phone in self.phones:
            while phone.waiting:
                await self.push(phone)
        for phone in self.phones:
            await phone.pull(2)
            await phone.check()

    async def check_nothing_lost(self) -> None:
        """What was counted stands once in a person's history or with its conflict, and every visit once among the visits."""
        conflicts = [
            one
            for decided in (False, True)
            for one in (await self.officer.get(CONFLICTS, params={"decided": decided, "limit": 200})).json()["items"]
        ]
        aside = [said["mine"] for one in conflicts for said in one["fields"]]
        visited = 0
        for phone in self.phones:
            for one, answer in phone.answers.items():
                if answer["state"] in COUNTED and (mutation := phone.sent[one])["kind"] == "correct":
                    value = mutation["facts"]["work_employer"]
                    written = [
                        each
                        for each in await history(self.officer, mutation["person"])
                        if each["after"] == value and each["source"] == "phone" and each["field"] == "work_employer"
                    ]
                    assert len(written) + aside.count(value) == 1, (mutation, answer)
                visited += answer["state"] in COUNTED and phone.sent[one]["kind"] == "visit"
        people = {each["person"] for phone in self.phones for each in phone.sent.values()}
        kept = [
            len((await self.officer.get(f"{LABOURERS}/{one}/visits", params={"limit": 200})).json()["items"])
            for one in people
        ]
        assert sum(kept) == visited


@pytest.mark.parametrize("seed", range(6))
async def test_in_any_order_copies_are_the_register_and_nothing_is_lost_or_counted_twice(
    nodes: Nodes, seed: int
) -> None:
    context = await nodes.open(SERVICE)
    async with AsyncExitStack() as clients:
        officer = await clients.enter_async_context(client_of(context))
        scopes = ([HUAYUAN], [HUAYUAN, BIANCHENG])
        cadres = [
            await clients.enter_async_context(client_of(context, "cadre", regions=scope, subject=f"cadre-{place}"))
            for place, scope in enumerate(scopes)
        ]
        await a_county(officer)
        chance = Day(context, Random(seed), officer, [Sender(each) for each in cadres])
        for _ in range(STEPS):
            await chance.step()
        await chance.finish()
        for phone in chance.phones:
            assert await phone.pull() == 0
        await chance.check_nothing_lost()
    states = {answer["state"] for phone in chance.phones for answer in phone.answers.values()}
    assert states <= {*COUNTED, "refused"}
