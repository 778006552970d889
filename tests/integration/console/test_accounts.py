"""Accounts: operators make, change, close and reset them over HTTP; what was open under old rights ends; nobody serves themselves."""

from __future__ import annotations

import httpx
import pytest

from tests.support.console import FROM_HERE, browser, open_console, password_of, self_asking, sign_in
from tests.support.nodes import Nodes, client_of

ACCOUNTS = "/console/v1/accounts"
NEW = {"login": "shi.guilan", "role": "officer", "regions": ["430000"]}
CHOSEN = "four plain words here"


async def begin(client: httpx.AsyncClient, login: str, password: str) -> httpx.Response:
    return await client.post("/sign-in", data={"login": login, "password": password, "next": "/people"})


async def test_an_operator_makes_an_account_and_its_owner_chooses_another_password_before_any_page_opens(
    nodes: Nodes,
) -> None:
    context = await open_console(nodes)
    async with client_of(context, "operator") as operator:
        made = await operator.post(ACCOUNTS, json=NEW)
        assert (made.status_code, made.headers["location"], made.headers["etag"]) == (
            201,
            f"{ACCOUNTS}/shi.guilan",
            '"v1"',
        )
        initial = made.json()["initial_password"]
        assert "initial_password" not in (await operator.get(f"{ACCOUNTS}/shi.guilan")).json()
        assert (await operator.post(ACCOUNTS, json=NEW)).status_code == 409
    async with browser(self_asking(context)) as client:
        sent = await begin(client, "shi.guilan", initial)
        assert sent.headers["location"] == "/sign-in/password?next=%2Fpeople"
        assert (await client.get("/people")).status_code == 303
        assert (await client.get("/account")).status_code == 303
        for refused in ("short", initial, "shi.guilan-2026-05", "passwordpassword"):
            assert (
                await client.post("/sign-in/password", data={"password": refused, "again": refused})
            ).status_code == 422
        chosen = await client.post("/sign-in/password", data={"password": CHOSEN, "again": CHOSEN, "next": "/people"})
        assert chosen.headers["location"] == "/people"
        assert (await client.get("/account")).status_code == 200
        assert (await begin(client, "shi.guilan", initial)).status_code == 401
        assert (await begin(client, "shi.guilan", CHOSEN)).headers["location"] == "/people"


@pytest.mark.parametrize(
    ("wrong", "pointer"),
    [
        ({"login": "a b"}, "/login"),
        ({"login": "a/b"}, "/login"),
        ({"login": "x" * 65}, "/login"),
        ({"login": "\u202ex"}, "/login"),
        ({"role": "king"}, "/role"),
        ({"role": "system"}, "/role"),
        ({"regions": []}, "/regions"),
        ({"regions": ["43"]}, "/regions/0"),
        ({"regions": ["430000:"]}, "/regions/0"),
        ({"password": "x"}, "/password"),
        ({"organisation": 5}, "/organisation"),
    ],
)
async def test_what_is_no_account_is_refused_by_its_field(nodes: Nodes, wrong: dict[str, object], pointer: str) -> None:
    context = await open_console(nodes)
    async with client_of(context, "operator") as operator:
        answer = await operator.post(ACCOUNTS, json=NEW | wrong)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == pointer


@pytest.mark.parametrize("role", ["officer", "auditor", "analyst", "employer"])
async def test_nobody_else_manages_accounts(nodes: Nodes, role: str) -> None:
    context = await open_console(nodes)
    async with client_of(context, role, organisation="91440300MA5D8C1X2T") as client:
        assert (await client.post(ACCOUNTS, json=NEW)).status_code == 403
        assert (await client.get(ACCOUNTS)).status_code == 403
        assert (await client.post(f"{ACCOUNTS}/officer/password")).status_code == 403


async def test_an_operator_gives_no_division_that_is_not_the_operators_own(nodes: Nodes) -> None:
    context = await open_console(nodes, "n433124")
    async with client_of(context, "operator") as operator:
        assert (await operator.post(ACCOUNTS, json=NEW | {"regions": ["440300"]})).status_code == 403
        assert (
            await operator.post(ACCOUNTS, json=NEW | {"regions": ["433124:花垣镇"], "role": "cadre"})
        ).status_code == 201


async def test_other_rights_end_sessions_need_the_version_and_are_recorded(nodes: Nodes) -> None:
    context = await open_console(nodes)
    async with (
        browser(self_asking(context)) as client,
        client_of(context, "operator") as operator,
        client_of(context, "auditor") as auditor,
    ):
        await sign_in(client, context)
        assert (await operator.patch(f"{ACCOUNTS}/officer", json={"role": "cadre"})).status_code == 428
        assert (
            await operator.patch(f"{ACCOUNTS}/officer", json={"role": "cadre"}, headers={"If-Match": '"v9"'})
        ).status_code == 412
        changed = await operator.patch(f"{ACCOUNTS}/officer", json={"role": "cadre"}, headers={"If-Match": '"v1"'})
        assert (changed.status_code, changed.json()["role"], changed.headers["etag"]) == (200, "cadre", '"v2"')
        assert (await client.get("/")).status_code == 303
        record = (await auditor.get("/console/v1/account-changes", params={"login": "officer"})).json()["items"][0]
    assert (record["what"], record["by"], record["facts"]) == (
        "rights changed",
        "operator operator-1",
        {"role": ["officer", "cadre"]},
    )


async def test_a_closed_account_lets_nobody_in_until_it_is_reopened(nodes: Nodes) -> None:
    context = await open_console(nodes)
    async with browser(self_asking(context)) as client, client_of(context, "operator") as operator:
        await sign_in(client, context)
        assert (await operator.post(f"{ACCOUNTS}/officer/close", json={})).status_code == 422
        assert (await operator.post(f"{ACCOUNTS}/officer/close", json={"reason": "调离"})).status_code == 200
        assert (await client.get("/account")).status_code == 303
        assert (await sign_in(client, context)).status_code == 401
        assert [one["login"] for one in (await operator.get(ACCOUNTS, params={"closed": "true"})).json()["items"]] == [
            "officer"
        ]
        assert (await operator.post(f"{ACCOUNTS}/officer/reopen", json={"reason": "调回"})).status_code == 200
        assert (await sign_in(client, context)).status_code == 303


async def test_nobody_changes_their_own_rights(nodes: Nodes) -> None:
    context = await open_console(nodes)
    home = context.node
    token = home.signer.issue(home.clock.now(), subject="operator", role="operator", regions=[home.code])
    async with client_of(context) as client:
        client.headers["authorization"] = f"Bearer {token}"
        asked = [
            await client.patch(f"{ACCOUNTS}/operator", json={"role": "officer"}, headers={"If-Match": '"v1"'}),
            await client.post(f"{ACCOUNTS}/operator/password"),
            await client.delete(f"{ACCOUNTS}/operator/second-factor"),
            await client.post(f"{ACCOUNTS}/operator/close", json={"reason": "x"}),
        ]
    assert [answer.status_code for answer in asked] == [403] * 4


async def test_a_list_of_accounts_is_paged(nodes: Nodes) -> None:
    context = await open_console(nodes)
    async with client_of(context, "operator") as operator:
        first = (await operator.get(ACCOUNTS, params={"limit": 2})).json()
        rest = (await operator.get(ACCOUNTS, params={"limit": 2, "after": first["next"]})).json()
        assert [one["login"] for one in [*first["items"], *rest["items"]]] == ["officer", "operator", "auditor"]
        assert [one["login"] for one in (await operator.get(ACCOUNTS, params={"role": "auditor"})).json()["items"]] == [
            "auditor"
        ]


async def test_sessions_are_listed_and_ended_by_an_operator(nodes: Nodes) -> None:
    context = await open_console(nodes)
    async with (
        browser(self_asking(context)) as one,
        browser(self_asking(context)) as other,
        client_of(context, "operator") as operator,
    ):
        await sign_in(one, context)
        await sign_in(other, context)
        listed = (await operator.get(f"{ACCOUNTS}/officer/sessions")).json()["items"]
        assert len(listed) == 2
        assert (await operator.delete(f"{ACCOUNTS}/officer/sessions/{listed[0]['id']}")).status_code == 204
        assert (await operator.delete(f"{ACCOUNTS}/officer/sessions/{listed[0]['id']}")).status_code == 404
        assert [(await client.get("/account")).status_code for client in (one, other)] == [200, 303]
        assert (await operator.delete(f"{ACCOUNTS}/officer/sessions")).status_code == 204
        assert (await one.get("/account")).status_code == 303


async def test_the_pages_do_what_the_address_does(nodes: Nodes) -> None:
    context = await open_console(nodes)
    async with browser(self_asking(context)) as client:
        await sign_in(client, context, "operator")
        listed = await client.get("/accounts")
        assert '<td><a href="/accounts/officer">officer</a></td>' in listed.text
        made = await client.post("/accounts", data={"login": "long.a", "role": "cadre", "regions": "430000"})
        assert "data-initial-password" in made.text
        refused = await client.post("/accounts", data={"login": "long.a", "role": "cadre", "regions": "430000"})
        assert (refused.status_code, "long.a 已存在" in refused.text, "There is" in refused.text) == (409, True, False)
        shown = await client.get("/accounts/long.a")
        assert 'name="version" value="&#34;v1&#34;"' in shown.text
        changed = await client.post(
            "/accounts/long.a", data={"version": '"v1"', "role": "analyst", "regions": "430000"}
        )
        assert changed.headers["location"] == "/accounts/long.a"
        stale = await client.post("/accounts/long.a", data={"version": '"v1"', "role": "officer", "regions": "430000"})
        assert stale.status_code == 412
        assert "data-initial-password" in (await client.post("/accounts/long.a/password")).text
        assert (await client.post("/accounts/long.a/close", data={"reason": "离职"})).status_code == 303
        page = (await client.get("/accounts/long.a")).text
        assert all(f"<td>{word}</td>" in page for word in ("变更权限", "重置密码", "停用"))
        assert "离职" in page
        assert (await client.post("/accounts/operator/close", data={"reason": "x"})).status_code == 403
        assert (
            await client.post("/accounts/officer/close", data={"reason": "x"}, headers={"Sec-Fetch-Site": "cross-site"})
        ).status_code == 403


async def test_a_changed_password_ends_ones_other_sessions(nodes: Nodes) -> None:
    context = await open_console(nodes, "n430100")
    async with browser(self_asking(context)) as here, browser(self_asking(context)) as elsewhere:
        await sign_in(here, context)
        await sign_in(elsewhere, context)
        wrong = await here.post("/account/password", data={"current": "no", "password": CHOSEN, "again": CHOSEN})
        assert wrong.status_code == 422
        changed = await here.post(
            "/account/password", data={"current": password_of(context), "password": CHOSEN, "again": CHOSEN}
        )
        assert changed.status_code == 303
        assert [(await client.get("/account")).status_code for client in (here, elsewhere)] == [200, 303]


async def test_everybody_ends_their_own_sessions_and_no_others(nodes: Nodes) -> None:
    context = await open_console(nodes)
    async with (
        browser(self_asking(context)) as officer,
        browser(self_asking(context)) as auditor,
        client_of(context, "operator") as operator,
    ):
        await sign_in(officer, context)
        await sign_in(auditor, context, "auditor")
        mine = (await operator.get(f"{ACCOUNTS}/officer/sessions")).json()["items"][0]["id"]
        await auditor.post(f"/account/sessions/{mine}", headers=FROM_HERE)
        assert (await officer.get("/account")).status_code == 200
        await officer.post(f"/account/sessions/{mine}", headers=FROM_HERE)
        assert (await officer.get("/account")).status_code == 303
