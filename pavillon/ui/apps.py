from django.apps import AppConfig

from pavillon.ui.components import draw_components_quickly
from pavillon.ui.drawing import draw_quickly
from pavillon.ui.quick import be_quick
from pavillon.ui.resolving import resolve_quickly
from pavillon.ui.rows import build_quickly


class UiConfig(AppConfig):
    name = "pavillon.ui"

    def ready(self) -> None:
        from pavillon.core.views import find_with
        from pavillon.ui.finding import find

        find_with(find)


# Before any word is translated, which some libraries do while they are imported.
be_quick()
draw_quickly()
draw_components_quickly()
build_quickly()
resolve_quickly()
