"""What tests share: servers, nodes, waiting. Helpers live here; conftest only declares fixtures."""

from tests.support.eventually import eventually

__all__ = ["eventually"]
