"""Retention 精准稳岗、精准服务.

Owns: spells of employment, the quarter's verifications, wages paid, notices and their clock, services, claims and the ledger.
Answers: who is in work where and since when, who must verify whom, the retention rate, what a claim still lacks.
Announces: SpellStarted, SpellEnded, SituationChanged, RetentionIndicatorsStated; to the other side spells, risks, verification, services, claims.
Listens to: registry (labourers, guests), jobs (vacancies of this city), matching (agreed, hired), retention of its partners.
Promises: one owner for each placed person each quarter; one person, one policy, one period; every rate with its denominator.
"""
