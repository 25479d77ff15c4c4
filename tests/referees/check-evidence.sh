#!/usr/bin/env bash
# Checks an evidence directory twice: with kesher-verify, and with bash and openssl alone.
#
#   check-evidence.sh DIR [KESHER-VERIFY]        (default: kesher-verify as found in PATH)
#
# DIR/log.vkey             the log's public key
# DIR/checkpoint           a checkpoint of the log
# DIR/NNN/                 one folder a message:
#   statement.jws          what the sender signed (compact JWS, ES256)
#   signer.pem             the certificate it signed with
#   leaf                   the log's entry: the statement, and what the hub decided
#   receipt.tlog-proof     that the leaf is in the log
#   payload.avro           what was sent. May be gone after its retention: the rest stands without it
# DIR/acks/NNN/            acks.jws, signer.pem, leaf, receipt.tlog-proof: what a recipient acknowledged; may be missing
# DIR/recipients/ORG/inbox/NNN/   statement.jws, payload.avro, leaf, receipt.tlog-proof: what was handed to it; may be missing
#
# For every message: the leaf is in the log; the statement is the leaf's first line; the signature, the
# certificate's thumbprint and the payload's digest hold; the receipt's checkpoint is the log's own, and the
# same as DIR/checkpoint where both are of one size.
#
# For every acknowledgement: its leaf is in the log, names the document by its digest, and the signature holds. For
# everything that was handed out: its release is in the log, names the statement by its digest, and the payload is the one
# that was signed.
#
# One line a message. Exit code 0: all hold. 1: the last line says what does not. 2: wrong call.
set -euo pipefail

usage() { echo "usage: $0 DIR [KESHER-VERIFY]" >&2; exit 2; }
[[ $# -ge 1 && $# -le 2 && -d $1 ]] || usage
dir=${1%/} verify=$(command -v "${2:-kesher-verify}") || usage
[[ -r $dir/log.vkey && -r $dir/checkpoint ]] || usage
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
vkey=$(<"$dir/log.vkey")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

at=checkpoint
refuse() { echo "$at: REFUSED: $1"; exit 1; }
to_hex() { od -An -v -tx1 | tr -d ' \n'; }                                 # bytes -> hex
from_hex() { printf '%b' "$(sed 's/../\\x&/g' <<<"$1")"; }                 # hex -> bytes
to_base64url() { openssl base64 -A | tr '+/' '-_' | tr -d '='; }
sha256() { openssl dgst -sha256 -binary; }
from_base64url() {                                                         # text -> bytes
    local text=${1//-/+}
    text=${text//_//}
    while ((${#text} % 4 != 0)); do text+='='; done
    openssl base64 -d -A <<<"$text"
}
by() {  # PROGRAM CALL...: its first line is left in `said`
    local program=$1
    shift
    said=$("$@" 2>&1) || { said=${said%%$'\n'*}; refuse "$program: $said"; }
    said=${said%%$'\n'*}
}

# One INTEGER of a signature as DER: no needless zeros in front, one zero where the top bit would be a sign.
der_integer() {
    local hex=$1
    while [[ ${#hex} -gt 2 && $hex == 00* && $hex != 00[89a-f]* ]]; do hex=${hex:2}; done
    [[ $hex == [89a-f]* ]] && hex=00$hex
    printf '02%02x%s' $((${#hex} / 2)) "$hex"
}

# The text of a note and its first signature by the log, checked with openssl: origin, size, root are in it.
check_note() {  # FILE
    local name=${vkey%%+*} key line value last
    key=${vkey#*+}                                                         # a key in base64 may hold a plus itself
    key=$(openssl base64 -d -A <<<"${key#*+}" | to_hex)
    [[ ${#key} -eq 66 && $key == 01* ]] || refuse "the log's key is not of type 01"
    last=$(awk '$0 == "" { n = NR } END { print n + 0 }' "$1")
    ((last > 3)) || refuse "not a checkpoint"
    head -n $((last - 1)) "$1" >"$work/note"
    [[ $(head -n 1 "$work/note") == "$name" ]] || refuse "a checkpoint of another log"
    value=$(awk -v name="$name" -v last="$last" 'NR > last && $1 == "—" && $2 == name { print $3; exit }' "$1")
    line=$(openssl base64 -d -A <<<"$value" 2>/dev/null | to_hex) || true
    [[ ${#line} -eq 136 ]] || refuse "the log's signature is missing or misshapen"
    from_hex "${line:8}" >"$work/note.signature"
    from_hex "302a300506032b6570032100${key:2}" >"$work/note.key"          # RFC 8410: SubjectPublicKeyInfo
    openssl pkeyutl -verify -pubin -inkey "$work/note.key" -keyform DER -rawin -in "$work/note" \
        -sigfile "$work/note.signature" >/dev/null 2>&1 || refuse "the log's signature does not hold"
}

# The statement's signature, by openssl alone (RFC 7515 section 5.2, RFC 7518 section 3.4).
check_signature() {  # FOLDER
    local jws header claims signature raw thumbprint
    jws=$(<"$1/statement.jws")
    [[ $jws =~ ^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+$ ]] || refuse "openssl: not a compact JWS"
    IFS=. read -r header claims signature <<<"$jws"
    raw=$(from_base64url "$signature" | to_hex)
    [[ ${#raw} -eq 128 ]] || refuse "openssl: the signature is not 64 bytes"
    local integers
    integers=$(der_integer "${raw:0:64}")$(der_integer "${raw:64}")
    from_hex "$(printf '30%02x' $((${#integers} / 2)))$integers" >"$work/signature"
    printf '%s.%s' "$header" "$claims" >"$work/signed"
    openssl x509 -in "$1/signer.pem" -pubkey -noout >"$work/key.pem" 2>/dev/null || refuse "openssl: signer.pem is no certificate"
    openssl dgst -sha256 -verify "$work/key.pem" -signature "$work/signature" "$work/signed" >/dev/null 2>&1 \
        || refuse "openssl: the statement's signature does not hold"
    thumbprint=$(openssl x509 -in "$1/signer.pem" -outform DER | sha256 | to_base64url)
    from_base64url "$header" >"$work/header"
    from_base64url "$claims" >"$work/claims"
    grep -qF "\"x5t#S256\":\"$thumbprint\"" "$work/header" || refuse "openssl: the header names another certificate"
    grep -qF '"alg":"ES256"' "$work/header" || refuse "openssl: the header names another algorithm"
}

check_payload() {  # FOLDER
    grep -qF "\"S256\":\"$(sha256 <"$1/payload.avro" | to_base64url)\"" "$work/claims" \
        || refuse "openssl: the payload is not the one that was signed"
}

# Two checkpoints of one size have one root, or the log showed two histories.
check_same_history() {  # FOLDER
    awk 'body { print } !body && $0 == "" { body = 1 }' "$1/receipt.tlog-proof" >"$work/checkpoint"
    local -a mine theirs
    mapfile -t mine < <(head -n 3 "$work/checkpoint")
    mapfile -t theirs < <(head -n 3 "$dir/checkpoint")
    [[ ${mine[1]} != "${theirs[1]}" || ${mine[2]} == "${theirs[2]}" ]] || refuse "another history than DIR/checkpoint's"
}

check_note "$dir/checkpoint"
count=0
for folder in "$dir"/[0-9]*/; do
    [[ -d $folder ]] || continue
    folder=${folder%/} at=$(basename "$folder")
    for file in statement.jws signer.pem leaf receipt.tlog-proof; do
        [[ -r $folder/$file ]] || refuse "$file is missing"
    done
    with=(--statement "$folder/statement.jws" --keys "$folder/signer.pem")
    payload="without its payload"
    if [[ -e $folder/payload.avro ]]; then
        with+=(--payload "$folder/payload.avro")
        payload="with its payload"
    fi
    by kesher-verify "$verify" receipt --leaf "$folder/leaf" --proof "$folder/receipt.tlog-proof" --log-key "$vkey"
    by kesher-verify "$verify" evidence "${with[@]}"
    sentence=${said#HOLDS: }
    by openssl "$here/check-receipt-with-openssl.sh" "$folder/leaf" "$folder/receipt.tlog-proof" "$vkey"
    check_signature "$folder"
    [[ $(head -n 1 "$folder/leaf") == "$(<"$folder/statement.jws")" ]] || refuse "the leaf is about another statement"
    [[ $payload == without* ]] || check_payload "$folder"
    check_same_history "$folder"
    echo "$at: HOLDS, $payload: $sentence"
    count=$((count + 1))
done

# Leaf and receipt alone, by both programs.
check_leaf() {  # FOLDER
    by kesher-verify "$verify" receipt --leaf "$1/leaf" --proof "$1/receipt.tlog-proof" --log-key "$vkey"
    by openssl "$here/check-receipt-with-openssl.sh" "$1/leaf" "$1/receipt.tlog-proof" "$vkey"
    check_same_history "$1"
}
names() {  # LEAF MEMBER FILE: the record holds the digest of that file
    grep -qF "\"$2\":\"$(sha256 <"$3" | to_base64url)\"" <(tail -n 1 "$1") || refuse "the leaf names another $(basename "$3")"
}

for folder in "$dir"/acks/[0-9]*/; do
    [[ -d $folder ]] || continue
    folder=${folder%/} at=acks/$(basename "$folder")
    check_leaf "$folder"
    cp "$folder/acks.jws" "$work/statement.jws"
    cp "$folder/signer.pem" "$work/signer.pem"
    check_signature "$work"
    names "$folder/leaf" acks "$folder/acks.jws"
    echo "$at: HOLDS: an acknowledgement"
done

for folder in "$dir"/recipients/*/inbox/*/; do
    [[ -d $folder ]] || continue
    folder=${folder%/} at=${folder#"$dir"/}
    check_leaf "$folder"
    names "$folder/leaf" statement "$folder/statement.jws"
    from_base64url "$(cut -d. -f2 "$folder/statement.jws")" >"$work/claims"
    [[ ! -e $folder/payload.avro ]] || check_payload "$folder"
    echo "$at: HOLDS: a release"
done
((count > 0)) || { at=$dir; refuse "no message"; }
