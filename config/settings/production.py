"""Behind a TLS proxy, every secret from the environment."""

from config.settings.base import *

DEBUG = False
if not SECRET_KEY:
    raise RuntimeError("SECRET_KEY is not set: give the environment a random value of 50 characters or more.")
_hosts = (DATABASES["default"]["HOST"] or os.environ.get("PGHOST", "")).split(",")
_sslmode = DATABASES["default"]["OPTIONS"].get("sslmode") or os.environ.get("PGSSLMODE", "")
if _sslmode != "verify-full" and any(
    host and host not in {"localhost", "127.0.0.1", "::1"} and not host.startswith(("/", "@")) for host in _hosts
):
    raise RuntimeError(
        f"The database on {','.join(_hosts)} is reached over a network with sslmode={_sslmode or 'prefer'}: add "
        "?sslmode=verify-full&sslrootcert=… to DATABASE_URL."
    )
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_SSL_REDIRECT = True
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_HSTS_SECONDS = 63_072_000
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
LANGUAGE_COOKIE_SECURE = True
STORAGES["staticfiles"]["BACKEND"] = "whitenoise.storage.CompressedManifestStaticFilesStorage"
REQUIRE_MFA = os.environ.get("PAVILLON_REQUIRE_MFA", "1") == "1"
