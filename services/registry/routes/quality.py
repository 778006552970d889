"""The door to data quality (数据质量): the rules, how complete each village is, and the list of what is to be put right."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Response

from libs.common.api import After, IfMatch, Limit, Page, Reading, Tx, after_id, allow, etag, page_of
from libs.common.api.list_exports import export_list
from libs.common.identity import Caller
from libs.common.privacy import Vault
from libs.common.problems import one_of, refuse_field
from libs.common.values import Label
from services.registry.operations import quality
from services.registry.operations.labourers import check_filters
from services.registry.operations.sealing import open_field
from services.registry.rules.listing import Filters
from services.registry.rules.masking import mask_fact
from services.registry.rules.quality import NamedFinding, Severity, State, rule_set
from services.registry.schemas.list_sheets import FINDINGS
from services.registry.schemas.quality import Acceptance, CountyQuality, QualityFindingShown, RulesShown
from services.registry.store import quality as store
from services.registry.store.quality import FindingFilters
from services.registry.store.quality_standing import count_due

router = APIRouter(prefix="/registry/v1/quality", tags=["quality"])
# More changes than these are "many": counting them costs as many rows.
_MOST_COUNTED = 1000


@router.get("", summary="数据质量 How complete each village is, and what does not fit")
async def show_quality(
    caller: Annotated[Caller, allow("registry.quality.show")],
    tx: Reading,
    township: Annotated[Label | None, Query(description="乡镇")] = None,
) -> CountyQuality:
    """Of the villages within the caller's reach, as sums that stand: nobody is counted for it."""
    await check_filters(tx, Filters(township=township))
    counts = await store.list_counts(tx, township)
    return CountyQuality.told(counts, await count_due(tx, _MOST_COUNTED))


@router.get("/rules", summary="数据质量规则 The rules with severity and what to do")
async def list_rules(caller: Annotated[Caller, allow("registry.quality.show")]) -> RulesShown:
    """All of the version that counts."""
    return RulesShown.of(rule_set())


async def filters_of(
    rule: Annotated[Label | None, Query(description="one rule by its id")] = None,
    severity: Annotated[Severity | None, Query(description="严重程度")] = None,
    township: Annotated[Label | None, Query(description="乡镇")] = None,
    village: Annotated[Label | None, Query(description="村")] = None,
    person: Annotated[UUID | None, Query(description="of one person alone")] = None,
    state: Annotated[State, Query(description="those to be put right, or those that were accepted")] = "open",
) -> FindingFilters:
    if rule is not None and rule not in rule_set().rules:
        raise refuse_field("/rule", "unknown", one_of(rule_set().rules))
    return FindingFilters(rule=rule, severity=severity, township=township, village=village, person=person, state=state)


@router.get("/findings", summary="待改清单 What is to be put right")
async def list_findings(
    caller: Annotated[Caller, allow("registry.quality.show")],
    tx: Reading,
    filters: Annotated[FindingFilters, Depends(filters_of)],
    after: After = None,
    limit: Limit = 50,
) -> Page[QualityFindingShown]:
    """Of people within the caller's reach, in the order in which it was found; what is put right leaves the list soon after."""
    await check_filters(tx, Filters(township=filters.township))
    position = after_id(after, QualityFindingShown)
    found = await store.list_findings(tx, filters, after=position, limit=limit + 1)
    return page_of([_shown(each, tx.node.vault) for each in found], limit, lambda each: each.id)


export_list(router, "/findings.xlsx", list_findings, FINDINGS)


@router.get("/findings/{finding}", summary="一个问题 One finding")
async def show_finding(
    caller: Annotated[Caller, allow("registry.quality.show")], tx: Reading, finding: UUID, response: Response
) -> QualityFindingShown:
    """With the ETag that accepting it needs."""
    found = await store.get_finding(tx, finding)
    response.headers["ETag"] = etag(found.version)
    return _shown(found, tx.node.vault)


@router.post("/findings/{finding}/accept", summary="认可 It is as it is, with the reason")
async def accept_finding(
    caller: Annotated[Caller, allow("registry.quality.accept")],
    tx: Tx,
    finding: UUID,
    body: Acceptance,
    version: IfMatch,
    response: Response,
) -> QualityFindingShown:
    """It leaves the list, and comes back when a fact that it rests on is another. `If-Match` is the finding's `version`."""
    accepted = await quality.accept_finding(tx, caller, finding, body.reason, version=version)
    response.headers["ETag"] = etag(accepted.version)
    return _shown(accepted, tx.node.vault)


def _shown(found: NamedFinding, vault: Vault) -> QualityFindingShown:
    return QualityFindingShown.of(found, mask_fact("name", open_field(vault, "person.name", found.name_sealed)))
