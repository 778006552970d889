"""A division's figures: what an employer and a vacancy are counted for, from which day on."""

from __future__ import annotations

from libs.common.events.jobs import JobsIndicatorsStated
from libs.common.indicators import Indicators

# A vacancy counts from its vetting until its withdrawal, but for the days on which it was paused; a hire takes one of its openings
# while none is given back; an employer counts while it is on the list. A designation counts from its first day through its last; whoever
# was hired at a firm on a day of one, and came, is its intake for good, however many it has. A fair counts once it has been held.
_STEPS = """
WITH offered AS (
  SELECT v.id, v.city, v.openings, v.vetted_on AS first, coalesce(v.withdrawn_on, 'infinity') AS gone
  FROM changed c JOIN vacancies v ON v.id = c.subject
  WHERE v.state IN ('vetted', 'withdrawn') AND v.vetted_on < coalesce(v.withdrawn_on, 'infinity')
), taken AS (
  SELECT o.id, o.first, o.gone, h.hired_on, coalesce(h.freed_on, 'infinity') AS freed_on
  FROM offered o JOIN hires h ON h.vacancy = o.id WHERE h.hired_on < coalesce(h.freed_on, 'infinity')
), paused AS (
  SELECT o.id, o.city, o.openings, greatest(p.since, o.first) AS since, least(greatest(coalesce(p.until, 'infinity'), o.first), o.gone) AS until
  FROM offered o JOIN pauses p ON p.vacancy = o.id WHERE p.since < o.gone
), edges AS (
  SELECT id, first AS day, 0 AS edge, 0 AS pause FROM offered
  UNION ALL SELECT id, greatest(hired_on, first), 1, 0 FROM taken
  UNION ALL SELECT id, greatest(freed_on, first), -1, 0 FROM taken
  UNION ALL SELECT id, since, 0, 1 FROM paused
  UNION ALL SELECT id, until, 0, -1 FROM paused
), hired AS (
  SELECT id, day, sum(sum(edge)) OVER (PARTITION BY id ORDER BY day) AS hires, sum(sum(pause)) OVER (PARTITION BY id ORDER BY day) AS pauses
  FROM edges GROUP BY id, day
), left_open AS (
  SELECT o.id, o.city, h.day, CASE WHEN h.pauses > 0 THEN 0 ELSE greatest(0, o.openings - h.hires) END AS openings
  FROM offered o JOIN hired h ON h.id = o.id AND h.day < o.gone
  UNION ALL SELECT id, city, gone, 0 FROM offered
), designated AS (
  SELECT d.id, d.employer, d.since, least(d.until, coalesce(d.ended_on, d.until)) AS last FROM designations d
)
SELECT * FROM (
  SELECT id, city, first, 'vacancies', 1 FROM offered
  UNION ALL SELECT id, city, gone, 'vacancies', -1 FROM offered
  UNION ALL SELECT id, city, first, 'openings', openings FROM offered
  UNION ALL SELECT id, city, gone, 'openings', -openings FROM offered
  UNION ALL SELECT id, city, since, 'vacancies', -1 FROM paused
  UNION ALL SELECT id, city, until, 'vacancies', 1 FROM paused
  UNION ALL SELECT id, city, since, 'openings', -openings FROM paused
  UNION ALL SELECT id, city, until, 'openings', openings FROM paused
  UNION ALL SELECT id, city, day, 'openings_left', openings - lag(openings, 1, 0) OVER (PARTITION BY id ORDER BY day) FROM left_open
  UNION ALL SELECT d.id, e.city, d.since, 'designations', 1
    FROM changed c JOIN designated d ON d.id = c.subject JOIN employers e ON e.id = d.employer WHERE d.last >= d.since
  UNION ALL SELECT d.id, e.city, d.last + 1, 'designations', -1
    FROM changed c JOIN designated d ON d.id = c.subject JOIN employers e ON e.id = d.employer WHERE d.last >= d.since
  UNION ALL SELECT v.id, v.city, h.hired_on, 'intake', 1
    FROM changed c JOIN vacancies v ON v.id = c.subject JOIN hires h ON h.vacancy = v.id AND NOT h.released
    WHERE EXISTS (SELECT FROM designated d WHERE d.employer = v.employer AND h.hired_on BETWEEN d.since AND d.last)
  UNION ALL SELECT f.id, f.city, f.day, 'fairs', 1 FROM changed c JOIN fairs f ON f.id = c.subject WHERE f.state = 'held'
  UNION ALL SELECT e.id, e.city, e.listed_on, 'employers', 1 FROM changed c JOIN employers e ON e.id = c.subject WHERE e.state = 'listed'
) AS steps(subject, division, day, figure, amount) WHERE day < 'infinity'
"""

INDICATORS = Indicators(
    figures=("employers", "vacancies", "openings", "openings_left", "designations", "intake", "fairs"),
    rule="jobs.indicators.3",
    steps=_STEPS,
    event=JobsIndicatorsStated,
    stated="stated",
)
