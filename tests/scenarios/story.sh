#!/usr/bin/env bash
# deployment/up from its first step to its last, with the programs of this build, and its evidence judged once more.
#   story.sh BUILD_FOLDER
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
build=$(cd "$1" && pwd)
work=$(mktemp -d)
up=
end() {
  [ -z "$up" ] || ! kill -0 "$up" 2>/dev/null || { kill "$up"; wait "$up" 2>/dev/null || true; }
  KESHER_VAR=$work/var deployment/postgres/cluster remove "$work/var/postgres" >/dev/null 2>&1 || true
  rm -rf "$work"
}
trap end EXIT

base=$((20000 + $$ % 500 * 20))
KESHER_VAR=$work/var deployment/up --once --no-install --programs "$build/bin" --evidence "$work/evidence" \
  --port-base "$base" >"$work/told" 2>&1 &
up=$!
if ! wait "$up"; then cat "$work/told"; exit 1; fi
cat "$work/told"

fail() { echo "FAILED: $*"; exit 1; }
# How long a person who watched saw nothing; three seconds should be the most on a machine that is not busy.
grep -oE '^[0-9]{2}:[0-9]{2}:[0-9]{2}' "$work/told" | awk -F: '
  { now = $1 * 3600 + $2 * 60 + $3; if (NR > 1 && now - last > longest) longest = now - last; last = now }
  END { print "longest silence: " longest " s" }'
grep -qE 'COMPLETE: leaves 0 to [0-9]+: ([0-9]+) of \1 statements, [0-9]+ of [0-9]+ releases, [0-9]+ cut off and made again, ([0-9]+) of \2 ack' "$work/told" ||
  fail "it does not say that the evidence is complete"
for body in ssd-5000 ssd-4000 health nii labor; do
  [ -s "$work/evidence/recipients/$body/journal.sqlite" ] || fail "no journal of $body"
  ls "$work/evidence/recipients/$body/inbox" >/dev/null || fail "nothing was handed to $body"
done
[ "$(ls -d "$work"/evidence/[0-9]* | wc -l)" -ge 15 ] || fail "too few messages"
refusals=$(grep -l '"code":"consent_missing"' "$work"/evidence/[0-9]*/leaf | wc -l)
[ "$refusals" -eq 2 ] || fail "$refusals refusals of the hub have their leaf in the evidence, not 2"
for type in Patient ServiceRequest Task Consent Appointment; do
  grep -q "\"resourceType\":\"$type\"" "$work/evidence/recipients/health/fhir.ndjson" ||
    fail "what the clinic stored is kept without any $type"
done
[ "$(grep -c '"resourceType":"Task"' "$work/evidence/recipients/health/fhir.ndjson")" -eq 2 ] || fail "not the clinic's two Tasks"
# National Insurance has two claims: one that was decided, and one that it was told to stop.
claims=$work/evidence/recipients/nii/claims.ndjson
[ "$(wc -l <"$claims")" -eq 2 ] || fail "not National Insurance's two claims"
grep -q '"MISPAR-ZIHUY":"000000018"' "$claims" || fail "a claim does not say whose it is"
[ "$(sed -n '$p' "$claims" | grep -c '"event":"revoke"')" -eq 1 ] || fail "the claim that she withdrew is not shown as stopped"
# The labor arm has one referral, known by her phone alone, and was told to stop.
trainings=$work/evidence/recipients/labor/events.ndjson
[ "$(wc -l <"$trainings")" -eq 1 ] || fail "not the labor arm's one referral"
grep -q '"telephone":"0500000000"' "$trainings" || fail "the labor arm was not told how to reach her"
! grep -qE 'taxID|familyName' "$trainings" || fail "the labor arm was told who she is"
grep -q '"event":"revoke"' "$trainings" || fail "the training that she withdrew is not shown as stopped"
for said in '  .MSV of ssd-5000: 1-G ACCEPTED ' '  .MSV of ssd-5000: 1-G COMPLETED ' '  .MSV of ssd-5000: 1-I WITHDRAWN ' \
            '  .MSV of ssd-5000: 1-J IN_PROGRESS ' '  .MSV of ssd-5000: 1-J WITHDRAWN ' '  answered: 409 no_such_step, ' \
            ' steps, 0 not as expected'; do
  grep -qF "$said" "$work/told" || fail "it does not say:$said"
done
! grep -q ' NOT AS EXPECTED' "$work/told" || fail "something was not as expected"
for body in nii labor; do
  grep -hF '"operation":"consent.revocation-acked.v1"' "$work"/evidence/[0-9]*/leaf | grep -qF "\"org\":\"$body\"" ||
    fail "$body did not answer that it stopped"
done
# Of all needs of the story two may stand on a board, and there they stand, in words, once each.
[ "$(grep -c 'מעון יום / טיפול בילדים  התקבל אצל הגורם' "$work/told")" -eq 1 ] || fail "the board does not show the one need that it may"
[ "$(grep -c 'הכשרה מקצועית.*בטיפול' "$work/told")" -eq 1 ] || fail "the board does not show the training that has begun"
! grep -qE 'טיפול בטראומה|מקלט / דירת חירום|קצבת נכות|הבטחת הכנסה' "$work/told" || fail "a page names a service that has a label"

# Whoever is handed the evidence sees that a folder is gone, or a byte another, in what no signature covers too.
refused() {  # FILE, or FOLDER/ for any file of it
  local said code=0
  said=$(tests/referees/check-evidence.sh "$work/evidence" "$build/bin/kesher-verify") || code=$?
  [ "$code" -eq 1 ] && [[ ${said##*$'\n'} == "$1"*": REFUSED: "* ]] || fail "changed at $1, it ended with $code: ${said##*$'\n'}"
}
one=$(ls -d "$work"/evidence/recipients/ssd-4000/inbox/* | head -n 1)
mv "$one" "$work/aside"
refused "${one#"$work/evidence/"}/"
mv "$work/aside" "$one"
printf x >>"$work/evidence/recipients/health/fhir.ndjson"
refused recipients/health/fhir.ndjson

# A second run in what is there: its evidence begins where the first ended, and it stays up until it is told to end.
set -m  # a process group of its own, to which Ctrl-C goes
KESHER_VAR=$work/var deployment/up --no-install --programs "$build/bin" --evidence "$work/again" \
  --port-base "$base" >"$work/told-again" 2>&1 &
up=$!
set +m
until grep -q 'The hub stays up; Ctrl-C ends it' "$work/told-again"; do
  kill -0 "$up" 2>/dev/null || { cat "$work/told-again"; fail "the second run did not stay up"; }
  sleep 0.5
done
grep -qE 'COMPLETE: leaves [1-9][0-9]* to [0-9]+: ' "$work/told-again" || fail "the second run's evidence does not begin behind the first's"
grep -q ' steps, 0 not as expected' "$work/told-again" || { cat "$work/told-again"; fail "something of the second run was not as expected"; }
[ -s "$work/again/since" ] || fail "the second run's evidence does not say where it begins"
kill -INT -- "-$up"
code=0
wait "$up" || code=$?
[ "$code" -eq 130 ] || fail "Ctrl-C ended it with $code"
for port in $(seq "$base" $((base + 9))); do
  ! (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null || fail "somebody still listens on port $port"
done
! pgrep -f "$work/var" >/dev/null || fail "something of it still runs: $(pgrep -af "$work/var")"
echo "the story was played, its evidence is complete, its refusals have their leaves, and each body's part is there"
