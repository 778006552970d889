"""What an import found (导入结果), in words: totals, which rows are out, which are worth a look, and how to get the refused ones."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from deploy.cli.output import answer_json, answers, say
from deploy.local.node import Node

TOTALS = ("total_rows", "accepted", "refused", "flagged", "households", "labourers", "willing", "vetted")
STANDINGS = {
    "out": "退回 Out, not taken in",
    "unoffered": "不发布 In, but offered to nobody",
    "doubtful": "存疑 In, and worth a look",
}

Findings = Sequence[Mapping[str, str]]
Sheets = Sequence[Mapping[str, Any]]
# Of these everybody sees what they are.
SELF_EVIDENT = frozenset({"title", "blank", "header"})


def print_report(report: Mapping[str, Any], as_json: bool, node: Node) -> None:
    """All of it on stdout; on stderr only how to go on."""
    if as_json:
        answer_json(report)
        return
    for name in TOTALS:
        if report.get(name) is not None:
            answers.print(f"{name:>12}  {report[name]}", markup=False)
    if "id" in report:
        answers.print(f"{'import':>12}  {report['id']}", markup=False)
    _print_notes(report.get("notes", []))
    _print_rows(report.get("findings", {}), report.get("sheets", []))
    _print_ignored(report.get("ignored_rows", {}), report.get("sheets", []))
    if report.get("refused_rows"):
        token = f"$(./xieli token --node {node.id} --role officer)"
        say("\n退回的行及原因 The refused rows, with the reasons, as a sheet:")
        say(f'  curl -H "Authorization: Bearer {token}" -o refused.xlsx "{node.url}{report["refused_rows"]}"')


def _print_notes(notes: Sequence[Mapping[str, Any]]) -> None:
    if notes:
        answers.print("\n读取说明 What was left out, or read from an unusual place:", markup=False)
    for note in notes:
        answers.print(f"  {note['zh']} {note['en']}", markup=False)


def _print_ignored(ignored: Mapping[str, str], sheets: Sheets) -> None:
    """Rows that are no data, in one line for each reason; titles and blank lines explain themselves."""
    reasons = sorted(set(ignored.values()) - SELF_EVIDENT)
    if reasons:
        answers.print("\n非数据行 Rows that are no data:", markup=False)
    for reason in reasons:
        rows = ", ".join(place(row, sheets) for row, why in ignored.items() if why == reason)
        answers.print(f"  {reason}: {rows}", markup=False)


def _print_rows(findings: Mapping[str, Findings], sheets: Sheets) -> None:
    rows = {row: stand(found) for row, found in findings.items()}
    for standing, title in STANDINGS.items():
        chosen = [row for row in rows if rows[row] == standing]
        if chosen:
            answers.print(f"\n{title} ({len(chosen)}):", markup=False)
        for row in chosen:
            answers.print(f"  {place(row, sheets)}: " + "; ".join(map(word, findings[row])), markup=False)


def place(row: str, sheets: Sheets) -> str:
    """A row by its number in its sheet; with the sheet's name where several were read."""
    number = int(row)
    sheet = max((each for each in sheets if each["offset"] <= number), key=lambda each: each["offset"], default=None)
    if sheet is None or len(sheets) < 2:
        return f"row {row}"
    return f"{sheet['sheet']} row {number - sheet['offset']}"


def stand(found: Findings) -> str:
    """What becomes of a row with these findings: the worst of them decides."""
    from services.jobs.rules.severity import ERRORS, VETTING  # heavy to load, and most commands read no file
    from services.registry.rules import SEVERITY

    codes = {one["code"] for one in found}
    if codes & (ERRORS | {code for code, severity in SEVERITY.items() if severity == "error"}):
        return "out"
    return "unoffered" if codes & VETTING else "doubtful"


def word(finding: Mapping[str, str]) -> str:
    """One finding: its column, the words in Chinese and English, its code."""
    from services.jobs.rules.severity import WORDS as OF_JOBS
    from services.registry.rules.wording import WORDS as OF_REGISTRY

    chinese, english = (OF_REGISTRY | OF_JOBS)[finding["code"]]
    return f"{finding['column']}：{chinese} {english} ({finding['code']})"
