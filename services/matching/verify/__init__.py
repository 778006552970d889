"""The verifier (核验): a second program that shares nothing with the kernel and finds what is wrong with a result.

It reads the facts, recomputes every pair of person and vacancy one after the other, and says of a result that it is
stable, or names the first violation. A stable result need not be the best one for the people: that is what the hash is for.
"""

from services.matching.verify.complaints import Complaints, complaints
from services.matching.verify.judging import Verdict, verify

__all__ = ["Complaints", "Verdict", "complaints", "verify"]
