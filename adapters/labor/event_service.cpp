#include "adapters/labor/event_service.h"

#include <algorithm>

#include "adapters/labor/status_event.h"
#include "schemas/json/read.h"
#include "schemas/statement/detached_jws.h"
#include "schemas/statement/hash.h"

namespace kesher::labor {
namespace {

using contract::Failure;
using record::Answered;
using record::Unanswered;

constexpr std::size_t kForeignBytes = 64 * 1024;  // of an answer: a receipt has a few hundred
constexpr json::Bounds kBounds{.bytes = kForeignBytes, .depth = 8};

struct Endpoint {
    std::string origin, path;
};
Endpoint taken_apart(std::string url) {
    while (url.ends_with('/')) url.pop_back();
    const std::size_t scheme = url.find("://");
    const std::size_t slash = scheme == std::string::npos ? scheme : url.find('/', scheme + 3);
    if (slash == std::string::npos) return {url, ""};
    return {url.substr(0, slash), url.substr(slash)};
}

edge::ClientSettings client_settings(EventServiceSettings& settings) {
    edge::ClientSettings made{.base_url = taken_apart(settings.endpoint).origin};
    made.server_ca_pem = std::move(settings.ca_pem);
    made.identity = std::move(settings.identity);
    made.deadline = settings.deadline;
    made.answer_bytes_max = kForeignBytes;
    return made;
}

Unanswered not_understood(int status) { return {false, true, "answer not understood", status}; }

// What is no answer of this profile. 408 and 5xx may come of a proxy behind which it was done.
Unanswered refused_by_http(int status) {
    if (status == 408 || status >= 500) return {true, true, "away", status};
    return {false, status < 400, status < 400 ? "answer not understood" : "not allowed", status};
}

// What may stand in an entity tag (RFC 9110, 8.8.3), of letters that nobody in between changes.
bool is_version(std::string_view text) {
    return !text.empty() && text.size() <= 64 && std::ranges::all_of(text, [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' ||
               c == '_' || c == '.';
    });
}

}  // namespace

EventService::EventService(EventServiceSettings settings, const EventKeys& keys,
                           const record::Mapping& mapping)
    : keys_(keys),
      mapping_(mapping),
      path_(taken_apart(settings.endpoint).path),
      origin_(settings.origin),
      pause_(settings.pause),
      before_call_(settings.before_call),
      client_(client_settings(settings)) {}

contract::Result<edge::Answer, Unanswered> EventService::call(const edge::Call& call) {
    if (std::chrono::steady_clock::now() < quiet_until_) return Failure{Unanswered{true, false, "away", 0}};
    struct Calling {
        std::atomic<bool>& flag;
        explicit Calling(std::atomic<bool>& given) : flag(given) { flag = true; }
        ~Calling() { flag = false; }
    } calling(calling_);
    if (before_call_) before_call_();
    auto answer = client_.send(call);
    if (answer) return *std::move(answer);
    if (answer.error().kind == edge::ClientFault::Kind::too_large) return Failure{not_understood(200)};
    quiet_until_ = std::chrono::steady_clock::now() + pause_;
    return Failure{Unanswered{true, !answer.error().nothing_sent, "away", 0}};
}

// Web Hooks, 4.1 and 4.2. Asked once; again after a call of ours that their service did not allow.
std::optional<Unanswered> EventService::not_allowed() {
    if (allowed_) return std::nullopt;
    const auto answer = call(
        {.method = "OPTIONS", .path = path_ + "/events", .headers = {{"WebHook-Request-Origin", origin_}}});
    if (!answer) return Unanswered{answer.error().away, false, answer.error().word, answer.error().status};
    const auto origin = answer->header("webhook-allowed-origin");
    const bool yes =
        (answer->status == 200 || answer->status == 204) && origin && (*origin == origin_ || *origin == "*");
    if (yes) {
        allowed_ = true;
        return std::nullopt;
    }
    const bool away = answer->status == 408 || answer->status == 429 || answer->status >= 500;
    return Unanswered{away, false, away ? "away" : "their webhook does not allow our origin", answer->status};
}

bool EventService::is_signed(const edge::Answer& answer) const {
    const auto jws = answer.header(kSignatureHeader);
    return jws && statement::verify_detached(*jws, kSignatureType, answer.body, keys_.theirs);
}

record::CallOutcome EventService::send(const std::string& id, const std::string& event, Manner manner,
                                       const std::optional<std::string>& version) {
    if (manner == Manner::asks) {
        if (const auto no = not_allowed()) return Failure{*no};
    }
    edge::Call post{.method = "POST",
                    .path = path_ + "/events",
                    .content_type = std::string(kEventType),
                    .body = event,
                    .headers = {{std::string(kSignatureHeader),
                                 statement::sign_detached(keys_.ours, kSignatureType, event)}}};
    if (version) post.headers.push_back({"If-Match", '"' + *version + '"'});
    const auto answer = call(post);
    if (!answer) return Failure{answer.error()};
    const contract::Digest digest = statement::sha256(answer->body);
    const Answering of{id, statement::sha256(event)};
    if (answer->status == 202) {
        const auto receipt = read_event(answer->body);
        if (!receipt || !is_signed(*answer) || !is_receipt_of(*receipt, id, of.body, mapping_)) {
            return Failure{not_understood(202)};
        }
        return Answered{{}, digest};
    }
    const auto result = read_problem(answer->status, answer->body);
    const bool begun = result && result->kind != ResultKind::not_now;
    if (result && (!begun || (is_signed(*answer) && is_problem_of(answer->body, of)))) {
        return Answered{*result, digest};
    }
    if (answer->status == 401 || answer->status == 403) allowed_ = false;
    return Failure{refused_by_http(answer->status)};
}

contract::Result<EventService::Looked, Unanswered> EventService::look(const contract::ReferralId& referral) {
    const auto answer = call({.method = "GET", .path = path_ + "/referrals/" + referral.text()});
    if (!answer) return Failure{answer.error()};
    const contract::Digest digest = statement::sha256(answer->body);
    if (answer->status == 200) {
        const auto read = json::read(answer->body, kBounds);
        const auto text = [&](std::string_view member) {
            const json::Value* found = read ? read->find(member) : nullptr;
            return found == nullptr ? nullptr : found->text();
        };
        const std::string *named = text("referral"), *event = text("event"), *version = text("version");
        const bool theirs = named != nullptr && *named == referral.text() && event != nullptr &&
                            version != nullptr && is_version(*version) && is_signed(*answer);
        if (!theirs) return Failure{not_understood(200)};
        return Looked{Seen{*event, *version, digest}, digest};
    }
    const auto result = read_problem(answer->status, answer->body);
    if (result && result->kind == ResultKind::unknown_referral && is_signed(*answer) &&
        is_problem_of(answer->body, {referral.text(), statement::sha256("")})) {
        return Looked{std::nullopt, digest};
    }
    if (result && result->kind == ResultKind::not_now) {
        return Failure{Unanswered{true, false, "away", answer->status}};
    }
    return Failure{refused_by_http(answer->status)};
}

}  // namespace kesher::labor
