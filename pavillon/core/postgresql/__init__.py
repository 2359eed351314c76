"""Django's PostgreSQL, which says for whom it asks (`core.wall`)."""
