"""匹配 matching: who is introduced to which vacancy, and why.

Owns: the two lists as this node sees them, runs of matching with their cards and cutoffs, introductions and their steps.
Answers: supply, demand, runs with certificate and files, explanations, introductions.  Announces: libs/common/events/matching.py.
Listens to: labourers, vacancies, guests, spells, and to its partners' runs and introductions.
Promises: equal facts give equal places everywhere; nobody has two agreed introductions; no name is ever here.
"""
