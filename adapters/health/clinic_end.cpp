// What ends is ended wherever it lies: every end, hers, the referrer's or the hub's, comes through here.
//
// Where a part was put is a help and no more. A proxy that answers 404 to everything has ended nothing, and
// a server that was moved gives other ids; so what is not where it was is sought by its number, and only a
// search that finds none says that there is none. What fails of one part keeps no other open.
#include "adapters/health/clinic_seen.h"
#include "adapters/health/fhir_codes.h"

namespace kesher::health {
namespace {

using contract::Failure;
using Kind = ServerFault::Kind;

const Remark kEndedBefore{"ההפניה הופסקה על ידי המערכת אחרי שנסגרה כאן",
                          "The exchange ended the referral after it had been closed here"};

bool has(const std::vector<std::string>& locations, const std::string& location) {
    return std::find(locations.begin(), locations.end(), location) != locations.end();
}

std::vector<std::string> known(const std::string& location) {
    return location.empty() ? std::vector<std::string>() : std::vector{location};
}

// The clinic's own end, and not the exchange's.
bool is_closed_there(std::string_view type, std::string_view status) {
    return type == "Task" && status != "cancelled" && status != "entered-in-error";
}

}  // namespace

// One sort of its parts: by which number, which word ends it, and where it was put.
struct Clinic::Sort {
    std::string_view type;
    std::string uuid;
    std::string_view word;
    std::vector<std::string> known;
    bool everywhere;
};

// An end does not trust its own tag: what was opened again since is ended again.
FhirAnswered<bool> Clinic::end_one(const std::string& location, const Sort& sort, const Ending& ending,
                                   Ended& ended) {
    bool open = false;
    auto left = amend(location, sort.uuid, [&](const json::Value& resource) {
        const std::string_view status = status_of(resource);
        open = status != sort.word && (sort.word == "entered-in-error" || !has_ended(sort.type, status));
        Patch patch(resource);
        if (open) patch.status(sort.word);
        if (open && sort.type == "Task") patch.told(ending.event);
        if (!ending.message || sort.type == "ServiceRequest" || has_tag(resource, *ending.message)) {
            return patch.take();
        }
        if (!open && is_closed_there(sort.type, status)) patch.note(both(kEndedBefore));  // it stays theirs
        if (!ended.fault) patch.tag(*ending.message);
        return patch.take();
    });
    if (!left) return Failure{left.error()};
    ended.answers += *left;
    if (open) ++ended.changed;
    return open;
}

// Of what nobody waits for, what had ended when it was read is not read again before it changes.
void Clinic::end_found(const Sort& sort, const Ending& ending, std::vector<std::string>& lie, Ended& ended) {
    const std::string urn = "urn:uuid:" + sort.uuid;
    const auto answer = server_.search(sort.type, query_of("identifier", systems::kUuid, urn));
    if (!answer) return ended.keep(answer.error());
    ended.answers += contract::hex(answer->answer.view());
    for (const Found& each : answer->page.found) {
        if (!bears(each, sort.uuid) || has(lie, each.location)) continue;
        const auto over = over_.find(each.location);
        const bool unchanged = !each.version.empty() && over != over_.end() && over->second == each.version;
        if (ending.message || !unchanged) {
            const auto open = end_one(each.location, sort, ending, ended);
            if (!open) {
                ended.keep(open.error());
                continue;
            }
            if (!*open) over_.insert_or_assign(each.location, each.version);
        }
        lie.push_back(each.location);
    }
    if (lie.empty() && !says_none(*answer)) ended.keep(answered_something_else(*answer));
}

std::vector<std::string> Clinic::end_each(const Sort& sort, const Ending& ending, Ended& ended) {
    std::vector<std::string> lie;
    bool seeks = sort.everywhere || sort.known.empty();
    std::optional<ServerFault> unread;
    for (const std::string& location : sort.known) {
        const auto open = end_one(location, sort, ending, ended);
        if (open) {
            lie.push_back(location);
        } else if (is_astray(open.error())) {
            seeks = true;
            if (open.error().kind != Kind::gone) unread = open.error();
        } else {
            ended.keep(open.error());
        }
    }
    if (seeks) end_found(sort, ending, lie, ended);
    // Something is where it was, and nobody knows what: it is not gone.
    if (lie.empty() && unread) ended.keep(*unread);
    return lie;
}

// The Task last: once it bears the tag, all is done.
Clinic::Ended Clinic::end_what_is_there(const Given& given, const Ending& ending, bool everywhere) {
    const auto before = ledger_.placed(given.id);
    Placed now = before.value_or(Placed{});
    Ended ended;
    const auto end_at = [&](std::string& at, std::string_view type, std::string uuid, std::string_view word) {
        // Of what nobody waits for, only what a search shows to have changed is read.
        const auto known_at = ending.message ? known(at) : std::vector<std::string>();
        const auto lie = end_each({type, std::move(uuid), word, known_at, everywhere}, ending, ended);
        ended.whole = ended.whole && !lie.empty();
        if (!lie.empty() && !has(lie, at)) at = lie.front();
    };
    end_at(now.service_request, "ServiceRequest", given.id.text(), ending.words.service_request);
    if (ending.of_consent && given.consent) end_at(now.consent, "Consent", given.consent->text(), "inactive");
    end_at(now.task, "Task", given.id.text(), ending.words.task);
    if (before) ledger_.place(given.id, now);
    return ended;
}

// Each copy of it: every referral under it may have brought one.
void Clinic::end_consent(const contract::ConsentId& consent, const std::vector<Given>& under,
                         const Ending& ending, Ended& ended) {
    Sort sort{"Consent", consent.text(), "inactive", {}, true};
    for (const Given& given : under) {
        const auto at = ledger_.placed(given.id);
        if (at && !at->consent.empty() && !has(sort.known, at->consent)) sort.known.push_back(at->consent);
    }
    (void)end_each(sort, ending, ended);
}

}  // namespace kesher::health
