from pavillon.core.personal_data import holds_no_personal_data
from pavillon.metrics.models import DayCount, MonthCount, Waiting

holds_no_personal_data(DayCount, MonthCount, Waiting)
