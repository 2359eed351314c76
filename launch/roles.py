"""The roles, the database and the extensions of the application, created once by the cluster's owner."""

import psycopg
from psycopg import sql

from launch.cluster import APPLICATION, Cluster

EXTENSIONS = ("pg_trgm", "unaccent", "btree_gist", "fuzzystrmatch")
SET_UP = [APPLICATION, *EXTENSIONS]


def set_up_roles(cluster: Cluster, port: int) -> None:
    """Create what is missing; does nothing when the last set-up was the same as this one.

    The application owns its database but is neither superuser nor may it bypass
    row security; it may create databases, for tests. Call it under the start lock.
    """
    kept = cluster.read_credentials()
    if kept.get("set_up") == SET_UP:
        return
    with psycopg.connect(cluster.url(port, owner=True, database="postgres"), autocommit=True) as connection:
        _create_role(connection, kept["password"])
        # Extensions go to the template too, so that every test database has them.
        _install_extensions(cluster.url(port, owner=True, database="template1"))
        if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [APPLICATION]).fetchone():
            name = sql.Identifier(APPLICATION)
            connection.execute(sql.SQL("CREATE DATABASE {} OWNER {}").format(name, name))
            connection.execute(sql.SQL("REVOKE CONNECT ON DATABASE {} FROM PUBLIC").format(name))
    _install_extensions(cluster.url(port, owner=True))
    cluster.write_credentials(kept | {"set_up": SET_UP})


def _create_role(connection: psycopg.Connection, password: str) -> None:
    rights = "LOGIN CREATEDB NOSUPERUSER NOBYPASSRLS NOCREATEROLE NOREPLICATION"
    exists = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [APPLICATION]).fetchone()
    connection.execute(
        sql.SQL("{} ROLE {} {} PASSWORD {}").format(
            sql.SQL("ALTER" if exists else "CREATE"), sql.Identifier(APPLICATION), sql.SQL(rights), password
        )
    )


def _install_extensions(url: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        there = {name for (name,) in connection.execute("SELECT extname FROM pg_extension")}
        for extension in EXTENSIONS:
            if extension not in there:
                connection.execute(sql.SQL("CREATE EXTENSION {}").format(sql.Identifier(extension)))
