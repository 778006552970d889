#!/bin/sh
# Two roles and a schema for each service: one role owns and migrates, the other runs and owns nothing; none can read
# another's tables. May be run again: an older database, whose services owned their tables, comes out the same.
set -eu
psql -v ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname "$POSTGRES_DB" <<SQL
REVOKE ALL ON DATABASE $POSTGRES_DB FROM PUBLIC;
REVOKE ALL ON SCHEMA public FROM PUBLIC;
SQL
for service in registry jobs matching retention console; do
  psql -v ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname "$POSTGRES_DB" <<SQL
DO \$\$ BEGIN CREATE ROLE $service; EXCEPTION WHEN duplicate_object THEN NULL; END \$\$;
DO \$\$ BEGIN CREATE ROLE ${service}_owner; EXCEPTION WHEN duplicate_object THEN NULL; END \$\$;
ALTER ROLE $service LOGIN PASSWORD '$SERVICE_PASSWORD' NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS NOREPLICATION;
ALTER ROLE ${service}_owner LOGIN PASSWORD '$OWNER_PASSWORD' NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS NOREPLICATION;
GRANT CONNECT, TEMPORARY ON DATABASE $POSTGRES_DB TO $service, ${service}_owner;
CREATE SCHEMA IF NOT EXISTS $service AUTHORIZATION ${service}_owner;
ALTER SCHEMA $service OWNER TO ${service}_owner;
REASSIGN OWNED BY $service TO ${service}_owner;
GRANT USAGE ON SCHEMA $service TO $service;
ALTER ROLE $service IN DATABASE $POSTGRES_DB SET search_path = $service;
ALTER ROLE ${service}_owner IN DATABASE $POSTGRES_DB SET search_path = $service;
SQL
done
