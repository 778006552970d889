"""匹配 matching: who is introduced to which vacancy, and why.

Owns: the two lists as this node sees them, runs with their cards and cutoffs, versions of the weights, introductions.
Answers: supply, demand, recommendations, runs with certificate and files, explanations, introductions, weights.  Announces: libs/common/events/matching.
Listens to: labourers, vacancies, guests, spells, and to its partners' runs and introductions.
Promises: equal facts give equal places everywhere; nobody has two agreed introductions; no name is ever here.
"""
