from pavillon.core.policy import governs
from pavillon.directory.models import Company, Contact

governs(
    Company,
    fields=[
        "siren",
        "name",
        "legal_name",
        "activity",
        "legal_category",
        "workforce_band",
        "size",
        "address",
        "website",
        "sector",
        "export_class",
        "turnover",
        "export_turnover",
        "is_accompanied",
    ],
)
governs(Contact, fields=["first_name", "last_name", "job_title", "email", "phone", "is_decision_maker"])
