"""`python -m deploy.cli`: puts the commands together and turns trouble into one sentence."""

from __future__ import annotations

import sys

import typer

from deploy.cli import (
    accounts,
    audit,
    bench,
    bench_connect,
    bench_fairness,
    bench_register,
    demo,
    doctor,
    fuzz,
    imports,
    keys,
    match,
    nodes,
    quality,
    tokens,
    vetting,
    what_if,
    words,
)
from deploy.cli.output import say
from deploy.local.errors import OperatorError

app = typer.Typer(
    name="xieli",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Xieli 协力: labour cooperation between counties and cities, every region a node of its own.",
)
PASS_ON = {"allow_extra_args": True, "ignore_unknown_options": True, "help_option_names": []}

app.command()(demo.demo)
app.command(context_settings=PASS_ON)(quality.test)
app.command()(quality.check)
app.command()(quality.bom)
app.command()(words.words)
app.command()(fuzz.fuzz)
app.command()(nodes.up)
app.command()(nodes.down)
app.command()(nodes.status)
app.command()(doctor.doctor)
app.command()(tokens.token)
app.command()(vetting.vetting)
app.add_typer(imports.app, name="import")
app.add_typer(audit.app, name="audit")
app.add_typer(keys.app, name="keys")
app.add_typer(accounts.app, name="account")
match.app.command()(what_if.what_if)
app.add_typer(match.app, name="match")
for measure in (bench_fairness.price, bench_fairness.reserves, bench_fairness.couples):
    bench.app.command()(measure)
bench.app.command()(bench_register.register)
bench.app.command()(bench_connect.connect)
app.add_typer(bench.app, name="bench")


def main() -> None:
    try:
        app(prog_name="./xieli")
    except OperatorError as trouble:
        say(f"xieli: {trouble}")
        sys.exit(1)
    except PermissionError as error:
        say(
            f"xieli: {error.filename} belongs to another user: chown it, or set XIELI_HOME and XIELI_CACHE to directories of yours"
        )
        sys.exit(1)
    except KeyboardInterrupt:
        say("stopped")
        sys.exit(130)


if __name__ == "__main__":
    main()
