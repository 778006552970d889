"""Jobs 岗位: employers and vacancies of this node's region.

Owns: employers (定点接收单位, 就业扶贫基地) with their history, vacancies with openings left, what vetting decided and why, leads, sheets.
Answers: which vacancies are offered, to whom they are open, which employer stands behind them, why one may not be published.
Announces: VacancyAnnounced, VacancyWithdrawn, EmployersMerged, JobsIndicatorsStated.
Listens to: matching of this node (an introduction was hired), retention of this node (a transfer began, a spell ended).
Promises: nothing is offered that vetting refused; one hire takes one opening, once; a sheet imported twice changes nothing.
"""
