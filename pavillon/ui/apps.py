from django.apps import AppConfig

from pavillon.ui.drawing import draw_quickly
from pavillon.ui.quick import be_quick


class UiConfig(AppConfig):
    name = "pavillon.ui"


# Before any word is translated, which some libraries do while they are imported.
be_quick()
draw_quickly()
