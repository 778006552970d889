#!/bin/sh
# A role and a schema for each service; none can read another's tables.
set -eu
for service in registry jobs matching retention console; do
  psql -v ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname "$POSTGRES_DB" <<SQL
CREATE ROLE $service LOGIN PASSWORD '$SERVICE_PASSWORD' NOSUPERUSER NOCREATEDB NOCREATEROLE;
CREATE SCHEMA $service AUTHORIZATION $service;
ALTER ROLE $service IN DATABASE $POSTGRES_DB SET search_path = $service;
SQL
done
psql -v ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname "$POSTGRES_DB" -c "REVOKE ALL ON SCHEMA public FROM PUBLIC"
