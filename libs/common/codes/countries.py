"""Countries and regions (国家和地区) by their two letters of ISO 3166-1, named as CLDR names them in both languages."""

from __future__ import annotations

from functools import cache

from babel import Locale

# CLDR also names what is no country: the world's unions, unknown ones and those for private use.
_NO_COUNTRY = frozenset({"EU", "EZ", "UN", "QO", "ZZ", "XA", "XB"})
HOME = "CN"


@cache
def countries(language: str = "zh") -> dict[str, str]:
    """Code -> name, in the order of the codes."""
    named = Locale.parse(language).territories
    return {
        code: named[code] for code in sorted(named) if len(code) == 2 and code.isalpha() and code not in _NO_COUNTRY
    }
