"""The county's figures over its own people: what a person, a spell and a service are counted for, from which day on."""

from __future__ import annotations

from libs.common.events.retention import RetentionIndicatorsStated
from libs.common.indicators import Indicators

# A person is in work while any spell runs, the last day included; agreed wages are counted for each spell.
# Nearly all rows are of one division: IS NOT DISTINCT FROM keeps the planner from joining by it.
_STEPS = """
WITH work AS (
  SELECT c.subject, c.division, s.start, s."end" + 1 AS gone
  FROM changed c JOIN introduction i ON i.person = c.subject JOIN spell s ON s.introduction = i.id AND s.county IS NOT DISTINCT FROM c.division
), edges AS (
  SELECT subject, division, start AS day, 1 AS edge FROM work
  UNION ALL SELECT subject, division, gone, -1 FROM work WHERE gone IS NOT NULL
), running AS (
  SELECT subject, division, day, (sum(sum(edge)) OVER (PARTITION BY subject, division ORDER BY day) > 0)::int AS working
  FROM edges GROUP BY subject, division, day
), paid AS (
  SELECT c.subject, c.division, s.start, s."end" + 1 AS gone, s.wage_fen
  FROM changed c JOIN spell s ON s.id = c.subject AND s.county IS NOT DISTINCT FROM c.division
)
SELECT subject, division, min(start), 'placed', 1 FROM work GROUP BY subject, division
UNION ALL SELECT subject, division, day, 'in_work', working - lag(working, 1, 0) OVER (PARTITION BY subject, division ORDER BY day) FROM running
UNION ALL SELECT subject, division, start, 'wage_sum_fen', wage_fen FROM paid
UNION ALL SELECT subject, division, gone, 'wage_sum_fen', -wage_fen FROM paid WHERE gone IS NOT NULL
UNION ALL SELECT subject, division, start, 'wage_count', 1 FROM paid
UNION ALL SELECT subject, division, gone, 'wage_count', -1 FROM paid WHERE gone IS NOT NULL
UNION ALL SELECT c.subject, c.division, v."on", f.figure, 1
  FROM changed c JOIN service v ON v.id = c.subject AND v.county IS NOT DISTINCT FROM c.division
  JOIN (VALUES ('services', NULL), ('trainings', 'training'), ('guidances', 'guidance'), ('introductions', 'introduction')) AS f(figure, kind)
    ON f.kind IS NULL OR f.kind = v.kind
UNION ALL SELECT c.subject, c.division, l."on", 'subsidies', 1 FROM changed c JOIN ledger l ON l.person = c.subject
UNION ALL SELECT c.subject, c.division, l."on", 'subsidies_fen', l.amount_fen FROM changed c JOIN ledger l ON l.person = c.subject
"""

INDICATORS = Indicators(
    figures=(
        "placed",
        "in_work",
        "wage_sum_fen",
        "wage_count",
        "services",
        "trainings",
        "guidances",
        "introductions",
        "subsidies",
        "subsidies_fen",
    ),
    rule="retention-indicators 2",
    steps=_STEPS,
    event=RetentionIndicatorsStated,
)
