"""bench: measurements with the conditions they were made under, as JSON."""
import typer

app = typer.Typer(help="Measure.")
@app.callback()
def main() -> None:
    """Measure."""
