# The demo's stage, sourced by deployment/up: database, hub, bodies with their keys, officers, agreements, adapters and
# the systems on their far sides. What is already there is used again, so that a second run is ready in seconds.

bodies=(ssd-5000 health ssd-4000 nii labor)

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
    printf '[database]\nconninfo = "%s"\n' "$hub_conninfo"
    printf '[keys]\ndirectory = "%s/hub-keys"\npassphrase_file = "%s/passphrase"\n' "$var" "$var"
    printf '[release]\nspread = "0s"\n'
    printf '[state]\ncheckpoint_file = "%s/state/checkpoint"\n' "$var"
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
  "$bin/kesherctl" --dir "$var/bodies/$body" --json --evidence "$record" "$@"
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

# The exchange's days are UTC: between midnight and three in Israel the day at home is not yet one there.
utc_day() { date -u -d "$1 days" +%F; }

officer() {
  as "$1" officer put --id "$2" --role "$3" --training-valid-until "$(utc_day +300)" >>"$var/stage.log"
}

# Four people in two bodies: each signs at home, and gives the other body's fingerprint herself.
agree() {  # OURS THEIRS PURPOSES GROUPS
  local ours=$1 theirs=$2 purposes=$3 groups=$4 body other proposal
  body=$var/bodies/$ours; other=$var/bodies/$theirs
  proposal=$("$bin/kesher-adapter" --dir "$body" --json agreement propose --with "$theirs" \
    --their-root "$(root_fingerprint "$other/root.pem")" --root-key "$body/root.key" \
    --types referral.event.v1,referral.submitted.v1 --purposes "$purposes" \
    --groups "$groups" --role LEGAL_ADVISER --approver legal-1 \
    --from "$(utc_day +0)" --to "$(utc_day +300)" | tee -a "$var/stage.log" | json_member document)
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

# ---- the adapters and what stands on their far sides ----

# Bodies, symbols and registered numbers are invented; the numbers are of the range for tests.
declare -A symbol=([ssd-5000]=5000 [ssd-4000]=4000) entity=([ssd-5000]=000000018 [ssd-4000]=000000026)
write_department_settings() {  # ORGANISATION ROUTES...: `SERVICE=ORGANISATION` each
  local body=$1 route; shift
  {
    printf '[organisation]\nid = "%s"\nkeys = "."\n[hub]\nname = "hub.example"\npoll_wait = "1s"\n' "$body"
    printf '[department]\nauthority = "%s"\nentity = "%s"\n' "${symbol[$body]}" "${entity[$body]}"
    printf '[files]\nfolder = "%s/files/%s"\nsettle = "0s"\n[actor]\nofficer = "worker-1"\n' "$var" "$body"
    printf '[form]\nasks = ["safe_channel", "safe_hours", "no_voicemail", "neutral_name", "do_not_notify_family", '
    printf '"address_confidential"]\n[route]\n'
    for route in "$@"; do printf '"%s" = "%s"\n' "${route%%=*}" "${route#*=}"; done
  } >"$var/bodies/$body/adapter.toml"
  mkdir -p "$var/files/$body/inbox"
}

start_adapter() {
  local body=$1 before
  before=$(grep -c adapter_started "$var/adapter-$body.log" 2>/dev/null || true)
  "$bin/kesher-adapter" run --config "$var/bodies/$body/adapter.toml" --evidence "$record" >>"$var/adapter-$body.log" 2>&1 &
  adapter_pid[$body]=$!
  await "the adapter of $body" has_more "${before:-0}" adapter_started "$var/adapter-$body.log" ||
    { tail -n 3 "$var/adapter-$body.log" >&2; fail "the adapter of $body did not start"; }
}
has_more() {  # COUNT WORD FILE
  local lines
  lines=$(grep -c "$2" "$3" 2>/dev/null || true)
  [ "${lines:-0}" -gt "$1" ]
}
stop_adapter() { end "${adapter_pid[$1]}"; adapter_pid[$1]=; }

# Waits until a command holds, with a line every two seconds; false after 40 s.
await() {
  local what=$1 i; shift
  for i in $(seq 1 400); do
    "$@" && return 0
    [ $((i % 20)) -ne 0 ] || say "  ... $what"
    sleep 0.1
  done
  return 1
}

raise_stage() {
  record=$var/record
  [ -e "$var/raised" ] || [ ! -e "$var/bodies" ] || fail "the run before was ended while it raised its bodies; --reset begins anew"
  local body
  for body in "${bodies[@]}"; do  # a stage of before it was one of them has neither its keys nor its agreement
    [ ! -e "$var/raised" ] || [ -d "$var/bodies/$body" ] || fail "$var was made without $body; --reset begins anew"
  done
  rm -rf "$record"; (umask 077; mkdir -p "$record")
  # The bodies' own directories hold the address that they were enrolled at.
  if [ -e "$var/raised" ] && [ -s "$var/port-base" ] && [ "$(<"$var/port-base")" != "$port_base" ]; then
    fail "$var was made with --port-base $(<"$var/port-base"): give that again, or begin anew with --reset"
  fi
  echo "$port_base" >"$var/port-base"
  start_clinic  # some seconds each, while other things are done
  start_labor_office
  start_database
  write_hub_settings
  if [ ! -e "$var/raised" ]; then
    say "hub: keys, schema, the log's first leaf"
    "$bin/kesher-hub" --config "$var/hub.toml" --init --superuser "$superuser" --owner "$owner" \
      --database "$database_name" --operator-token "$var/token-operator" >>"$var/stage.log" ||
      fail "the hub could not be initialised"
  fi
  "$bin/kesher-hub" --migrate --owner "$owner" >>"$var/stage.log" || fail "the schema could not be brought up to date"
  start_hub
  if [ -e "$var/raised" ]; then
    say "bodies: as they were"
    keep_checkpoint "$record/since" ||  # evidence of this play begins here
      fail "the hub's checkpoint could not be fetched: $var/checkpoint.json says why"
  else
    raise_bodies
  fi
  say "the adapters of the ${#bodies[@]} bodies, and the systems on their far sides"
  write_department_settings ssd-5000 HLT-TRAUMA=health HOUS-EMERG=ssd-4000 CHILDCARE=ssd-4000 \
    BEN-INCOME=nii BEN-DISAB=nii BEN-CHILD=nii BEN-ALIM=nii BEN-UNEMP=nii EMP-COUNSEL=labor EMP-VOC=labor EMP-PLACE=labor
  write_department_settings ssd-4000
  write_clinic_settings
  write_institute_settings
  write_labor_office_settings
  await_far_side clinic
  await_far_side labor_office
  for body in "${bodies[@]}"; do start_adapter "$body"; done
  start_institute
  await_far_side institute
}

raise_bodies() {
  mkdir -p "$var/bodies"; chmod 700 "$var/bodies"
  say "bodies"
  enrol operator "$var/token-operator"
  say "  operator enrolled with the token that only this machine had"
  local body
  for body in "${bodies[@]}"; do admit "$body" PUBLIC_BODY; done
  officer ssd-5000 worker-1 SOCIAL_WORKER
  officer health desk-1 CASEWORKER
  officer ssd-4000 worker-1 SOCIAL_WORKER
  agree ssd-5000 health REFERRAL,STATUS_FEEDBACK,TREATMENT CONTACT,HEALTH,IDENTITY
  agree ssd-5000 ssd-4000 REFERRAL,STATUS_FEEDBACK,TREATMENT CONTACT,HEALTH,IDENTITY
  agree ssd-5000 nii BENEFIT_CLAIM,STATUS_FEEDBACK CONTACT,IDENTITY,INCOME
  agree ssd-5000 labor REFERRAL,STATUS_FEEDBACK CONTACT,EMPLOYMENT,IDENTITY
  admit auditor AUDITOR  # who reads the whole log at the end, and nothing else
  touch "$var/raised"
}

keep_checkpoint() {  # FILE
  as ssd-5000 log checkpoint >"$var/checkpoint.json"
  printf '%b' "$(sed -n 's/.*"note":"\([^"]*\)".*/\1/p' "$var/checkpoint.json")" >"$1"
}

addresses() {
  say "raised: organisations https://localhost:$port_base (with a client certificate)   officers https://localhost:$((port_base + 1)) and the person https://localhost:$((port_base + 3)) (a page each that says what will stand there)"
  say "        metrics http://127.0.0.1:$((port_base + 4))/metrics   the clinic $clinic_url   departments' folders $var/files"
  say "        National Insurance's service, what it was given: $institute_url/referrals   WSDL, both ways: $institute_listens/wsdl/benefits and /wsdl/feedback"
  say "        the labor arm's service, what it was given: $labor_office_url/referrals   its adapter's key: $labor_listens/jwks"
  say "        the story plays now, about a minute; behind it all of this is yours until Ctrl-C"
}
