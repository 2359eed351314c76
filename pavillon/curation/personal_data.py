from pavillon.core.personal_data import holds_no_personal_data
from pavillon.curation.models import BatchLine, CompanyQuality, ContactPair, Decision, DuplicatePair, MergeBatch, Scan

# Pairs and scores are about companies; decisions name people of the team at work, by their account.
holds_no_personal_data(Scan, DuplicatePair, ContactPair, Decision, MergeBatch, BatchLine, CompanyQuality)
