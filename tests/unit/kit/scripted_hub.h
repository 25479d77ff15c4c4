// The hub's answers as bytes, for what talks to it: no network, and every call kept.
#pragma once

#include <deque>
#include <functional>

#include "adapters/kit/hub_client.h"
#include "schemas/json/read.h"
#include "schemas/statement/acks.h"
#include "tests/unit/kit/exchange.h"

namespace kesher::kit::table {

inline edge::Answer answer(int status, std::string type, std::string body) {
    return {status, std::move(type), {{"Date", "Sat, 21 Nov 2026 12:00:00 GMT"}}, std::move(body)};
}
inline std::string receipt_json(const Receipted& receipted, const std::string& more = {}) {
    json::Writer writer;
    writer.open_object();
    if (!more.empty()) writer.text("code", more);
    writer.number("index", static_cast<std::int64_t>(number(receipted.index)));
    return writer.text("leaf", receipted.leaf).text("receipt", receipted.receipt).close().take();
}
inline std::string problem_json(std::string_view code, std::string_view retry, const std::string& more = {}) {
    return R"({"status":400,"code":")" + std::string(code) + R"(","retry":")" + std::string(retry) + "\"" +
           more + "}";
}
inline log::Record decided(log::RecordEvent event, log::Decision decision) {
    log::Record record;
    record.at = kNow;
    record.event = event;
    record.actor_type = log::ActorType::system;
    record.decision = decision;
    return record;
}

struct ScriptedHub {
    explicit ScriptedHub(SmallLog& shown) : log(&shown) {}

    SmallLog* log;
    std::optional<OrganisationId> self{};  // whom it talks to
    bool away = false;
    std::string organisations = R"({"organisations":[]})";
    std::string cases{};                   // the answer to a case's opening
    std::vector<codec::Delivery> inbox{};  // handed out with the next poll
    // A release that was given back unopened: what the hub decides of it is the test's to say.
    std::function<void(const statement::Ack&)> given_back{};
    std::function<void(const edge::Call&)> before{};
    std::function<std::optional<edge::Answer>(const edge::Call&)> instead{};  // of the ordinary answer
    std::function<edge::Answer(const edge::Call&)> keys_published{};          // the answer to a key list
    // Answers to the next submissions, before the ordinary one.
    std::deque<std::function<edge::Answer(const codec::Submission&)>> next{};
    std::vector<std::string> cosignatures{};
    std::vector<std::string> profiles{};  // as they were declared
    bool profile_refused = false;
    bool knows_messages = false;  // that were asked for; else there are none of them
    bool too_busy_to_say = false;
    std::function<void(log::Record&)> logs_otherwise{};  // than an acknowledgement says
    std::vector<codec::Submission> submissions{};
    std::vector<statement::Ack> acks{};
    Instant machine_clock = kNow;

    [[nodiscard]] Receipted accept(const std::string& statement) const {
        return log->append(statement, decided(log::RecordEvent::accepted, log::Decision::permit));
    }
    [[nodiscard]] Receipted refuse(const std::string& statement) const {
        return log->append(statement, decided(log::RecordEvent::refused, log::Decision::deny));
    }
    [[nodiscard]] std::unique_ptr<Transport> line() { return std::make_unique<Line>(*this); }
    [[nodiscard]] HubClient client(const OrganisationId& body) {
        self = body;
        return HubClient(line(), {body, log->key(), [this] { return machine_clock; }});
    }

    [[nodiscard]] edge::Answer reply(const edge::Call& call) {
        if (auto said = instead ? instead(call) : std::nullopt) return *std::move(said);
        const std::string what = call.method + " " + call.path;
        if (what == "POST /v1/messages") return submitted(call);
        if (what == "POST /v1/cases" && !cases.empty()) return answer(201, "application/json", cases);
        if (what == "POST /v1/inbox/acks") return acknowledged(call);
        if (what == "PUT /v1/profile") {
            profiles.push_back(call.body);
            return profile_refused
                       ? answer(409, "application/problem+json", problem_json("version_conflict", "no"))
                       : answer(201, "application/json", "{}");
        }
        if (what == "PUT /v1/keys" && keys_published) return keys_published(call);
        if (what == "GET /v1/organisations") return answer(200, "application/json", organisations);
        if (what == "POST /log/cosignatures") {
            cosignatures.push_back(call.body);
            return answer(200, "text/plain", "");
        }
        if (what.starts_with("GET /v1/inbox")) return polled();
        if (too_busy_to_say && what.starts_with("GET /v1/messages/"))
            return answer(429, "", problem_json("busy", "after 2"));
        if (knows_messages && what.starts_with("GET /v1/messages/"))
            return answer(200, "application/json", R"({"index":3,"decision":"accepted"})");
        constexpr std::string_view kAdd = "GET /log/add-checkpoint?old=";
        if (what.starts_with(kAdd)) {
            const std::uint64_t old = std::stoull(what.substr(kAdd.size()));
            return answer(200, "text/plain", log->add_checkpoint(TreeSize{old}));
        }
        return answer(404, "application/problem+json", problem_json("not_found", "no"));
    }

private:
    struct Line final : Transport {
        explicit Line(ScriptedHub& hub) : hub_(hub) {}
        contract::Result<edge::Answer, edge::ClientFault> send(const edge::Call& call) override {
            if (hub_.before) hub_.before(call);
            if (hub_.away)
                return Failure{edge::ClientFault{edge::ClientFault::Kind::connect, "hub.example", true}};
            return hub_.reply(call);
        }
        ScriptedHub& hub_;
    };

    edge::Answer submitted(const edge::Call& call) {
        submissions.push_back(codec::decode<codec::Submission>(bytes_of(call.body)).value());
        if (!next.empty()) {
            const auto scripted = next.front();
            next.pop_front();
            return scripted(submissions.back());
        }
        return answer(201, "application/json", receipt_json(accept(submissions.back().statement)));
    }
    edge::Answer polled() {
        if (inbox.empty()) return answer(204, "", "");
        const Bytes bytes = codec::encode(codec::DeliveryBatch{std::exchange(inbox, {})});
        return answer(200, "avro/binary", std::string(text_of(bytes)));
    }
    // What was said, read without its signature: that is judged by the test of the acks themselves.
    edge::Answer acknowledged(const edge::Call& call) {
        const std::size_t first = call.body.find('.') + 1;
        const auto claims = from_base64url(call.body.substr(first, call.body.rfind('.') - first)).value();
        const auto object = json::read(text_of(claims)).value();
        json::Writer writer;
        writer.open_object().open_array("acks");
        for (const json::Value& item : *object.find("acks")->array()) {
            statement::Ack ack{DeliveryId::parse(*item.find("delivery")->text()).value(),
                               LeafIndex{static_cast<std::uint64_t>(*item.find("index")->integer())},
                               kAckOutcomes.parse(*item.find("outcome")->text()).value()};
            if (const auto* code = item.find("code")) ack.code = parse_code(*code->text());
            if (const auto* native = item.find("native")) ack.native = digest_from_base64url(*native->text());
            if (const auto* surplus = item.find("surplus")) ack.surplus = *surplus->integer();
            acks.push_back(ack);
            if (ack.code == Code::release_unproven && given_back) given_back(ack);
            log::Record record = decided(log::RecordEvent::acknowledged, log::Decision::permit);
            record.org = self;
            record.code = ack.code;
            record.facts.add("delivery", ack.delivery.text())
                .add("index", static_cast<std::int64_t>(number(ack.index)))
                .add("outcome", kAckOutcomes.text(ack.outcome))
                .add("acks", statement::sha256(call.body));
            if (logs_otherwise) logs_otherwise(record);
            writer.raw(receipt_json(log->append(std::nullopt, record)));
        }
        return answer(200, "application/json", writer.close().close().take());
    }
};

}  // namespace kesher::kit::table
