"""Settings of the measured server: those of `make run`, and each answer tells what it cost."""

from config.settings.dev import *  # noqa: F403

TIMING = True
