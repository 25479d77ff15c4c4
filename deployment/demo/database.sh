# The demo's database, sourced by deployment/up: a private cluster in var/postgres, or another server's own database.

database_name=kesher
# A command line is readable by every account of this machine.
case "$database" in *://*:*@* | *password=*) fail "no password in --database: give it by PGPASSWORD or a passfile" ;; esac

# After this: superuser, owner and hub_conninfo, as libpq takes them.
start_database() {
  if [ -n "$database" ]; then use_server; return; fi
  [ ! -s "$var/pgpass" ] || fail "var/ stands on another server: give its --database"
  say "database: a private PostgreSQL"
  deployment/postgres/cluster start "$var/postgres" >"$var/stage.log"
  say "  in $(<"$var/postgres/place")"
  superuser=$(deployment/postgres/cluster conninfo "$var/postgres")
  local socket
  socket=$(sed "s/.*host='\([^']*\)'.*/\1/" <<<"$superuser")
  owner="host='$socket' user=kesher_owner dbname=$database_name"
  hub_conninfo="host='$socket' user=kesher_hub dbname=$database_name"
}

on_server() { psql --no-psqlrc --quiet --tuples-only --no-align --set ON_ERROR_STOP=1 --dbname "$database" "$@"; }

# Which server it is, wherever it is called from: its own number, made when it was.
which_server() { on_server --command 'SELECT system_identifier FROM pg_control_system()'; }
is_our_server() { [ ! -e "$var/server" ] || [ "$(which_server)" = "$(cat "$var/server")" ]; }  # older folders do not say

# Three roles with passwords of their own. Roles of those names that are not ours belong to another installation.
use_server() {
  database_name=kesher_demo
  [ ! -d "$var/postgres" ] || fail "var/ stands on a PostgreSQL of its own: leave out --database, or begin anew with --reset"
  say "database: $database_name on the server that --database names"
  local at role host port password
  at=$(on_server --command '\echo :HOST :PORT') || fail "the server that --database names cannot be entered"
  host=${at% *} port=${at##* }  # a folder's name may hold blanks
  if [ ! -s "$var/pgpass" ]; then
    [ -z "$(on_server --command "SELECT 1 FROM pg_roles WHERE rolname LIKE 'kesher\\_%' LIMIT 1")" ] ||
      fail "that server has roles of another Kesher; give the demo a server of its own"
    [ -z "$(on_server --command "SELECT 1 FROM pg_database WHERE datname = '$database_name'")" ] ||
      fail "that server has a database $database_name that this command did not make"
    which_server >"$var/server"
    for role in kesher_owner kesher_hub kesher_retention; do
      password=$(openssl rand -hex 24)
      # Only what was made is in the file: what is not there is not ours to drop.
      on_server <<<"CREATE ROLE $role LOGIN PASSWORD '$password'" ||
        fail "$role cannot be made: --database must name a superuser"
      (umask 077; printf '*:*:*:%s:%s\n' "$role" "$password" >>"$var/pgpass")
    done
  fi
  is_our_server || fail "var/ stands on another server than the one that --database names"
  superuser=$database
  [[ "$host" != *[\'\"\\]* ]] || fail "the server that --database names has a host with quotes or backslashes"
  owner="host='$host' port=$port user=kesher_owner dbname=$database_name passfile='$var/pgpass'"
  hub_conninfo="host='$host' port=$port user=kesher_hub dbname=$database_name passfile='$var/pgpass'"
}

# Before var/ is thrown away.
drop_database() {
  if [ -s "$var/pgpass" ]; then
    [ -n "$database" ] || fail "var/ stands on another server: give its --database, so that the demo's part there goes too"
    is_our_server || fail "var/ stands on another server than the one that --database names"
    on_server --command 'DROP DATABASE IF EXISTS kesher_demo WITH (FORCE)'
    on_server --command "DROP ROLE IF EXISTS $(cut -d: -f4 "$var/pgpass" | paste -sd,)"
  fi
  [ ! -d "$var/postgres" ] || deployment/postgres/cluster remove "$var/postgres" >/dev/null 2>&1 || true
}
