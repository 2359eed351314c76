"""The same product, quicker to start and with nothing kept."""

import tempfile

from config.settings.base import *

DEBUG = False
SECRET_KEY = "only-for-tests-" + "x" * 40
ALLOWED_HOSTS = ["*"]
DATA = Path(os.environ.get("PAVILLON_DATA") or tempfile.mkdtemp(prefix="pavillon-test-"))
# A test database may outlive a run (--reuse-db), so its master key does too.
MASTER_KEY_FILE = Path(tempfile.gettempdir()) / f"pavillon-test-keys-{os.getuid()}" / "master.key"
CREATE_MASTER_KEY = True
LOCAL_KEY_FILE = MASTER_KEY_FILE.with_name("local.key")
KEY_RECHECK_SECONDS = KEY_LIFETIME_SECONDS = float("inf")
KEY_RETRY_SECONDS = 0
KEY_LISTEN = False  # an ear would hold a connection to a database that is dropped
LOG_WITNESS_FILE = None  # a test's lines are rolled back: nothing to bear witness to
MEDIA_ROOT = DATA / "media"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
DATABASES["default"]["OPTIONS"].pop("pool")
DATABASES["default"]["TEST"] = {"NAME": os.environ.get("PAVILLON_TEST_DB", "test_pavillon")}
# Without the compressed, hashed storage the test client needs no collectstatic.
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True
# Set only while the template of the test databases is built (tests/database.py).
DATABASES["default"]["NAME"] = os.environ.get("PAVILLON_TEMPLATE_DB", DATABASES["default"]["NAME"])
