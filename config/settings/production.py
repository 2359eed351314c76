"""Behind a TLS proxy, every secret from the environment."""

from config.settings.base import *

DEBUG = False
if not SECRET_KEY:
    raise RuntimeError("SECRET_KEY is not set: give the environment a random value of 50 characters or more.")
LOCAL = {"localhost", "127.0.0.1", "::1"}
_hosts = (DATABASES["default"]["HOST"] or os.environ.get("PGHOST", "")).split(",")
_sslmode = DATABASES["default"]["OPTIONS"].get("sslmode") or os.environ.get("PGSSLMODE", "")
if _sslmode != "verify-full" and any(host and host not in LOCAL and not host.startswith(("/", "@")) for host in _hosts):
    raise RuntimeError(
        f"The database on {','.join(_hosts)} is reached over a network with sslmode={_sslmode or 'prefer'}: add "
        "?sslmode=verify-full&sslrootcert=… to DATABASE_URL."
    )
if EMAIL_HOST not in LOCAL and not (EMAIL_USE_TLS or EMAIL_USE_SSL):
    raise RuntimeError(
        f"Mail would go to {EMAIL_HOST} in clear text: set SMTP_TLS=1 (STARTTLS) or SMTP_TLS=implicit (port 465)."
    )
if MAIL_COPY_DOMAIN and not MAIL_COPY_AUTHORITY:
    raise RuntimeError(
        f"Mail copied to {MAIL_COPY_DOMAIN} would be believed without a check: set MAIL_COPY_AUTHORITY to the name "
        "under which your mail server writes Authentication-Results."
    )
if MAIL_COPY_DOMAIN and MAIL_COPY_HOST not in LOCAL:
    raise RuntimeError(
        f"Copied mail would be received on {MAIL_COPY_HOST} in clear text: let MAIL_COPY_HOST be 127.0.0.1, "
        "behind a mail server on this machine."
    )
if CLAMD and not CLAMD.startswith("/") and CLAMD.rpartition(":")[0].strip("[]") not in LOCAL:
    raise RuntimeError(
        f"The virus scanner at {CLAMD} would be sent files in clear text: let it listen on this machine."
    )
if LOG_COLLECTOR["url"] and not LOG_COLLECTOR["url"].startswith("tls://"):
    raise RuntimeError(
        f"Logs would go to {LOG_COLLECTOR['url']} in clear text: PAVILLON_LOG_COLLECTOR_URL begins with tls://."
    )
# Believed only when it is said that proxies of ours stand before: they overwrite what a client wrote (deploy/).
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if TRUSTED_PROXIES else None
SECURE_SSL_REDIRECT = True
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_HSTS_SECONDS = 63_072_000
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
LANGUAGE_COOKIE_SECURE = True
COOKIE_PREFIX = "__Host-"
SESSION_COOKIE_NAME = f"{COOKIE_PREFIX}session"
CSRF_COOKIE_NAME = f"{COOKIE_PREFIX}csrf"
LANGUAGE_COOKIE_NAME = f"{COOKIE_PREFIX}language"
STORAGES["staticfiles"]["BACKEND"] = "whitenoise.storage.CompressedManifestStaticFilesStorage"
CALENDARS_IN_CLEAR = False
REQUIRE_MFA = os.environ.get("PAVILLON_REQUIRE_MFA", "1") == "1"
