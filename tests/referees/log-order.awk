# Whether each leaf of a log may follow those in front of it; the same rules as audit/verifier/log_order.h, in awk.
# Reads a leaf to a line, from the first to the last, tab-separated: the SHA-256 of its statement in base64url, the
# statement's claims, the record; the first two empty where it has no statement. Prints `INDEX SENTENCE` for the first
# leaf that may not stand where it stands, and nothing where all may.
# With `-v show=1`: one JSON object to a line; prints its members, `PATH<tab>VALUE`. Exit code 1 where it is not in the
# one spelling.
BEGIN {
    FS = "\t"; last_at = 0
    REFERRAL_EVENTS = " draft ask_consent deliver accept waitlist decline redirect schedule start no_show hold resume " \
        "complete fail withdraw cancel expire undeliverable freeze unfreeze mark_error "
}
show { print_members($0); next }
{ judge(NR - 1, $1, $2, $3) }
function print_members(text,    path) {
    read_members(text, shown)
    for (path in shown) print path "\t" shown[path]
    if (!plain) exit 1
}

# The members of one JSON object, by their path: into["facts.consents"] = "id id"; of the objects of an array by their
# number, into["acks.1.index"]. Numbers and words as they stand.
# Whether it is in the one spelling is left in `plain`: with an escape in it, or a blank between words, a reader of JSON
# may find a member there that this finds not.
function read_members(text, into,    depth, is_key, kind, name, token) {
    split("", into)
    depth = is_key = 0
    plain = 1
    while (match(text, /"([^"\\]|\\.)*"|[]{}:,[]|[^]"{}:,[]+/)) {
        token = substr(text, RSTART, RLENGTH)
        text = substr(text, RSTART + RLENGTH)
        if (token ~ /\\/ || token !~ /^"/ && token ~ / /) plain = 0
        if (token == "{" && kind[depth] == "[") name[depth]++
        if (token == "{" || token == "[") { kind[++depth] = token; name[depth] = ""; is_key = token == "{" }
        else if (token == "}" || token == "]") { depth--; is_key = 0 }
        else if (token == ",") is_key = kind[depth] == "{"
        else if (token == ":" || token ~ /^ +$/) continue
        else {
            gsub(/^"|"$/, "", token)
            if (is_key) { name[depth] = token; is_key = 0 }
            else add_value(path_of(depth, kind, name), token, into)
        }
    }
}
# A member without a name is a step as well: what is in it is not what stands beside it.
function path_of(depth, kind, name,    i, path, dot) {
    for (i = 1; i <= depth; ++i) if (kind[i] == "{" || name[i] != "") { path = path dot name[i]; dot = "." }
    return path
}
function add_value(path, value, into) {
    if (path in into) into[path] = into[path] " " value
    else into[path] = value
}

function refuse(leaf, sentence) { print leaf, sentence; exit }

function judge(leaf, digest, claims_text, record_text) {
    read_members(claims_text, claims)
    claims_plain = plain
    read_members(record_text, record)
    if (!plain) refuse(leaf, "its record is spelled in another way than records are")
    if (record["at"] + 0 < last_at) refuse(leaf, "its time is before that of the leaf in front of it")
    last_at = record["at"] + 0
    if (needs_decision(digest) && record["decision"] !~ /^(permit|deny)$/)
        refuse(leaf, "its decision is neither `permit` nor `deny`")
    # Before it is compared: in what is spelled otherwise this finds other members than a reader of JSON.
    if (digest != "" && record["decision"] == "permit" && !claims_plain)
        refuse(leaf, "it accepts a statement that two programs may read in two ways")
    if (digest != "") compare_statement(leaf)
    if (record["decision"] != "permit") return
    take_delivery(leaf, digest == "" ? record["statement"] : digest)
    if (record["event"] == "released") { judge_release(leaf); return }
    if (digest != "") take_message(leaf, digest)
    take_ends(leaf)
}

# `partial`, or no decision at all, is a yes to one who looks for no `deny` and a no to one who looks for `permit`.
function needs_decision(digest) {
    return digest != "" || "statement" in record || record["event"] ~ /^(accepted|refused|released|acknowledged|consent)$/
}

# ---- the record says what the statement says, and of what is accepted all of it ----
function compare(leaf, member, claimed, than) {
    if (member in record && record[member] != claimed)
        refuse(leaf, "its record names another `" member "` than the statement" than)
}
function leaves_out(leaf, member) { refuse(leaf, "its record leaves out the `" member "` of the statement") }
# The recipient of a consent's leaf is the consent's own, its statement goes to the hub; and of refused claims that the
# hub could not read, the caller is not the claimed one.
function compare_statement(leaf,    permitted, i, n) {
    permitted = record["decision"] == "permit"
    split("", wanted)
    if (permitted || "message" in record) wanted["org"] = claims["from"]
    wanted["purpose"] = claims["purpose"]; wanted["basis"] = claims["basis"]; wanted["scope.groups"] = claims["groups"]
    wanted["consent"] = claims["consent"]; wanted["message"] = claims["id"]; wanted["referral"] = claims["referral"]
    wanted["recipient"] = permitted && record["event"] == "consent" && "recipient" in record ? record["recipient"] : claims["to"]
    n = split("org purpose basis scope.groups consent message referral recipient", members_in_order, " ")
    for (i = 1; i <= n; ++i) if (members_in_order[i] in wanted) compare(leaf, members_in_order[i], wanted[members_in_order[i]])
    if (!permitted) return
    for (i = 1; i <= n; ++i)
        if (!(members_in_order[i] in record) && wanted[members_in_order[i]] != "") leaves_out(leaf, members_in_order[i])
    compare_permitted(leaf)
}
function compare_permitted(leaf,    service) {
    if (!("operation" in record)) leaves_out(leaf, "operation")
    if (!fits_type(record["operation"], claims["type"])) refuse(leaf, "its record names another `operation` than the statement")
    if (record["event"] != event_of(claims["type"])) refuse(leaf, "its record names another `event` than the statement")
    service = record["facts.service"]
    if (claims["type"] == "referral.submitted.v1" && service == "") leaves_out(leaf, "service")
    if (service != "" && claims["service"] != "" && service != claims["service"])
        refuse(leaf, "its record names another `service` than the statement")
}
# The hub's own notice of a withdrawal is a message like any other.
function event_of(type) {
    return type == "consent.given.v1" || type == "consent.revoked.v1" && claims["from"] != "hub" ? "consent" : "accepted"
}
# What a message does, by its type: which event of a referral it is, its payload says, and never that it is a submission.
function fits_type(operation, type) {
    if (operation == type) return 1
    if (operation == "submit") return type == "referral.submitted.v1"
    return type == "referral.event.v1" && index(REFERRAL_EVENTS, " " operation " ") > 0
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

# ---- a delivery is of one statement, however often it is released and acknowledged ----
function take_delivery(leaf, digest,    delivery) {
    delivery = record["facts.delivery"]
    if (delivery == "" || digest == "") return
    if (!(delivery in delivered_at)) { delivered_at[delivery] = leaf; delivered[delivery] = digest }
    if (delivered[delivery] != digest) refuse(leaf, "its delivery was of another statement at leaf " delivered_at[delivery])
}

# ---- a message is accepted once ----
function take_message(leaf, digest,    sent) {
    sent = claims["from"] " " claims["id"]
    if (sent in accepted_at) refuse(leaf, "its message was accepted before at leaf " accepted_at[sent])
    accepted_at[sent] = leaf
    if (record["event"] != "accepted") return
    if (claims["type"] == "referral.submitted.v1") {
        judge_submission(leaf, claims["consent"])
        consent_of[claims["referral"]] = claims["purpose"] == "REHEARSAL" ? "" : claims["consent"]
    }
    ends[digest] = record["operation"] ~ /^(withdraw|cancel|mark_error)$/
    type[digest] = claims["type"]; from[digest] = claims["from"]; to[digest] = claims["to"]; id[digest] = claims["id"]
    referral[digest] = claims["referral"]; consent[digest] = claims["consent"]; purpose[digest] = claims["purpose"]
    service[digest] = claims["service"]; groups[digest] = claims["groups"]
}

# ---- a referral is accepted under a consent that was recorded before and covers it: domain.md 5.1 ----
function judge_submission(leaf, named,    why) {
    if (claims["purpose"] == "REHEARSAL") return
    if (named == "" && claims["basis"] ~ /^PPL23C-/) return
    if (named == "") refuse(leaf, "it accepts a referral that names neither a consent nor a statute")
    if (!(named in given_at)) refuse(leaf, "it accepts a referral under a consent that no leaf before it recorded")
    why = not_covered(named, claims["from"], claims["to"], claims["purpose"], claims["service"], claims["groups"])
    if (why != "") refuse(leaf, "it accepts a referral that its consent, recorded at leaf " given_at[named] ", does not cover (" why ")")
}
function not_covered(named, discloser, recipient, purpose, service, groups,    day) {
    if (given[named, "discloser"] != discloser || given[named, "recipient"] != recipient) return "consent_missing"
    if (!all_in(purpose, given[named, "purposes"])) return "consent_missing"
    if (given[named, "state"] == "revoked") return "consent_revoked"
    if (given[named, "harm_veto"] == "true") return "consent_missing"
    if (given[named, "state"] == "expired") return "consent_lapsed"
    if (given[named, "state"] != "active") return "consent_missing"
    day = int(record["at"] / 86400000)
    if (day < days(given[named, "from"]) || day > days(given[named, "to"])) return "consent_lapsed"
    if (given[named, "direction"] == "back" || !all_in(service, given[named, "services"]) ||
        !all_in(groups, given[named, "groups"])) return "consent_groups"
    return ""
}
# Its own consent, or a later one between the same bodies: which of them are hers, no leaf says.
function is_covered_still(digest,    own, later) {
    own = consent[digest]
    if (covers(own, digest)) return 1
    for (later in given_at) if (given_at[later] > given_at[own] && covers(later, digest)) return 1
    return 0
}
function covers(named, digest) {
    return not_covered(named, from[digest], to[digest], purpose[digest], service[digest], groups[digest]) == ""
}
function all_in(words, list,    each, n, i) {
    n = split(words, each, " ")
    for (i = 1; i <= n; ++i) if (index(" " list " ", " " each[i] " ") == 0) return 0
    return 1
}
# Days of a date of the Gregorian calendar since 1970-01-01: years begin in March, so that a leap day is their last.
function days(date,    y, m, d) {
    y = substr(date, 1, 4) + 0; m = substr(date, 6, 2) + 0; d = substr(date, 9, 2) + 0
    if (m <= 2) { --y; m += 12 }
    return 365 * y + int(y / 4) - int(y / 100) + int(y / 400) + int((153 * (m - 3) + 2) / 5) + d - 719469
}
function take_consent(leaf,    id, fact) {
    id = record["consent"]
    if (id in given_at || record["facts.discloser"] == "" || record["facts.recipient"] == "") return
    given_at[id] = leaf
    split("discloser recipient purposes groups services direction from to state harm_veto", consent_facts, " ")
    for (fact in consent_facts) given[id, consent_facts[fact]] = record["facts." consent_facts[fact]]
}
function put_states(ids, state,    list, n, i) {
    n = split(ids, list, " ")
    for (i = 1; i <= n; ++i) given[list[i], "state"] = state
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
    if (purpose[digest] != "REHEARSAL" && consent[digest] in given_at && !is_covered_still(digest))
        refuse(leaf, "it releases a referral that its consent, recorded at leaf " given_at[consent[digest]] ", covers no more")
}

# What the parties say of a referral goes as long as her word for it; what ends a disclosure, and the hub, always.
function judge_update(leaf, digest,    named) {
    if (type[digest] != "referral.event.v1" || from[digest] == "hub" || ends[digest]) return
    if (referral[digest] in taken_back)
        refuse(leaf, "it releases an update of a referral that was taken back at leaf " taken_back[referral[digest]])
    named = consent_of[referral[digest]]
    if (named != "" && named in consent_ended)
        refuse(leaf, "it releases an update of a referral whose consent had ended at leaf " consent_ended[named])
}

# ---- what ends: audit/log/facts.md ----
function take_ends(leaf) {
    if (claims["type"] == "consent.revoked.v1") end_consents(claims["consent"], leaf)
    # What nobody signed is nobody's yes.
    if (record["event"] == "consent" && record["operation"] == "consent.given.v1" && claims["type"] == record["operation"])
        take_consent(leaf)
    if (record["event"] == "consent" && record["operation"] == "consent.superseded")
        put_states(record["facts.consents"], "superseded")
    if (record["event"] == "consent" && record["operation"] == "consent.ended") {
        end_consents(record["facts.consents"], leaf)
        end_all(record["facts.referrals"], leaf, referral_ended)
        end_all(record["facts.referrals"], leaf, taken_back)
    }
    if (ends_referral()) end_all(record["referral"], leaf, referral_ended)
    if (takes_back()) end_all(record["referral"], leaf, taken_back)
}
# By its state, or by the word of whoever ended it: that holds whatever state the hub wrote beside it.
function ends_referral() {
    return record["after.state"] ~ /^(DECLINED|WITHDRAWN|CANCELLED|EXPIRED|FAILED|COMPLETED|ERRONEOUS)$/ ||
           record["event"] == "accepted" && record["operation"] ~ /^(withdraw|cancel|mark_error)$/
}
# Nothing of it leaves any more, not even what was said before.
function takes_back() {
    return record["after.state"] ~ /^(WITHDRAWN|ERRONEOUS)$/ ||
           record["event"] == "accepted" && record["operation"] ~ /^(withdraw|mark_error)$/
}
function end_consents(ids, leaf) {
    end_all(ids, leaf, consent_ended)
    put_states(ids, "revoked")
}
function end_all(ids, leaf, ended,    list, n, i) {
    n = split(ids, list, " ")
    for (i = 1; i <= n; ++i) if (!(list[i] in ended)) ended[list[i]] = leaf
}
