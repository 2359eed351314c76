"""Addresses of the imports of the register."""

from django.urls import path

from pavillon.directory.views import register

paths = [
    path("register/", register.register_runs, name="register_runs"),
    path("register/import/", register.import_register, name="import_register"),
    path("register/<int:registerrun>/", register.register_run, name="register_run"),
    path("register/<int:registerrun>/rejects/", register.download_rejects, name="download_rejects"),
    path("register/<int:registerrun>/good-rows/", register.import_good_rows, name="import_good_rows"),
]
