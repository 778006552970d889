"""The matching kernel's machine code, compiled once for this machine before the nodes start: six of them would each compile it.

`python -m deploy.local.kernel_code` does it, for an image too.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from deploy.local.errors import OperatorError

_ROOT = Path(__file__).parents[2]


class NotCompiled(OperatorError):
    """The kernel could not be compiled on this machine."""


def compile_ahead() -> subprocess.Popen[str] | None:
    """Compiles beside whatever else is prepared; None where it has been done."""
    from services.matching.kernel.jit import is_kept  # numba takes its time to load

    if is_kept():
        return None
    command = [sys.executable, "-m", "deploy.local.kernel_code"]
    return subprocess.Popen(command, cwd=_ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)


def wait_for(compiling: subprocess.Popen[str]) -> None:
    """Until it is done; NotCompiled with the compiler's last words if it failed."""
    _, words = compiling.communicate()
    if compiling.returncode:
        raise NotCompiled(f"the matching kernel could not be compiled: {words[-600:]}")


def _compile() -> None:
    from services.matching import kernel
    from services.matching.files import published_weights

    kernel.warm_up(next(iter(published_weights().values())))


if __name__ == "__main__":
    _compile()
