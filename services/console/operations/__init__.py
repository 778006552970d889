"""What the console does: it keeps statements and adds them up, it keeps accounts, and it lets people in and out."""

from services.console.operations.figures import list_dates, record_statement, show_province
from services.console.operations.seeding import make_accounts, take_in_accounts

__all__ = ["list_dates", "make_accounts", "record_statement", "show_province", "take_in_accounts"]
