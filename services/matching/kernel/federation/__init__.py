"""A pass between nodes (联邦匹配): a county looks for its own people at the cutoffs it has heard, a city holds by its own seats.

Neither side sees the other's part: a county has its people and the published vacancies, a city its vacancies and the cards
(求职卡) that reached it. A refusal is no message: the county reads it off the cutoffs. Cutoffs merge by the greater and a
city passes over cards that it holds or has refused, so messages may come late, twice or in any order; they are counted
once by their numbers. A pass is over when every channel has handled what was sent and all are idle.
So a side is nothing but its facts and the messages it has handled: told of them once more it stands where it stood.
Source: docs/matching.md. Couples take part as singles here: their choice of a city belongs between passes, not into one.
"""

from services.matching.kernel.federation.city import CardTally, CitySide
from services.matching.kernel.federation.county import CountySide, PlaceColumns
from services.matching.kernel.federation.messages import Cards, Offers, Rises, nobody

__all__ = ["CardTally", "Cards", "CitySide", "CountySide", "Offers", "PlaceColumns", "Rises", "nobody"]
