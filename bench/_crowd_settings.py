"""Settings of the server that the crowd meets: those of production, reached as through its proxy."""

import os

os.environ.setdefault("TRUSTED_PROXIES", "1")

from config.settings.production import *  # noqa: F403
from config.settings.production import STORAGES

# Style sheets and scripts are the proxy's to serve (deploy/nginx.conf): their hashed copies are not measured here.
STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"
