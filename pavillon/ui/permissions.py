"""Who may see the style guide."""

from typing import Any

from django.conf import settings

from pavillon.core.permissions import permission


@permission("ui.view_style_guide")
def view_style_guide(user: Any, subject: None) -> bool:
    """Whoever builds pages: on demonstration and development servers only."""
    return bool(settings.DEMO and user.is_authenticated)
