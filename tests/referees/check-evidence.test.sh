#!/usr/bin/env bash
# check-evidence.sh accepts an evidence directory and refuses it with any one thing in it changed.
#   check-evidence.test.sh DIR KESHER-VERIFY     (DIR: written by make_evidence)
set -euo pipefail
check="$(dirname "$0")/check-evidence.sh"
given=$1 verify=$2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
e=$work/e

fresh() { rm -rf "$e"; cp -r "$given" "$e"; }
flip() {  # FILE OFFSET: another lowest bit in one byte
    local byte
    byte=$(od -An -tu1 -j "$2" -N 1 "$1" | tr -d ' ')
    printf '%b' "\\x$(printf '%02x' $((byte ^ 1)))" | dd of="$1" bs=1 seek="$2" conv=notrunc status=none
}
refused() {  # LAST-LINE
    local answer code=0
    answer=$("$check" "$e" "$verify") || code=$?
    [[ $code -eq 1 && ${answer##*$'\n'} == "$1" ]] || { echo "FAILED: exit $code, '${answer##*$'\n'}', wanted '$1'"; exit 1; }
    fresh
}
last() { echo $(($(stat -c %s "$1") - 1)); }

fresh
answer=$("$check" "$e" "$verify") || { echo "FAILED: should hold: $answer"; exit 1; }
[[ $(wc -l <<<"$answer") -eq 5 ]] || { echo "FAILED: not one line a message: $answer"; exit 1; }
[[ $answer == *$'\n'"acks/132: HOLDS: an acknowledgement"$'\n'"recipients/health/inbox/131: HOLDS: a release" ]] \
    || { echo "FAILED: $answer"; exit 1; }

# What was handed out and what was acknowledged are held to the log like what was sent.
handed=$e/recipients/health/inbox/131
flip "$handed/payload.avro" 12
refused "recipients/health/inbox/131: REFUSED: openssl: the payload is not the one that was signed"
cp "$e/001/statement.jws" "$e/001/payload.avro" "$handed/"
refused "recipients/health/inbox/131: REFUSED: the leaf names another statement.jws"
flip "$handed/leaf" 20
refused "recipients/health/inbox/131: REFUSED: kesher-verify: REFUSED: the proof does not lead from this leaf to the checkpoint's root"
flip "$e/acks/132/acks.jws" 300
refused "acks/132: REFUSED: openssl: the statement's signature does not hold"
cp "$e/001/statement.jws" "$e/acks/132/acks.jws"
cp "$e/001/signer.pem" "$e/acks/132/signer.pem"
refused "acks/132: REFUSED: the leaf names another acks.jws"
[[ ${answer%%$'\n'*} == "001: HOLDS, with its payload: ssd-5000 referred a case to health on 2026-11-21: "* ]] \
    || { echo "FAILED: $answer"; exit 1; }

# From here on of two messages, mostly in the first of them, where the check ends at once.
given=$work/given
cp -r "$e" "$given"
rm -r "$given/003" "$given/acks" "$given/recipients"
fresh

rm "$e/001/payload.avro"
flip "$e/002/payload.avro" 12
answer=$("$check" "$e" "$verify") && { echo "FAILED: should not hold: $answer"; exit 1; }
[[ $answer == "001: HOLDS, without its payload: "*$'\n'"002: REFUSED: kesher-verify: REFUSED: digest_mismatch: "* ]] \
    || { echo "FAILED: $answer"; exit 1; }
fresh

# One byte of each file.
flip "$e/001/payload.avro" 12
refused "001: REFUSED: kesher-verify: REFUSED: digest_mismatch: the payload is not the one the statement names"
flip "$e/001/leaf" "$(($(last "$e/001/leaf") - 3))"
refused "001: REFUSED: kesher-verify: REFUSED: the proof does not lead from this leaf to the checkpoint's root"
flip "$e/001/statement.jws" 300
refused "001: REFUSED: kesher-verify: REFUSED: signature_invalid: the statement's signature or header is not valid"
sed -i 's/^index 0$/index 1/' "$e/001/receipt.tlog-proof"
refused "001: REFUSED: kesher-verify: REFUSED: the proof does not lead from this leaf to the checkpoint's root"
sed -i '2s/300/301/' "$e/checkpoint"
refused "checkpoint: REFUSED: the log's signature does not hold"

# One file in the place of another.
cp "$e/checkpoint.other" "$e/checkpoint"
refused "001: REFUSED: another history than DIR/checkpoint's"
cp "$e/002/signer.pem" "$e/001/signer.pem"
refused "001: REFUSED: kesher-verify: REFUSED: certificate_unknown: the signing certificate is not in the organisation's current key list"
cp "$e/002/payload.avro" "$e/001/payload.avro"
refused "001: REFUSED: kesher-verify: REFUSED: digest_mismatch: the payload is not the one the statement names"
cp "$e/002/statement.jws" "$e/002/signer.pem" "$e/002/payload.avro" "$e/001/"
refused "001: REFUSED: the leaf is about another statement"
rm "$e/001/leaf"
refused "001: REFUSED: leaf is missing"
rm -r "$e/001" "$e/002"
refused "$e: REFUSED: no message"

# openssl is a second judge, not an echo of the first: it refuses alone, where kesher-verify says yes to everything.
printf '#!/bin/sh\necho "HOLDS: everything"\n' >"$work/yes"
chmod +x "$work/yes"
verify=$work/yes
flip "$e/001/payload.avro" 12
refused "001: REFUSED: openssl: the payload is not the one that was signed"
flip "$e/001/leaf" "$(($(last "$e/001/leaf") - 3))"
refused "001: REFUSED: openssl: REFUSED: the proof does not lead to the checkpoint's root"
flip "$e/001/statement.jws" 300
refused "001: REFUSED: openssl: the statement's signature does not hold"
cp "$e/002/signer.pem" "$e/001/signer.pem"
refused "001: REFUSED: openssl: the statement's signature does not hold"
"$check" "$e" "$verify" >/dev/null || { echo "FAILED: openssl alone should say yes"; exit 1; }

code=0
"$check" "$work" "$verify" >/dev/null 2>&1 || code=$?
[[ $code -eq 2 ]] || { echo "FAILED: a folder that is no evidence is a wrong call"; exit 1; }
echo "both judges agree"
