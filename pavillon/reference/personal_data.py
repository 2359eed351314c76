from pavillon.core.personal_data import holds_no_personal_data
from pavillon.reference import models

holds_no_personal_data(
    models.Activity,
    models.Commune,
    models.Country,
    models.DataSet,
    models.Department,
    models.LegalCategory,
    models.ListItem,
    models.ProductCode,
    models.Region,
    models.Sector,
    models.Vertical,
    models.WorkforceBand,
)
