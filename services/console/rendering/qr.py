"""An address as a picture that a phone reads (二维码): an SVG of plain elements, for the content policy allows no styles in it."""

from __future__ import annotations

import segno
from markupsafe import Markup


def qr(address: str, *, scale: float = 5) -> Markup:
    """The picture, dark on light in every theme."""
    picture = segno.make(address, error="m").svg_inline(
        scale=scale, dark="#000", light="#fff", svgclass="qr", lineclass=None, omitsize=False
    )
    return Markup(picture)
