"""Settings. Everything an operator may change comes from the environment and is listed in .env.example."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import urlsplit

from csp.constants import NONE, SELF

from . import env, storage
from .where import BASE_DIR, DATA_DIR, EVERYWHERE, HOST, LOG_LEVEL, PUBLIC_URL, REDIS_URL

# -- Where it runs ---------------------------------------------------------------------------------------------------
DEBUG = env.boolean("BACKLOT_DEBUG", False)

SECRET_KEY = env.secret("SECRET_KEY", DATA_DIR / "secret_key")
SECRET_KEY_FALLBACKS = env.words("SECRET_KEY_FALLBACKS")
ENCRYPTION_KEY = env.secret("ENCRYPTION_KEY", DATA_DIR / "encryption_key")
ENCRYPTION_KEY_FALLBACKS = env.words("ENCRYPTION_KEY_FALLBACKS")

_own_names = {"127.0.0.1", "localhost", "[::1]"}
_chosen_names = env.words("ALLOWED_HOSTS") or [
    name for name in (HOST, urlsplit(PUBLIC_URL).hostname) if name and name not in EVERYWHERE
]
# This machine's own names always work: the health check and the supervisor ask there.
ALLOWED_HOSTS = sorted(_own_names | set(_chosen_names))
CSRF_TRUSTED_ORIGINS = env.words("CSRF_TRUSTED_ORIGINS") or ([PUBLIC_URL] if PUBLIC_URL else [])
BEHIND_PROXY = env.boolean("BEHIND_PROXY", False)
if BEHIND_PROXY:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
_https = PUBLIC_URL.startswith("https://")
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _https
SECURE_HSTS_SECONDS = 31_536_000 if _https else 0
SECURE_SSL_REDIRECT = False  # The proxy's job: inside, the health check speaks plain HTTP.
SECURE_REFERRER_POLICY = "same-origin"

# -- Parts -----------------------------------------------------------------------------------------------------------
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "csp",
    "django_htmx",
    "template_partials",
    "studio",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "studio.pages.errors.StorageAnswers",
    "studio.pages.devices.DevicePolicy",
]
ROOT_URLCONF = "config.urls"
ASGI_APPLICATION = "config.asgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
                "studio.pages.context.frame",
                "studio.pages.health.lanes",
            ],
            "builtins": [
                "studio.pages.templatetags.files",
                "studio.pages.templatetags.icons",
                "template_partials.templatetags.partials",
            ],
            "libraries": {"live": "studio.pages.templatetags.live", "tiles": "studio.pages.templatetags.tiles"},
        },
    },
]

# -- Database --------------------------------------------------------------------------------------------------------
DATABASES = {"default": env.database("DATABASE_URL", DATA_DIR / "backlot.sqlite3")}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# -- People ----------------------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "studio.User"
LOGIN_URL = "sign_in"
LOGIN_REDIRECT_URL = "gallery"
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("name", "email")},
    },
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
SESSION_COOKIE_AGE = int(timedelta(days=30).total_seconds())
SESSION_COOKIE_NAME = "backlot_session"
CSRF_COOKIE_NAME = "backlot_csrf"
CSRF_FAILURE_VIEW = "studio.pages.errors.csrf_failure"
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}

EMAIL_HOST = env.text("EMAIL_HOST")
EMAIL_PORT = env.integer("EMAIL_PORT", 587, 1, 65535)
EMAIL_HOST_USER = env.text("EMAIL_HOST_USER")
EMAIL_HOST_PASSWORD = env.text("EMAIL_HOST_PASSWORD")
EMAIL_USE_TLS = env.boolean("EMAIL_USE_TLS", True)
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = env.text("EMAIL_FROM", "Backlot <backlot@localhost>")

# -- Files -----------------------------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
# Icons are drawn into the pages and fonts are compressed already: compressing them costs the first start a second.
WHITENOISE_SKIP_COMPRESS_EXTENSIONS = ("svg", "woff2", "png", "jpg", "webp", "gz", "br", "zip", "ico")
WHITENOISE_MAX_AGE = 0 if DEBUG else 3600
_max_upload_mb = env.integer("MAX_UPLOAD_MB", 50, 1, 10_000)
MEDIA_ROOT = DATA_DIR / "media"
MEDIA_URL = "/media/"
STORAGES = {
    "default": storage.default_storage(_max_upload_mb),
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
FILE_UPLOAD_HANDLERS = ["studio.media.uploads.LimitedUploadHandler"]
FILE_UPLOAD_TEMP_DIR = DATA_DIR / "tmp"
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o700
MAX_UPLOAD_BYTES = _max_upload_mb * 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = 1_048_576
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2_000
RENDER_DIR = DATA_DIR / "render"

# -- Broker and lanes (the database is the truth; messages are doorbells) -----------------------------------------------
CELERY_BROKER_URL = REDIS_URL.replace("unix://", "redis+socket://", 1)
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 600,
    "unacked_restore_throttle": 1,
    "socket_timeout": 15,
    "socket_connect_timeout": 2,
    "health_check_interval": 25,
}
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TASK_DEFAULT_QUEUE = "engine"
CELERY_TASK_ROUTES = {
    "studio.engine.tasks.render_*": {"queue": "render"},
    "studio.engine.tasks.long_*": {"queue": "long"},
}
CELERY_BEAT_SCHEDULE = {
    "sweep": {"task": "studio.engine.tasks.sweep", "schedule": 1.0, "options": {"expires": 2}},
    "beat-long": {"task": "studio.engine.tasks.long_beat", "schedule": 5.0, "options": {"expires": 5}},
    "beat-render": {"task": "studio.engine.tasks.render_beat", "schedule": 5.0, "options": {"expires": 5}},
    "prune": {"task": "studio.engine.tasks.prune", "schedule": 3600.0, "options": {"expires": 600}},
    "connections": {
        "task": "studio.engine.connection_tasks.look_after_all",
        "schedule": 600.0,
        "options": {"expires": 300},
    },
    "balances": {
        "task": "studio.engine.connection_tasks.read_spent_balances",
        "schedule": 60.0,
        "options": {"expires": 60},
    },
    "people": {
        "task": "studio.engine.connection_tasks.ask_about_people",
        "schedule": 15.0,
        "options": {"expires": 15},
    },
}

# -- Safety ----------------------------------------------------------------------------------------------------------
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "style-src-attr": ["'unsafe-inline'"],
        "img-src": [SELF, "blob:", "data:"],
        "media-src": [SELF, "blob:"],
        "worker-src": [SELF],
        "connect-src": [SELF],
        "font-src": [SELF],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}
X_FRAME_OPTIONS = "DENY"
PRIVATE_HOSTS = env.words("BACKLOT_PRIVATE_HOSTS")

LANGUAGE_CODE = "en"
TIME_ZONE = env.time_zone("TIME_ZONE", "UTC")
USE_I18N = False
USE_TZ = True

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
    # "Not ready yet" is an answer of the health check, not an error.
    "filters": {
        "not_health": {
            "()": "django.utils.log.CallbackFilter",
            "callback": lambda record: not record.getMessage().endswith("/healthz"),
        }
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["not_health"]}},
    "root": {"handlers": ["console"], "level": LOG_LEVEL},
    "loggers": {
        "httpx": {"level": "WARNING"},
        "celery.beat": {"level": "WARNING"},
        "celery.worker.strategy": {"level": "WARNING"},
        # At each stop it warns of a bell that it hands back, which is what it should do.
        "kombu.transport.virtual": {"level": "ERROR"},
        "celery.app.trace": {"level": "WARNING"},
    },
}

# The app must exist before the first task is sent, or Celery would send it to a default app without a broker.
from .celery import app as celery_app  # noqa: E402, F401
