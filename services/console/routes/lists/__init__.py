"""Lists and records (名单与详情): a page for every list of every service, each a few lines of data before the same HTTP address."""

from __future__ import annotations

from fastapi import APIRouter

from services.console.routes.lists import (
    agreements,
    checks,
    fairs,
    jobs,
    matching,
    misjudged,
    promises,
    registry,
    retention,
    rounds,
    training,
)
from services.console.routes.lists.showing import add_listing, add_record

pages = APIRouter(include_in_schema=False)

RECORDS = (
    registry.RECORDS
    | jobs.RECORDS
    | agreements.RECORDS
    | checks.RECORDS
    | misjudged.RECORDS
    | fairs.RECORDS
    | retention.RECORDS
    | training.RECORDS
)
LISTINGS = (
    registry.LISTINGS
    | rounds.LISTINGS
    | jobs.LISTINGS
    | agreements.LISTINGS
    | checks.LISTINGS
    | misjudged.LISTINGS
    | fairs.LISTINGS
    | matching.LISTINGS
    | retention.LISTINGS
    | promises.LISTINGS
    | training.LISTINGS
)

for _path, _listing in LISTINGS.items():
    add_listing(pages, _path, _listing)
for _path, _record in RECORDS.items():
    add_record(pages, _path, _record)
