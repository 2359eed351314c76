from importlib import import_module
from importlib.util import find_spec

from django.apps import AppConfig, apps


class CoreConfig(AppConfig):
    name = "pavillon.core"

    def ready(self) -> None:
        # The kinds of file that a room may add without being imported by anybody. Only our rooms are searched:
        # Django's autodiscover would import modules of the same name from libraries too early.
        for kind in (
            "permissions",
            "policies",
            "criteria",
            "listeners",
            "panels",
            "personal_data",
            "sentences",
            "tasks",
        ):
            for room in apps.get_app_configs():
                if room.name.startswith("pavillon.") and find_spec(f"{room.name}.{kind}"):
                    import_module(f"{room.name}.{kind}")
