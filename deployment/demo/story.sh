# The demo's story, sourced by deployment/up: what happens to one woman's requests, and to one of another's, a line per
# step. Every byte that crosses is kept, and every receipt is verified at the end.

failures=0
steps=0

expect() {  # expect WORD ANSWER: the answer's decision
  local wanted=$1 answer=$2
  if [ "$wanted" = accepted ] && grep -q '"holds":true' <<<"$answer"; then return; fi
  # A refusal counts where the hub made it: with its leaf and receipt.
  if grep -q "\"refused\":\"$wanted\"" <<<"$answer" && grep -q '"receipt":"c2sp.org/tlog-proof' <<<"$answer"; then
    say "  refused by the hub: $wanted, leaf $(json_member index <<<"$answer") of the log"
    return
  fi
  failures=$((failures + 1))
  say "  NOT AS EXPECTED ($wanted): $(cut -c1-300 <<<"$answer")"
}

refused_at_home() {  # WORD ANSWER: before a byte was sent, so without a leaf
  local wanted=$1 answer=$2
  if grep -q "\"refused\":\"$wanted\"" <<<"$answer" && ! grep -q '"leaf"' <<<"$answer"; then
    say "  refused at home: $wanted; the hub was not asked, so it has no leaf"
    return
  fi
  failures=$((failures + 1))
  say "  NOT AS EXPECTED ($wanted, at home): $(cut -c1-300 <<<"$answer")"
}

step() {
  steps=$((steps + 1))
  say "$1"
}

worker() { as ssd-5000 --actor worker-1 --role SOCIAL_WORKER "$@"; }

consent_for() {  # RECIPIENT SERVICE PURPOSE GROUPS CASE NUMBER: the number of the signed form
  head -c 64 /dev/urandom >"$var/form"
  worker consent give --case "$5" --recipient "$1" --number "$6" --services "$2" --purposes "$3,STATUS_FEEDBACK" \
    ${4:+--groups "$4"} --direction both --days 90 --notice-language he --form-file "$var/form" || true
}

by_hand() {  # RECIPIENT SERVICE CONSENT CASE ...: a referral without the department's own system
  local to=$1 service=$2 consent=$3 case=$4; shift 4
  worker message send --case "$case" --to "$to" --service "$service" --consent "$consent" --need-file "$var/need" "$@" || true
}

# ---- what stands at the far sides (far_sides.sh) ----
department() {  # ORGANISATION COMMAND...: that department's own system
  local body=$1; shift
  python3 -B deployment/demo/department.py --folder "$var/files/$body" --symbol "${symbol[$body]}" \
    --entity "${entity[$body]}" "$@"
}
states() { department ssd-5000 states "$1"; }
reached() { states "$1" | grep -q "^$2 "; }
shows() {  # NUMBER STATE: her department's file says so
  if await "her department's file says $2" reached "$1" "$2"; then
    say "  .MSV of ssd-5000: $1 $(states "$1" | grep "^$2 " | tail -n 1 | cut -d' ' -f1-3)"
  else
    failures=$((failures + 1)); say "  NOT AS EXPECTED: no .MSV says $2 of $1; it went: $(states "$1" | cut -d' ' -f1 | tr '\n' ' ')"
  fi
}
is_answered() { [ -n "$(department ssd-5000 answer "$1")" ]; }
taken_whole() {  # SEQUENCE
  await "an answer to the file" is_answered "$1" && department ssd-5000 answer "$1" | grep -q '^taken' && return
  failures=$((failures + 1)); say "  NOT AS EXPECTED: the file was not taken: $(department ssd-5000 answer "$1")"
}
given() { department ssd-4000 given | wc -l; }
is_given() { [ "$(given)" -gt "$1" ]; }
tasks() { clinic list | wc -l; }
has_task() { [ "$(tasks)" -gt "$1" ]; }
claims() { institute list | wc -l; }
has_claim() { [ "$(claims)" -gt "$1" ]; }
last_claim() { institute list | tail -n 1 | cut -d' ' -f2-; }  # who referred, service, what it was told since
is_stopped() { last_claim | grep -qw revoke; }
trainings() { labor_office list | wc -l; }
has_training() { [ "$(trainings)" -gt "$1" ]; }
last_training() { labor_office list | tail -n 1 | cut -d' ' -f2-; }
training_is_stopped() { last_training | grep -qw revoke; }
must() {  # WHAT COMMAND...
  local what=$1; shift
  await "$what" "$@" || { failures=$((failures + 1)); say "  NOT AS EXPECTED: $what"; }
}
take_down() {  # the hub may hold its last poll for a second more, and would hand out into the void
  stop_adapter "$1"
  sleep 1.5
}
must_be() {  # WHAT WANTED IS
  [ "$2" = "$3" ] || { failures=$((failures + 1)); say "  NOT AS EXPECTED: $1: $3, not $2"; }
}

# `runs`: which play this is of all of this stage, for the forms' numbers, which a hub takes once. `first`: behind which
# number its files begin; those begin anew with each day, as the department's system names them (UTC).
count_play() {
  local today day=- plays=0
  today=$(date -u +%Y%m%d)
  runs=$(($(cat "$var/runs" 2>/dev/null || echo 0) + 1))
  if [ -s "$var/runs-of-the-day" ]; then
    read -r day plays <"$var/runs-of-the-day"
  elif [ -s "$var/runs" ] && [ "$(date -u -r "$var/runs" +%Y%m%d)" = "$today" ]; then
    day=$today plays=$((runs - 1))  # a stage of before the days were kept
  fi
  [ "$day" = "$today" ] || plays=0
  first=$((plays * 20))
  [ "$first" -le 400 ] || fail "the demo was played twenty-one times today (UTC); wait for the next day, or --reset begins anew"
  printf '%s %s\n' "$today" $((plays + 1)) >"$var/runs-of-the-day"
  printf '%s\n' "$runs" >"$var/runs"
}

play_story() {
  printf 'ליווי ראשוני ותיאום פגישה\n' >"$var/need"
  count_play
  from_file_to_clinic
  to_a_second_body
  to_national_insurance
  what_is_refused
  what_she_withdraws
  to_the_labor_arm
  what_people_see
  what_the_other_withdraws
}

from_file_to_clinic() {
  local number=$runs-A form=$runs-H1 before answer
  step "ssd-5000 drops a Hebrew file: HLT-TRAUMA for a woman whose consent is not recorded yet"
  department ssd-5000 refer $((first + 1)) "$number" HLT-TRAUMA "ליווי ראשוני ותיאום פגישה" --consent "$form"
  taken_whole $((first + 1))
  shows "$number" AWAITING_CONSENT
  case=$(states "$number" | head -n 1 | cut -d' ' -f4)
  step "health's line goes down; she signs, read to her in Hebrew, and the worker records it: the referral leaves"
  before=$(tasks)
  take_down health
  answer=$(consent_for health HLT-TRAUMA TREATMENT "" "$case" "$form"); expect accepted "$answer"
  health_consent=$(json_member consent <<<"$answer")
  shows "$number" REQUESTED
  step "the hub is killed with SIGKILL before health has taken it, and started again"
  kill -9 "$hub_pid"; wait "$hub_pid" 2>/dev/null || true; start_hub
  step "health's line is up: its FHIR server is given an IL-Core transaction, once, under a name of its own for her"
  start_adapter health
  must "a Task at the clinic" has_task "$before"
  shows "$number" DELIVERED
  local each
  for each in accept:ACCEPTED schedule:SCHEDULED start:IN_PROGRESS complete:COMPLETED; do
    step "the clinic's staff: ${each%:*}"
    clinic "${each%:*}" --latest >>"$var/stage.log" || failures=$((failures + 1))
    shows "$number" "${each#*:}"
  done
  step "the same file is dropped once more: it is answered, and nothing else happens"
  answer=$(tasks)
  department ssd-5000 again $((first + 2)) $((first + 1))
  taken_whole $((first + 2))
  sleep 1
  must_be "Tasks at the clinic" "$((before + 1))" "$answer"
  must_be "Tasks at the clinic after the second file" "$answer" "$(tasks)"
}

to_a_second_body() {
  local before answer
  before=$(given)
  step "the same case goes to ssd-4000 for another need: she presents herself, under an unrelated name"
  answer=$(consent_for ssd-4000 HOUS-EMERG REFERRAL "" "$case" "$runs-H2"); expect accepted "$answer"
  department ssd-5000 refer $((first + 3)) "$runs-B" HOUS-EMERG "מקום לילה לשבוע" --consent "$runs-H2" --case "$case"
  taken_whole $((first + 3))
  shows "$runs-B" DELIVERED
  must "a file in ssd-4000's folder" is_given "$before"
  step "and once more identified, on a consent that covers her identity"
  answer=$(consent_for ssd-4000 HOUS-EMERG REFERRAL IDENTITY "$case" "$runs-H3"); expect accepted "$answer"
  wide_consent=$(json_member consent <<<"$answer")
  department ssd-5000 refer $((first + 4)) "$runs-C" HOUS-EMERG "מקום לילה; מוכרת למחלקה" --consent "$runs-H3" \
    --case "$case" --id 000000018
  taken_whole $((first + 4))
  shows "$runs-C" DELIVERED
}

# Under one consent, so that its withdrawal finds a claim that was decided and one that was not.
to_national_insurance() {
  local number=$runs-G before answer each
  before=$(claims)
  step "the same case goes to National Insurance as a claim, identified as a claim has to be: one call of their SOAP service"
  answer=$(consent_for nii BEN-DISAB,BEN-INCOME BENEFIT_CLAIM IDENTITY "$case" "$runs-H8"); expect accepted "$answer"
  claims_consent=$(json_member consent <<<"$answer")
  department ssd-5000 refer $((first + 5)) "$number" BEN-DISAB "מילוי טפסי התביעה" --consent "$runs-H8" --case "$case" --id 000000018
  taken_whole $((first + 5))
  must "a claim at National Insurance" has_claim "$before"
  must_be "their claim" "ssd-5000 BEN-DISAB" "$(last_claim)"
  say "  their service has: $(last_claim)"
  shows "$number" DELIVERED
  for each in "20:in work:ACCEPTED" "30:approved:COMPLETED"; do
    step "National Insurance's staff: $(cut -d: -f2 <<<"$each") (feedback B, ${each%%:*})"
    institute --latest --status "${each%%:*}" >>"$var/stage.log" || failures=$((failures + 1))
    shows "$number" "${each##*:}"
  done
  must_be "claims at National Insurance" $((before + 1)) "$(claims)"
}

what_is_refused() {
  local answer other
  step "a referral under another woman's consent is refused, and the refusal has a receipt"
  answer=$(worker case open); other=$(json_member pseudonym <<<"$answer"); expect accepted "$answer"
  answer=$(by_hand health HLT-TRAUMA "$health_consent" "$other"); expect consent_missing "$answer"
  step "identified on a consent without IDENTITY: her worker's own program refuses it, and nothing leaves"
  # She was asked, and of the safety flags she wants the one that a department's form can honour as well.
  printf '{"lowered":["safe_channel","safe_hours","no_voicemail","neutral_name","do_not_notify_family","address_confidential"],%s}' \
    '"identity":{"id_number":"000000018"}' >"$var/identity"
  answer=$(by_hand health HLT-TRAUMA "$health_consent" "$case" --known-by identified --sealed-file "$var/identity")
  refused_at_home consent_groups "$answer"
  step "she signs a narrower consent; identified under the wider one that it replaced is refused, with a receipt"
  answer=$(consent_for ssd-4000 HOUS-EMERG REFERRAL "" "$case" "$runs-H6"); expect accepted "$answer"
  answer=$(by_hand ssd-4000 HOUS-EMERG "$wide_consent" "$case" --known-by identified --sealed-file "$var/identity")
  expect consent_missing "$answer"
}

what_she_withdraws() {
  local before answer consent
  step "ssd-4000's system collects its files; its line goes down; a referral waits for it, and she withdraws while it waits"
  department ssd-4000 collect
  take_down ssd-4000
  answer=$(consent_for ssd-4000 HOUS-EMERG REFERRAL "" "$case" "$runs-H4"); expect accepted "$answer"
  consent=$(json_member consent <<<"$answer")
  department ssd-5000 refer $((first + 6)) "$runs-D" HOUS-EMERG "מקום לילה" --consent "$runs-H4" --case "$case"
  shows "$runs-D" REQUESTED
  answer=$(worker consent revoke --case "$case" --consent "$consent" || true); expect accepted "$answer"
  before=$(given)
  start_adapter ssd-4000
  shows "$runs-D" WITHDRAWN
  sleep 1
  must_be "files given to ssd-4000" "$before" "$(given)"

  step "a referral that health has taken: she withdraws, the notice heads health's inbox, the clinic's Task is cancelled"
  before=$(tasks)
  department ssd-5000 refer $((first + 7)) "$runs-E" HLT-TRAUMA "פגישת המשך" --consent "$runs-H1" --case "$case"
  must "a Task at the clinic" has_task "$before"
  shows "$runs-E" DELIVERED
  answer=$(worker consent revoke --case "$case" --consent "$health_consent" || true); expect accepted "$answer"
  must "the clinic's Task is cancelled" is_cancelled
  shows "$runs-E" WITHDRAWN

  step "a second claim at National Insurance, not decided yet: she withdraws, and their service is told to stop"
  before=$(claims)
  department ssd-5000 refer $((first + 8)) "$runs-I" BEN-INCOME "השלמת מסמכים" --consent "$runs-H8" --case "$case" --id 000000018
  must "a second claim at National Insurance" has_claim "$before"
  shows "$runs-I" DELIVERED
  answer=$(worker consent revoke --case "$case" --consent "$claims_consent" || true); expect accepted "$answer"
  must "their service shows it stopped" is_stopped
  say "  their service has: $(last_claim)"
  shows "$runs-I" WITHDRAWN
  step "their staff approves it all the same: the adapter refuses, and nothing is told to the department"
  answer=$(institute --latest --status 30 || true)
  must_be "the answer to an approval of what she withdrew" 201 "$(json_member code <<<"$answer")"
  say "  answered: $(json_member code <<<"$answer"), $(json_member words <<<"$answer")"
  must_be "what was decided before" COMPLETED "$(states "$runs-G" | tail -n 1 | cut -d' ' -f1)"
}
is_cancelled() { clinic list | tail -n 1 | grep -q '"status":"cancelled"'; }

# The other woman's needs are of a kind that a page in an office may speak of; the first one's have a label.
to_the_labor_arm() {
  local number=$runs-J before answer each
  read_page board
  trainings_shown=$(trainings_on_board)
  before=$(trainings)
  step "another woman asks the labor arm for training, known by her phone: one signed event to their service, answered by a signed receipt"
  answer=$(worker case open); other=$(json_member pseudonym <<<"$answer"); expect accepted "$answer"
  answer=$(consent_for labor EMP-VOC REFERRAL CONTACT "$other" "$runs-H9"); expect accepted "$answer"
  training_consent=$(json_member consent <<<"$answer")
  department ssd-5000 refer $((first + 9)) "$number" EMP-VOC "קורס ערב" --consent "$runs-H9" --case "$other" --phone 0500000000
  taken_whole $((first + 9))
  must "a referral at the labor arm" has_training "$before"
  must_be "their referral" "ssd-5000 EMP-VOC" "$(last_training)"
  say "  their service has: $(last_training)"
  shows "$number" DELIVERED
  for each in "accepted:ActiveActionStatus::ACCEPTED" "begun:ActiveActionStatus:started:IN_PROGRESS"; do
    IFS=: read -r said status substatus state <<<"$each"
    step "the labor arm's staff: $said ($status${substatus:+, $substatus}), an event of theirs to the adapter"
    labor_office --latest --status "$status" ${substatus:+--substatus "$substatus"} >>"$var/stage.log" || failures=$((failures + 1))
    shows "$number" "$state"
  done
}

what_people_see() {
  local answer page nurseries lines
  step "she asks ssd-4000 for a place in a day nursery: of such needs a board may speak, of the first woman's never"
  read_page board
  nurseries=$(nurseries_on_board) lines=$(lines_on_board)
  answer=$(consent_for ssd-4000 CHILDCARE REFERRAL "" "$other" "$runs-H7"); expect accepted "$answer"
  department ssd-5000 refer $((first + 10)) "$runs-F" CHILDCARE "מקום במעון לילדה בת שנתיים" --consent "$runs-H7" --case "$other"
  shows "$runs-F" DELIVERED
  step "ssd-5000 reads how her case stands; that this body looked is in the log"
  worker case show "$case" >"$var/case.json" || failures=$((failures + 1))
  for page in board agenda access; do
    step "$page, as ssd-5000's desk reads it (the reading is a leaf, of the body: persons have no login yet)"
    read_page "$page"
    head -n 12 "$var/$page.txt" | sed 's/^/  /'
  done
  # One line more than before, of her; of the first woman none, whatever was tried by hand between two plays.
  must_be "lines of a day nursery on the board" "$((nurseries + 1))" "$(nurseries_on_board)"
  must_be "lines on the board" "$((lines + 1))" "$(lines_on_board)"
  must_be "lines of a training that has begun" "$((trainings_shown + 1))" "$(trainings_on_board)"
}

what_the_other_withdraws() {
  local answer
  step "she withdraws the training: their service is told, and their staff's completion is refused"
  answer=$(worker consent revoke --case "$other" --consent "$training_consent" || true); expect accepted "$answer"
  must "their service shows it stopped" training_is_stopped
  say "  their service has: $(last_training)"
  shows "$runs-J" WITHDRAWN
  answer=$(labor_office --latest --status CompletedActionStatus || true)
  must_be "the answer to a completion of what she withdrew" no_such_step "$(json_member code <<<"$answer")"
  say "  answered: $(json_member status <<<"$answer") $(json_member code <<<"$answer"), $(json_member title <<<"$answer")"
}
read_page() {
  "$bin/kesherctl" --dir "$var/bodies/ssd-5000" --actor worker-1 --role SOCIAL_WORKER "$1" --language he >"$var/$1.txt" ||
    failures=$((failures + 1))
}
lines_on_board() { grep -c '^[0-9]' "$var/board.txt" || true; }
trainings_on_board() { grep -c 'labor.*הכשרה מקצועית.*בטיפול' "$var/board.txt" || true; }
nurseries_on_board() { grep -c 'ssd-4000.*מעון יום / טיפול בילדים.*התקבל אצל הגורם' "$var/board.txt" || true; }

# Nothing is in flight any more when the auditor reads the log: what is in it must be in the evidence.
verify_story() {
  local body pid folders
  say "the adapters end in order, and an auditor copies the whole log"
  for body in "${bodies[@]}"; do stop_adapter "$body"; done
  python3 -B deployment/demo/copy_log.py --body "$var/bodies/auditor" --to "$record" || failures=$((failures + 1))
  sed -n 's/.*"log":"\([^"]*\)".*/\1/p' "$var/bodies/auditor/hub.json" >"$record/log.vkey"
  keep_what_they_have
  folders=$(find "$record" \( -name leaf -o -path '*/answers/*' \) -type f | wc -l)
  say "every statement, receipt and release, by kesher-verify and by openssl alone"
  tests/referees/check-evidence.sh "$record" "$bin/kesher-verify" >"$var/verified.log" 2>&1 &
  pid=$!
  while kill -0 "$pid" 2>/dev/null; do
    sleep 2
    say "  $(grep -c '^[0-9aor].*: HOLDS' "$var/verified.log" || true) of $folders hold"
  done
  wait "$pid" || failures=$((failures + 1))
  say "  $(tail -n 1 "$var/verified.log")"
  [ -z "$evidence" ] || keep_evidence
}

# What each body has of all this beside what it was handed: its native files, what its far side stored, its journals.
keep_what_they_have() {
  local body
  for body in "${bodies[@]}"; do
    mkdir -p "$record/recipients/$body"
    cp "$var/bodies/$body"/*journal* "$record/recipients/$body/"
    [ ! -d "$var/files/$body" ] || cp -r "$var/files/$body/." "$record/recipients/$body/files"
  done
  clinic content >"$record/recipients/health/fhir.ndjson" || failures=$((failures + 1))
  institute content >"$record/recipients/nii/claims.ndjson" || failures=$((failures + 1))
  labor_office content >"$record/recipients/labor/events.ndjson" || failures=$((failures + 1))
  (cd "$record" && find . -type f -printf '%P\0' | sort -z | xargs -0 sha256sum) >"$var/SHA256SUMS"
  mv "$var/SHA256SUMS" "$record/SHA256SUMS"
}

# An earlier play's evidence is nobody's to throw away: it is put aside under its own time. What came there since
# the flag was judged, and is no evidence, stays.
keep_evidence() {
  local earlier
  if [ -n "$(ls -A "$evidence" 2>/dev/null)" ]; then
    is_evidence "$evidence" || fail "$evidence holds what is no evidence of an earlier play; this one's is in $record"
    earlier=${evidence%/}.$(date -r "$evidence" +%Y%m%d-%H%M%S)
    mv -T "$evidence" "$earlier"
    say "what was in $evidence is now in $earlier"
  fi
  (umask 077; mkdir -p "$evidence")
  cp -r "$record"/. "$evidence"/
}

summary() {
  say "$steps steps, $failures not as expected"
  [ -z "$evidence" ] || say "evidence: $evidence   checked once more by: tests/referees/check-evidence.sh ${evidence@Q} ${bin@Q}/kesher-verify"
}
