#!/usr/bin/env bash
# check-evidence.sh accepts an evidence directory, and refuses it with any one thing in it changed or gone: also where
# whoever changed it has made SHA256SUMS anew.
#   check-evidence.test.sh DIR KESHER-VERIFY LARGE-DIR MAKE-EVIDENCE     (written by make_evidence: of 24 entries, and of 300)
set -euo pipefail
check="$(dirname "$0")/check-evidence.sh"
given=$1 verify=$2 large=$3 make=$4
order=$(dirname "$0")/log-order.awk
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
e=$work/e

fail() { echo "FAILED: $*"; exit 1; }
fresh() { rm -rf "$e"; cp -r "$given" "$e"; list; }
list() { (cd "$e" && find . -type f ! -path ./SHA256SUMS -printf '%P\0' | sort -z | xargs -0 sha256sum >SHA256SUMS); }
flip() {  # FILE OFFSET: another lowest bit in one byte
    local byte
    byte=$(od -An -tu1 -j "$2" -N 1 "$1" | tr -d ' ')
    printf '%b' "\\x$(printf '%02x' $((byte ^ 1)))" | dd of="$1" bs=1 seek="$2" conv=notrunc status=none
}
middle() { echo $(($(stat -c %s "$1") / 2)); }
refused() {  # LAST-LINE, a pattern; whoever made it so has made the list anew
    list
    refused_as_it_is "$1"
}
refused_as_it_is() {
    local answer code=0
    answer=$("$check" "$e" "$verify" 2>&1) || code=$?
    # shellcheck disable=SC2053 -- a pattern
    [[ $code -eq 1 && ${answer##*$'\n'} == $1 ]] || fail "exit $code, '${answer##*$'\n'}', wanted '$1'"
    fresh
}

# ---- it holds, and says how much there is ----
whole="6 of 6 statements, 3 of 3 releases, 1 cut off and made again, 1 of 1 acknowledgements; orders: 1 of 1; what the hub said, 1 times, is signed by it"
fresh
answer=$("$check" "$e" "$verify") || fail "should hold: $answer"
[[ $(wc -l <<<"$answer") -eq 17 && ${answer##*$'\n'} == "COMPLETE: leaves 0 to 23: $whole" ]] || fail "$answer"
[[ $answer == *$'\n'"000004: HOLDS, with its payload: ssd-5000 referred a case to health on 2026-11-21: "* ]] || fail "$answer"
for line in "acks/000015: HOLDS: an acknowledgement by health" "orders/000006: HOLDS: an order by ssd-5000" "recipients/health/inbox/000014: HOLDS: a release of what ssd-5000 said" \
    "recipients/health/inbox/000017: HOLDS: a release of what hub said"; do
    grep -qxF "$line" <<<"$answer" || fail "no line '$line': $answer"
done
rm "$e/000004/payload.avro"; list
answer=$("$check" "$e" "$verify") || fail "without a payload: $answer"
grep -q '^000004: HOLDS, without its payload: ' <<<"$answer" || fail "$answer"
fresh
# More than one tile, and a tree of two levels of them.
rm -rf "$e"; cp -r "$large" "$e"; list
answer=$("$check" "$e" "$verify") || fail "should hold: $answer"
[[ ${answer##*$'\n'} == "COMPLETE: leaves 0 to 299: $whole" ]] || fail "$answer"
fresh

# ---- one byte of each kind of file, as it is: the file is named ----
while read -r file; do
    flip "$e/$file" "$(middle "$e/$file")"
    refused_as_it_is "$file: REFUSED: its bytes are not those that SHA256SUMS has"
done < <(cd "$e" && find . -type f ! -path ./SHA256SUMS ! -path './other/*' -printf '%P\n' | sort |
         awk '{ kind = $0; gsub(/[0-9]+/, "N", kind); sub(/answers\/.*/, "answers", kind); if (!(kind in seen)) print; seen[kind] = 1 }')
rm "$e/recipients/health/journal.sqlite"
refused_as_it_is "recipients/health/journal.sqlite: REFUSED: it is in SHA256SUMS and is missing"
echo more >"$e/000004/more"
refused_as_it_is "000004/more: REFUSED: it is not in SHA256SUMS"
# A link is no file of the evidence: what is behind it is in no list.
mv "$e/000004/payload.avro" "$work/elsewhere"; ln -s "$work/elsewhere" "$e/000004/payload.avro"
refused "000004/payload.avro: REFUSED: it is neither a file nor a folder"
mv "$e/000013" "$work/folder"; ln -s "$work/folder" "$e/000013"
refused "000013: REFUSED: it is neither a file nor a folder"
rm -r "$work/folder"
mkfifo "$e/acks/pipe"
refused "acks/pipe: REFUSED: it is neither a file nor a folder"

# ---- a folder that is gone: the log has its leaf ----
for each in 000004:4:statement acks/000015:15:acknowledgement recipients/health/inbox/000014:14:release \
    recipients/health/inbox/000017:17:release recipients/health/inbox/000019:18:release; do
    IFS=: read -r folder leaf what <<<"$each"
    rm -r "${e:?}/$folder"
    refused "leaf $leaf: REFUSED: the folder of this $what is missing"
done
# An answer that shows a leaf and its proof stands for no folder: what was signed is not in it.
for each in 000004:4:statement acks/000015:15:acknowledgement recipients/health/inbox/000014:14:release; do
    IFS=: read -r folder leaf what <<<"$each"
    printf '{"leaf":"%s","receipt":"%s"}' "$(sed 's/"/\\"/g' "$e/$folder/leaf" | awk '{ printf "%s\\n", $0 }')" \
        "$(awk '{ printf "%s\\n", $0 }' "$e/$folder/receipt.tlog-proof")" >"$work/answer"
    name=$(openssl dgst -sha256 -binary "$work/answer" | basenc --base64url | tr -d '=')
    cp "$work/answer" "$e/recipients/health/answers/$name"
    list
    "$check" "$e" "$verify" >/dev/null || fail "such an answer should hold beside the folder"
    rm -r "${e:?}/$folder"
    refused "leaf $leaf: REFUSED: the folder of this $what is missing"
done
# Evidence that begins later does not need what was before, and needs all that came after.
cp "$e/other/since" "$e/since"; rm -r "$e/000004"; list
answer=$("$check" "$e" "$verify") || fail "since leaf 10: $answer"
[[ ${answer##*$'\n'} == "COMPLETE: leaves 10 to 23: 2 of 2 statements, "* ]] || fail "$answer"
rm -r "$e/000013"
refused "leaf 13: REFUSED: the folder of this statement is missing"
cp "$e/other/checkpoint" "$e/since"
refused "tile: REFUSED: kesher-verify: REFUSED: *"

# ---- one byte of each kind of file, with a new list: what it says no longer holds together ----
flip "$e/000004/payload.avro" 12
refused "000004: REFUSED: kesher-verify: REFUSED: digest_mismatch: the payload is not the one the statement names"
flip "$e/000004/leaf" "$(($(stat -c %s "$e/000004/leaf") - 4))"
refused "000004: REFUSED: kesher-verify: REFUSED: the proof does not lead from this leaf to the checkpoint's root"
flip "$e/000004/statement.jws" 300
refused "000004: REFUSED: openssl: the statement's signature does not hold"
flip "$e/000004/signer.pem" 200
refused "000004: REFUSED: openssl: the header names another certificate"
sed -i 's/^index 4$/index 5/' "$e/000004/receipt.tlog-proof"
refused "000004: REFUSED: kesher-verify: REFUSED: the proof does not lead from this leaf to the checkpoint's root"
sed -i '2s/24/25/' "$e/checkpoint"
refused "checkpoint: REFUSED: the log's signature does not hold"
flip "$e/log.vkey" "$(($(stat -c %s "$e/log.vkey") - 4))"
refused "checkpoint: REFUSED: the log's *"
flip "$e/tile/entries/000.p/24" 400
refused "tile: REFUSED: kesher-verify: REFUSED: *"
flip "$e/tile/0/000.p/24" 400
refused "tile: REFUSED: kesher-verify: REFUSED: *"
handed=$e/recipients/health/inbox
flip "$handed/000014/payload.avro" 12
refused "recipients/health/inbox/000014: REFUSED: kesher-verify: REFUSED: digest_mismatch: *"
flip "$handed/000014/statement.jws" 300
refused "recipients/health/inbox/000014: REFUSED: the leaf names another statement.jws"
flip "$handed/000014/leaf" 20
refused "recipients/health/inbox/000014: REFUSED: kesher-verify: REFUSED: *"
flip "$handed/000017/delivery.avro" 600
refused "recipients/health/inbox/000017: REFUSED: delivery.avro holds another *"
flip "$e/acks/000015/acks.jws" 300
refused "acks/000015: REFUSED: openssl: the statement's signature does not hold"
flip "$e/orders/000006/order.jws" 300
refused "orders/000006: REFUSED: openssl: the statement's signature does not hold"
flip "$e/keys/ssd-5000/a.jws" 900
refused "keys/ssd-5000/a.jws: REFUSED: openssl: *"
flip "$e/keys/ssd-5000/a.root.pem" 200
refused "keys/ssd-5000: REFUSED: *"
flip "$e/keys/hub/a.pem" 200
refused "*: REFUSED: *"
answer=$(ls "$e/recipients/health/answers")
flip "$e/recipients/health/answers/$answer" 100
refused "recipients/health/answers/$answer: REFUSED: its bytes are not those that its name says"
sed 's/"number\\":5/"number\\":4/' "$e/recipients/health/answers/$answer" >"$work/answer"
rm "$e/recipients/health/answers/$answer"
answer=$(openssl dgst -sha256 -binary "$work/answer" | basenc --base64url | tr -d '=')
cp "$work/answer" "$e/recipients/health/answers/$answer"
refused "recipients/health/answers/$answer: REFUSED: kesher-verify: REFUSED: *"

# ---- one true thing in the place of another ----
cp "$e/other/checkpoint" "$e/checkpoint"
refused "tile: REFUSED: kesher-verify: REFUSED: *"
cp "$e/acks/000015/signer.pem" "$e/000004/signer.pem"
refused "000004: REFUSED: openssl: the header names another certificate"
cp "$e/000013/statement.jws" "$e/000013/payload.avro" "$e/000004/"
refused "000004: REFUSED: kesher-verify: REFUSED: the leaf is about another statement"
mv "$e/000004" "$e/000005"
refused "000005: REFUSED: it is named for another leaf than 4"
cp "$e/000004/statement.jws" "$e/000004/payload.avro" "$handed/000014/"
refused "recipients/health/inbox/000014: REFUSED: the leaf names another statement.jws"
cp "$e/000004/statement.jws" "$e/acks/000015/acks.jws"; cp "$e/000004/signer.pem" "$e/acks/000015/"
refused "acks/000015: REFUSED: who acknowledged is not who signed"
cp "$e/000004/statement.jws" "$e/orders/000006/order.jws"
refused "orders/000006: REFUSED: the leaf names another order.jws"
cp "$e/acks/000015/acks.jws" "$e/orders/000006/order.jws"; cp "$e/acks/000015/signer.pem" "$e/orders/000006/"
refused "orders/000006: REFUSED: who ordered is not who signed"
mkdir -p "$e/recipients/ssd-5000"; mv "$e/recipients/health/inbox" "$e/recipients/ssd-5000/"
refused "recipients/ssd-5000/inbox/000014: REFUSED: it was released to another body"
# Keys that the log does not know, or that are another body's, prove nothing.
cp "$e/keys/health/a.root.pem" "$e/keys/ssd-5000/a.root.pem"
refused "keys/ssd-5000: REFUSED: the log has another root of ssd-5000"
cp "$e/keys/health/a.root.pem" "$e/keys/ssd-5000/b.root.pem"
refused "keys/ssd-5000: REFUSED: not one root, but 2"
cp "$e/keys/health/a.jws" "$e/keys/ssd-5000/a.jws"
refused "keys/ssd-5000/a.jws: REFUSED: openssl: *"
rm -r "$e/keys/ssd-5000"
refused "000003: REFUSED: the certificate that it names is in no list of DIR/keys"
rm -r "$e/keys/hub"
refused "recipients/health/inbox/000017: REFUSED: the certificate that it names is in no list of DIR/keys"
cp "$e/acks/000015/signer.pem" "$e/keys/hub/a.pem"
refused "recipients/health/inbox/000017: REFUSED: the certificate that it names is in no list of DIR/keys"
rm "$e/000004/leaf"
refused "000004: REFUSED: leaf is missing"
rm -r "$e"/0000* "$e/acks" "$e/recipients"
refused "leaf 3: REFUSED: the folder of this statement is missing"

# ---- a hub that broke its word and signed all of it well: each judge names the leaf ----
printf '#!/bin/sh\necho "HOLDS: everything"\n' >"$work/yes"
chmod +x "$work/yes"
while read -r change leaf sentence; do
    rm -rf "$e"; "$make" "$e" 24 "$change"
    refused "tile: REFUSED: kesher-verify: REFUSED: entry $leaf: ${sentence//LEAF/entry}"
    rm -rf "$e"; "$make" "$e" 24 "$change"; list
    given_verify=$verify verify=$work/yes
    refused_as_it_is "leaf $leaf: REFUSED: ${sentence//LEAF/leaf}"
    verify=$given_verify
done <<'CHANGES'
not-accepted 14 it releases a statement that no LEAF before it accepted
consent-ended 18 it releases a referral whose consent had ended at LEAF 9
referral-ended 14 it releases a referral that had ended at LEAF 12
accepted-twice 21 its message was accepted before at LEAF 13
another-purpose 13 its record names another `purpose` than the statement
released-to-another 14 its record names another `recipient` than the statement that it releases
no-consent 4 it accepts a referral under a consent that no LEAF before it recorded
too-narrow 4 it accepts a referral that its consent, recorded at LEAF 3, does not cover (consent_groups)
earlier 21 its time is before that of the LEAF in front of it
escaped 13 it accepts a statement that two programs may read in two ways
blanks 13 it accepts a statement that two programs may read in two ways
undecided 14 its decision is neither `permit` nor `deny`
unsigned-consent 4 it accepts a referral under a consent that no LEAF before it recorded
another-operation 13 its record names another `operation` than the statement
another-basis 13 its record names another `basis` than the statement
without-referral 13 its record leaves out the `referral` of the statement
behind-its-consent 18 it releases a referral that its consent, recorded at LEAF 3, covers no more
another-delivery 18 its delivery was of another statement at LEAF 14
CHANGES
# What the order leaves open, the folders do not: kesher-verify's word, and what is said without it.
while IFS='|' read -r change at judge without; do
    rm -rf "$e"; "$make" "$e" 24 "$change"
    refused "$at: REFUSED: kesher-verify: REFUSED: $judge"
    [[ -n $without ]] || continue
    rm -rf "$e"; "$make" "$e" 24 "$change"; list
    given_verify=$verify verify=$work/yes
    refused_as_it_is "$at: REFUSED: $without"
    verify=$given_verify
done <<'CHANGES'
consent-otherwise|000003|its record says another `to` than the payload
urgent-otherwise|000013|its record says another `priority` than the payload
acked-another-delivery|acks/000015|its record says another `delivery` than the acknowledgement that was signed|the acknowledgement does not name the leaf's delivery once
acked-another-index|acks/000015|its record says another `index` than the acknowledgement that was signed|the leaf names another `index` than the acknowledgement
acked-another-outcome|acks/000015|its record says another `outcome` than the acknowledgement that was signed|the leaf names another `outcome` than the acknowledgement
acked-another-code|acks/000015|its record says another `code` than the acknowledgement that was signed|the leaf names another `code` than the acknowledgement
acks-another-kind|acks/000015|signature_invalid: *|what was signed is no acknowledgement
acks-blanks|acks/000015|statement_invalid: *|the acknowledgement may be read in two ways
acks-another-log|acks/000015|wrong_log: *|the acknowledgement is for another log
CHANGES
# What stands in a folder of the inbox is a release, and what broke off was made again by the same delivery.
rm -rf "$e"; "$make" "$e" 24 no-release
refused "recipients/health/inbox/000014: REFUSED: the leaf is of no release"
rm -rf "$e"; "$make" "$e" 24 made-again-by-another
refused "leaf 18: REFUSED: the folder of this release is missing"
# A refusal is one by its own members, not by a fact of that name.
rm -rf "$e"; "$make" "$e" 24 hidden-by-a-fact; rm -r "$e/000022"
refused "leaf 22: REFUSED: the folder of this statement is missing"
# What a sender had refused is no word of the hub: whatever it says of itself, the evidence of the others holds.
for change in refused-escaped refused-as-hub refused-nameless; do
    rm -rf "$e"; "$make" "$e" 24 "$change"; list
    answer=$("$check" "$e" "$verify") || fail "$change should hold: $answer"
    unread=${whole/statements,/statements (1 more refused that are none of the contract\'s form),}
    [[ ${answer##*$'\n'} == "COMPLETE: leaves 0 to 23: $unread" ]] || fail "$change: $answer"
done
fresh

# ---- the order alone, a leaf to a line: one fact changed, and what passes beside it ----
claims='{"type":"referral.submitted.v1","from":"ssd-5000","to":"health","id":"m1","referral":"r1","purpose":"TREATMENT","service":"HLT-PHYS","basis":"PPL23B-CONSENT","groups":["CONTACT","HEALTH"],"consent":"c1"}'
members='"org":"ssd-5000","purpose":"TREATMENT","consent":"c1","decision":"permit","message":"m1"'
accepted="d1	$claims	{\"v\":1,\"at\":5,\"event\":\"accepted\",$members,\"referral\":\"r1\",\"recipient\":\"health\",\"operation\":\"submit\",\"basis\":\"PPL23B-CONSENT\",\"scope\":{\"groups\":[\"CONTACT\",\"HEALTH\"]},\"facts\":{\"service\":\"HLT-PHYS\"}}"
released="		{\"v\":1,\"at\":5,\"event\":\"released\",$members,\"statement\":\"d1\",\"referral\":\"r1\",\"recipient\":\"health\",\"facts\":{\"delivery\":\"x\",\"attempt\":1}}"
ended='		{"v":1,"at":5,"event":"consent","org":"hub","operation":"consent.ended","decision":"permit","facts":{"cause_leaf":1,"consents":["c0","c1"]}}'
moved='		{"v":1,"at":5,"event":"expired","org":"hub","operation":"expire","decision":"permit","referral":"r1","after":{"state":"EXPIRED","version":2}}'
# As she gave it, before all else: what leaf 0 is below.
consented='d0	{"type":"consent.given.v1","from":"ssd-5000","to":"hub","id":"m0","consent":"c1"}	{"v":1,"at":5,"event":"consent","org":"ssd-5000","operation":"consent.given.v1","decision":"permit","consent":"c1","facts":{"discloser":"ssd-5000","recipient":"health","purposes":["STATUS_FEEDBACK","TREATMENT"],"groups":["CONTACT","HEALTH"],"services":["HLT-PHYS"],"direction":"both","form":"written-ink","from":"1969-12-30","to":"1970-01-01","state":"active","harm_veto":false},"message":"m0","recipient":"health"}'
as() { local leaf; for leaf in "${@:3}"; do printf '%s\n' "${leaf//"$1"/"$2"}"; done; }  # WORD OTHER LEAF...
says() {  # SENTENCE LEAF...: what is said of these leaves, in this order, behind her consent
    local said
    said=$(printf '%s\n' "$consented" "${@:2}" | awk -f "$order")
    [[ $said == "$1" ]] || fail "'$said', wanted '$1'"
}
says "" "$accepted" "$released" "$released" "$ended" "$moved"
says "1 it releases a statement that no leaf before it accepted" "$released" "$accepted"
says "2 it releases a statement that no leaf before it accepted" "${accepted/permit/deny}" "$released"
says "" "${released/permit/deny}" "$accepted"
says "3 it releases a referral whose consent had ended at leaf 2" "$accepted" "$ended" "$released"
# What replaced her consent covers it, or nothing does; and her consent as long as she gave it.
superseded=${ended/consent.ended/consent.superseded}
mapfile -t renewed < <(as c1 c9 "$consented"); mapfile -t renewed < <(as m0 m9 "${renewed[@]}")
covers_no_more="it releases a referral that its consent, recorded at leaf 0, covers no more"
says "" "$accepted" "$renewed" "$superseded" "$released"
says "3 $covers_no_more" "$accepted" "$superseded" "$released"
says "4 $covers_no_more" "$accepted" "${renewed/discloser\":\"ssd-5000/discloser\":\"ssd-4000}" "$superseded" "$released"
says "5 $covers_no_more" "$accepted" "$renewed" "$superseded" "${ended/c1/c9}" "$released"
next_day=${released/'"at":5'/'"at":86400000'}
says "" "$accepted" "${released/'"at":5'/'"at":86399999'}"
says "2 $covers_no_more" "$accepted" "$next_day"
says "" "$accepted" "${renewed/'"to":"1970-01-01"'/'"to":"1970-01-02"'}" "$next_day"
says "" "$accepted" "${ended/c1/c2}" "$released"
says "3 it releases a referral that had ended at leaf 1" "$moved" "$accepted" "$released"
says "" "$accepted" "${moved/r1/r2}" "$released"
says "" "$accepted" "${moved/EXPIRED/ON_HOLD}" "$released"
for word in withdraw cancel mark_error; do
    took=${moved/\"expired\"/\"accepted\"} took=${took/expire/$word}
    says "3 it releases a referral that had ended at leaf 2" "$accepted" "${took/EXPIRED/REQUESTED}" "$released"
done
fell=${ended/consents/referrals} fell_r1=${fell/c1/r1}
says "3 it releases a referral that had ended at leaf 2" "$accepted" "$fell_r1" "$released"
# What is decided neither with permit nor with deny is a yes to one reader and a no to another.
undecided="its decision is neither \`permit\` nor \`deny\`"
for change in '"decision":"partial"' '"decision":"permit","decision":"permit"' '"unit":"permit"'; do
    says "1 $undecided" "${accepted/'"decision":"permit"'/"$change"}"
    says "2 $undecided" "$accepted" "${released/'"decision":"permit"'/"$change"}"
    says "2 $undecided" "$accepted" "${ended/'"decision":"permit"'/"$change"}"
    for event in accepted refused released acknowledged consent; do
        alone=${moved/expired/"$event"}
        says "1 $undecided" "${alone/'"decision":"permit"'/"$change"}"
    done
    says "" "$accepted" "${moved/'"decision":"permit"'/"$change"}"
done
# What was accepted was covered by her consent: by her yes, not by another's, and for what it says.
says "1 it accepts a referral under a consent that no leaf before it recorded" "${accepted//c1/c9}"
# What nobody signed as a consent is none.
unsigned=$'\t\t'${consented##*$'\t'}
first=$consented consented=$unsigned
says "1 it accepts a referral under a consent that no leaf before it recorded" "$accepted"
consented=${first/consent.given.v1/consent.revoked.v1}
says "0 its record names another \`operation\` than the statement" "$accepted"
consented=$first
# What a message does is what its type says.
for operation in submit referral.submitted.v1; do
    says "" "${accepted/'"operation":"submit"'/"\"operation\":\"$operation\""}"
done
for operation in withdraw consent.given.v1 consent.ended sub mit; do
    says "1 its record names another \`operation\` than the statement" \
        "${accepted/'"operation":"submit"'/"\"operation\":\"$operation\""}"
done
for event in consent read case; do
    says "1 its record names another \`event\` than the statement" "${accepted/'"event":"accepted"'/"\"event\":\"$event\""}"
done
# A delivery is of one statement.
second=${accepted//m1/m9} second=${second/d1/d9}
released_9=${released//m1/m9} released_9=${released_9/d1/d9}
says "4 its delivery was of another statement at leaf 3" "$accepted" "$second" "$released" "$released_9"
says "" "$accepted" "$second" "$released" "${released_9/'"delivery":"x"'/'"delivery":"y"'}" "${released/released/acknowledged}"
says "4 its delivery was of another statement at leaf 3" "$accepted" "$second" "$released" "${released_9/released/acknowledged}"
says "2 its delivery was of another statement at leaf 1" "${accepted/'"facts":{'/'"facts":{"delivery":"x",'}" "${second/'"facts":{'/'"facts":{"delivery":"x",'}"
not_covered() {  # CODE FACT VALUE: with this in the place of that in her consent
    local consented=${consented/"$2"/"$3"}
    says "1 it accepts a referral that its consent, recorded at leaf 0, does not cover ($1)" "$accepted"
}
not_covered consent_missing '"discloser":"ssd-5000"' '"discloser":"ssd-4000"'
not_covered consent_missing '"recipient":"health"' '"recipient":"labor"'
not_covered consent_missing ',"TREATMENT"' ''
not_covered consent_missing active rejected
not_covered consent_missing false true
not_covered consent_groups '"CONTACT",' ''
not_covered consent_groups HLT-PHYS HLT-TRAUMA
not_covered consent_groups both back
not_covered consent_lapsed 1970-01-01 1969-12-31
not_covered consent_lapsed 1969-12-30 1970-01-02
says "2 it accepts a referral that its consent, recorded at leaf 0, does not cover (consent_revoked)" "$ended" "$accepted"
says "2 it accepts a referral that its consent, recorded at leaf 0, does not cover (consent_missing)" \
    "${ended/consent.ended/consent.superseded}" "$accepted"
# Her own word, its statement to the hub and its record about the consent's recipient; and the notice of it.
word='d2	{"type":"consent.revoked.v1","from":"ssd-5000","to":"hub","id":"m2","consent":"c1"}	{"v":1,"at":5,"event":"consent","operation":"consent.revoked.v1","org":"ssd-5000","consent":"c1","decision":"permit","message":"m2","recipient":"health"}'
notice='d3	{"type":"consent.revoked.v1","from":"hub","to":"health","id":"m3","consent":"c1"}	{"v":1,"at":5,"event":"accepted","operation":"consent.revoked.v1","org":"hub","consent":"c1","decision":"permit","message":"m3","recipient":"health"}'
notified='		{"v":1,"at":5,"event":"released","org":"hub","consent":"c1","decision":"permit","message":"m3","statement":"d3","recipient":"health"}'
says "" "$accepted" "$released" "$word" "$ended" "$notice" "$notified"
says "3 it releases a referral whose consent had ended at leaf 2" "$accepted" "$word" "$released"
refusal=${word/permit/deny} refusal=${refusal/'"event":"consent"'/'"event":"refused"'}
says "" "$accepted" "${refusal/'"recipient":"health"'/'"recipient":"hub"'}" "$released"
# An update hangs on its referral's consent; a submission by statute and a rehearsal on none that ended.
mapfile -t update < <(as referral.submitted.v1 referral.event.v1 "$accepted" "$released")
mapfile -t update < <(as '"operation":"submit"' '"operation":"accept"' "${update[@]}")
mapfile -t update < <(as m1 m8 "${update[@]}"); mapfile -t update < <(as d1 d8 "${update[@]}")
says "" "$accepted" "${update[0]}" "$moved" "${update[1]}" "$ended"
says "" "${update[0]}" "$ended" "${update[1]}"
says "4 it releases an update of a referral whose consent had ended at leaf 3" "$accepted" "${update[0]}" "$ended" "${update[1]}"
says "" "$accepted" "${update[0]/'"operation":"accept"'/'"operation":"withdraw"'}" "$ended" "${update[1]}"
mapfile -t back < <(as EXPIRED WITHDRAWN "$moved")
says "4 it releases an update of a referral that was taken back at leaf 3" "$accepted" "${update[0]}" "${back[0]}" "${update[1]}"
says "4 it releases an update of a referral that was taken back at leaf 3" "$accepted" "${update[0]}" "$fell_r1" "${update[1]}"
says "" "$accepted" "${update[0]}" "${update[1]}" "${back[0]}"
mapfile -t statute < <(as ',"consent":"c1"' '' "$accepted" "$released")
says "1 it accepts a referral that names neither a consent nor a statute" "${statute[@]}"
mapfile -t statute < <(as PPL23B-CONSENT PPL23C-1A "${statute[@]}")
says "" "${statute[0]}" "$ended" "${statute[1]}"
says "3 it releases a referral that had ended at leaf 2" "${statute[0]}" "$moved" "${statute[1]}"
mapfile -t rehearsal < <(as TREATMENT REHEARSAL "$accepted" "$released")
says "" "$ended" "${rehearsal[@]}"
says "2 its message was accepted before at leaf 1" "$accepted" "${accepted/d1/d9}"
says "" "$accepted" "${accepted/permit/deny}"
mapfile -t other < <(as c1 c4 "$consented" "$accepted"); mapfile -t other < <(as ssd-5000 ssd-4000 "${other[@]}")
says "" "$accepted" "${other[@]}"
for change in org:ssd-5000:nii message:m1:m9 consent:c1:c9 referral:r1:r9 recipient:health:nii purpose:TREATMENT:REFERRAL; do
    IFS=: read -r member right wrong <<<"$change"
    record=${accepted##*$'\t'}
    says "1 its record names another \`$member\` than the statement" "${accepted%$'\t'*}	${record/"\"$member\":\"$right\""/"\"$member\":\"$wrong\""}"
    says "1 its record leaves out the \`$member\` of the statement" \
        "${accepted%$'\t'*}	${record/"\"$member\":\"$right\""/"\"unit\":\"$right\""}"
    says "2 its record names another \`$member\` than the statement that it releases" "$accepted" \
        "${released/"\"$member\":\"$right\""/"\"$member\":\"$wrong\""}"
done
record=${accepted##*$'\t'} statement=${accepted%$'\t'*}
for change in 'basis="basis":"PPL23B-CONSENT"="basis":"PPL23C-1A"' 'scope.groups="groups":["CONTACT","HEALTH"]="groups":["CONTACT"]' \
    'service="service":"HLT-PHYS"="service":"HLT-TRAUMA"' 'operation="operation":"submit"="operation":"withdraw"'; do
    IFS== read -r member right wrong <<<"$change"
    says "1 its record names another \`$member\` than the statement" "$statement	${record/"$right"/"$wrong"}"
    says "1 its record leaves out the \`$member\` of the statement" "$statement	${record/"$right"/"\"unit\":1"}"
done
# Her withdrawal names what it ends, whatever state the hub wrote beside it.
nameless="${update[0]/'"operation":"accept"'/'"operation":"withdraw"'}" nameless=${nameless%'"referral":"r1"'*}${nameless##*'"referral":"r1",'}
says "2 its record leaves out the \`referral\` of the statement" "$accepted" "$nameless" "$released"
says "2 its time is before that of the leaf in front of it" "$accepted" "${moved/'"at":5'/'"at":4'}"
# What is accepted has one spelling; of what is refused nothing is believed but what its record says.
otherwise="it accepts a statement that two programs may read in two ways"
for change in '"type"=="typ\u0065"' '"from":=="from" :' '"from":=="from": ' '"id":"m1"=="id":"\u006d1"' 'CONTACT",==CONTACT", ' '{"type"=={ "type"'; do
    spelled=${accepted/"${change%%==*}"/"${change##*==}"}
    [[ $spelled != "$accepted" ]] || fail "no change: $change"
    says "1 $otherwise" "$(sed 's/"message":"m1",//; s/"org":"ssd-5000",//' <<<"$spelled")"
    refusal=${spelled##*$'\t'} refusal=${refusal/permit/deny}
    says "" "${spelled%$'\t'*}	$(sed 's/"\(org\|purpose\|consent\|message\|referral\|recipient\)":"[^"]*",\?//g; s/,}/}/' <<<"$refusal")" "$accepted"
done
# A member without a name is not its object's.
nameless=${accepted/'{"type"'/'{"":{"id":"m9","from":"nii"},"type"'}
says "" "${nameless/permit/deny}" "$accepted"
says "1 its record is spelled in another way than records are" "${accepted/'"at":5'/'"at": 5'}"

# ---- openssl is a second judge, not an echo of the first: it refuses alone, where kesher-verify says yes to everything ----
verify=$work/yes
"$check" "$e" "$verify" >/dev/null || fail "openssl alone should say yes"
flip "$e/000004/payload.avro" 12
refused "000004: REFUSED: openssl: the payload is not the one that was signed"
flip "$e/000004/leaf" "$(($(stat -c %s "$e/000004/leaf") - 4))"
refused "000004: REFUSED: openssl: REFUSED: the proof does not lead to the checkpoint's root"
flip "$handed/000017/payload.avro" 4
refused "recipients/health/inbox/000017: REFUSED: openssl: the payload is not the one that was signed"
flip "$e/tile/entries/000.p/24" 400
refused "tile: REFUSED: the entries do not hash to the root that was signed"
cp "$e/other/checkpoint" "$e/checkpoint"
refused "tile: REFUSED: the entries do not hash to the root that was signed"
cp "$e/other/checkpoint" "$e/since"
refused "since: REFUSED: another history than DIR/checkpoint's"

code=0
"$check" "$work" "$verify" >/dev/null 2>&1 || code=$?
[[ $code -eq 2 ]] || fail "a folder that is no evidence is a wrong call"
echo "both judges agree"
