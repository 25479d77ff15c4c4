# The demo's story, sourced by deployment/up: what happens to one woman's requests, a line per step. Every
# answer is saved with its receipt, and every receipt is verified at the end.

failures=0
steps=0
record=$var/record

expect() {  # expect WORD ANSWER: the answer's decision
  local wanted=$1 answer=$2
  if [ "$wanted" = accepted ] && grep -q '"holds":true' <<<"$answer"; then return; fi
  if grep -q "\"refused\":\"$wanted\"" <<<"$answer"; then return; fi
  failures=$((failures + 1))
  say "  NOT AS EXPECTED ($wanted): $(cut -c1-300 <<<"$answer")"
}

step() {
  steps=$((steps + 1))
  say "$1"
}

folder() { printf '%s/%03d' "$record" "$steps"; }

worker() { as ssd-5000 --actor worker-1 --role SOCIAL_WORKER "$@"; }
health() { as health --actor desk-1 --role CASEWORKER "$@"; }

consent_for() {  # consent_for RECIPIENT SERVICE PURPOSE GROUPS CASE
  head -c 64 /dev/urandom >"$var/form"
  worker consent give --case "$5" --recipient "$1" --services "$2" --purposes "$3,STATUS_FEEDBACK" \
    ${4:+--groups "$4"} --direction both --days 90 --notice-language he --form-file "$var/form" --save "$(folder)" || true
}

refer() {  # refer RECIPIENT SERVICE CONSENT CASE ...
  local to=$1 service=$2 consent=$3 case=$4; shift 4
  worker message send --case "$case" --to "$to" --service "$service" ${consent:+--consent "$consent"} \
    --need-file "$var/need" --save "$(folder)" "$@" || true
}

health_takes() { rm -rf "$var/health-inbox"; health inbox take --once --save "$var/health-inbox" || true; }

play_story() {
  rm -rf "$record"; mkdir -p "$record"
  printf 'ליווי ראשוני ותיאום פגישה\n' >"$var/need"
  local answer case consent referral
  step "ssd-5000 opens a case and gets a name for it that nobody else will ever see"
  answer=$(as ssd-5000 --actor worker-1 --role SOCIAL_WORKER case open); case=$(json_member pseudonym <<<"$answer")
  expect accepted "$answer"

  step "a referral without a consent is refused"
  answer=$(refer health HLT-TRAUMA 00000000-0000-4000-8000-000000000000 "$case"); expect consent_missing "$answer"

  step "she signs a consent for health, read to her in Hebrew; the worker records it"
  answer=$(consent_for health HLT-TRAUMA TREATMENT "" "$case"); expect accepted "$answer"
  consent=$(json_member consent <<<"$answer")

  step "identified on a consent without IDENTITY is refused"
  printf '{"identity":{"id_number":"000000018"}}' >"$var/identity"
  answer=$(refer health HLT-TRAUMA "$consent" "$case" --known-by identified --sealed-file "$var/identity"); expect consent_groups "$answer"

  step "HLT-TRAUMA goes to health, sealed: the hub cannot read it"
  answer=$(refer health HLT-TRAUMA "$consent" "$case"); expect accepted "$answer"
  referral=$(json_member referral <<<"$answer")

  step "the hub is killed with SIGKILL before health has taken it, and started again"
  kill -9 "$hub_pid"; wait "$hub_pid" 2>/dev/null || true; start_hub

  step "health takes it, with a proof of its release, under a name of its own for her"
  answer=$(health_takes); expect accepted "$answer"

  local event
  for event in accept start; do
    step "health says: $event"
    answer=$(health message event --referral "$referral" --event "$event" --save "$(folder)" || true); expect accepted "$answer"
  done
  step "health says: complete, provided"
  answer=$(health message event --referral "$referral" --event complete --outcome provided --save "$(folder)" || true)
  expect accepted "$answer"

  step "ssd-5000 reads how it stands (the reading is in the log too)"
  answer=$(worker message show --referral "$referral"); grep -q COMPLETED <<<"$answer" || { failures=$((failures + 1)); say "  not COMPLETED"; }

  step "the same case goes to ssd-4000 for another need, under an unrelated consent and name"
  answer=$(consent_for ssd-4000 HOUS-EMERG REFERRAL "" "$case"); expect accepted "$answer"
  consent=$(json_member consent <<<"$answer")
  step "  and she withdraws that consent while the referral waits"
  answer=$(refer ssd-4000 HOUS-EMERG "$consent" "$case"); expect accepted "$answer"
  step "  her withdrawal is never refused"
  answer=$(worker consent revoke --case "$case" --consent "$consent" --save "$(folder)" || true); expect accepted "$answer"
  step "  ssd-4000 asks for its inbox and gets nothing"
  rm -rf "$var/ssd-inbox"
  answer=$(as ssd-4000 --actor desk-1 --role CASEWORKER inbox take --once --save "$var/ssd-inbox" || true)
  [ ! -d "$var/ssd-inbox" ] || [ -z "$(ls -A "$var/ssd-inbox")" ] || { failures=$((failures + 1)); say "  SOMETHING LEFT AFTER SHE WITHDREW"; }
}

verify_story() {
  local place
  verified=0
  as ssd-5000 log checkpoint >"$record/checkpoint.json"
  json_member log <"$record/checkpoint.json" >"$record/log.vkey"
  printf '%b' "$(sed -n 's/.*"note":"\([^"]*\)".*/\1/p' "$record/checkpoint.json")" >"$record/checkpoint"
  for place in "$record"/*/; do
    [ -e "$place/receipt.tlog-proof" ] || continue
    if "$bin/kesher-verify" receipt --leaf "$place/leaf" --proof "$place/receipt.tlog-proof" \
         --log-key "$record/log.vkey" >/dev/null &&
       tests/referees/check-receipt-with-openssl.sh "$place/leaf" "$place/receipt.tlog-proof" \
         "$(cat "$record/log.vkey")" >/dev/null; then
      verified=$((verified + 1))
    else
      failures=$((failures + 1)); say "  RECEIPT DOES NOT HOLD: $place"
    fi
  done
  [ -z "$evidence" ] || { mkdir -p "$evidence"; cp -r "$record"/. "$evidence"/; }
}

summary() {
  say "$steps steps, $verified receipts verified by kesher-verify and by openssl alone, $failures not as expected"
  say "organisations https://localhost:$port_base   officers https://localhost:$((port_base + 1))   the person https://localhost:$((port_base + 3))   metrics http://127.0.0.1:$((port_base + 4))/metrics"
  [ -z "$evidence" ] || say "evidence: $evidence"
}
