"""Django's own command line; `pavillon manage …` is the same with the environment prepared."""

import os
import sys

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.dev")
    from django.core.management import execute_from_command_line

    from launch.ending import run
    from pavillon.core.wall import HOUSE, stand_as

    # Commands and the worker's jobs are the platform's own work (docs/decisions/0035).
    stand_as(HOUSE)
    run(lambda: execute_from_command_line(sys.argv))
