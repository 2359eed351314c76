from pavillon.core.personal_data import holds_personal_data
from pavillon.workspace import actions
from pavillon.workspace.models import SavedView

holds_personal_data(
    SavedView,
    fields=["name", "url"],
    keep_months=36,
    purpose="Find one's own lists again",
    erase=actions.forget_view,
)
