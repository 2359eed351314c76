from pavillon.core.personal_data import holds_no_personal_data, holds_personal_data
from pavillon.directory import actions
from pavillon.directory.models import Company, Contact, MergeEvent, RegisterUnit

# The name of a one-person business is public in the register; partial diffusion is respected on every screen.
holds_no_personal_data(Company, RegisterUnit)
holds_personal_data(
    Contact,
    fields=["first_name", "last_name", "job_title", "email", "phone"],
    keep_months=36,
    purpose="Accompany the company's export",
    erase=actions.forget_contact,
)
holds_personal_data(
    MergeEvent,
    fields=["before", "after", "kept_name", "removed_name"],
    keep_months=36,
    purpose="Undo a wrong merge of two contacts",
    erase=actions.forget_merge,
)
