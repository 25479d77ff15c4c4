// What is another body's is answered as if there were no such thing: the same bytes, over every call that
// takes an id (contract.md 3 and 5). Of the answer only `Date` may differ. How long each takes is printed,
// not judged.
#include <algorithm>

#include "audit/log/receipt.h"
#include "schemas/codec/envelope_records.h"
#include "schemas/codec/records.h"
#include "schemas/json/read.h"
#include "schemas/statement/acks.h"
#include "tests/edge/attacks/stage.h"

namespace kesher::attacks {
namespace {

using namespace contract;
using namespace std::chrono_literals;

// The same request twice: of a thing that another body has, and of one that nobody has.
struct Pair {
    std::string what;
    std::string of_another, of_nobody;
    bool has_leaf = true;  // each look is one
};

std::string without_date(const RawAnswer& answer) {
    std::string all = answer.head + answer.body;
    const std::size_t at = all.find("\r\nDate: ");
    if (at == std::string::npos) return all;
    return all.erase(at, all.find("\r\n", at + 2) - at);
}

std::string without(std::string text, const std::string& id) {
    const std::size_t at = text.find(id);
    return at == std::string::npos ? text : text.replace(at, id.size(), "ID");
}

std::string claim_code(const Sender& body, const Pseudonym& name) {
    return post("/v1/cases/" + name.reveal() + "/claim-code", "application/jose",
                body.claim_code_order(name));
}

std::string put_admin(std::string_view body) {
    const std::string json = R"({"status":"active"})";
    return "PUT /v1/admin/organisations/" + std::string(body) +
           " HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: " +
           std::to_string(json.size()) + "\r\n\r\n" + json;
}

class Strangers {
public:
    Strangers(Stage& stage, Report& report)
        : stage_(stage),
          report_(report),
          hers_(stage.woman()),
          referral_(stage.referral(hers_)),
          nobody_(Pseudonym::of_random(statement::random_bytes<10>())) {
        stage_.accept(stage_.department(), referral_);
    }

    void run() {
        std::size_t calls = 0;
        for (const auto& pairs : {looks(), orders(), messages()}) {
            for (const Pair& pair : pairs) compare(pair);
            calls += pairs.size();
        }
        someone_elses_leaf();
        for (const Pair& pair : looks()) time_of(pair);
        someone_elses_delivery();
        report_.holds(
            "what is another body's is answered as if there were no such thing, byte for byte, by " +
            std::to_string(calls) + " calls");
    }

private:
    // Health is a party of the referral once it was released to it, and not before.
    std::vector<Pair> looks() {
        const auto pair = [](std::string what, const std::string& path, const std::string& known,
                             const std::string& unknown) {
            return Pair{std::move(what), get(path + known), get(path + unknown)};
        };
        return {
            pair("a referral", "/v1/referrals/", referral_.says.referral->text(),
                 tests::drawn<ReferralId>().text()),
            pair("a message", "/v1/messages/", referral_.says.id.text(), tests::drawn<MessageId>().text()),
            pair("a case", "/v1/cases/", hers_.name.reveal(), nobody_.reveal()),
            pair("who looked at a case", "/v1/access?subject=", hers_.name.reveal(), nobody_.reveal()),
        };
    }

    std::vector<Pair> orders() {
        return {
            {"a fresh code of a case", claim_code(stage_.health(), hers_.name),
             claim_code(stage_.health(), nobody_)},
            {"an operator's order about a body", put_admin("labor"), put_admin("education"), false},
            {"entries of the log", get("/log/tile/entries/000.p/1"), get("/log/tile/entries/x999/000.p/1"),
             false},
        };
    }

    // What a message names: the other's referral, case or consent, or one that there is not. In each pair the
    // messages differ in that alone and in what is drawn for each.
    std::vector<Pair> messages() {
        const Sender& health = stage_.health();
        const Pseudonym own = stage_.open_case(health);
        const auto cancel = [&](const ReferralId& referral) {
            codec::ReferralEventPayload payload;
            payload.event = ReferralEvent::cancel;
            payload.occurred_on = health.today();
            payload.reason = Reason::no_longer_needed;
            Draft draft = health.referral(own, Stage::body("ssd-5000"), hers_.consent, 1'024);
            draft.says.type = MessageType::referral_event;
            draft.says.service.reset();
            draft.says.groups = std::vector<DataGroup>{};
            draft.says.referral = referral;
            draft.payload = codec::encode(payload);
            return post_message(health.sign(draft));
        };
        const auto refer = [&](const Pseudonym& woman) {
            return post_message(health.sign(
                health.referral(woman, Stage::body("ssd-5000"), tests::drawn<ConsentId>(), 1'024)));
        };
        const auto revoke = [&](const Pseudonym& woman, const ConsentId& consent) {
            Draft draft = health.consent(woman, consent, health.consent_record(Stage::body("ssd-5000")));
            draft.says.type = MessageType::consent_revoked;
            draft.payload = codec::encode(codec::ConsentRevoked{health.today()});
            return post_message(health.sign(draft));
        };
        return {
            {"an event of a referral", cancel(*referral_.says.referral), cancel(tests::drawn<ReferralId>())},
            {"a referral of a case", refer(hers_.name), refer(nobody_)},
            {"a revocation in a case", revoke(hers_.name, hers_.consent), revoke(nobody_, hers_.consent)},
            {"a revocation of a consent", revoke(own, hers_.consent), revoke(own, tests::drawn<ConsentId>())},
        };
    }

    RawAnswer ask(const std::string& request, Stored& left) {
        const Stored before = stage_.stored();
        const RawAnswer answer = stage_.call(stage_.health(), request);
        left = stage_.stored() - before;
        return answer;
    }

    void compare(const Pair& pair) {
        Stored theirs_left, nobodys_left;
        const RawAnswer theirs = ask(pair.of_another, theirs_left);
        const RawAnswer nobodys = ask(pair.of_nobody, nobodys_left);
        report_.check(theirs.status == 404 && member(theirs.body, "code") == "not_found",
                      pair.what + " of another body", std::to_string(theirs.status) + theirs.body);
        report_.check(without_date(theirs) == without_date(nobodys),
                      pair.what + " of another body differs from one that there is not",
                      theirs.head + theirs.body + nobodys.head + nobodys.body);
        report_.check(theirs_left == nobodys_left && theirs_left.contains("log_entry") == pair.has_leaf,
                      pair.what + " of another body",
                      "it left" + text(theirs_left) + ", the other" + text(nobodys_left));
    }

    // That an index is used everybody knows by the checkpoint; what stands there is its body's.
    void someone_elses_leaf() {
        const RawAnswer mine =
            stage_.call(stage_.department(), get("/v1/messages/" + referral_.says.id.text()));
        const auto message = json::read(mine.body).value();
        const auto* index = message.find("index");
        if (index == nullptr) throw std::runtime_error("a message without its index: " + mine.body);
        const std::string path = "/log/receipts/" + std::to_string(*index->integer());
        const RawAnswer own = stage_.call(stage_.department(), get(path));
        const RawAnswer other = stage_.call(stage_.health(), get(path));
        report_.check(own.status == 200 && own.has("\"leaf\""), "one's own leaf", own.body);
        report_.check(other.status == 200 && other.has("\"receipt\"") && !other.has("\"leaf\""),
                      "another body's leaf", other.body);
    }

    // In an answer that is 200, a line for each: the same but for the delivery's own id.
    void someone_elses_delivery() {
        const RawAnswer inbox = stage_.call(stage_.health(), get("/v1/inbox"));
        const auto batch = codec::decode<codec::DeliveryBatch>(bytes_of(inbox.body));
        if (!batch || batch->deliveries.empty()) throw std::runtime_error("health was sent nothing");
        const codec::Delivery& delivery = batch->deliveries.front();
        const auto receipt = log::parse_receipt(delivery.receipt).value();
        const auto asked = [&](const DeliveryId& id) {
            const Sender& stranger = stage_.department();
            const statement::Acks acks{stranger.pins().log_origin(), {{id, receipt.index, AckOutcome::held}}};
            const RawAnswer answer = stage_.call(
                stranger, post("/v1/inbox/acks", "application/jose",
                               statement::sign_acks(acks, stranger.keys().signer(), stranger.today())));
            return without(without_date(answer), id.text());
        };
        const std::string theirs = asked(delivery.delivery);
        const std::string nobodys = asked(tests::drawn<DeliveryId>());
        report_.check(theirs == nobodys && theirs.find("\"leaf\"") == std::string::npos,
                      "a delivery of another body differs from one that there is not", theirs + nobodys);
    }

    void time_of(const Pair& pair) {
        constexpr std::size_t kTimes = 41;
        const auto line = stage_.line_of(stage_.health());
        std::array<std::vector<double>, 2> times;
        for (std::size_t i = 0; i < 2 * kTimes; ++i) {
            const auto began = std::chrono::steady_clock::now();
            line->send(i % 2 == 0 ? pair.of_another : pair.of_nobody);
            if (line->answer().status != 404) throw std::runtime_error("no refusal to be timed");
            const std::chrono::duration<double, std::milli> took = std::chrono::steady_clock::now() - began;
            times[i % 2].push_back(took.count());
        }
        std::array<std::string, 2> median;
        for (std::size_t i = 0; i < 2; ++i) {
            std::nth_element(times[i].begin(), times[i].begin() + kTimes / 2, times[i].end());
            median[i] = std::to_string(times[i][kTimes / 2]).substr(0, 5);
        }
        report_.holds("  " + pair.what + ": " + median[0] + " ms, of nobody " + median[1] + " ms");
    }

    Stage& stage_;
    Report& report_;
    Woman hers_;
    Draft referral_;
    Pseudonym nobody_;
};

}  // namespace

void try_strangers(Stage& stage, Report& report) { Strangers(stage, report).run(); }

}  // namespace kesher::attacks
