"""What tests over all pages put in the addresses of this room."""

from pavillon.workspace.actions import save_view
from pavillon.workspace.models import SavedView


def make_view(world):
    """Helene's own: for everybody else it does not exist."""
    return save_view(name="My requests", url="/leads/?whose=mine", by=world["helene"])


EXAMPLES = {SavedView: make_view}
