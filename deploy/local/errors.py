"""What can go wrong on a machine and a person can put right; the message says how."""


class OperatorError(RuntimeError):
    """Shown as its message alone."""
