"""What the console does: it keeps statements and adds them up, and it lets people in and out."""

from services.console.operations.accounts import make_accounts, take_in_accounts
from services.console.operations.figures import list_dates, record_statement, show_province
from services.console.operations.sessions import find_person, sign_in, sign_out

__all__ = ["find_person", "list_dates", "make_accounts", "record_statement", "show_province", "sign_in", "sign_out", "take_in_accounts"]
