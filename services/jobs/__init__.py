"""Jobs 岗位: employers and vacancies of this node's region.

Owns: employers (定点接收单位, 就业扶贫基地) with their history, vacancies with openings left, what vetting decided and why, leads,
courses with who is admitted, sheets, agreements.
Answers: which vacancies are offered, to whom they are open, which employer stands behind them, why one may not be published,
how far an agreement is and whom it counts.
Announces: VacancyAnnounced, VacancyWithdrawn, FairAnnounced, CourseAnnounced, AdmissionChanged, EmployersMerged,
AgreementAnnounced, AgreementConfirmed, QuarterStated, QuarterAnswered, QuarterClosed, JobsIndicatorsStated.
Listens to: matching of this node (an introduction was hired), retention (a spell began or ended, here or in a city;
starts are one person's), jobs of partners (agreements, their quarters, fairs),
registries of counties (an application for a training place).
Promises: nothing is offered that vetting refused; one hire takes one opening, once; no training place is given twice;
a sheet imported twice changes nothing; an agreement counts each person once, from events, and on both sides the same; what both have signed stands.
"""
