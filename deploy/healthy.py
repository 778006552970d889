"""Whether the service of this container is ready: exit code 0 or 1, for Docker's health check."""

from __future__ import annotations

import os
import sys

import httpx


def main() -> int:
    """Ask the service named by XIELI_SERVICE on its own port."""
    service, port = os.environ["XIELI_SERVICE"], os.environ.get("XIELI_PORT", "8000")
    try:
        answer = httpx.get(f"http://127.0.0.1:{port}/{service}/health/ready", timeout=4, trust_env=False)
    except httpx.HTTPError as error:
        print(f"{service}: {error}", file=sys.stderr)
        return 1
    return 0 if answer.status_code == 200 else 1


if __name__ == "__main__":
    sys.exit(main())
