#!/usr/bin/env bash
# Checks an evidence directory twice: with kesher-verify, and with openssl, bash, awk, sed, grep and coreutils alone.
#
#   check-evidence.sh DIR [KESHER-VERIFY]        (default: kesher-verify as found in PATH)
#
# DIR/SHA256SUMS           every other file of DIR (`sha256sum --check` reads it)
# DIR/log.vkey             the log's public key
# DIR/checkpoint, DIR/tile/...   a copy of the whole log, as an auditor fetched it at the end
# DIR/since                a checkpoint: what was logged before it is not covered. May be missing: all is covered
# DIR/keys/hub/*.pem       the certificate of what the hub itself says, as the bodies pinned it when they enrolled
# DIR/keys/ORG/            *.root.pem, *.jws: a body's root, and its key lists signed by it
# DIR/NNNNNN/              one folder for each statement, under the index of its leaf:
#   statement.jws            what the sender signed (compact JWS, ES256)
#   signer.pem               the certificate it signed with
#   leaf                     the log's entry: the statement, and what the hub decided
#   receipt.tlog-proof       that the leaf is in the log
#   payload.avro             what was sent. May be gone after its retention: the rest stands without it
# DIR/acks/NNNNNN/         acks.jws, signer.pem, leaf, receipt.tlog-proof: what a recipient acknowledged
# DIR/orders/NNNNNN/       order.jws, signer.pem, leaf, receipt.tlog-proof: what a body ordered about a case of its own
# DIR/recipients/ORG/inbox/NNNNNN/   statement.jws, payload.avro, leaf, receipt.tlog-proof, delivery.avro: what it was handed
# DIR/recipients/ORG/answers/*       other answers of the hub, named by their SHA-256
#
# The log: its entries hash to the root that the log signed, and every receipt's checkpoint is a beginning of it.
# Its order: no leaf is before its predecessor in time, what is decided is permitted or denied, no message is accepted twice,
# no consent covers anything that nobody signed, nothing is released that was not accepted, a delivery is of one statement, no
# referral is handed over behind the leaf that ended its consent or itself, no record contradicts its statement, and what is
# accepted is spelled so that both programs read the same in it.
# Keys: each list is signed by its body's root, and the log holds the digests of both.
# Each folder: the leaf is that entry of the log; the receipt, the signature, the certificate and the payload's digest hold.
# What was acknowledged is what its leaf says: the same delivery, index, outcome and code, once.
# DIR: files and folders alone, no links.
# Nothing is missing: every statement, release and acknowledgement in the log since `since` has its folder, and what the
# hub said itself is signed by it. A release whose line broke before a byte arrived is counted apart, where the log has the
# same statement released again to the same body by the same delivery, and that one is here.
#
# One line a folder, then what there is of what there should be. Exit code 0: all hold. 1: the last line says what does
# not. 2: wrong call.
set -euo pipefail
export LC_ALL=C.UTF-8

usage() { echo "usage: $0 DIR [KESHER-VERIFY]" >&2; exit 2; }
[[ $# -ge 1 && $# -le 2 && -d $1 ]] || usage
dir=${1%/} verify=$(command -v "${2:-kesher-verify}") || usage
[[ -r $dir/log.vkey && -r $dir/checkpoint && -r $dir/SHA256SUMS ]] || usage
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
vkey=$(<"$dir/log.vkey")
work=$(mktemp -d)
at=$dir told=
refuse() { told=1; echo "$at: REFUSED: $1"; exit 1; }
# Whatever ends the check, it says where.
trap 'code=$?; rm -rf "$work"; [[ $code -eq 0 || -n $told ]] || echo "$at: REFUSED: it cannot be read"; exit "$code"' EXIT
. "$here/stock-tools.sh"

# The members of one JSON object, read from standard input, as log-order.awk reads them. Fails where it is not in the one
# spelling: another program might find something else in it.
members() { tr '[:space:]' ' ' | awk -v show=1 -f "$here/log-order.awk" >"$work/members"; }
member() { awk -F '\t' -v path="$1" '$1 == path { print $2 }' "$work/members"; }  # PATH
members_of_record() {  # FILE: its last line
    members < <(printf '%s' "$(tail -n 1 "$1")") || refuse "its record is spelled in another way than records are"
}

by() {  # PROGRAM CALL...: its first line is left in `said`
    local program=$1
    shift
    said=$("$@" 2>&1) || { said=${said%%$'\n'*}; refuse "$program: $said"; }
    said=${said%%$'\n'*}
}

# ---- that it is what was kept: no byte another, no file gone, none put in ----
check_files() {
    local found
    # What is behind a link is in no list, and may be another tomorrow.
    found=$(cd "$dir" && find . ! -type f ! -type d -printf '%P\n' | sort | head -n 1)
    [[ -z $found ]] || { at=$found; refuse "it is neither a file nor a folder"; }
    (cd "$dir" && find . -type f ! -path ./SHA256SUMS -printf '%P\0' | sort -z | xargs -0 sha256sum) >"$work/sums"
    found=$(LC_ALL=C awk '
        { name = substr($0, 67) }
        NR == FNR { kept[name] = $1; next }
        { seen[name] = 1 }
        !(name in kept) { print name ": REFUSED: it is not in SHA256SUMS"; exit }
        kept[name] != $1 { print name ": REFUSED: its bytes are not those that SHA256SUMS has"; exit }
        END { for (name in kept) if (!(name in seen)) { print name ": REFUSED: it is in SHA256SUMS and is missing"; exit } }
        ' "$dir/SHA256SUMS" "$work/sums" | sort | head -n 1)
    [[ -z $found ]] || { told=1; echo "$found"; exit 1; }
}

# ---- the log ----
check_log() {
    at=checkpoint
    check_note "$dir/checkpoint" "$vkey"
    size=$(size_of "$dir/checkpoint") begin=0
    [[ $size =~ ^[1-9][0-9]{0,8}$ ]] || refuse "no size"
    at=tile
    local with=()
    if [[ -e $dir/since ]]; then with=(--old "$dir/since"); fi
    by kesher-verify "$verify" log --dir "$dir" --log-key "$vkey" "${with[@]}"
    read_log "$dir" "$size"
    [[ $(root_at "$size") == "$(root_of "$dir/checkpoint")" ]] || refuse "the entries do not hash to the root that was signed"
    [[ ! -e $dir/since ]] || { at=since; check_note "$dir/since" "$vkey"; check_history "$dir/since"; begin=$(size_of "$dir/since"); }
    cat "$work"/entries/* | grep '^{' >"$work/records"
}

# A checkpoint that was signed for fewer entries has the root of that beginning, or the log showed two histories.
declare -A held=()
check_history() {  # NOTE
    local old root
    old=$(size_of "$1") root=$(root_of "$1")
    [[ $old =~ ^[1-9][0-9]{0,8}$ ]] && ((old <= size)) || refuse "its checkpoint is not of a beginning of the log"
    [[ -n ${held[$old]-} ]] || held[$old]=$(root_at "$old")
    [[ ${held[$old]} == "$root" ]] || refuse "another history than DIR/checkpoint's"
}

claims_of_entry() { from_base64url "$(cut -d. -f2 "$work/statement.jws")"; }
# Each leaf may follow those in front of it: judged over the whole log, also what `since` leaves out.
check_order() {
    local i first record digest claims
    for ((i = 0; i < size; ++i)); do
        { read -r first; read -r record; } <"$work/entries/$i" || refuse "leaf $i is no leaf"
        digest='' claims=''
        if [[ $first != - ]]; then
            printf '%s' "$first" >"$work/statement.jws"
            digest=$(sha256 <"$work/statement.jws" | to_base64url)
            claims=$(claims_of_entry 2>/dev/null | tr -s '[:space:]' ' ') || claims=''
        fi
        printf '%s\t%s\t%s\n' "$digest" "$claims" "$record"
    done >"$work/leaves"
    said=$(awk -f "$here/log-order.awk" "$work/leaves")
    [[ -z $said ]] || { at="leaf ${said%% *}"; refuse "${said#* }"; }
}

# ---- whose keys: certificate's thumbprint -> its body and where it stands ----
declare -A body_of=() certificate_of=() list_of=() root_of_body=() pin_of=()
learn() {  # ORGANISATION CERTIFICATE LIST
    local name key
    name=$(thumbprint "$2")
    body_of[$name]=$1 certificate_of[$name]=$2 list_of[$name]=$3
    find_key "$2" "$name"
}
# TEXT in a record with TEXT, of what the log took: what was refused is no proof.
logged() { grep -qF -e "$1" <(grep -F -e "$2" "$work/records" | grep -F '"decision":"permit"'); }

check_keys() {
    local folder list org root pin file line n key
    for file in "$dir"/keys/hub/*.pem; do
        [[ -e $file ]] || continue
        at=${file#"$dir/"}
        learn hub "$file" "$file"
    done
    for folder in "$dir"/keys/*/; do
        org=$(basename "$folder")
        [[ $org != hub ]] || continue
        at=keys/$org
        local -a roots=("$folder"*.root.pem)
        [[ ${#roots[@]} -eq 1 && -e ${roots[0]} ]] || refuse "not one root, but ${#roots[@]}"
        root=${roots[0]}
        find_key "$root" "$(thumbprint "$root")"
        pin=$(fingerprint "$key") root_of_body[$org]=$root pin_of[$org]=$pin
        openssl verify -no_check_time -CAfile "$root" "$root" >/dev/null 2>&1 || refuse "openssl: the root does not hold"
        logged "\"root\":\"$pin\"" "\"organisation\":\"$org\"" || refuse "the log has another root of $org"
        for list in "$folder"*.jws; do
            at=${list#"$dir/"}
            open_jws "$list"
            signed_by "$root" "$(thumbprint "$root")"
            [[ $(text_in "$work/claims" org) == "$org" ]] || refuse "the list is another body's"
            logged "$(sha256 <"$list" | to_base64url)" "\"$org\"" || refuse "the log does not have this list of $org"
            n=0
            # A certificate to a line, its line ends as JSON writes them.
            while read -r line; do
                n=$((n + 1)) file=$work/signer-$org-$(basename "$list")-$n.pem
                printf '%b' "$line" >"$file"
                openssl verify -no_check_time -CAfile "$root" "$file" >/dev/null 2>&1 \
                    || refuse "openssl: a certificate of the list is not its root's"
                learn "$org" "$file" "$list"
            done < <(grep -o '"signing":\[[^]]*\]' "$work/claims" | grep -o '"-----BEGIN[^"]*"' | tr -d '"')
        done
    done
}

# The opened JWS is of a body whose keys we have; leaves it in `signer`, and kesher-verify's words for its keys in `with`.
find_signer() {
    local name
    name=$(text_in "$work/header" 'x5t#S256')
    signer=${body_of[$name]-}
    [[ -n $signer ]] || refuse "the certificate that it names is in no list of DIR/keys"
    signed_by "${certificate_of[$name]}" "$name"
    with=(--keys "${list_of[$name]}")
    if [[ $signer != hub ]]; then with+=(--root "${root_of_body[$signer]}" --root-pin "${pin_of[$signer]}"); fi
}

# ---- what each folder holds ----
check_payload() {  # FOLDER
    grep -qF "\"S256\":\"$(sha256 <"$1/payload.avro" | to_base64url)\"" "$work/claims" \
        || refuse "openssl: the payload is not the one that was signed"
}
check_leaf() {  # FOLDER [NAME]: leaf and receipt, by both programs, and against the copy of the log; leaves its `index`
    by kesher-verify "$verify" receipt --leaf "$1/leaf" --proof "$1/receipt.tlog-proof" --log-key "$vkey"
    by openssl "$here/check-receipt-with-openssl.sh" "$1/leaf" "$1/receipt.tlog-proof" "$vkey"
    index=$(sed -n '/^index /{s/^index //p;q}' "$1/receipt.tlog-proof")
    awk 'body { print } !body && $0 == "" { body = 1 }' "$1/receipt.tlog-proof" >"$work/checkpoint"
    check_history "$work/checkpoint"
    cmp -s "$1/leaf" "$work/entries/$index" || refuse "the copy of the log has another entry $index"
    [[ -z ${2-} || $2 == "$(printf %06d "$index")" ]] || refuse "it is named for another leaf than $index"
}
names() {  # LEAF MEMBER FILE: the record holds the digest of that file
    grep -qF "\"$2\":\"$(sha256 <"$3" | to_base64url)\"" <(tail -n 1 "$1") || refuse "the leaf names another $(basename "$3")"
}
names_signer() {  # FILE
    [[ $(text_in "$work/header" 'x5t#S256') == "$(thumbprint "$1")" ]] || refuse "openssl: the header names another certificate"
}
need() {  # FOLDER FILE...
    local folder=$1 file
    shift
    for file in "$@"; do [[ -r $folder/$file ]] || refuse "$file is missing"; done
}
declare -A place=()  # kind and leaf index -> its folder, of which all holds

check_sent() {  # FOLDER
    local payload="without its payload" sentence with signer
    need "$1" statement.jws signer.pem leaf receipt.tlog-proof
    check_leaf "$1" "${1##*/}"
    open_jws "$1/statement.jws"
    names_signer "$1/signer.pem"
    find_signer
    if [[ -e $1/payload.avro ]]; then
        with+=(--payload "$1/payload.avro")
        payload="with its payload"
    fi
    by kesher-verify "$verify" evidence --statement "$1/statement.jws" --leaf "$1/leaf" "${with[@]}"
    sentence=${said#HOLDS: }
    [[ $(text_in "$work/claims" from) == "$signer" ]] || refuse "openssl: the sender is not who signed"
    [[ $(head -n 1 "$1/leaf") == "$(<"$1/statement.jws")" ]] || refuse "the leaf is about another statement"
    [[ $payload == without* ]] || check_payload "$1"
    place[statement $index]=$at
    echo "$at: HOLDS, $payload: $sentence"
}

# The opened JWS is a list of acknowledgements for this log, and says once of the record's delivery what the record says.
check_acks() {  # RECORD
    local delivery index outcome code number
    members <"$work/header" && [[ $(member cty) == application/vnd.kesher.acks+json ]] || refuse "what was signed is no acknowledgement"
    members_of_record "$1"
    [[ $(member event) == acknowledged && $(member decision) == permit ]] || refuse "the leaf is of no acknowledgement"
    delivery=$(member facts.delivery) index=$(member facts.index) outcome=$(member facts.outcome) code=$(member code)
    [[ -n $delivery && -n $index && -n $outcome ]] || refuse "the leaf does not say what was acknowledged"
    members <"$work/claims" || refuse "the acknowledgement may be read in two ways"
    [[ $(member log) == "${vkey%%+*}" ]] || refuse "the acknowledgement is for another log"
    number=$(awk -F '\t' -v delivery="$delivery" '$1 ~ /^acks[.][0-9]+[.]delivery$/ && $2 == delivery { print $1 }' "$work/members" |
             cut -d. -f2)
    [[ $number =~ ^[0-9]+$ ]] || refuse "the acknowledgement does not name the leaf's delivery once"
    [[ $(member "acks.$number.index") == "$index" ]] || refuse "the leaf names another \`index\` than the acknowledgement"
    [[ $(member "acks.$number.outcome") == "$outcome" ]] || refuse "the leaf names another \`outcome\` than the acknowledgement"
    [[ $(member "acks.$number.code") == "$code" ]] || refuse "the leaf names another \`code\` than the acknowledgement"
}
check_acknowledged() {  # FOLDER
    local with signer
    need "$1" acks.jws signer.pem leaf receipt.tlog-proof
    check_leaf "$1" "${1##*/}"
    open_jws "$1/acks.jws"
    names_signer "$1/signer.pem"
    find_signer
    tail -n 1 "$1/leaf" >"$work/record"
    [[ $(text_in "$work/record" org) == "$signer" ]] || refuse "who acknowledged is not who signed"
    names "$1/leaf" acks "$1/acks.jws"
    by kesher-verify "$verify" evidence --acks "$1/acks.jws" --leaf "$1/leaf" --log "${vkey%%+*}" "${with[@]}"
    check_acks "$work/record"
    place[acknowledgement $index]=$at
    echo "$at: HOLDS: an acknowledgement by $signer"
}

check_ordered() {  # FOLDER
    local with signer
    need "$1" order.jws signer.pem leaf receipt.tlog-proof
    check_leaf "$1" "${1##*/}"
    open_jws "$1/order.jws"
    names_signer "$1/signer.pem"
    find_signer
    tail -n 1 "$1/leaf" >"$work/record"
    [[ $(text_in "$work/record" org) == "$signer" ]] || refuse "who ordered is not who signed"
    names "$1/leaf" document "$1/order.jws"
    [[ $(text_in "$work/record" signed_by) == "$(thumbprint "$1/signer.pem")" ]] || refuse "the leaf names another signer"
    place[order $index]=$at
    echo "$at: HOLDS: an order by $signer"
}

check_handed_out() {  # FOLDER ORGANISATION
    local with signer file whole
    need "$1" statement.jws payload.avro leaf receipt.tlog-proof delivery.avro
    check_leaf "$1" "${1##*/}"
    names "$1/leaf" statement "$1/statement.jws"
    tail -n 1 "$1/leaf" >"$work/record"
    members_of_record "$work/record"
    [[ $(member event) == released && $(member decision) == permit ]] || refuse "the leaf is of no release"
    [[ $(member recipient) == "$2" ]] || refuse "it was released to another body"
    open_jws "$1/statement.jws"
    find_signer
    by kesher-verify "$verify" evidence --statement "$1/statement.jws" --leaf "$1/leaf" "${with[@]}" --payload "$1/payload.avro"
    [[ $(text_in "$work/claims" from) == "$signer" ]] || refuse "openssl: the sender is not who signed"
    check_payload "$1"
    whole=$(to_hex <"$1/delivery.avro")
    for file in statement.jws payload.avro leaf receipt.tlog-proof; do
        [[ $whole == *"$(to_hex <"$1/$file")"* ]] || refuse "delivery.avro holds another $file"
    done
    place[release $index]=$at
    echo "$at: HOLDS: a release of what $signer said"
}

check_answer() {  # FILE: its name is its digest, and the receipts in it hold
    local pair n=0
    [[ $(sha256 <"$1" | to_base64url) == "$(basename "$1")" ]] || refuse "its bytes are not those that its name says"
    while read -r pair; do
        n=$((n + 1))
        mkdir -p "$work/answer"
        pair=${pair#'"leaf":"'}
        pair=${pair//'\"'/'"'}
        printf '%b' "${pair%%'","receipt":"'*}" >"$work/answer/leaf"
        pair=${pair#*'","receipt":"'}
        printf '%b' "${pair%'"'}" >"$work/answer/receipt.tlog-proof"
        check_leaf "$work/answer"
    done < <(grep -oE '"leaf":"([^"\\]|\\.)*","receipt":"([^"\\]|\\.)*"' "$1" || true)
    echo "$at: HOLDS: an answer with $n receipts"
}

# ---- nothing is missing ----
# A release whose line broke before a byte arrived: the same statement was released again to the same body by the same
# delivery, and that one is here.
made_again() {  # INDEX
    local file wanted
    wanted=$(released_in "$work/entries/$1") || return 1
    while read -r file; do
        ((${file##*/} > $1)) && [[ -n ${place[release ${file##*/}]-} && $(released_in "$file") == "$wanted" ]] && return 0
    done < <(grep -lF -e "\"${wanted%% *}\"" "$work"/entries/*)
    return 1
}
released_in() {  # ENTRY: delivery, statement and recipient of a release
    local delivery
    members_of_record "$1"
    [[ $(member event) == released && $(member decision) == permit ]] || return 1
    delivery=$(member facts.delivery)
    [[ -n $delivery ]] && echo "$delivery $(member statement) $(member recipient)"
}
refused_as() {  # INDEX CODE: the record itself says so, and not a fact in it
    members_of_record "$work/entries/$1"
    [[ $(member decision) == deny && $(member code) == "$2" ]]
}
count_all() {
    local i record first event wanted
    declare -A want=([statement]=0 [release]=0 [acknowledgement]=0 [order]=0) found=([statement]=0 [release]=0 [acknowledgement]=0 [order]=0)
    notices=0 cut=0 hidden=0 unread=0
    for ((i = begin; i < size; ++i)); do
        { read -r first; read -r record; } <"$work/entries/$i"
        at="leaf $i"
        [[ $record =~ ^\{\"v\":1,\"at\":[0-9]+,\"event\":\"([a-z]+)\" ]] || refuse "it is no leaf"
        event=${BASH_REMATCH[1]} wanted=
        if [[ $first != - ]]; then
            printf '%s' "$first" >"$work/statement.jws"
            # What is refused may say anything of itself: of whom it is, is said by what is accepted alone.
            if [[ $record == *'"decision":"permit"'* && $(claims_of_entry | grep -o '"from":"[^"]*"') == '"from":"hub"' ]]; then
                local with signer
                open_jws "$work/statement.jws"
                find_signer
                [[ $signer == hub ]] || refuse "what the hub said is signed by $signer"
                by kesher-verify "$verify" evidence --statement "$work/statement.jws" "${with[@]}"
                notices=$((notices + 1))
            else
                wanted=statement
            fi
        elif [[ $event == released && $record == *'"decision":"permit"'* ]]; then wanted=release
        elif [[ $event == acknowledged && $record == *'"decision":"permit"'* ]]; then wanted=acknowledgement
        elif [[ $event == case && $record == *'"document":"'* && $record == *'"decision":"permit"'* ]]; then wanted=order
        fi
        [[ -n $wanted ]] || continue
        want[$wanted]=$((want[$wanted] + 1))
        if [[ -n ${place[$wanted $i]-} ]]; then found[$wanted]=$((found[$wanted] + 1)); continue; fi
        [[ $wanted != order ]] || continue  # a body orders without --evidence as well
        # What is another's and what is unknown are answered alike, and neither shows its leaf.
        if [[ $wanted == statement ]] && refused_as "$i" not_found; then hidden=$((hidden + 1)); continue; fi
        # Signed, and none of a statement's claims: nobody could show more of it than this leaf does.
        if [[ $wanted == statement ]] && refused_as "$i" statement_invalid; then unread=$((unread + 1)); continue; fi
        [[ $wanted == release ]] && made_again "$i" || refuse "the folder of this $wanted is missing"
        cut=$((cut + 1))
    done
    at=$dir
    ((want[statement] > 0)) || refuse "no message"
    total="COMPLETE: leaves $begin to $((size - 1)): ${found[statement]} of $((want[statement] - hidden - unread)) statements"
    ((unread == 0)) || total+=" ($unread more refused that are none of the contract's form)"
    ((hidden == 0)) || total+=" ($hidden more refused as not found, whose leaf nobody is shown)"
    total+=", ${found[release]} of $((want[release] - cut)) releases, $cut cut off and made again,\
 ${found[acknowledgement]} of ${want[acknowledgement]} acknowledgements; orders: ${found[order]} of ${want[order]}; what the hub said, $notices times, is signed by it"
}

check_files
echo "files: as SHA256SUMS has them, $(wc -l <"$dir/SHA256SUMS")"
check_log
echo "log: $size entries hash to the root that was signed"
check_order
echo "order: in time; each message accepted once, and nothing released that was not accepted or had ended before"
check_keys
echo "keys: of $((${#root_of_body[@]} + 1)) bodies, as the log has them"
for folder in "$dir"/[0-9]*/; do
    [[ -d $folder ]] || continue
    folder=${folder%/} at=${folder##*/}
    check_sent "$folder"
done
for folder in "$dir"/acks/[0-9]*/; do
    [[ -d $folder ]] || continue
    folder=${folder%/} at=acks/${folder##*/}
    check_acknowledged "$folder"
done
for folder in "$dir"/orders/[0-9]*/; do
    [[ -d $folder ]] || continue
    folder=${folder%/} at=orders/${folder##*/}
    check_ordered "$folder"
done
for folder in "$dir"/recipients/*/inbox/*/; do
    [[ -d $folder ]] || continue
    folder=${folder%/} at=${folder#"$dir"/}
    org=${at#recipients/}
    check_handed_out "$folder" "${org%%/*}"
done
for file in "$dir"/recipients/*/answers/*; do
    [[ -e $file ]] || continue
    at=${file#"$dir"/}
    check_answer "$file"
done
count_all
echo "$total"
