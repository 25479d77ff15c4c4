# Whether each leaf of a log may follow those in front of it; the same rules as audit/verifier/log_order.h, in awk.
# Reads a leaf to a line, from the first to the last, tab-separated: the SHA-256 of its statement in base64url, the
# statement's claims, the record; the first two empty where it has no statement. Prints `INDEX SENTENCE` for the first
# leaf that may not stand where it stands, and nothing where all may.
BEGIN { FS = "\t"; last_at = 0 }
{ judge(NR - 1, $1, $2, $3) }

# The members of one JSON object, by their path: into["facts.consents"] = "id id". Numbers and words as they stand.
function read_members(text, into,    depth, is_key, kind, name, token) {
    split("", into)
    depth = is_key = 0
    while (match(text, /"([^"\\]|\\.)*"|[]{}:,[]|[^]"{}:,[]+/)) {
        token = substr(text, RSTART, RLENGTH)
        text = substr(text, RSTART + RLENGTH)
        if (token == "{" || token == "[") { kind[++depth] = token; name[depth] = ""; is_key = token == "{" }
        else if (token == "}" || token == "]") { depth--; is_key = 0 }
        else if (token == ",") is_key = kind[depth] == "{"
        else if (token == ":" || token ~ /^ +$/) continue
        else {
            gsub(/^"|"$/, "", token)
            if (is_key) { name[depth] = token; is_key = 0 }
            else add_value(path_of(depth, name), token, into)
        }
    }
}
function path_of(depth, name,    i, path) {
    for (i = 1; i <= depth; ++i) if (name[i] != "") path = path (path == "" ? "" : ".") name[i]
    return path
}
function add_value(path, value, into) {
    if (path in into) into[path] = into[path] " " value
    else into[path] = value
}

function refuse(leaf, sentence) { print leaf, sentence; exit }

function judge(leaf, digest, claims_text, record_text) {
    read_members(claims_text, claims)
    read_members(record_text, record)
    if (record["at"] + 0 < last_at) refuse(leaf, "its time is before that of the leaf in front of it")
    last_at = record["at"] + 0
    if (digest != "") compare_statement(leaf)
    if (record["decision"] != "permit") return
    if (record["event"] == "released") { judge_release(leaf); return }
    if (digest != "") take_message(leaf, digest)
    take_ends(leaf)
}

# ---- the record says what the statement says; what it leaves out contradicts nothing ----
function compare(leaf, member, claimed, than) {
    if (member in record && record[member] != claimed)
        refuse(leaf, "its record names another `" member "` than the statement" than)
}
# The recipient of a consent's leaf is the consent's own, its statement goes to the hub; and of refused claims that the
# hub could not read, the caller is not the claimed one.
function compare_statement(leaf) {
    if (record["decision"] == "permit" || "message" in record) compare(leaf, "org", claims["from"])
    compare(leaf, "purpose", claims["purpose"])
    compare(leaf, "consent", claims["consent"])
    compare(leaf, "message", claims["id"])
    compare(leaf, "referral", claims["referral"])
    if (record["decision"] != "permit" || record["event"] != "consent") compare(leaf, "recipient", claims["to"])
}
# Its purpose and its consent are the referral's, which those of a submission are.
function compare_released(leaf, digest,    than) {
    than = " that it releases"
    compare(leaf, "org", from[digest], than)
    if (type[digest] == "referral.submitted.v1") {
        compare(leaf, "purpose", purpose[digest], than)
        compare(leaf, "consent", consent[digest], than)
    }
    compare(leaf, "message", id[digest], than)
    compare(leaf, "referral", referral[digest], than)
    compare(leaf, "recipient", to[digest], than)
}

# ---- a message is accepted once ----
function take_message(leaf, digest,    sent) {
    sent = claims["from"] " " claims["id"]
    if (sent in accepted_at) refuse(leaf, "its message was accepted before at leaf " accepted_at[sent])
    accepted_at[sent] = leaf
    if (record["event"] != "accepted") return
    if (claims["type"] == "referral.submitted.v1") {
        consent_of[claims["referral"]] = claims["purpose"] == "REHEARSAL" ? "" : claims["consent"]
    }
    ends[digest] = record["operation"] ~ /^(withdraw|cancel|mark_error)$/
    type[digest] = claims["type"]; from[digest] = claims["from"]; to[digest] = claims["to"]; id[digest] = claims["id"]
    referral[digest] = claims["referral"]; consent[digest] = claims["consent"]; purpose[digest] = claims["purpose"]
}

# ---- what is released was accepted; a submission's consent and referral have not ended ----
function judge_release(leaf,    digest) {
    digest = record["statement"]
    if (!(digest in type)) refuse(leaf, "it releases a statement that no leaf before it accepted")
    compare_released(leaf, digest)
    if (type[digest] != "referral.submitted.v1") { judge_update(leaf, digest); return }
    if (purpose[digest] != "REHEARSAL" && consent[digest] in consent_ended)
        refuse(leaf, "it releases a referral whose consent had ended at leaf " consent_ended[consent[digest]])
    if (referral[digest] in referral_ended)
        refuse(leaf, "it releases a referral that had ended at leaf " referral_ended[referral[digest]])
}

# What the parties say of a referral goes as long as her word for it; what ends a disclosure, and the hub, always.
function judge_update(leaf, digest,    named) {
    if (type[digest] != "referral.event.v1" || from[digest] == "hub" || ends[digest]) return
    named = consent_of[referral[digest]]
    if (named != "" && named in consent_ended)
        refuse(leaf, "it releases an update of a referral whose consent had ended at leaf " consent_ended[named])
}

# ---- what ends: audit/log/facts.md ----
function take_ends(leaf) {
    if (claims["type"] == "consent.revoked.v1") end_all(claims["consent"], leaf, consent_ended)
    if (record["event"] == "consent" && record["operation"] == "consent.ended") {
        end_all(record["facts.consents"], leaf, consent_ended)
        end_all(record["facts.referrals"], leaf, referral_ended)
    }
    if (ends_referral()) end_all(record["referral"], leaf, referral_ended)
}
# By its state, or by the word of whoever ended it: that holds whatever state the hub wrote beside it.
function ends_referral() {
    return record["after.state"] ~ /^(DECLINED|WITHDRAWN|CANCELLED|EXPIRED|FAILED|COMPLETED|ERRONEOUS)$/ ||
           record["event"] == "accepted" && record["operation"] ~ /^(withdraw|cancel|mark_error)$/
}
function end_all(ids, leaf, ended,    list, n, i) {
    n = split(ids, list, " ")
    for (i = 1; i <= n; ++i) if (!(list[i] in ended)) ended[list[i]] = leaf
}
