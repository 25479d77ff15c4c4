#!/usr/bin/env bash
# Checks a receipt with openssl, bash, awk, sed and coreutils alone: no program of this project takes part.
#
#   check-receipt-with-openssl.sh LEAF RECEIPT VKEY
#
# LEAF    file with the leaf's exact bytes
# RECEIPT file in the format c2sp.org/tlog-proof@v1
# VKEY    the log's public key: name+id+base64 (type 01, Ed25519)
#
# Exit code 0: the leaf is in the log. 1: it is not (REFUSED: reason). 2: wrong call.
set -euo pipefail

[[ $# -eq 3 && -r $1 && -r $2 ]] || { echo "usage: $0 LEAF RECEIPT VKEY" >&2; exit 2; }
leaf=$1 receipt=$2 vkey=$3
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

refuse() { echo "REFUSED: $1"; exit 1; }
sha256() { sha256sum | cut -c1-64; }                                     # standard input -> hex
to_hex() { od -An -v -tx1 | tr -d ' \n'; }                               # bytes -> hex
from_hex() { printf '%b' "$(sed 's/../\\x&/g' <<<"$1")"; }               # hex -> bytes
decode() { local hex; hex=$(base64 -d <<<"$1" 2>/dev/null | to_hex) && echo "$hex" || true; }  # base64 -> hex; "" for anything else
node() { from_hex "01$1$2" | sha256; }                                   # SHA-256(0x01 || left || right)

# 1. The receipt: index, hashes, and the checkpoint after the first empty line.
[[ $(head -n 1 "$receipt") == c2sp.org/tlog-proof@v1 ]] || refuse "not a tlog-proof"
awk 'body { print } !body && $0 == "" { body = 1 }' "$receipt" >"$work/checkpoint"
mapfile -t head < <(awk '$0 == "" { exit } NR > 1 && !/^extra / { print }' "$receipt")
[[ ${head[0]-} =~ ^index\ (0|[1-9][0-9]{0,17})$ ]] || refuse "no index"
index=${BASH_REMATCH[1]}
hashes=("${head[@]:1}")

# 2. The checkpoint: everything up to its last empty line is signed; origin, size and root are its first lines.
last_empty=$(awk '$0 == "" { n = NR } END { print n + 0 }' "$work/checkpoint")
[[ $last_empty -gt 3 ]] || refuse "not a checkpoint"
head -n $((last_empty - 1)) "$work/checkpoint" >"$work/body"
mapfile -t body <"$work/body"
origin=${body[0]} size=${body[1]} root=$(decode "${body[2]}")
[[ $size =~ ^(0|[1-9][0-9]{0,17})$ ]] || refuse "no size"

# 3. The log's key and its signature line: "— <name> <base64(id[4] || signature[64])>".
name=${vkey%%+*} rest=${vkey#*+}
id=${rest%%+*} key=$(decode "${rest#*+}")
[[ ${#key} -eq 66 && $key == 01* ]] || refuse "the key is not of type 01"
[[ $( (printf '%s\n' "$name"; from_hex "$key") | sha256) == "$id"* && ${#id} -eq 8 ]] || refuse "the key's id is wrong"
[[ $origin == "$name" ]] || refuse "the checkpoint is of another log"
signed=
while read -r dash signer value more; do
    [[ $dash == — && $signer == "$name" && -z $more ]] || continue
    line=$(decode "$value")
    [[ $line == "$id"* ]] || continue
    [[ ${#line} -eq 136 ]] || refuse "the log's signature is misshapen"
    from_hex "${line:8}" >"$work/signature"
    from_hex "302a300506032b6570032100${key:2}" >"$work/key.der"         # RFC 8410: SubjectPublicKeyInfo
    openssl pkeyutl -verify -pubin -inkey "$work/key.der" -keyform DER -rawin -in "$work/body" \
        -sigfile "$work/signature" >/dev/null 2>&1 || refuse "the log's signature does not hold"
    signed=yes
done < <(tail -n +$((last_empty + 1)) "$work/checkpoint")
[[ -n $signed ]] || refuse "the log's signature is missing"

# 4. From the leaf to the root (RFC 9162 section 2.1.3.2).
((index < size)) || refuse "the index is not below the size"
hash=$( (printf '\0'; cat "$leaf") | sha256)                             # SHA-256(0x00 || leaf)
at=$index last=$((size - 1))
for line in "${hashes[@]}"; do
    sibling=$(decode "$line")
    [[ ${#sibling} -eq 64 ]] || refuse "a line of the proof is no hash"
    ((last > 0)) || refuse "the proof is too long"
    if ((at % 2 == 1 || at == last)); then
        hash=$(node "$sibling" "$hash")
        while ((at % 2 == 0 && at != 0)); do ((at >>= 1, last >>= 1, 1)); done
    else
        hash=$(node "$hash" "$sibling")
    fi
    ((at >>= 1, last >>= 1, 1))
done
((last == 0)) || refuse "the proof is too short"
[[ $hash == "$root" ]] || refuse "the proof does not lead to the checkpoint's root"

echo "HOLDS: leaf $index of $origin, at size $size"
