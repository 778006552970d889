"""Events that come in: each handled once, a key that keeps failing parked, whatever is no event kept as a dead letter."""

from libs.common.events.records import Arrival
from libs.common.inbox.dead_letters import Refused
from libs.common.inbox.receiving import AskingHandler, Handler, Inbox, Subscriptions

__all__ = ["Arrival", "AskingHandler", "Handler", "Inbox", "Refused", "Subscriptions"]
