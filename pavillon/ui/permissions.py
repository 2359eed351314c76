"""Who may see what this room draws by itself."""

from typing import Any

from django.conf import settings

from pavillon.core.permissions import permission


@permission("ui.view_style_guide")
def view_style_guide(user: Any, subject: None) -> bool:
    """Whoever builds pages: on demonstration and development servers only."""
    return bool(settings.DEMO and user.is_authenticated)


@permission("ui.view_badge")
def view_badge(user: Any, subject: None) -> bool:
    """Everybody signed in: a count shows what its own rule and `visible_to` grant, and nothing else."""
    return bool(user.is_authenticated)


@permission("ui.load_panels")
def load_panels(user: Any, subject: None) -> bool:
    """Everybody signed in: each panel asks its own rule about who asks and what it is about."""
    return bool(user.is_authenticated)
