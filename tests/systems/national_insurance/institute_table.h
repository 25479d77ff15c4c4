// National Insurance on a table (tests/unit/record/native_table.h): its service and its client are npm
// soap's, made of our WSDL.
#pragma once

#include <catch2/catch.hpp>

#include <algorithm>
#include <future>

#include "adapters/national_insurance/benefit_calls.h"
#include "adapters/national_insurance/feedback_port.h"
#include "adapters/national_insurance/wsdl.h"
#include "adapters/record/liaison.h"
#include "schemas/json/read.h"
#include "tests/systems/node_program.h"
#include "tests/unit/record/native_table.h"

namespace kesher::national_insurance::test {

using namespace record::test;
using record::Referral;
using E = ReferralEvent;

inline const fs::path kBuiltIn = KESHER_SOURCE_DIR "/adapters/national_insurance/data/mapping.toml";

inline Referral fresh(KnownBy how = KnownBy::contact) {
    Referral referral = record::test::fresh(how, statement::organisation("nii"));
    referral.service = Service::ben_income;
    referral.purpose = Purpose::benefit_claim;
    return referral;
}

// What the staff hears back.
struct Heard {
    std::string code, field, words, fault;
};

// Their service, their client: one for each mapping, and as long as this program.
class FarInstitute {
public:
    explicit FarInstitute(const fs::path& mapping, const std::string& wsdl)
        : program_("national_insurance", "service.mjs",
                   {"--wsdl", written(wsdl).string(), "--mapping", mapping.string()}),
          client_({.base_url = program_.url()}) {}

    [[nodiscard]] std::string endpoint() const { return program_.url() + "/benefits"; }
    // What becomes of the next call.
    void behave(const std::string& next) { (void)post("/behave", R"({"next":")" + next + "\"}"); }
    // Null where it has none such.
    [[nodiscard]] json::Value held(const ReferralId& referral) {
        const auto answer = client_.send({.method = "GET", .path = "/referrals"});
        const json::Value all = json::read(answer.value().body, {1 << 24, 32}).value();
        for (const json::Value& entry : *all.array()) {
            if (*(*entry.array())[0].text() == referral.text()) return (*entry.array())[1];
        }
        return json::Value();
    }
    // How often it was taken under another call.
    [[nodiscard]] std::int64_t takes(const ReferralId& referral) {
        return *held(referral).find("takes")->integer();
    }
    [[nodiscard]] bool has(const ReferralId& referral) { return held(referral).find("id") != nullptr; }
    // What it was told of it, in order.
    [[nodiscard]] std::vector<std::string> updates(const ReferralId& referral) {
        std::vector<std::string> found;
        const json::Value known = held(referral);
        if (known.find("updates") == nullptr) return found;
        for (const json::Value& update : *known.find("updates")->array()) {
            found.push_back(*update.find("event")->text());
        }
        return found;
    }
    [[nodiscard]] std::size_t inquiries(const MessageId& message) {
        const auto answer = client_.send({.method = "GET", .path = "/inquiries"});
        const json::Value all = json::read(answer.value().body, {1 << 20, 8}).value();
        std::size_t count = 0;
        for (const json::Value& each : *all.array()) count += *each.text() == message.text() ? 1 : 0;
        return count;
    }
    [[nodiscard]] Heard say(const std::string& said) {
        const json::Value answer = json::read(post("/say", said), {1 << 16, 8}).value();
        const auto text = [&](const char* name) {
            const json::Value* found = answer.find(name);
            if (found == nullptr) return std::string();
            return found->text() != nullptr ? *found->text() : std::to_string(*found->integer());
        };
        return {text("code"), text("field"), text("words"), text("fault")};
    }

private:
    static fs::path written(const std::string& wsdl) {
        const fs::path file = fs::temp_directory_path() / ("kesher-wsdl-" + std::to_string(::getpid()));
        std::ofstream(file, std::ios::binary) << wsdl;
        return file;
    }
    std::string post(const std::string& path, const std::string& body) {
        edge::Client client({.base_url = program_.url(), .deadline = 60s});  // of several threads
        const auto answer =
            client.send({.method = "POST", .path = path, .content_type = "application/json", .body = body});
        REQUIRE(answer);
        return answer->body;
    }
    tests::NodeProgram program_;
    edge::Client client_;
};

class Table : public NativeTable {
public:
    explicit Table(
        const fs::path& mapping_file = kBuiltIn,
        const WordSet<SafetyFlag>& honours = WordSet<SafetyFlag>::up_to(SafetyFlag::address_confidential))
        : NativeTable("nii", honours),
          mapping_file_(mapping_file),
          mapping(record::Mapping::read(mapping_file, mapping_form()).value()),
          far(mapping_file, service_wsdl(mapping, "http://127.0.0.1/benefits")) {
        restart();
    }
    ~Table() override { close_side(); }

    // As after a kill: everything that is not on disk is gone.
    void restart() {
        close_side();
        reopen();
        settings_.ledger = ledger();
        settings_.endpoint = endpoint.empty() ? far.endpoint() : endpoint;
        BenefitServiceSettings service{.endpoint = settings_.endpoint};
        service.before_call = [this] { calls_->put_off(); };
        service.deadline = 1s;
        service.pause = 0ms;
        service_ = std::make_unique<BenefitService>(service, mapping);
        calls_ = std::make_unique<record::CallsOfTheirs>(patience, [this] { return service_->is_calling(); });
        benefits_ = std::make_unique<BenefitCalls>(settings_, *service_, mapping);
        liaison_ = std::make_unique<record::Liaison>(liaison_settings(settings_), means(), *benefits_);
        port_ = std::make_unique<FeedbackPort>(settings_, mapping, *calls_, log);
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
    // How often the service was asked whether it has this referral.
    [[nodiscard]] std::size_t asked(const Referral& referral) { return far.inquiries(referral.message); }
    // Their staff calls, and the loop turns until they have an answer. `more`: members of its JSON.
    Heard hear(const Referral& referral, const std::string& status, const std::string& more = "") {
        auto answer = std::async(std::launch::async, [&] { return far.say(call(referral, status, more)); });
        while (answer.wait_for(5ms) != std::future_status::ready) serve();
        const Heard heard = answer.get();
        if (!heard.fault.empty()) UNSCOPED_INFO(heard.fault << ": " << heard.words);
        return heard;
    }
    [[nodiscard]] std::string call(const Referral& referral, const std::string& status,
                                   const std::string& more = "") const {
        return R"({"wsdl":")" + wsdl_url() + R"(","mapping":")" + mapping_file_.string() +
               R"(","referral":")" + referral.referral.text() + R"(","referrer":"ssd-5000","status":")" +
               status + '"' + (more.empty() ? "" : ',' + more) + '}';
    }
    [[nodiscard]] std::string port_url() const { return "http://127.0.0.1:" + std::to_string(port_->port()); }
    [[nodiscard]] std::string wsdl_url() const { return port_url() + "/wsdl/feedback"; }
    record::Liaison& liaison() { return *liaison_; }

private:
    fs::path mapping_file_;
    NationalInsuranceSettings settings_{.organisation = statement::organisation("nii"),
                                        .keys = {},
                                        .passphrase_file = {},
                                        .journal = {},
                                        .hub = "hub.example",
                                        .endpoint = {},
                                        .ca_file = {},
                                        .certificate_file = {},
                                        .key_file = {},
                                        .mapping = {},
                                        .ledger = {},
                                        .names = {"IL", "GOV", "benefits", "kesher"},
                                        .place = "המשרד",
                                        .listen = {.address = "127.0.0.1"},
                                        .officer = OfficerId::parse("soap").value()};
    void close_side() override {
        port_.reset();
        liaison_.reset();
        benefits_.reset();
        calls_.reset();
        service_.reset();
    }

public:
    record::Mapping mapping;
    FarInstitute far;
    std::string endpoint;  // where it is not the far side's
    std::chrono::milliseconds patience = 20s;

private:
    std::unique_ptr<BenefitService> service_;
    std::unique_ptr<record::CallsOfTheirs> calls_;
    std::unique_ptr<BenefitCalls> benefits_;
    std::unique_ptr<record::Liaison> liaison_;
    std::unique_ptr<FeedbackPort> port_;
};

inline bool taken(const kit::NativeAnswer& answer) { return std::holds_alternative<kit::Taken>(answer); }
inline bool held(const kit::NativeAnswer& answer) { return std::holds_alternative<kit::Held>(answer); }
inline bool unsure(const kit::NativeAnswer& answer) { return std::holds_alternative<kit::Unsure>(answer); }
inline std::optional<Code> declined(const kit::NativeAnswer& answer) {
    const auto* declined = std::get_if<kit::Declined>(&answer);
    return declined == nullptr ? std::nullopt : std::optional(declined->code);
}
inline MessageId message() { return kit::draw_message_id(); }

}  // namespace kesher::national_insurance::test
