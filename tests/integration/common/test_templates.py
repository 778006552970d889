"""A template of each kind, filled in as an officer would, goes through the importer without a finding."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping
from html import escape
from typing import Any

import httpx
import pytest
from xlsxwriter.utility import xl_col_to_name

from services.jobs.app import SERVICE as JOBS
from services.jobs.rules.layouts import EMPLOYERS as EMPLOYER_LIST
from services.jobs.rules.layouts import VACANCIES as VACANCY_SHEET
from services.jobs.rules.templates import TEMPLATES as JOBS_TEMPLATES
from services.registry.app import SERVICE as REGISTRY
from services.registry.rules.layouts import PEOPLE, WISHES
from services.registry.rules.templates import TEMPLATES as REGISTRY_TEMPLATES
from tests.integration.registry.files import a_file, a_row, send_bytes
from tests.integration.registry.test_imports import a_number
from tests.support.nodes import WAITING, Nodes, client_of

TEMPLATES = REGISTRY_TEMPLATES | JOBS_TEMPLATES
LAYOUTS = {"people": PEOPLE, "wishes": WISHES, "employers": EMPLOYER_LIST, "vacancies": VACANCY_SHEET}
NUMBER = a_number("19820615", "007")
FILLED: dict[str, dict[str, str]] = {
    "people": {
        "年度": "2026",
        "县": "花垣县",
        "乡": "花垣镇",
        "村": "老寨村",
        "户编号": "430000000001",
        "人口编号": "",
        "姓名": "石秀英",
        "性别": "男",
        "出生日期": "1982-06-15",
        "证件号码": NUMBER,
        "民族": "苗族",
        "与户主关系": "户主",
        "文化程度": "初中",
        "劳动技能": "普通劳动力",
        "健康状况": "健康",
        "政治面貌": "群众",
        "成员联系电话": "15400000001",
        "务工所在地": "省外",
        "务工时间（月）": "8",
        "务工企业名称": "深圳电子厂",
        "就业渠道": "自主就业",
        "是否享受低保": "否",
        "特困供养": "否",
    },
    "wishes": {
        "姓名": "石秀英",
        "证件号码": NUMBER,
        "是否愿意外出务工": "是",
        "意向地区": "深圳、长沙",
        "意向工种": "缝纫工",
        "期望月薪": "5000",
        "最低月薪": "4000",
        "可上岗时间": "2026-03-01",
        "从事年限": "3",
        "技能证书": "叉车",
        "不能从事": "高空",
        "所需便利": "手语",
        "食宿需求": "包吃、包住",
        "是否夫妻同往": "否",
        "零就业家庭": "否",
        "培训意愿": "电工",
        "联系方式有变": "15400000002",
        "走访日期": "2026-02-01",
        "走访人": "龙干部",
    },
    "employers": {
        "企业名称": "深圳市某某电子有限公司",
        "统一社会信用代码": "91440300708461136T",
        "所属区县": "南山区",
        "行业": "电子信息",
        "用工人数": "1200",
        "定点接收单位": "是",
        "就业扶贫基地": "否",
        "联系人": "王经理",
        "联系电话": "13800000001",
    },
    "vacancies": {
        "企业名称": "深圳市某某电子有限公司",
        "岗位名称": "普工",
        "招聘人数": "20",
        "薪资待遇": "5000-6500元/月",
        "地区": "南山区",
        "行业": "电子信息",
        "班次": "两班倒",
        "学历要求": "初中",
        "年龄要求": "18-50岁",
        "福利待遇": "包吃包住、五险",
        "联系人": "王经理",
        "联系电话": "13800000001",
    },
}


def fill_in(book: bytes, kind: str, said: Mapping[str, str]) -> bytes:
    """The same file with one row more, written below the headings as a spreadsheet writes it."""
    columns = [each.heading for each in TEMPLATES[kind].columns]
    cells = "".join(
        f'<c r="{xl_col_to_name(at)}3" t="inlineStr"><is><t>{escape(said[column])}</t></is></c>'
        for at, column in enumerate(columns)
        if said.get(column)
    )
    filled = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(book)) as before, zipfile.ZipFile(filled, "w") as after:
        for name in before.namelist():
            part = before.read(name)
            if name == "xl/worksheets/sheet1.xml":
                part = part.replace(b"</sheetData>", f'<row r="3">{cells}</row></sheetData>'.encode())
            after.writestr(name, part)
    return filled.getvalue()


async def take(client: httpx.AsyncClient, service: str, kind: str) -> bytes:
    answer = await client.get(f"/{service}/v1/imports/templates/{kind}.xlsx")
    assert answer.status_code == 200, answer.text
    assert TEMPLATES[kind].version in answer.headers["content-disposition"]
    return answer.content


async def import_filled(client: httpx.AsyncClient, service: str, kind: str) -> dict[str, Any]:
    book = fill_in(await take(client, service, kind), kind, FILLED[kind])
    files = {"file": (f"{kind}.xlsx", book)}
    answer = await client.post(f"/{service}/v1/imports", data={"kind": kind}, files=files, headers=WAITING)
    assert answer.is_success, answer.text
    return dict(answer.json())


@pytest.mark.parametrize("kind", TEMPLATES)
def test_a_template_has_the_columns_that_its_reader_needs_and_no_others(kind: str) -> None:
    headings = [each.heading for each in TEMPLATES[kind].columns]
    layout = LAYOUTS[kind]
    assert set(layout.required) <= set(headings) <= {*layout.required, *layout.optional}
    assert len(set(headings)) == len(headings)
    assert {each.heading for each in TEMPLATES[kind].columns if each.needed} <= FILLED[kind].keys()


@pytest.mark.parametrize(("service", "kinds"), [(REGISTRY, ("people", "wishes")), (JOBS, ("employers", "vacancies"))])
async def test_what_is_filled_in_goes_in_without_a_finding(nodes: Nodes, service: Any, kinds: tuple[str, ...]) -> None:
    node = "n433124" if service is REGISTRY else "n440300"
    async with client_of(await nodes.open(service, node)) as client:
        for kind in kinds:
            report = await import_filled(client, service.name, kind)
            assert (report["findings"], report["accepted"], report["refused"]) == ({}, 1, 0), kind
            assert set(report["ignored_rows"].values()) == {"title"}, kind


async def test_villages_of_the_county_may_be_chosen_and_the_version_stands_on_the_sheet(nodes: Nodes) -> None:
    async with client_of(await nodes.open(REGISTRY)) as client:
        (await send_bytes(client, a_file(a_row(a_number())), "a.csv")).raise_for_status()
        book = zipfile.ZipFile(io.BytesIO(await take(client, "registry", "people")))
    words = book.read("xl/sharedStrings.xml").decode()
    assert {"老寨村", "花垣镇", "people-1"} <= set(re.findall(r"老寨村|花垣镇|people-1", words))
    form = book.read("xl/worksheets/sheet1.xml").decode()
    lists = re.findall(r"<formula1>(.*?)</formula1>", form)
    assert sum("OFFSET" in each for each in lists) == 1
    assert len(lists) == sum(
        bool(each.options) or each.kind in ("township", "village") for each in REGISTRY_TEMPLATES["people"].columns
    )
