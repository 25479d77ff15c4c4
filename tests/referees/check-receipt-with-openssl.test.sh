#!/usr/bin/env bash
# The openssl check accepts true receipts, the samples' and ours, and refuses each with one thing changed.
#   check-receipt-with-openssl.test.sh SAMPLES SAMPLES-VKEY OURS     (OURS: folder written by make_receipts)
set -euo pipefail
check="$(dirname "$0")/check-receipt-with-openssl.sh"
samples=$1 samples_vkey=$2 ours=$3 our_vkey=$(<"$3/log.vkey")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

holds() { "$check" "$@" || { echo "FAILED: should hold: $*"; exit 1; }; }
refused() {  # REASON LEAF RECEIPT VKEY
    local reason=$1 answer code=0
    shift
    answer=$("$check" "$@") || code=$?
    [[ $code -eq 1 && $answer == "REFUSED: $reason" ]] || { echo "FAILED: exit $code, '$answer', wanted '$reason'"; exit 1; }
}

holds "$samples/leaf.299" "$samples/proof.299.tlog-proof" "$samples_vkey"
holds "$ours/leaf.0" "$ours/proof.0.at-1.tlog-proof" "$our_vkey"
holds "$ours/leaf.3" "$ours/proof.3.at-7.tlog-proof" "$our_vkey"

receipt="$ours/proof.3.at-7.tlog-proof"
refused "the proof does not lead to the checkpoint's root" "$ours/leaf.0" "$receipt" "$our_vkey"
refused "the checkpoint is of another log" "$ours/leaf.3" "$receipt" "$samples_vkey"
sed 's/^index 3$/index 2/' "$receipt" >"$work/index"
refused "the proof does not lead to the checkpoint's root" "$ours/leaf.3" "$work/index" "$our_vkey"
sed 's/^7$/8/' "$receipt" >"$work/size"
refused "the log's signature does not hold" "$ours/leaf.3" "$work/size" "$our_vkey"
sed '3d' "$receipt" >"$work/short"
refused "the proof is too short" "$ours/leaf.3" "$work/short" "$our_vkey"
sed '/^—/d' "$receipt" >"$work/unsigned"
refused "the log's signature is missing" "$ours/leaf.3" "$work/unsigned" "$our_vkey"
echo "openssl agrees"
