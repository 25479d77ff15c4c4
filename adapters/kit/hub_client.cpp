#include "adapters/kit/hub_client.h"

#include "adapters/kit/hub_answers.h"
#include "audit/log/receipt.h"
#include "schemas/codec/records.h"
#include "schemas/contract/limits.h"
#include "schemas/json/writer.h"
#include "schemas/statement/hash.h"

namespace kesher::kit {
namespace {

using contract::Code;
using contract::Failure;

class EdgeTransport final : public Transport {
public:
    explicit EdgeTransport(edge::ClientSettings settings) : client_(std::move(settings)) {}
    contract::Result<edge::Answer, edge::ClientFault> send(const edge::Call& call) override {
        return client_.send(call);
    }
    void abort() override { client_.abort(); }

private:
    edge::Client client_;
};

Failure<HubFault> malformed(std::string what) {
    return {
        HubFault{HubFault::Kind::answer_malformed, {}, {contract::Retry::same, {}}, {}, {}, std::move(what)}};
}
Failure<HubFault> unproven(std::string what) {
    return {
        HubFault{HubFault::Kind::receipt_unproven, {}, {contract::Retry::same, {}}, {}, {}, std::move(what)}};
}

bool is_success(int status) { return status >= 200 && status < 300; }

edge::Call json_call(std::string method, std::string path, std::string body = {}) {
    edge::Call call;
    call.method = std::move(method);
    call.path = std::move(path);
    if (!body.empty()) call.content_type = "application/json";
    call.body = std::move(body);
    return call;
}

edge::Call get_call(std::string path) { return json_call("GET", std::move(path)); }

// A leaf that says it refused this very statement. One that took it, or refused it for another reason than
// the answer beside it says, proves nothing of that answer.
bool is_refusal_of(const Receipted& receipt, std::string_view statement, Code code, const log::NoteKey& log) {
    const auto proven = prove(receipt, log);
    return proven && proven->statement == statement && proven->record.decision == log::Decision::deny &&
           (!proven->record.code || proven->record.code == code);
}

// The problem's own word; where a hub says none, the published list's.
RetryWord retry_of(const AnswerFacts& facts) {
    if (facts.retry) return *facts.retry;
    if (facts.code) return {contract::facts_of(*facts.code).retry, {}};
    return {contract::Retry::same, {}};
}

}  // namespace

std::unique_ptr<Transport> make_transport(edge::ClientSettings settings) {
    return std::make_unique<EdgeTransport>(std::move(settings));
}

std::string_view text(HubFault::Kind kind) {
    switch (kind) {
        case HubFault::Kind::unreachable:
            return "the hub cannot be reached";
        case HubFault::Kind::refused:
            return "the hub refused";
        case HubFault::Kind::answer_malformed:
            return "the hub's answer cannot be read";
        case HubFault::Kind::receipt_unproven:
            return "the hub's receipt does not hold";
    }
    return "unknown";
}

HubClient::HubClient(std::unique_ptr<Transport> transport, HubClientSettings settings)
    : transport_(std::move(transport)), settings_(std::move(settings)) {
    if (!settings_.clock) {
        settings_.clock = [] {
            return std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
        };
    }
}

contract::Instant HubClient::now() const { return machine_now() + offset_; }

void HubClient::follow_clock(contract::Instant hub_at) {
    const std::chrono::milliseconds offset = hub_at - machine_now();
    clock_too_far_ = std::chrono::abs(offset) > kClockFollowed;
    if (!clock_too_far_) offset_ = offset;
}

HubFault HubClient::fault_of(const edge::Answer& answer) const {
    HubFault fault{HubFault::Kind::refused, {}, {contract::Retry::same, {}}, {}, {}, {}};
    const auto object = object_of(answer.body);
    const AnswerFacts facts = object ? facts_of(*object, settings_.log) : AnswerFacts{};
    if (!facts.code) {
        fault.kind = HubFault::Kind::answer_malformed;
        fault.text = "status " + std::to_string(answer.status) + " without a published code";
        return fault;
    }
    fault.code = facts.code;
    fault.retry = retry_of(facts);
    fault.at = facts.at;
    if (!fault.at) {
        if (const auto date = answer.header("Date")) fault.at = parse_http_date(*date);
    }
    fault.receipt = facts.receipt;
    fault.text = std::string(contract::text(*facts.code));
    return fault;
}

Answered<edge::Answer> HubClient::exchange(const edge::Call& call) {
    auto answer = transport_->send(call);
    reached_ = answer.has_value();
    if (!answer) {
        return Failure{HubFault{HubFault::Kind::unreachable,
                                {},
                                {contract::Retry::same, {}},
                                {},
                                {},
                                std::string(edge::text(answer.error().kind)) + ": " + answer.error().text,
                                answer.error().nothing_sent}};
    }
    if (is_success(answer->status)) return *std::move(answer);
    HubFault fault = fault_of(*answer);
    if (fault.code == Code::clock_skew && fault.at) follow_clock(*fault.at);
    return Failure{std::move(fault)};
}

Answered<Sent> HubClient::send(contract::ByteView submission, std::string_view statement) {
    edge::Call call;
    call.method = "POST";
    call.path = "/v1/messages";
    call.content_type = "avro/binary";
    call.body = contract::text_of(submission);
    const auto answer = exchange(call);
    if (!answer) {
        const HubFault& fault = answer.error();
        if (fault.kind != HubFault::Kind::refused) return Failure{fault};
        // A refusal is logged with our statement, or (before the signature holds) only counted.
        const bool ours =
            fault.receipt && is_refusal_of(*fault.receipt, statement, *fault.code, settings_.log);
        Sent sent{Sent::Kind::refused, fault.code, fault.retry, {}, fault.at};
        if (ours) sent.receipt = fault.receipt;
        return sent;
    }
    const auto object = object_of(answer->body);
    if (!object) return malformed("the receipt is not JSON");
    AnswerFacts facts = facts_of(*object, settings_.log);
    if (facts.wrong || !facts.receipt) return unproven("the receipt of a message");
    const auto proven = prove(*facts.receipt, settings_.log);
    if (facts.statement != statement) return unproven("the receipt is about another statement");
    if (proven->record.decision != log::Decision::permit) return unproven("the receipt is of no acceptance");
    return Sent{
        answer->status == 201 ? Sent::Kind::accepted : Sent::Kind::repeated, {}, {}, facts.receipt, facts.at};
}

Answered<OpenedCase> HubClient::open_case(std::string order) {
    edge::Call call = json_call("POST", "/v1/cases", std::move(order));
    call.content_type = "application/jose";
    const auto answer = exchange(call);
    if (!answer) return Failure{answer.error()};
    const auto object = object_of(answer->body);
    const json::Value* named = object ? object->find("pseudonym") : nullptr;
    const auto pseudonym = named != nullptr && named->text() != nullptr
                               ? contract::Pseudonym::parse(*named->text())
                               : std::nullopt;
    if (!pseudonym) return malformed("no pseudonym");
    OpenedCase opened{*pseudonym};
    const json::Value* code = object->find("claim_code");
    if (code != nullptr && code->text() != nullptr) opened.claim_code = *code->text();
    AnswerFacts facts = facts_of(*object, settings_.log);
    if (facts.wrong) return unproven("the receipt of a case");
    opened.receipt = std::move(facts.receipt);
    return opened;
}

namespace {
// Of a hundred cases each: more than one body will ever have, and an end where a hub names pages for ever.
constexpr std::size_t kPagesMax = 10'000;
}  // namespace

Answered<json::Value> HubClient::cases() {
    json::Value::Array all;
    std::string path = "/v1/cases";
    for (std::size_t pages = 0;; ++pages) {
        if (pages == kPagesMax) return malformed("pages of cases without an end");
        const auto page = get(path);
        if (!page) return Failure{page.error()};
        const json::Value* list = page->find("cases");
        if (list == nullptr || list->array() == nullptr) return malformed("a page without cases");
        all.insert(all.end(), list->array()->begin(), list->array()->end());
        const json::Value* next = page->find("next");
        if (next == nullptr) break;
        // It goes into an address as it is: what is not base64url is not the hub's.
        if (next->text() == nullptr || !contract::from_base64url(*next->text()))
            return malformed("a page's end");
        path = "/v1/cases?after=" + *next->text();
    }
    return json::Value(json::Value::Members{{"cases", json::Value(std::move(all))}});
}
Answered<json::Value> HubClient::case_status(const contract::Pseudonym& pseudonym) {
    return get("/v1/cases/" + pseudonym.reveal());
}
Answered<json::Value> HubClient::message(const contract::MessageId& id) {
    return get("/v1/messages/" + id.text());
}
Answered<json::Value> HubClient::referral(const contract::ReferralId& id) {
    return get("/v1/referrals/" + id.text());
}

Answered<std::vector<codec::Delivery>> HubClient::poll(std::chrono::seconds wait, std::size_t limit) {
    edge::Call call =
        get_call("/v1/inbox?wait=" + std::to_string(wait.count()) + "&limit=" + std::to_string(limit));
    call.deadline = wait + contract::limits::kRequestDeadline;
    const auto answer = exchange(call);
    if (!answer) return Failure{answer.error()};
    if (answer->status == 204 || answer->body.empty()) return std::vector<codec::Delivery>{};
    auto batch = codec::decode<codec::DeliveryBatch>(contract::bytes_of(answer->body));
    if (!batch) return malformed("the inbox is no batch of deliveries");
    return std::move(batch->deliveries);
}

// What the log says of an acknowledgement is what was signed, of the delivery that it was signed of.
bool HubClient::is_of(const Receipted& receipt, const statement::Ack& ack,
                      const contract::Digest& signed_now) const {
    const auto proven = prove(receipt, settings_.log);
    if (!proven) return false;
    const log::Record& record = proven->record;
    const auto says = [&](std::string_view name, const log::FactValue& value) {
        const log::FactValue* found = record.facts.find(name);
        return found != nullptr && *found == value;
    };
    const bool about_it = record.event == log::RecordEvent::acknowledged &&
                          record.decision == log::Decision::permit && record.org == settings_.self &&
                          says("delivery", log::Word::of(ack.delivery.text()));
    if (!about_it || !says("acks", log::Word::of(contract::base64url(signed_now.view())))) return about_it;
    return says("index", static_cast<std::int64_t>(contract::number(ack.index))) &&
           says("outcome", log::Word::of(contract::kAckOutcomes.text(ack.outcome))) &&
           record.code == ack.code;
}

Answered<std::vector<HubClient::AckAnswer>> HubClient::acknowledge(std::string_view acks_jws,
                                                                   std::span<const statement::Ack> acks) {
    edge::Call call = json_call("POST", "/v1/inbox/acks", std::string(acks_jws));
    call.content_type = "application/jose";
    const auto answer = exchange(call);
    if (!answer) return Failure{answer.error()};
    const auto document = object_of(answer->body);
    const json::Value* list = document ? document->find("acks") : nullptr;
    if (list == nullptr || list->array() == nullptr || list->array()->size() != acks.size()) {
        return malformed("not one answer per acknowledgement");
    }
    std::vector<AckAnswer> answers;
    const contract::Digest signed_now = statement::sha256(acks_jws);
    for (std::size_t at = 0; at < acks.size(); ++at) {
        AnswerFacts facts = facts_of((*list->array())[at], settings_.log);
        const bool proven =
            facts.receipt ? is_of(*facts.receipt, acks[at], signed_now) : facts.code.has_value();
        if (facts.wrong || !proven) return unproven("the receipt of an acknowledgement");
        answers.push_back({std::move(facts.receipt), facts.code});
    }
    return answers;
}

Answered<std::string> HubClient::organisations() {
    auto answer = exchange(get_call("/v1/organisations"));
    if (!answer) return Failure{answer.error()};
    return std::move(answer->body);
}

Answered<std::string> HubClient::checkpoint() {
    auto answer = exchange(get_call("/log/checkpoint"));
    if (!answer) return Failure{answer.error()};
    return std::move(answer->body);
}

Answered<std::string> HubClient::add_checkpoint_body(contract::TreeSize old) {
    auto answer = exchange(get_call("/log/add-checkpoint?old=" + std::to_string(contract::number(old))));
    if (!answer) return Failure{answer.error()};
    return std::move(answer->body);
}

Answered<contract::Done> HubClient::send_cosignature(std::string_view line) {
    edge::Call call = json_call("POST", "/log/cosignatures", std::string(line));
    call.content_type = "text/plain; charset=utf-8";
    const auto answer = exchange(call);
    if (!answer) return Failure{answer.error()};
    return contract::Done{};
}

Answered<std::string> HubClient::receipt(contract::LeafIndex index) {
    const auto answer = exchange(get_call("/log/receipts/" + std::to_string(contract::number(index))));
    if (!answer) return Failure{answer.error()};
    const auto object = object_of(answer->body);
    const json::Value* text = object ? object->find("receipt") : nullptr;
    if (text == nullptr || text->text() == nullptr) return malformed("no receipt");
    // Its leaf may be another's, so inclusion is for who holds the leaf; place and signature are seen here.
    const auto read = log::parse_receipt(*text->text());
    if (!read || read->index != index || !log::open_checkpoint(read->checkpoint, settings_.log)) {
        return unproven("a receipt");
    }
    return *text->text();
}

Answered<json::Value> HubClient::put(std::string method, std::string path, std::string content_type,
                                     std::string body) {
    edge::Call call = json_call(std::move(method), std::move(path), std::move(body));
    call.content_type = std::move(content_type);
    const auto answer = exchange(call);
    if (!answer) return Failure{answer.error()};
    auto object = object_of(answer->body);
    if (!object) return malformed("not JSON");
    if (facts_of(*object, settings_.log).wrong) return unproven("a receipt");
    return *std::move(object);
}

Answered<json::Value> HubClient::get(std::string path) {
    const auto answer = exchange(get_call(std::move(path)));
    if (!answer) return Failure{answer.error()};
    auto object = object_of(answer->body);
    if (!object) return malformed("not JSON");
    if (facts_of(*object, settings_.log).wrong) return unproven("a receipt");
    return *std::move(object);
}

}  // namespace kesher::kit
