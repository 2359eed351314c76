from django.apps import AppConfig

from pavillon.ui.drawing import draw_quickly
from pavillon.ui.quick import be_quick
from pavillon.ui.rows import build_quickly


class UiConfig(AppConfig):
    name = "pavillon.ui"


# Before any word is translated, which some libraries do while they are imported.
be_quick()
draw_quickly()
build_quickly()
