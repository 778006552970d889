"""A day of work at the two nodes: every operation asked once so that it succeeds, as far as a house without a broker can."""

from __future__ import annotations

import json
import ssl
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any
from uuid import UUID

import asyncpg
import httpx
from sqlalchemy import text

from deploy.local.accounts import lasting_accounts
from libs.common.database import new_id
from libs.common.events.records import Record, Unreadable
from libs.common.events.retention import SpellStarted
from libs.common.inbox.dead_letters import Refused, keep
from libs.common.kafka import topics_announced
from libs.common.relay import headers_of
from libs.common.service import ServiceContext
from services.console.app import welcome_accounts
from services.jobs.operations.counting import count_start
from services.jobs.store.hires import upsert_hire
from services.matching.files import weights_file
from services.registry.operations.quality import judge_due
from services.registry.workers import draw_up
from tests.integration.matching.bus import Bus
from tests.integration.registry.files import DATA
from tests.support.console import FROM_HERE, sign_in
from tests.support.doors import SERVICES
from tests.support.nodes import WAITING, carry
from tests.support.partner import STRANGER, Partner, new_system, public

if TYPE_CHECKING:
    from tests.fuzz.house import Node

Json = dict[str, Any]
# The house speaks plain HTTP; reading the world's authorities for each question would cost more than the answer.
NO_TLS = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
WHY = {"purpose": "contact", "reference": "走访登记 2017-03-12 第 8 号"}


class Worker:
    """Somebody with a token at a node; whatever is answered is kept by the node."""

    def __init__(
        self,
        node: Node,
        role: str = "officer",
        subject: str = "",
        regions: Sequence[str] | None = None,
        organisation: str = "",
    ):
        self.node = node
        self.organisation = organisation
        self.token = node.token(role, subject=subject, regions=regions, organisation=organisation)
        # What is done in the background is waited for: the next step rests on it.
        self.headers = {"Authorization": f"Bearer {self.token}", "Prefer": "wait=60"}

    async def ask(
        self, method: str, path: str, body: Json | None = None, version: str = "", **query: Any
    ) -> httpx.Response:
        headers = {**self.headers, **({"If-Match": version} if version else {})}
        async with httpx.AsyncClient(base_url=self.node.url, timeout=60, verify=NO_TLS) as client:
            answer = await client.request(method, path, params=query, json=body, headers=headers)
        self.node.answers.take(
            method, answer.url.raw_path.decode(), answer.status_code, answer.headers, answer.content, self.token
        )
        return answer

    async def send(self, path: str, file: tuple[str, bytes]) -> httpx.Response:
        """A file in a form."""
        async with httpx.AsyncClient(base_url=self.node.url, timeout=60, verify=NO_TLS, headers=self.headers) as client:
            answer = await client.post(path, files={"file": file})
        told = answer.url.raw_path.decode(), answer.status_code, answer.headers, answer.content, self.token
        self.node.answers.take("POST", *told)
        assert answer.status_code < 300, f"POST {path}: {answer.text}"
        return answer

    async def get(self, path: str, **query: Any) -> Json:
        return dict((await self.ask("GET", path, **query)).json())

    async def do(self, path: str, body: Json | None = None, *, method: str = "POST", version: str = "") -> Json:
        """Something that must succeed, and what it made is looked at."""
        answer = await self.ask(method, path, body, version)
        assert answer.status_code < 300, f"{method} {path}: {answer.text}"
        if answer.status_code == 201:
            assert (await self.ask("GET", answer.headers["Location"])).status_code == 200, answer.headers["Location"]
        return dict(answer.json()) if answer.content else {}

    async def change(self, path: str, body: Json) -> Json:
        return await self.do(path, body, method="PATCH", version=(await self.ask("GET", path)).headers["ETag"])

    async def items(self, path: str, **query: Any) -> list[Json]:
        return list((await self.get(path, **query))["items"])


async def work(county: Node, city: Node) -> None:
    """All of it, in an order in which one thing does not spoil another."""
    await _session(county)
    await _accounts(county)
    await _systems(county)
    await _employers(city)
    await _vacancies(city)
    await _agreements(county, city)
    await _introductions(county, city)
    await _run(county, city)
    await _retention(county, city)
    await _register(county, city)
    await _training(county, city)
    for node in (county, city):
        for service in SERVICES:
            await _operate(node, service)
        await _look(node)


async def _look(node: Node) -> None:
    """Whatever asks for nothing, by whoever may see it."""
    for operation in node.answers.operations:
        if (
            operation.method == "GET"
            and "{" not in operation.path
            and not any(one.get("required") for one in operation.document.get("parameters", []))
        ):
            for role in ("officer", "operator", "auditor"):
                if (await Worker(node, role).ask("GET", operation.path)).status_code == 200:
                    break


async def _accounts(node: Node) -> None:
    operator = Worker(node, "operator")
    path = "/console/v1/accounts/yang.li"
    await operator.do("/console/v1/accounts", {"login": "yang.li", "role": "officer", "regions": [node.name[1:]]})
    await operator.change(path, {"role": "auditor"})
    for step in ("close", "reopen"):
        await operator.do(f"{path}/{step}", {"reason": "调离 has left the office"})
    await operator.do(f"{path}/password")
    await operator.do(f"{path}/second-factor", method="DELETE")
    await operator.do(f"{path}/sessions", method="DELETE")
    await operator.do("/console/v1/tokens/mHk3v1b0Q2nS7eJd", method="DELETE")
    view = {"page": "/accounts", "name": "经办人员", "query": "role=officer"}
    await operator.do("/console/v1/views", view)
    saved = await operator.do("/console/v1/views", {**view, "name": "干部"})
    await operator.do(f"/console/v1/views/{saved['id']}", method="DELETE")
    await Worker(node, "operator", "operator-2").do("/console/v1/tokens/own", method="DELETE")


async def _own_pages(home: Worker, person: str) -> None:
    """A code, redeemed by the node itself, what the person says and asks, and what the county decides."""
    here = f"/registry/v1/labourers/{person}"
    code = await home.do(f"{here}/codes")
    await Worker(home.node, "service").do("/registry/v1/codes/redemptions", {"code": code["code"]})
    herself = Worker(home.node, "labourer", subject=person)
    await herself.do(f"{here}/own")
    await herself.do(f"{here}/phone", {"phone": "15400000019"}, method="PUT")
    await herself.do(f"{here}/wish", {"wish": {"willing": True, "wage_expected": 4500}}, method="PUT")
    asked = await herself.do(f"{here}/correction-requests", {"work_employer": "某厂", "reason": "换了厂"})
    await herself.items(f"{here}/correction-requests")
    conflict = f"/registry/v1/sync/conflicts/{asked['id']}"
    await home.do(f"{conflict}/reveal", {"purpose": "correction", "reference": "裁决"})
    await home.do(
        f"{conflict}/decision", {"decision": "mine"}, version=(await home.ask("GET", conflict)).headers["ETag"]
    )


async def _help(home: Worker, person: str) -> None:
    """Asked for somebody, answered, closed; and by somebody for herself."""
    path = "/retention/v1/help-requests"
    await Worker(home.node, "labourer", subject=person).do(path, {"category": "papers", "text": "身份证丢了"})
    one = await home.do(path, {"person": person, "category": "wage_arrears", "text": "七月的工资没有发"})
    await home.items(path, state="open")
    for verb, body in (("answer", {"answer": "已联系企业"}), ("close", None)):
        tag = (await home.ask("GET", f"{path}/{one['id']}")).headers["ETag"]
        await home.do(f"{path}/{one['id']}/{verb}", body, version=tag)


async def _session(node: Node) -> None:
    """Somebody has signed in by a browser, and is signed out by an operator."""
    operator = Worker(node, "operator")
    console = node.contexts["console"]
    lasting_accounts(console.settings.keys / "accounts.json", node.name[1:])
    await welcome_accounts(console)
    console.settings = console.settings.model_copy(update={"console_second_factor": ""})
    async with httpx.AsyncClient(base_url=node.url, headers=FROM_HERE) as browser:
        await sign_in(browser, console)
    [session] = await operator.items("/console/v1/accounts/officer/sessions")
    await operator.do(f"/console/v1/accounts/officer/sessions/{session['id']}", method="DELETE")


async def _systems(node: Node) -> None:
    """A partner's program is registered, takes a token by its key, is changed and closed."""
    operator = Worker(node, "operator")
    made = await operator.do("/console/v1/systems", new_system(regions=[node.name[1:]]))
    partner = Partner(made["client_id"], f"{node.url}/console/v1/token")
    form = partner.form(partner.assertion("ES256"))
    async with httpx.AsyncClient(base_url=node.url) as program:
        answer = await program.post("/console/v1/token", data=form)
    node.answers.take("POST", "/console/v1/token", answer.status_code, answer.headers, answer.content, "")
    path = f"/console/v1/systems/{made['id']}"
    await operator.change(path, {"scopes": ["jobs.vacancy.list"]})
    version = (await operator.ask("GET", path)).headers["ETag"]
    await operator.do(f"{path}/jwks", public(STRANGER), method="PUT", version=version)
    await operator.do(f"{path}/close", {"reason": "不再合作 no longer a partner"})


async def _employers(city: Node) -> None:
    """One entered and corrected by an officer, one that registers itself and appeals, another entry of it that is merged; a blacklist."""
    officer, firms = Worker(city), "/jobs/v1/employers"
    made = await officer.do(firms, {"uscc": "91440300MA5PX00173", "name": "深圳参宿食品有限公司", "on": "2017-05-02"})
    here = f"{firms}/{made['id']}"
    await officer.change(here, {"phone": "0755-27000067", "reason": "换了电话"})
    await officer.items(f"{here}/history")
    await officer.get(f"{firms}/counts", q="参宿")
    facts = {"licence": "440306110000067", "contact": "王主任", "phone": "0755-27000067", "on": "2017-05-02"}
    uscc = "N2433124MF00000135"
    firm = Worker(city, "employer", organisation=uscc)
    theirs = f"{firms}/{(await firm.do(firms, {'uscc': uscc, 'name': '花垣麻栗场村合作社', **facts}))['id']}"
    await officer.do(f"{theirs}/vet", {"decision": "refuse", "reasons": ["执照已过期"], "on": "2017-05-03"})
    await firm.do(f"{theirs}/appeal", {"words": "已换新执照", "on": "2017-05-20"})
    await officer.do(f"{theirs}/vet", {"decision": "pass", "contact_confirmed": True, "on": "2017-05-21"})
    await officer.do(f"{here}/blacklist", {"reason": "拖欠工资", "until": "2017-12-31", "on": "2017-06-01"})
    await officer.do(f"{here}/lift", {"reason": "已全部补发", "on": "2017-06-10"})
    facts = {"since": "2017-05-02", "until": "2018-04-30", "by": "深圳市人社局", "promised": 20}
    named = await officer.do("/jobs/v1/designations", {"employer_uscc": made["uscc"], "kind": "base", **facts})
    await officer.do(f"/jobs/v1/designations/{named['id']}/end", {"reason": "未按承诺接收", "on": "2017-06-01"})
    await _fairs(officer, made["uscc"])
    await _checks(officer, made["uscc"])
    again = await officer.do(firms, {"uscc": "440301103097413", "name": "深圳参宿食品厂", "on": "2017-05-02"})
    await officer.do(f"{here}/merge", {"goes": again["uscc"], "reason": "旧注册号的同一家", "on": "2017-06-10"})


async def _checks(officer: Worker, uscc: str) -> None:
    """Of three hires two are drawn, answered, judged; the check is concluded."""
    vacancy = await officer.do(
        "/jobs/v1/vacancies",
        {"employer_uscc": uscc, "title": "包装工", "openings": 5, "wage": 4500, "on": "2017-05-02"},
    )
    async with officer.node.contexts["jobs"].database.transaction() as tx:
        for _ in range(3):
            await upsert_hire(tx, new_id(), UUID(vacancy["id"]), date(2017, 5, 8), 1)
    due, days = str(officer.node.contexts["jobs"].node.today()), {"since": "2017-05-01", "until": "2017-05-31"}
    check = await officer.do(
        "/jobs/v1/checks", {"employer_uscc": uscc, **days, "due": due, "evidence": ["contract"], "number": 2}
    )
    here = f"/jobs/v1/checks/{check['id']}"
    for line in check["lines"]:
        await officer.get(f"{here}/lines/{line['id']}")
        await officer.do(f"{here}/lines/{line['id']}/answer", {"answer": "合同已签", "reference": "合同 2017-118"})
        await officer.do(f"{here}/lines/{line['id']}/judge", {"verdict": "kept"})
    await officer.do(f"{here}/conclude", {"outcome": "kept", "reason": "合同齐全"})


async def _fairs(officer: Worker, uscc: str) -> None:
    """One that a firm does not come to after all and that is cancelled, one that people sign up for."""
    day, fairs = str(officer.node.contexts["jobs"].node.today()), "/jobs/v1/fairs"
    for title in ("镇上专场", "湘粤专场招聘会"):
        here = f"{fairs}/{(await officer.do(fairs, {'title': title, 'venue': '宝安体育馆', 'day': day}))['id']}"
        await officer.do(f"{here}/booths", {"employer_uscc": uscc})
        await officer.change(here, {"venue": "宝安体育馆二楼"})
        await officer.do(f"{here}/open")
        await officer.get(fairs, state="open")
        if title == "镇上专场":
            await officer.do(f"{here}/booths/remove", {"employer_uscc": uscc})
            await officer.do(f"{here}/cancel", {"reason": "台风停办"})


async def _training(county: Node, city: Node) -> None:
    """Courses, and what becomes of four who apply."""
    school, home = Worker(city, "employer", organisation="52440300MJL000008P"), Worker(county)
    days = {"starts_on": "2017-05-01", "ends_on": "2017-12-31", "apply_by": "2017-11-30", "on": "2017-04-20"}
    terms = {"provider_uscc": school.organisation, "provider_name": "深圳技工学校", "licence": "144030070000123"}
    body = {**terms, "title": "电工班", "kind": "free", "places": 3, **days}
    courses, asked = "/jobs/v1/courses", "/registry/v1/applications"
    path = f"{courses}/{(await school.do(courses, body))['id']}"
    await school.change(path, {"places": 4, "on": "2017-04-21"})
    other = f"{courses}/{(await school.do(courses, {**body, 'title': '焊工班'}))['id']}"
    await school.do(f"{other}/close", {"reason": "满了", "on": "2017-04-22"})
    await school.do(f"{other}/withdraw", {"reason": "不开班", "on": "2017-04-23"})
    await carry(*county.contexts.values(), *city.contexts.values())
    course = path.rpartition("/")[2]
    await home.get(f"/registry/v1/courses/{course}")
    people = (await home.items("/registry/v1/labourers", labourer="true", limit=20))[-4:]
    agreed = {"course": course, "consented_by": "person", "consent_on": "2017-05-02", "on": "2017-05-03"}
    made = [(await home.do(asked, {**agreed, "person": each["id"]}))["id"] for each in people]
    await carry(*county.contexts.values(), *city.contexts.values())
    first, second, third, fourth = (f"/jobs/v1/admissions/{each}" for each in made)
    for each in (first, second, fourth):
        await school.do(f"{each}/admit", {"on": "2017-05-04"})
    await school.do(f"{first}/attendance", {"days": 3, "on": "2017-05-10"}, method="PUT")
    await school.do(f"{first}/complete", {"certificate_number": "17440001", "on": "2017-12-31"})
    await school.do(f"{second}/drop", {"reason": "family", "on": "2017-06-01"})
    await school.do(f"{third}/refuse", {"reason": "interview", "on": "2017-05-04"})
    await carry(*county.contexts.values(), *city.contexts.values())
    await school.get(first)
    await school.items("/jobs/v1/admissions", course=course)
    await home.do(f"{asked}/{made[3]}/withdraw", {"reason": "person", "on": "2017-05-05"})
    await carry(*county.contexts.values(), *city.contexts.values())


async def _vacancies(city: Node) -> None:
    officer = Worker(city)
    [listed, *_] = await officer.items("/jobs/v1/vacancies", state="vetted")
    employer = await officer.items("/jobs/v1/employers")
    await officer.get(f"/jobs/v1/employers/{employer[0]['id']}")
    draft = {
        "employer_uscc": listed["employer_uscc"],
        "title": "叉车司机",
        "openings": 3,
        "wage": 4500,
        "on": "2017-05-02",
    }
    heard = {"source": "chamber", "employer_name": "深圳参宿食品有限公司", "title": "叉车司机"}
    lead = (await officer.do("/jobs/v1/leads", heard))["id"]
    await officer.do(f"/jobs/v1/leads/{(await officer.do('/jobs/v1/leads', heard))['id']}/drop", {"reason": "已招满"})
    made = await officer.do("/jobs/v1/vacancies", {**draft, "lead": lead})
    path = f"/jobs/v1/vacancies/{made['id']}"
    await officer.change(path, {"openings": 4})
    await officer.do(f"{path}/vet", {"decision": "pass", "reasons": ["seen on the spot"], "on": "2017-05-02"})
    firm = Worker(city, "employer", organisation=listed["employer_uscc"])
    said = await firm.do(f"{path}/misjudged", {"should": "refuse", "codes": ["deposit_or_fee"], "why": "收押金"})
    await officer.do(f"/jobs/v1/misjudged/{said['id']}/decide", {"decision": "confirm", "reason": "核实"})
    await officer.do(f"{path}/renew", {"on": "2017-05-20", "valid_until": "2017-08-31"})
    await officer.do(f"{path}/withdraw", {"on": "2017-06-01", "reason": "已招满"})
    imported = json.loads(next(answer.content for answer in city.answers.named("jobs", "import_sheet")))
    await officer.items("/jobs/v1/imports")
    employers = DATA / "employers-440300.xlsx"
    await officer.do(f"{await _try(officer, 'jobs', 'employers', employers)}/cancel")
    await officer.do(f"{await _try(officer, 'jobs', 'employers', employers)}/confirm")
    await officer.get(f"/jobs/v1/imports/{imported['id']}")
    await _repair(officer, "jobs", imported, {"联系人": "王主任"})


async def _agreements(county: Node, city: Node) -> None:
    """One put right, broken down, confirmed by its county and ended; before anybody has started, so that its lists are short."""
    officer, here = Worker(city), "/jobs/v1/agreements"
    terms = {"origin": "433100", "title": "深圳市—湘西州劳务协作协议", "since": "2017-01-01", "until": "2018-12-31"}
    made = await officer.do(here, {**terms, "posts": 300, "fairs": 4, "counties": [county.name[1:]]})
    path = f"{here}/{made['id']}"
    await officer.change(path, {"posts": 320})
    await officer.do(f"{path}/targets", {"kind": "posts", "target": 40, "county": county.name[1:], "year": 2017})
    await carry(*county.contexts.values(), *city.contexts.values())
    await Worker(county).do(f"{path}/confirm", {"on": "2017-01-10"})
    for what in ("progress", "counted", "progress.xlsx", "counted.xlsx"):
        await officer.ask("GET", f"{path}/{what}")
    await carry(*county.contexts.values(), *city.contexts.values())
    await _quarter(county, city, made["id"])
    await officer.do(f"{path}/end", {"reason": "双方商定另签", "on": "2018-06-30"})


async def _quarter(county: Node, city: Node, agreement: str) -> None:
    """Stated, contradicted by the county, which has not heard of a start that the city has, settled by the city, signed."""
    officer, home, here = Worker(city), Worker(county), "/jobs/v1/quarters"
    about = {"spell": new_id(), "introduction": new_id(), "vacancy": new_id(), "county": county.name[1:]}
    start = SpellStarted(**about, city=city.name[1:], start=date(2017, 2, 1), wage_fen=400_000)
    async with city.contexts["jobs"].database.transaction() as tx:
        await count_start(tx, start)
    about = {"agreement": agreement, "county": county.name[1:], "period": "2017Q1", "on": "2017-04-05"}
    row = (await officer.do(here, about))["id"]
    both = [*county.contexts.values(), *city.contexts.values()]
    for taken in (False, True):
        if taken:
            word = {"reference": str(start.introduction), "reason": "not_a_start", "on": "2017-04-07"}
            await officer.do(f"{here}/{row}/accept", word)
        await carry(*both)
        await home.do(f"{here}/{(await home.items(here))[0]['id']}/sign", {"on": "2017-04-06"})
        await carry(*both)
    for what in ("", "/entries", "/entries.xlsx"):
        await officer.ask("GET", f"{here}/{row}{what}")


async def _introductions(county: Node, city: Node) -> None:
    home, away = Worker(county), Worker(city)
    [person, *others] = (await home.get("/matching/v1/demand", limit=50))["people"]
    vacancies = [each for each in await home.items("/matching/v1/supply", limit=50) if each["city"] == "440300"]
    await home.get(f"/matching/v1/recommendations/people/{person['person']}")
    await home.get(f"/matching/v1/recommendations/vacancies/{vacancies[0]['vacancy']}")
    await away.get(f"/matching/v1/recommendations/vacancies/{vacancies[0]['vacancy']}/cards")
    made = await _agreed(home, [*reversed(others)], vacancies, 4)
    await carry(*county.contexts.values(), *city.contexts.values())
    await _visit_fair(home, person["person"], others[0]["person"], vacancies[0]["vacancy"])
    declined, rejected, withdrawn, cancelled = made
    await _decide(home, away, declined, rejected)
    await away.get("/matching/v1/outcomes", by="run")
    why = {"on": "2017-05-06", "reason": "family_care"}
    await home.do(f"/matching/v1/introductions/{cancelled}/cancel", why)
    await Worker(county, "service").get(f"/matching/v1/introductions/{withdrawn}/consent")
    await home.get(f"/matching/v1/introductions/{withdrawn}")
    await home.do(
        f"/matching/v1/introductions/{withdrawn}/withdraw-consent", {"on": "2017-05-20", "reason": "changed_mind"}
    )
    await home.do("/matching/v1/introductions/lapse", {"as_of": "2017-05-03"})
    await carry(*county.contexts.values(), *city.contexts.values())


async def _visit_fair(home: Worker, person: str, other: str, vacancy: str) -> None:
    """A fair that is today: two sign up, one of them takes it back, the other comes and signs on the spot."""
    [fair, *_] = await home.items("/matching/v1/fairs", state="open")
    here = f"/matching/v1/fairs/{fair['id']}"
    await home.get(here)
    await home.items(f"{here}/vacancies")
    await home.do(f"{here}/sign-ups", {"people": [person, other]})
    await home.do(f"{here}/sign-ups/take-back", {"people": [other]})
    await home.do(f"{here}/arrivals", {"people": [person]})
    given = {"name": "石秀英", "tail": "12001X", "phone": "15400000001", "day": fair["day"]}
    scanned = f"/registry/v1/fairs/{fair['id']}/self-sign-ups"
    await Worker(home.node, "service").do(scanned, given)
    [sign_up] = await home.items(scanned)
    await home.ask("GET", f"{scanned}.xlsx")
    await home.get(f"{scanned}/{sign_up['id']}")
    await home.do(f"{scanned}/{sign_up['id']}/settle", {})
    noted = {"entry": str(new_id()), "person": person, "vacancy": vacancy, "consent": "2017.1", "on": fair["day"]}
    await home.do(f"{here}/signings", {"entries": [noted]})
    for what in ("/vacancies.xlsx", "/visitors", "/visitors.xlsx", "/results"):
        await home.ask("GET", f"{here}{what}")


async def _decide(home: Worker, away: Worker, declined: str, rejected: str) -> None:
    """Steps one by one and for many, taken back in between."""
    here, many = "/matching/v1/introductions", "/matching/v1/introductions/bulk"
    no = {"on": "2017-05-05", "reason": "too_far"}
    await home.do(f"{here}/{declined}/decline", no)
    await home.do(f"{here}/{declined}/undo", {"on": "2017-05-06"})
    await home.do(f"{here}/{declined}/undo", {"on": "2017-05-06"})
    await home.do(f"{many}/offer", {"on": "2017-05-06", "introductions": [declined]})
    await home.do(f"{many}/decline", {**no, "introductions": [declined]})
    await home.do(f"{many}/agree", {"consent": "2017.1", "on": "2017-05-06", "introductions": [declined]})
    for verb, more in (
        ("reject", {"reason": "lacking_skills"}),
        ("undo", {}),
        ("hire", {}),
        ("rescind", {"reason": "post_gone"}),
        ("undo", {}),
        ("no-show", {}),
        ("undo", {}),
        ("undo", {}),
    ):
        await away.do(f"{here}/{rejected}/{verb}", {"on": "2017-05-08", **more})
    for verb, more in (("hire", {}), ("no-show", {}), ("reject", {"reason": "lacking_skills"})):
        await away.do(f"{many}/{verb}", {"on": "2017-05-08", "introductions": [rejected], **more})


async def _agreed(home: Worker, people: Sequence[Json], vacancies: Sequence[Json], wanted: int) -> list[str]:
    """Introductions that a person agreed to, but for the first, which is only offered."""
    made: list[str] = []
    for number, person in enumerate(people):
        draft = {
            "person": person["person"],
            "vacancy": vacancies[number % len(vacancies)]["vacancy"],
            "on": "2017-05-02",
        }
        answer = await home.ask("POST", "/matching/v1/introductions", draft)
        if answer.status_code != 201:
            continue
        path = answer.headers["Location"]
        await home.do(f"{path}/offer", {"on": "2017-05-03"})
        if made:
            await home.do(f"{path}/agree", {"consent": "2017.1", "on": "2017-05-04"})
        made.append(answer.json()["id"])
        if len(made) == wanted:
            break
    return made


async def _run(county: Node, city: Node) -> None:
    home, away, auditor = Worker(county), Worker(city), Worker(county, "auditor")
    contexts = [county.contexts["matching"], city.contexts["matching"]]
    bus = Bus(contexts, Random(1))
    await bus.run()
    wanted = {
        "counties": [county.name],
        "cities": [city.name],
        "as_of": "2017-05-02",
        "weights": "2017.1",
        "deadline": "2017-06-30",
    }
    run = (await home.do("/matching/v1/runs", wanted))["run"]
    await bus.run()
    own = [
        each
        for each in await away.items("/matching/v1/supply", limit=20)
        if each["city"] == city.name[1:] and each["openings"]
    ]
    await away.get(f"/matching/v1/runs/{run}/allotments", limit=20)
    await away.do(
        f"/matching/v1/runs/{run}/allotments",
        {"allotted": [{"vacancy": each["vacancy"], "openings": 1} for each in own[:5]]},
    )
    await bus.run()
    await auditor.get(f"/matching/v1/runs/{run}")
    for export in ("people.parquet", "places.parquet", "weights.json", "residue", "certificate"):
        await auditor.ask("GET", f"/matching/v1/runs/{run}/{export}")
    await Worker(city, "auditor").ask("GET", f"/matching/v1/runs/{run}/vacancies.parquet")
    await home.get(f"/matching/v1/runs/{run}/people", placed=False, limit=20)
    await away.get(f"/matching/v1/runs/{run}/vacancies", limit=20)
    await home.ask("GET", f"/matching/v1/runs/{run}/people.xlsx")
    await away.ask("GET", f"/matching/v1/runs/{run}/vacancies.xlsx")
    for person in (await home.get("/matching/v1/demand", limit=50))["people"]:
        if (
            await home.ask("GET", f"/matching/v1/people/{person['person']}/explanations/{own[0]['vacancy']}")
        ).status_code == 200:
            break
    await home.do(f"/matching/v1/runs/{run}/passes")
    await home.do(f"/matching/v1/runs/{run}/stop", {"reason": "deadline passed"})
    await Worker(county, "operator").do(
        "/matching/v1/weights", {"weights": {**json.loads(weights_file("2017.1")), "version": "2018.1"}}
    )
    await bus.run()


_PAID = text(
    'INSERT INTO ledger (id, person, policy, period, region, claim, amount_fen, "on", paid_twice) '
    "VALUES (:id, :person, 'transport', '2016', '433124', :claim, 60000, '2016-12-01', :twice)"
)


async def _retention(county: Node, city: Node) -> None:
    home, away = Worker(county), Worker(city)
    for each in await away.items("/retention/v1/risks"):
        await away.get(f"/retention/v1/risks/{each['id']}")
    spells = await away.items("/retention/v1/spells", open="true")
    first, second = spells[0]["id"], spells[1]["id"]
    await away.change(f"/retention/v1/spells/{first}", {"wage_fen": 390000})
    elsewhere = [
        each["vacancy"] for each in await away.items("/matching/v1/supply", limit=50) if each["city"] == city.name[1:]
    ]
    for vacancy in elsewhere:
        moved = {"vacancy": vacancy, "on": "2017-07-01", "start": "2017-07-05", "wage_fen": 420000}
        if (await away.ask("POST", f"/retention/v1/spells/{second}/transfer", moved)).status_code == 201:
            break
    await away.do(f"/retention/v1/spells/{first}/end", {"end": "2017-08-01", "reason": "family", "returned_home": True})
    for task in await away.items("/retention/v1/verifications", quarter="2017Q2"):
        found = {"grade": "wage_line", "on": "2017-06-20", "outcome": "in_work"}
        if (await away.ask("POST", f"/retention/v1/verifications/{task['id']}/answer", found)).status_code == 200:
            break
    for what in ("", "/list", "/list.xlsx"):
        await away.ask("GET", f"/retention/v1/retention-rate{what}", month=1, as_of="2017-12-31")
    await away.ask("GET", "/retention/v1/verifications.xlsx", quarter="2017Q2")
    person = (await home.get("/matching/v1/demand", limit=50))["people"][0]["person"]
    await home.do("/retention/v1/services", {"person": person, "kind": "training", "on": "2017-03-06", "hours": 40})
    await _help(home, person)
    placed = (await home.items("/retention/v1/spells"))[0]["introduction"]
    claim = await home.do(
        "/retention/v1/claims",
        {"evidence": [{"kind": "id_copy"}], "on": "2017-06-01", "introduction": placed, "policy": "transport"},
    )
    await home.do(
        f"/retention/v1/claims/{claim['id']}/evidence", {"evidence": [{"kind": "contract"}], "on": "2017-06-20"}
    )
    await _paid_twice(county, UUID(person))
    (second,) = await home.items("/retention/v1/ledger", to_settle="true")
    await home.ask("GET", "/retention/v1/ledger.xlsx")
    await home.do(f"/retention/v1/ledger/{second['id']}/settle", {"settlement": "recovered", "on": "2017-06-20"})


async def _paid_twice(county: Node, person: UUID) -> None:
    """As it stands after two records of one person have become one."""
    async with county.contexts["retention"].database.transaction() as tx:
        for twice in (False, True):
            row = {"id": new_id(), "person": person, "claim": new_id(), "twice": twice}
            await tx.execute(_PAID, row)


async def _register(county: Node, city: Node) -> None:
    home, other = Worker(county), Worker(county, subject="officer-2")
    people = await home.items("/registry/v1/labourers")
    path = f"/registry/v1/labourers/{people[-1]['id']}"
    await home.change(path, {"phone": "15400000001", "on": "2017-03-20"})
    shown = await home.do("/registry/v1/identification/runs", {"day": "2017-03-31"})
    await home.do("/registry/v1/identification/runs", {"day": "2017-03-31", "confirm": shown["digest"]})
    await home.do("/registry/v1/labourers/searches", {"q": "0001", "township": people[-1]["township"]})
    await home.do(f"{path}/reveal", WHY)
    await home.get(f"{path}/accesses")
    await home.get(f"{path}/history")
    await _households(home, people[-1]["household"])
    await _phone(county, people[-1])
    await _same_person(home, people[0]["id"], people[1]["id"], people[2]["id"])
    asked = await home.do("/registry/v1/reveals", {**WHY, "ids": [people[0]["id"]]})
    request = f"/registry/v1/reveals/{asked['id']}"
    await other.do(f"{request}/approve", version=(await other.ask("GET", request)).headers["ETag"])
    await home.do(f"{request}/collect")
    for guest in (await Worker(city).items("/registry/v1/guests"))[:1]:
        await Worker(city).get(f"/registry/v1/guests/{guest['id']}")
        await Worker(city).do(f"/registry/v1/guests/{guest['id']}/reveal", WHY)
    imported = json.loads(next(answer.content for answer in county.answers.named("registry", "import_sheet")))
    await home.items("/registry/v1/imports")
    wished = DATA / "wishes-433126.csv"
    await home.do(f"{await _try(home, 'registry', 'wishes', wished)}/cancel")
    await home.do(f"{await _try(home, 'registry', 'wishes', wished)}/confirm")
    await home.ask("GET", "/registry/v1/imports/templates/people.xlsx")
    await Worker(city).ask("GET", "/jobs/v1/imports/templates/vacancies.xlsx")
    await home.get(f"/registry/v1/imports/{imported['id']}")
    leaving = f"/registry/v1/labourers/{people[-2]['id']}"
    await home.do(f"{leaving}/erase", {"reason": "person_asked", "reference": "删除申请 2017-06-12 第 3 号"})
    await other.do(f"{leaving}/erase/approve", {"on": "2017-06-13"})
    await home.get(f"{leaving}/erase")
    await _repair(home, "registry", imported, {"姓名": "龙老三"})
    *_, wishes = (json.loads(answer.content) for answer in county.answers.named("registry", "import_sheet"))
    await home.do(f"/registry/v1/imports/{wishes['id']}/undo")
    await _quality(county)


async def _repair(officer: Worker, service: str, imported: dict[str, Any], values: dict[str, str]) -> None:
    """The first row that came back is given again; the workbook is fetched, and comes back as it went out."""
    path = f"/{service}/v1/imports/{imported['id']}/refused"
    first = (await officer.items(path))[0]
    workbook = await officer.ask("GET", f"{path}.xlsx")
    await officer.do(path, {"rows": [{"row": first["row"], "values": values}]})
    await officer.send(f"{path}.xlsx", ("refused.xlsx", workbook.content))


async def _try(officer: Worker, service: str, kind: str, path: Path) -> str:
    """The address of a file that is tried: it waits for a word, so that no worker is faster."""
    address, headers = f"/{service}/v1/imports", {"Authorization": f"Bearer {officer.token}", **WAITING}
    async with httpx.AsyncClient(base_url=officer.node.url, headers=headers, verify=NO_TLS, timeout=60) as client:
        data, files = {"kind": kind, "tried_first": "true"}, {"file": (path.name, path.read_bytes())}
        tried = await client.post(address, data=data, files=files)
    assert tried.json()["state"] == "tried", tried.text
    return f"{address}/{tried.json()['id']}"


async def _phone(county: Node, person: Json) -> None:
    """A cadre's phone takes its copy."""
    cadre = Worker(county, "cadre", regions=[f"{county.name[1:]}:{person['township']}"])
    page = await cadre.get("/registry/v1/sync", limit=5)
    await cadre.get("/registry/v1/sync", after=page["next"])
    path, now = f"/registry/v1/labourers/{person['id']}", county.contexts["registry"].node.today()
    version = int((await cadre.ask("GET", path)).headers["ETag"].strip('"v'))
    await Worker(county).change(path, {"education": "高中", "on": "2017-03-20"})
    said = {"kind": "correct", "id": str(new_id()), "person": person["id"], "base": version, "on": str(now)}
    sent = {"today": str(now), "mutations": [said | {"facts": {"education": "大专"}}]}
    [answer] = (await cadre.do("/registry/v1/sync", sent))["answers"]
    [waiting] = await cadre.items("/registry/v1/sync/conflicts")
    assert answer["conflict"] == waiting["id"], answer
    conflict = f"/registry/v1/sync/conflicts/{waiting['id']}"
    tag = (await cadre.ask("GET", conflict)).headers["ETag"]
    await cadre.do(f"{conflict}/decision", {"decision": "theirs"}, version=tag)


async def _quality(county: Node) -> None:
    """What does not fit is judged as the worker does it, and one finding is accepted."""
    async with county.contexts["registry"].database.transaction() as tx:
        await judge_due(tx, 1000)
    home = Worker(county)
    found = (await home.items("/registry/v1/quality/findings", limit=5))[-1]
    await home.get(f"/registry/v1/quality/findings/{found['id']}")
    accept = f"/registry/v1/quality/findings/{found['id']}/accept"
    await home.do(accept, {"reason": "已核对，情况属实"}, version=f'"v{found["version"]}"')


async def _leaver(home: Worker, household: str) -> None:
    """Somebody who left school and says what to do next."""
    path, card = "/registry/v1/leavers", {"kinship": "之子", "education": "初中", "ability": "普通劳动力"}
    somebody = {"number": "433124200103076610", "name": "麻小弟", "household": household, "on": "2017-03-21"}
    made = await home.do("/registry/v1/labourers", {**somebody, **card, "confirmed": True})
    said = {"plan": "training", "note": "想学电工", "on": "2017-03-22"}
    await home.do(f"{path}/{made['id']}/plan", said, method="PUT")
    await home.get(f"{path}/{made['id']}")
    await home.items(path, as_of="2017-03-31", plan="training")
    await home.get(f"{path}/counts", as_of="2017-03-31")


async def _households(home: Worker, one: str) -> None:
    """A household that is entered, somebody in it, who marries into another; that one is split and joined again."""
    path, lies = "/registry/v1/households", await home.get(f"/registry/v1/households/{one}")
    place = {"township": lies["township"], "village": lies["village"]}
    made = await home.do(path, {"number": "990001", **place, "on": "2017-03-20"})
    await home.items(path, township=place["township"], village=place["village"])
    await home.change(f"{path}/{made['id']}", {"number": "990002", "reason": "登记有误", "on": "2017-03-21"})
    number = {"number": "433124199003076626"}
    await home.do("/registry/v1/labourers/checks", number)
    card = {"name": "麻小妹", "kinship": "其他", "education": "初中", "ability": "普通劳动力", "confirmed": True}
    person = await home.do("/registry/v1/labourers", {**number, **card, "household": made["id"], "on": "2017-03-21"})
    await home.do(f"/registry/v1/labourers/{person['id']}/moves", {"household": one, "on": "2017-03-22"})
    visit = {"on": "2017-03-22", "found": "changed", "wish": {"willing": True, "destinations": ["440300"]}}
    await home.do(f"/registry/v1/labourers/{person['id']}/visits", visit)
    await home.get(f"/registry/v1/labourers/{person['id']}/visits")
    await _own_pages(home, person["id"])
    await _leaver(home, one)
    await _round(home, person, "2017-03-22")
    await home.do(f"/registry/v1/labourers/{person['id']}/departures", {"way": "moved_out", "on": "2017-03-22"})
    await home.do(f"/registry/v1/labourers/{person['id']}/returns", {"kind": "came_back", "on": "2017-03-23"})
    mover = {"number": "990003", "members": [{"person": person["id"]}], "on": "2017-03-23"}
    split = await home.do(f"{path}/{one}/splits", mover)
    await home.do(f"{path}/{one}/visits", {"on": "2017-03-23", "found": "no_change"})
    await home.do(f"{path}/{one}/joins", {"household": split["id"], "on": "2017-03-24"})


async def _round(home: Worker, person: Json, on: str) -> None:
    """A quarter is opened and listed, a village given away, somebody settled, all of it signed; the next one is compared with it."""
    rounds, registry = "/registry/v1/rounds", home.node.contexts["registry"]
    made = await home.do(rounds, {"kind": "quarter", "period": "2017Q1"})
    await draw_up(registry)
    one = f"{rounds}/{made['id']}"
    await home.items("/registry/v1/round-visits")
    await home.ask("GET", "/registry/v1/villages.xlsx")
    progress = await home.get(f"{one}/progress")
    await home.items(f"{one}/labourers", mine="true")
    await home.ask("GET", f"{one}/labourers.xlsx")
    waits = (await home.items(f"{one}/labourers", state="open"))[-1]["person"]
    await home.do(f"{one}/labourers/{waits}/reason", {"reason": "away"}, method="PUT")
    await home.do(f"{one}/labourers/{person['id']}/no-change", {"on": on})
    village = {"township": person["township"], "village": person["village"]}
    await home.do(f"{one}/villages", {"villages": [village], "cadres": []}, method="PUT")
    for each in progress["townships"]:
        await home.do(f"{one}/signatures", {"township": each["township"], "rest": "not_reached"})
    await home.do(f"{one}/signatures", {})
    await home.get(f"{one}/signatures")
    await home.do(f"{one}/signatures/take-back", {"reason": "补走访三户"})
    later = await home.do(rounds, {"kind": "quarter", "period": "2017Q2"})
    await draw_up(registry)
    await home.items(f"{rounds}/{later['id']}/differences")
    await home.ask("GET", f"{rounds}/{later['id']}/differences.xlsx")
    await _month(home, rounds)
    mistaken = await home.do(rounds, {"kind": "month", "period": "2017-04"})
    await home.do(f"{rounds}/{mistaken['id']}/withdraw", {"reason": "月份选错，重新开启"})


async def _month(home: Worker, rounds: str) -> None:
    """Somebody at work is asked."""
    made = await home.do(rounds, {"kind": "month", "period": "2017-03"})
    await draw_up(home.node.contexts["registry"])
    path = f"{rounds}/{made['id']}/labourers"
    asked = (await home.items(path, state="open"))[0]
    said = {
        "on": "2017-03-25",
        "still_there": True,
        "paid": "full",
        "on_time": True,
        "work_place": "04",
        "confirm": True,
    }
    await home.do(f"{path}/{asked['person']}/work", said, method="PUT")
    await home.get(f"{path}/{asked['person']}/work")


async def _same_person(home: Worker, one: str, other: str, third: str) -> None:
    """Two who are perhaps one, are not, are, and are two again."""
    path = "/registry/v1/duplicates"
    pair = await home.do(path, {"one": one, "other": other})
    await home.items(path)
    tag = (await home.ask("GET", f"{path}/{pair['id']}")).headers["ETag"]
    said = {"decision": "different", "reason": "两个人 Two people"}
    await home.do(f"{path}/{pair['id']}/decision", said, version=tag)
    again = await home.do(path, {"one": one, "other": third})
    tag = (await home.ask("GET", f"{path}/{again['id']}")).headers["ETag"]
    same = {"decision": "same", "stays": one, "reason": "同一人登记两次 Entered twice"}
    merged = await home.do(f"{path}/{again['id']}/decision", same, version=tag)
    merge = f"/registry/v1/merges/{merged['merge']}"
    await home.get(merge)
    await home.do(f"{merge}/undo", {"reason": "误判 Not the same"})


async def _operate(node: Node, service: str) -> None:
    """Three records that nobody can read and one that was misjudged, an event parked, the journal read."""
    context, operator, path = node.contexts[service], Worker(node, "operator"), f"/{service}/v1"
    for number, _ in enumerate("abc"):
        await context.inbox.take(
            [Record("public.jobs.vacancy", 0, 900_000 + number, b"\x00\xff", b"\x00{", (("ce_id", None),))]
        )
    await _misjudge(context)
    letters = [each["id"] for each in await operator.items(f"{path}/dead-letters")]
    await operator.get(f"{path}/dead-letters/{letters[0]}")
    await operator.do(f"{path}/dead-letters/{letters[0]}/discard", {"reason": "伪造记录，已报告对方节点"})
    await operator.ask("POST", f"{path}/dead-letters/{letters[-1]}/replay")
    await _park(context)
    for parked in (await operator.items(f"{path}/parked"))[:1]:
        await operator.get(f"{path}/parked/{parked['id']}")
        await operator.do(f"{path}/parked/{parked['id']}/discard", {"reason": "重复"})
    await operator.do(f"{path}/parked/replay")
    for topic in sorted(topics_announced(context.node, context.service.announces)):
        if topic.startswith("public."):
            await operator.ask("GET", f"{path}/events", topic=topic)


async def _misjudge(context: ServiceContext) -> None:
    """A sound event of this office's own, taken for one that is none."""
    connection: asyncpg.Connection[asyncpg.Record] = await context.database.connect_raw()
    try:
        row = await connection.fetchrow(
            "SELECT *, data::text AS data FROM journal WHERE topic !~ '^to' ORDER BY position LIMIT 1"
        )
    finally:
        await connection.close()
    if row is None:
        return
    headers = tuple(
        (name, bytes(value)) for name, value in headers_of(row, f"/{context.node.id}/{context.service.name}")
    )
    record = Record(row["topic"], row["partition"], row["sequence"], row["key"].encode(), row["data"].encode(), headers)
    await keep(context.database, context.metrics, [Refused(record, Unreadable("signature", "the key was not known"))])


async def _park(context: ServiceContext) -> None:
    query = """INSERT INTO parked (id, topic, partition, key, type, time, data, source, sequence, error)
    VALUES (:id, 'public.jobs.vacancy', 0, 'a', 'jobs.vacancy.announced.v1', now(), '{}', '/n430100/jobs', 1, 'no such employer')"""
    async with context.database.transaction() as tx:
        await tx.execute(text(query), {"id": UUID(str(new_id()))})
