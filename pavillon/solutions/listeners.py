"""What becomes of this room's rows when two records of one company are merged."""

from pavillon.directory.models.references import moves_with
from pavillon.solutions.models import AccountOpening, CompanyVisit, Diagnosis, JoinRequest

moves_with(Diagnosis, "company")
# A company opens its account once, the same person asks once, a company counts once a month in a region.
moves_with(AccountOpening, "company", taken="drop")
moves_with(JoinRequest, "company", taken="drop")
moves_with(CompanyVisit, "company", taken="drop")
