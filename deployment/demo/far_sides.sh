# The systems on the adapters' far sides, sourced by deployment/up, none of them ours: how each is started, what its adapter's
# settings say of it, and what its people do. Each has a log in var/ and one port or two: its own, and where its adapter listens.

port_of() { echo "http://127.0.0.1:$((port_base + $1))"; }
clinic_url=$(port_of 5)
institute_url=$(port_of 6) institute_listens=$(port_of 7)
labor_office_url=$(port_of 8) labor_listens=$(port_of 9)
last_port=$((port_base + 9))
node() { "tests/systems/$1/node_modules/.bin/node" "${@:2}"; }  # FOLDER ARGUMENTS...: the one that this folder pins
program_of() { echo "tests/systems/$1/$2.mjs"; }

declare -A far_pid=() far_words=(
  [clinic]="the clinic's FHIR server" [institute]="National Insurance's SOAP service" [labor_office]="the labor arm's service")

start_far_side() {  # NAME FOLDER ARGUMENTS...: it says `port N` when it listens
  local name=$1 folder=$2; shift 2
  "tests/systems/$folder/node_modules/.bin/node" "$@" >"$var/$name.log" 2>&1 &
  far_pid[$name]=$!
}
await_far_side() {
  await "${far_words[$1]}" is_decided "$1" && grep -q '^port ' "$var/$1.log" ||
    { tail -n 3 "$var/$1.log" >&2; fail "${far_words[$1]} did not start"; }
}
is_decided() { grep -q '^port ' "$var/$1.log" || ! kill -0 "${far_pid[$1]}" 2>/dev/null; }

# ---- health: a FHIR server, and a clinic's staff ----
write_clinic_settings() {
  {
    printf '[organisation]\nid = "health"\nkeys = "."\n[hub]\nname = "hub.example"\npoll_wait = "1s"\n'
    printf '[fhir]\nbase_url = "%s"\nlook_every = "1s"\npause = "1s"\n[actor]\nofficer = "desk-1"\nrole = "CASEWORKER"\n' \
      "$clinic_url"
  } >"$var/bodies/health/adapter.toml"
}

start_clinic() { start_far_side clinic fhir "$(program_of fhir server)" --port "${clinic_url##*:}"; }
clinic() { node fhir "$(program_of fhir clinic)" --base "$clinic_url" "$@"; }

# ---- National Insurance: it makes its service of the WSDL that the adapter serves, so the adapter is there before it ----
institute_names=adapters/national_insurance/data/mapping.toml
write_institute_settings() {
  {
    printf '[organisation]\nid = "nii"\nkeys = "."\n[hub]\nname = "hub.example"\npoll_wait = "1s"\n'
    printf '[soap]\nendpoint = "%s/benefits"\npause = "1s"\nlook_every = "2s"\nenvironment = "test"\n' "$institute_url"
    printf '[listen]\nport = %d\n[actor]\nofficer = "soap"\n' "${institute_listens##*:}"
  } >"$var/bodies/nii/adapter.toml"
}

start_institute() {
  start_far_side institute national_insurance "$(program_of national_insurance service)" \
    --wsdl "$institute_listens/wsdl/benefits" --mapping "$institute_names" --port "${institute_url##*:}"
}
institute() {
  node national_insurance "$(program_of national_insurance staff)" --base "$institute_url" \
    --wsdl "$institute_listens/wsdl/feedback" --mapping "$institute_names" "$@"
}

# ---- the labor arm: its service makes its key, which its adapter reads; it believes the one that the adapter serves ----
labor_names=adapters/labor/data/mapping.toml
write_labor_office_settings() {
  local key=$var/bodies/labor/events.key
  [ -s "$key" ] || (umask 077; openssl genpkey -quiet -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out "$key")
  {
    printf '[organisation]\nid = "labor"\nkeys = "."\n[hub]\nname = "hub.example"\npoll_wait = "1s"\n'
    printf '[events]\nendpoint = "%s/kesher"\npause = "1s"\nlook_every = "2s"\n' "$labor_office_url"
    printf 'origin = "kesher.example.org"\nsource = "urn:labor"\ntheir_keys_file = "%s/theirs.json"\n' "$var/labor_office"
    printf '[listen]\nport = %d\n[actor]\nofficer = "events"\n' "${labor_listens##*:}"
  } >"$var/bodies/labor/adapter.toml"
}
start_labor_office() {
  mkdir -p "$var/labor_office"
  start_far_side labor_office labor "$(program_of labor service)" --mapping "$labor_names" --keys "$var/labor_office" \
    --ours "$labor_listens/jwks" --port "${labor_office_url##*:}"
}
labor_office() {
  node labor "$(program_of labor staff)" --base "$labor_office_url" --url "$labor_listens" --mapping "$labor_names" "$@"
}
