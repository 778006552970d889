"""Where the result of a match on files goes: places as Parquet, the certificate as JSON, the run itself so that it can go on."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from services.matching.files import outcomes
from services.matching.kernel import DualBound, Outcome
from services.matching.kernel.incremental import ExtendableRun
from services.matching.kernel.serialization import save
from services.matching.offline.certificate import certificate_of, write_certificate
from services.matching.offline.inputs import Facts, refuse_targets

COLUMNS = ("vacancy", "seat", "utility", "priority")


@dataclass(frozen=True)
class Targets:
    """Files to write; a certificate and the saved run only where they are wanted."""

    out: Path
    certificate: Path | None = None
    save: Path | None = None

    def check(self) -> None:
        """Raises InputRefused."""
        refuse_targets(out=self.out, certificate=self.certificate, save=self.save)


def write_result(targets: Targets, facts: Facts, outcome: Outcome, ceiling: DualBound | None = None) -> str:
    """Places, and the certificate where it is wanted; answers the hash."""
    ids, names = outcomes.texts(facts.people.person), facts.offered.names
    digest = outcomes.hash_of_columns(ids, outcome.vacancy, names)
    columns = {name: getattr(outcome, name) for name in COLUMNS}
    outcomes.write_columns(targets.out, ids, columns, names, outcome.seats)
    if targets.certificate:
        write_certificate(targets.certificate, certificate_of(facts, outcome, digest), ceiling)
    return digest


def write_state(targets: Targets, run: ExtendableRun) -> None:
    """Under another name until it is whole: the state that is extended may be the very file that is written."""
    if targets.save is None:
        return
    half = targets.save.with_name(targets.save.name + ".part")
    try:
        half.write_bytes(save(run))
        os.replace(half, targets.save)
    finally:
        half.unlink(missing_ok=True)
