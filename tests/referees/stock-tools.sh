# What check-evidence.sh holds evidence to with openssl, bash, awk, sed, grep and coreutils alone: signatures (RFC 7515, RFC 7518),
# certificates, signed notes (C2SP signed-note) and the tree (RFC 6962). Sourced; expects `work`, a folder of its own,
# and `refuse SENTENCE`, which ends the check.

to_hex() { od -An -v -tx1 | tr -d ' \n'; }                                 # bytes -> hex
from_hex() { printf '%b' "$(sed 's/../\\x&/g' <<<"$1")"; }                 # hex -> bytes
to_base64url() { basenc --base64url -w0 | tr -d '='; }
sha256() { from_hex "$(sha256sum | cut -c1-64)"; }
from_base64url() {                                                         # text -> bytes
    local text=$1
    while ((${#text} % 4 != 0)); do text+='='; done
    basenc --base64url -d <<<"$text"
}
text_in() { (grep -o "\"$2\":\"[^\"]*\"" "$1" || true) | head -n 1 | cut -d'"' -f4; }  # FILE MEMBER: of flat JSON
thumbprint() { sed '/^-----/d' "$1" | base64 -d 2>/dev/null | sha256 | to_base64url; }  # of one certificate in PEM
fingerprint() { sed '/^-----/d' "$1" | base64 -d | sha256 | to_base64url; }  # of a public key in PEM, as the log names a root
# The public key of a certificate, read once: leaves its file in `key`.
declare -A key_of=()
find_key() {  # CERTIFICATE THUMBPRINT
    if [[ -z ${key_of[$2]-} ]]; then
        openssl x509 -in "$1" -pubkey -noout >"$work/key-$2.pem" 2>/dev/null || refuse "openssl: $(basename "$1") is no certificate"
        key_of[$2]=$work/key-$2.pem
    fi
    key=${key_of[$2]}
}

# One INTEGER of a signature as DER: no needless zeros in front, one zero where the top bit would be a sign.
der_integer() {
    local hex=$1
    while [[ ${#hex} -gt 2 && $hex == 00* && $hex != 00[89a-f]* ]]; do hex=${hex:2}; done
    [[ $hex == [89a-f]* ]] && hex=00$hex
    printf '02%02x%s' $((${#hex} / 2)) "$hex"
}

# Takes a compact JWS apart: $work/header, $work/claims, $work/signed and $work/signature (DER) are left.
open_jws() {  # FILE
    local jws header claims signature raw integers
    jws=$(<"$1")
    [[ $jws =~ ^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+$ ]] || refuse "openssl: not a compact JWS"
    IFS=. read -r header claims signature <<<"$jws"
    raw=$(from_base64url "$signature" | to_hex) || refuse "openssl: not a compact JWS"
    [[ ${#raw} -eq 128 ]] || refuse "openssl: the signature is not 64 bytes"
    integers=$(der_integer "${raw:0:64}")$(der_integer "${raw:64}")
    from_hex "$(printf '30%02x' $((${#integers} / 2)))$integers" >"$work/signature"
    printf '%s.%s' "$header" "$claims" >"$work/signed"
    from_base64url "$header" >"$work/header" && from_base64url "$claims" >"$work/claims" || refuse "openssl: not a compact JWS"
}

# The opened JWS was signed by this certificate, and says so itself.
signed_by() {  # CERTIFICATE THUMBPRINT
    local key
    find_key "$1" "$2"
    openssl dgst -sha256 -verify "$key" -signature "$work/signature" "$work/signed" >/dev/null 2>&1 \
        || refuse "openssl: the statement's signature does not hold"
    grep -qF "\"x5t#S256\":\"$2\"" "$work/header" || refuse "openssl: the header names another certificate"
    grep -qF '"alg":"ES256"' "$work/header" || refuse "openssl: the header names another algorithm"
}

# The text of a note and its first signature by the log: origin, size and root are in it.
check_note() {  # FILE VKEY
    local name=${2%%+*} key line value last
    key=${2#*+}                                                            # a key in base64 may hold a plus itself
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
size_of() { sed -n 2p "$1"; }                                              # of a note
root_of() { sed -n 3p "$1" | openssl base64 -d -A | to_hex; }

# Every entry as a file $work/entries/N, and the whole tree over them in `node`: node[level,i] for full subtrees.
declare -A node=()
read_log() {  # FOLDER SIZE
    local bundle=0 left=$2 width name at=0 n line
    mkdir -p "$work/entries" "$work/hashed"
    while ((left > 0)); do
        width=$((left < 256 ? left : 256))
        name=$(printf '%03d' $((bundle % 1000))) n=$((bundle / 1000))
        while ((n > 0)); do name=$(printf 'x%03d/' $((n % 1000)))$name n=$((n / 1000)); done
        name=$1/tile/entries/$name$([[ $width -eq 256 ]] || echo ".p/$width")
        [[ -r $name ]] || refuse "${name#"$1/"} is missing"
        # (u16 length || data)*, an entry to a line as printf reads it.
        while read -r line; do
            printf '%b' "$line" >"$work/entries/$at"
            printf '%b' "\x00$line" >"$work/hashed/$(printf %09d "$at")"
            at=$((at + 1))
        done < <(od -An -v -tx1 -w1 "$name" | awk '
            function number(hex) { return (index("0123456789abcdef", substr(hex, 1, 1)) - 1) * 16 + \
                                          index("0123456789abcdef", substr(hex, 2, 1)) - 1 }
            head < 2 { length_ = length_ * 256 + number($1); head++; next }
            { printf "\\x%s", $1; if (++taken == length_) { print ""; head = 0; length_ = 0; taken = 0 } }')
        bundle=$((bundle + 1)) left=$((left - width))
    done
    ((at == $2)) || refuse "the copy has $at entries, not $2"
    grow_tree "$2"
}
grow_tree() {  # SIZE: from $work/hashed, a level at a time
    local level=0 width=$1 i line
    while ((width > 0)); do
        i=0
        while read -r line _; do
            node[$level,$i]=$line i=$((i + 1))
        done < <(cd "$work/hashed" && printf '%s\0' * | xargs -0 sha256sum)
        rm -r "$work/hashed"; mkdir "$work/hashed"
        width=$((width / 2))
        for ((i = 0; i < width; ++i)); do echo "01${node[$level,$((2 * i))]}${node[$level,$((2 * i + 1))]}"; done |
            sed 's/../\\x&/g' >"$work/pairs"
        i=0
        while read -r line; do
            printf '%b' "$line" >"$work/hashed/$(printf %09d "$i")"
            i=$((i + 1))
        done <"$work/pairs"
        level=$((level + 1))
    done
}
# The root over the first SIZE entries (RFC 6962 section 2.1): full subtrees from the left, folded from the right.
root_at() {  # SIZE, at least 1
    local at=0 level hash= ; local -a full=()
    for ((level = 62; level >= 0; --level)); do
        (($1 >> level & 1)) || continue
        full+=("${node[$level,$((at >> level))]}")
        at=$((at + (1 << level)))
    done
    for ((level = ${#full[@]} - 1; level >= 0; --level)); do
        if [[ -z $hash ]]; then hash=${full[level]}; else
            hash=$(from_hex "01${full[level]}$hash" | sha256sum | cut -c1-64)
        fi
    done
    echo "$hash"
}
