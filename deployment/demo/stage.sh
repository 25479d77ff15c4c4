# The demo's stage, sourced by deployment/up: database, hub, bodies with their keys, officers, agreements.
# What is already there is used again, so that a second run is ready in seconds.

bodies=(ssd-5000 health ssd-4000)

# One member of a one-line JSON answer; numbers without quotes.
json_member() { sed -n "s/.*\"$1\":\"\{0,1\}\([^\",}]*\).*/\1/p" | head -n 1; }

# A root's fingerprint as two people read it to each other: SHA-256 of its public key, base64url.
root_fingerprint() {
  openssl x509 -in "$1" -pubkey -noout | openssl pkey -pubin -outform DER | openssl dgst -sha256 -binary |
    openssl base64 -A | tr '+/' '-_' | tr -d '='
}

write_hub_settings() {
  [ -s "$var/passphrase" ] || (umask 077; openssl rand -base64 24 >"$var/passphrase")
  local listener n=0
  {
    printf '[hub]\nname = "hub.example"\n'
    for listener in organisations officers newcomers person; do
      printf '[listeners.%s]\naddress = "127.0.0.1"\nport = %d\nhost = "localhost"\n' "$listener" $((port_base + n))
      n=$((n + 1))
    done
    printf '[listeners.local]\naddress = "127.0.0.1"\nport = %d\n' $((port_base + 4))
    printf '[database]\nconninfo = "host=%s dbname=kesher user=kesher_hub"\n' "$socket"
    printf '[keys]\ndirectory = "%s/hub-keys"\npassphrase_file = "%s/passphrase"\n' "$var" "$var"
    printf '[release]\nspread = "0s"\n'
    printf '[state]\ndirectory = "%s/state"\ncheckpoint_file = "%s/state/checkpoint"\n' "$var" "$var"
  } >"$var/hub.toml"
}

start_hub() {
  "$bin/kesher-hub" --config "$var/hub.toml" >>"$var/hub.log" 2>&1 &
  hub_pid=$!
  local i
  for i in $(seq 1 100); do
    kill -0 "$hub_pid" 2>/dev/null || { tail -n 5 "$var/hub.log" >&2; fail "the hub did not start"; }
    if (exec 3<>"/dev/tcp/127.0.0.1/$((port_base + 4))") 2>/dev/null; then return; fi
    sleep 0.1
  done
  fail "the hub did not open its listeners within 10 s"
}

# kesherctl as one body; the answer is JSON.
as() {
  local body=$1; shift
  "$bin/kesherctl" --dir "$var/bodies/$body" --json "$@"
}

enrol() {
  local body=$1 token=$2
  "$bin/kesher-adapter" --dir "$var/bodies/$body" init --token-file "$token" >>"$var/stage.log" 2>&1 ||
    { tail -n 3 "$var/stage.log" >&2; fail "$body could not enrol"; }
  rm -f "$token"
}

admit() {
  local body=$1 kind=$2
  as operator org add "$body" --kind "$kind" --token-file "$var/token-$body" >>"$var/stage.log"
  enrol "$body" "$var/token-$body"
  as operator org confirm "$body" --root "$(root_fingerprint "$var/bodies/$body/root.pem")" >>"$var/stage.log"
  say "  $body enrolled with keys of its own, confirmed by its root's fingerprint"
}

officer() {
  as "$1" officer put --id "$2" --role "$3" --training-valid-until "$(date -d '+300 days' +%F)" >>"$var/stage.log"
}

# Four people in two bodies: each signs at home, and gives the other body's fingerprint herself.
agree() {
  local ours=$1 theirs=$2 body other proposal
  body=$var/bodies/$ours; other=$var/bodies/$theirs
  proposal=$("$bin/kesher-adapter" --dir "$body" --json agreement propose --with "$theirs" \
    --their-root "$(root_fingerprint "$other/root.pem")" --root-key "$body/root.key" \
    --types referral.event.v1,referral.submitted.v1 --purposes REFERRAL,STATUS_FEEDBACK,TREATMENT \
    --groups CONTACT,HEALTH,IDENTITY --role LEGAL_ADVISER --approver legal-1 \
    --from "$(date +%F)" --to "$(date -d '+300 days' +%F)" | tee -a "$var/stage.log" | json_member document)
  local each
  for each in "$ours $theirs LEGAL_ADVISER legal-1" "$ours $theirs SECURITY_OFFICER security-1" \
              "$theirs $ours LEGAL_ADVISER legal-1" "$theirs $ours SECURITY_OFFICER security-1"; do
    set -- $each
    "$bin/kesher-adapter" --dir "$var/bodies/$1" agreement approve --with "$2" --proposal "$proposal" \
      --their-root "$(root_fingerprint "$var/bodies/$2/root.pem")" --root-key "$var/bodies/$1/root.key" \
      --role "$3" --approver "$4" >>"$var/stage.log" 2>&1 ||
      { tail -n 3 "$var/stage.log" >&2; fail "$1 could not approve"; }
  done
  say "  agreement $ours - $theirs: four approvals, each signed at its own premises"
}

raise_stage() {
  say "database: a private PostgreSQL in var/postgres"
  deployment/postgres/cluster start "$var/postgres" >"$var/stage.log"
  superuser=$(deployment/postgres/cluster conninfo "$var/postgres")
  socket=$(sed "s/.*host='\([^']*\)'.*/\1/" <<<"$superuser")
  write_hub_settings
  if [ ! -e "$var/raised" ]; then
    say "hub: keys, schema, the log's first leaf"
    "$bin/kesher-hub" --config "$var/hub.toml" --init --superuser "$superuser" \
      --owner "host=$socket user=kesher_owner dbname=kesher" --database kesher \
      --operator-token "$var/token-operator" >>"$var/stage.log" || fail "the hub could not be initialised"
  fi
  "$bin/kesher-hub" --migrate --owner "host=$socket user=kesher_owner dbname=kesher" >>"$var/stage.log" ||
    fail "the schema could not be brought up to date"
  start_hub
  if [ -e "$var/raised" ]; then say "bodies: as they were"; return; fi
  mkdir -p "$var/bodies"; chmod 700 "$var/bodies"
  say "bodies"
  enrol operator "$var/token-operator"
  say "  operator enrolled with the token that only this machine had"
  local body
  for body in "${bodies[@]}"; do admit "$body" PUBLIC_BODY; done
  officer ssd-5000 worker-1 SOCIAL_WORKER
  officer health desk-1 CASEWORKER
  officer ssd-4000 desk-1 CASEWORKER
  agree ssd-5000 health
  agree ssd-5000 ssd-4000
  touch "$var/raised"
}
