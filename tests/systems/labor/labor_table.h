// The labor arm on a table (tests/unit/record/native_table.h): its service is npm cloudevents' and jose's.
#pragma once

#include <catch2/catch.hpp>

#include <algorithm>
#include <future>

#include "adapters/labor/event_port.h"
#include "adapters/labor/event_service.h"
#include "adapters/labor/labor_calls.h"
#include "adapters/labor/profile.h"
#include "adapters/record/liaison.h"
#include "schemas/json/read.h"
#include "tests/systems/node_program.h"
#include "tests/unit/record/native_table.h"

namespace kesher::labor::test {

using namespace record::test;
using record::Referral;
using E = ReferralEvent;

inline const fs::path kBuiltIn = KESHER_SOURCE_DIR "/adapters/labor/data/mapping.toml";

inline Referral fresh(KnownBy how = KnownBy::contact) {
    Referral referral = record::test::fresh(how, statement::organisation("labor"));
    referral.service = Service::emp_voc;
    referral.purpose = Purpose::referral;
    return referral;
}

// The value at the end of the way; null where there is none.
inline json::Value at(json::Value value, std::initializer_list<std::string_view> way) {
    for (const std::string_view name : way) {
        const json::Value* found = value.find(name);
        if (found == nullptr) return json::Value();
        value = json::Value(*found);
    }
    return value;
}
inline std::string text_at(const json::Value& value, std::initializer_list<std::string_view> way) {
    const json::Value found = at(value, way);
    return found.text() == nullptr ? std::string() : *found.text();
}

// What their people hear back.
struct Heard {
    int status = 0;
    std::string code, title, etag, location, words;
    bool receipt = false;             // signed by our key, and of these bytes
    std::vector<std::string> faults;  // pointer and flaw
};

class FarOffice {
public:
    // `keys`: where it puts its public key.
    FarOffice(const fs::path& mapping, const fs::path& keys)
        : program_("labor", "service.mjs", {"--mapping", mapping.string(), "--keys", made(keys).string()}) {}

    [[nodiscard]] std::string endpoint() const { return program_.url() + "/kesher"; }
    // What becomes of the next event.
    void behave(const std::string& next) { (void)post("/behave", R"({"next":")" + next + "\"}"); }
    void allow_our_origin(bool yes) {
        (void)post("/behave", std::string(R"({"origin":)") + (yes ? "true}" : "false}"));
    }
    // Where the keys are that it believes.
    void believe(const std::string& url) { (void)post("/behave", R"({"ours":")" + url + "\"}"); }
    // What its queue took in arrives.
    void commit() { (void)post("/commit", "{}"); }

    [[nodiscard]] std::string held_text(const ReferralId& referral) {
        return get("/held?referral=" + referral.text());
    }
    // Null where it has none such.
    [[nodiscard]] json::Value held(const ReferralId& referral) {
        return json::read(held_text(referral), {1 << 24, 32}).value();
    }
    [[nodiscard]] bool has(const ReferralId& referral) { return !held(referral).is_null(); }
    // How often it was taken under another id.
    [[nodiscard]] std::int64_t takes(const ReferralId& referral) {
        return *at(held(referral), {"takes"}).integer();
    }
    // What it was told of it, in order.
    [[nodiscard]] std::vector<json::Value> told(const ReferralId& referral) {
        const json::Value updates = at(held(referral), {"updates"});
        return updates.array() == nullptr ? std::vector<json::Value>{} : *updates.array();
    }
    [[nodiscard]] std::vector<std::string> updates(const ReferralId& referral) {
        std::vector<std::string> found;
        for (const json::Value& update : told(referral)) found.push_back(text_at(update, {"event"}));
        return found;
    }
    [[nodiscard]] std::size_t looks(const ReferralId& referral) {
        const json::Value all = json::read(get("/looks"), {1 << 20, 8}).value();
        return static_cast<std::size_t>(std::ranges::count_if(
            *all.array(), [&](const json::Value& each) { return *each.text() == referral.text(); }));
    }
    [[nodiscard]] Heard say(const std::string& said) {
        const json::Value answer = json::read(post("/say", said), {1 << 16, 8}).value();
        Heard heard{.status = static_cast<int>(*at(answer, {"status"}).integer()),
                    .code = text_at(answer, {"code"}),
                    .title = text_at(answer, {"title"}),
                    .etag = text_at(answer, {"etag"}),
                    .location = text_at(answer, {"location"}),
                    .words = text_at(answer, {"words"}),
                    .faults = {}};
        const json::Value receipt = at(answer, {"receiptOk"});
        heard.receipt = receipt.boolean() != nullptr && *receipt.boolean();
        const json::Value faults = at(answer, {"faults"});
        if (faults.array() == nullptr) return heard;
        for (const json::Value& each : *faults.array()) {
            heard.faults.push_back(text_at(each, {"pointer"}) + ' ' + text_at(each, {"flaw"}));
        }
        return heard;
    }

private:
    static const fs::path& made(const fs::path& folder) {
        fs::create_directories(folder);
        return folder;
    }
    // A client each: several threads ask.
    std::string get(const std::string& path) {
        edge::Client client({.base_url = program_.url(), .deadline = 60s});
        const auto answer = client.send({.method = "GET", .path = path});
        REQUIRE(answer);
        return answer->body;
    }
    std::string post(const std::string& path, const std::string& body) {
        edge::Client client({.base_url = program_.url(), .deadline = 60s});
        const auto answer =
            client.send({.method = "POST", .path = path, .content_type = "application/json", .body = body});
        REQUIRE(answer);
        return answer->body;
    }
    tests::NodeProgram program_;
};

inline EventKeys keys_between(const fs::path& theirs) {
    return {statement::PrivateKey::generate(statement::KeyKind::p256),
            read_key_set(statement::file_text(theirs.string())).value()};
}

class Table : public NativeTable {
public:
    explicit Table(
        const fs::path& mapping_file = kBuiltIn,
        const WordSet<SafetyFlag>& honours = WordSet<SafetyFlag>::up_to(SafetyFlag::address_confidential))
        : NativeTable("labor", honours),
          mapping(record::Mapping::read(mapping_file, mapping_form()).value()),
          far(mapping_file, root / "keys"),
          keys(keys_between(root / "keys" / "theirs.json")) {
        restart();
    }
    ~Table() override { close_side(); }

    // As after a kill: everything that is not on disk is gone.
    void restart() {
        close_side();
        reopen();
        settings_.ledger = ledger();
        settings_.endpoint = endpoint.empty() ? far.endpoint() : endpoint;
        EventServiceSettings service{.endpoint = settings_.endpoint, .origin = settings_.origin};
        service.before_call = [this] { calls_->put_off(); };
        service.deadline = 1s;
        service.pause = 0ms;
        service_ = std::make_unique<EventService>(service, keys, mapping);
        calls_ = std::make_unique<record::CallsOfTheirs>(patience, [this] { return service_->is_calling(); });
        labor_ = std::make_unique<LaborCalls>(*service_, mapping);
        liaison_ = std::make_unique<record::Liaison>(liaison_settings(settings_), means(), *labor_);
        port_ = std::make_unique<EventPort>(settings_, keys, mapping, *calls_, log, [] { return kToday; });
        far.believe(port_url() + "/jwks");
    }

    kit::NativeAnswer deliver(const statement::Statement& said, const codec::Payload& payload,
                              const std::optional<codec::Sealed>& sealed,
                              const Pseudonym& pseudonym) override {
        return liaison_->deliver({said, payload, sealed, pseudonym, jws, kToday});
    }
    void work() {
        now += 1s;
        serve();
        liaison_->work(now);
    }
    void serve() {
        calls_->serve([&](const record::CallOfTheirs& call) { return liaison_->hear(call, now); });
    }
    // Their people say something, and the loop turns until they have an answer. `status`: with its sub-status
    // behind a hyphen. `more`: members of its JSON.
    Heard hear(const Referral& referral, const std::string& status, const std::string& more = "") {
        auto answer = std::async(std::launch::async, [&] { return far.say(call(referral, status, more)); });
        while (answer.wait_for(5ms) != std::future_status::ready) serve();
        const Heard heard = answer.get();
        if (heard.status != 202) UNSCOPED_INFO(heard.status << ' ' << heard.code << ": " << heard.title);
        return heard;
    }
    [[nodiscard]] bool hears(const Referral& referral, const std::string& status,
                             const std::string& more = "") {
        const Heard heard = hear(referral, status, more);
        return heard.status == 202 && heard.receipt;
    }
    [[nodiscard]] std::string call(const Referral& referral, const std::string& status,
                                   const std::string& more = "") const {
        const std::size_t hyphen = status.find('-');
        std::string said = R"({"url":")" + port_url() + R"(","referral":")" + referral.referral.text() +
                           R"(","status":")" + status.substr(0, hyphen) + '"';
        if (hyphen != std::string::npos) said += R"(,"substatus":")" + status.substr(hyphen + 1) + '"';
        return said + (more.empty() ? "" : ',' + more) + '}';
    }
    [[nodiscard]] std::string port_url() const { return "http://127.0.0.1:" + std::to_string(port_->port()); }
    record::Liaison& liaison() { return *liaison_; }

private:
    LaborSettings settings_{.organisation = statement::organisation("labor"),
                            .keys = {},
                            .passphrase_file = {},
                            .journal = {},
                            .hub = "hub.example",
                            .endpoint = {},
                            .ca_file = {},
                            .certificate_file = {},
                            .key_file = {},
                            .origin = "kesher.example.org",
                            .source = "urn:labor",
                            .signing_key = {},
                            .their_keys = {},
                            .mapping = {},
                            .ledger = {},
                            .place = "המשרד",
                            .listen = {.address = "127.0.0.1", .patience = 20s},
                            .their_origin = "labor.example.org",
                            .officer = OfficerId::parse("events").value()};
    void close_side() override {
        port_.reset();
        liaison_.reset();
        labor_.reset();
        calls_.reset();
        service_.reset();
    }

public:
    record::Mapping mapping;
    FarOffice far;
    EventKeys keys;        // what is changed here holds from the next restart
    std::string endpoint;  // where it is not the far side's
    std::chrono::milliseconds patience = 20s;

private:
    std::unique_ptr<EventService> service_;
    std::unique_ptr<record::CallsOfTheirs> calls_;
    std::unique_ptr<LaborCalls> labor_;
    std::unique_ptr<record::Liaison> liaison_;
    std::unique_ptr<EventPort> port_;
};

// A member of what they say: how they suppose it to stand.
inline std::string if_match(const std::string& etag) {
    std::string escaped;
    for (const char c : etag) escaped += c == '"' ? std::string("\\\"") : std::string(1, c);
    return R"("ifMatch":")" + escaped + '"';
}
inline bool taken(const kit::NativeAnswer& answer) { return std::holds_alternative<kit::Taken>(answer); }
inline bool held(const kit::NativeAnswer& answer) { return std::holds_alternative<kit::Held>(answer); }
inline bool unsure(const kit::NativeAnswer& answer) { return std::holds_alternative<kit::Unsure>(answer); }
inline std::optional<Code> declined(const kit::NativeAnswer& answer) {
    const auto* declined = std::get_if<kit::Declined>(&answer);
    return declined == nullptr ? std::nullopt : std::optional(declined->code);
}
inline MessageId message() { return kit::draw_message_id(); }

}  // namespace kesher::labor::test
