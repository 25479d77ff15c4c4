# The demo's database, sourced by deployment/up: a private cluster in var/postgres, or another server's own database.

database_name=kesher

# After this: superuser, owner and hub_conninfo, as libpq takes them.
start_database() {
  if [ -n "$database" ]; then use_server; return; fi
  say "database: a private PostgreSQL in var/postgres"
  deployment/postgres/cluster start "$var/postgres" >"$var/stage.log"
  superuser=$(deployment/postgres/cluster conninfo "$var/postgres")
  local socket
  socket=$(sed "s/.*host='\([^']*\)'.*/\1/" <<<"$superuser")
  owner="host=$socket user=kesher_owner dbname=$database_name"
  hub_conninfo="host=$socket user=kesher_hub dbname=$database_name"
}

on_server() { psql --no-psqlrc --quiet --tuples-only --no-align --set ON_ERROR_STOP=1 --dbname "$database" "$@"; }

# Three roles with passwords of their own. Roles of those names that are not ours belong to another installation.
use_server() {
  database_name=kesher_demo
  # A command line is readable by every account of this machine.
  case "$database" in *://*:*@* | *password=*) fail "no password in --database: give it by PGPASSWORD or a passfile" ;; esac
  say "database: $database_name on the server that --database names"
  local at role host port
  at=$(on_server --command '\echo :HOST :PORT') || fail "the server that --database names cannot be entered"
  host=${at% *} port=${at#* }
  if [ ! -s "$var/pgpass" ]; then
    [ -z "$(on_server --command "SELECT 1 FROM pg_roles WHERE rolname LIKE 'kesher\\_%' LIMIT 1")" ] ||
      fail "that server has roles of another Kesher; give the demo a server of its own"
    for role in kesher_owner kesher_hub kesher_retention; do
      (umask 077; printf '*:*:*:%s:%s\n' "$role" "$(openssl rand -hex 24)" >>"$var/pgpass")
      on_server <<<"CREATE ROLE $role LOGIN PASSWORD '$(sed -n "s/.*:$role://p" "$var/pgpass")'" ||
        fail "$role cannot be made: --database must name a superuser"
    done
  fi
  superuser=$database
  owner="host=$host port=$port user=kesher_owner dbname=$database_name passfile=$var/pgpass"
  hub_conninfo="host=$host port=$port user=kesher_hub dbname=$database_name passfile=$var/pgpass"
}

# Before var/ is thrown away.
drop_database() {
  [ ! -d "$var/postgres" ] || deployment/postgres/cluster remove "$var/postgres" >/dev/null 2>&1 || true
  [ -s "$var/pgpass" ] || return 0
  [ -n "$database" ] || fail "var/ stands on another server: give its --database, so that the demo's part there goes too"
  on_server --command 'DROP DATABASE IF EXISTS kesher_demo WITH (FORCE)'
  on_server --command 'DROP ROLE IF EXISTS kesher_owner, kesher_hub, kesher_retention'
}
