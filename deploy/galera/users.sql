-- The accounts of the farm, each with the least rights. Run by deploy/galera/apply-users, which puts the content of the
-- secret file `db-NAME` for :db-NAME:. Safe to run again.

CREATE DATABASE IF NOT EXISTS ffmill CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

CREATE USER IF NOT EXISTS coordinator, janitor, migration, monitor;
ALTER USER coordinator IDENTIFIED BY ':db-coordinator:';
ALTER USER janitor IDENTIFIED BY ':db-janitor:';
ALTER USER migration IDENTIFIED BY ':db-migration:';
ALTER USER monitor IDENTIFIED BY ':db-monitor:' WITH MAX_USER_CONNECTIONS 10;

GRANT SELECT, INSERT, UPDATE, DELETE ON ffmill.* TO coordinator, janitor;
-- The schema, and nothing beside it.
GRANT ALL PRIVILEGES ON ffmill.* TO migration;
-- Logging in is enough to read the status.
GRANT USAGE ON *.* TO monitor;
