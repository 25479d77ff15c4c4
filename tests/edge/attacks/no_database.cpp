// `unavailable` (contract.md 5): while the hub has no database, whoever asks for something that is stored or
// to be stored is told so and when to come again; nothing is half done, and the same bytes are taken
// afterwards.
//
// The hub's sessions are ended and no new one of its role is let in, as when the server is not there. This
// test looks on over a superuser's own.
#include <thread>

#include "schemas/contract/codes.h"
#include "schemas/statement/acks.h"
#include "tests/edge/attacks/stage.h"

namespace kesher::attacks {
namespace {

using namespace contract;
using namespace std::chrono_literals;

struct Call {
    std::string what;
    const Sender* sender;
    std::string request;
    int afterwards;  // its status once the database is there again
};

class NoDatabase {
public:
    NoDatabase(Stage& stage, Report& report) : stage_(stage), report_(report), woman_(stage.woman()) {}

    void run() {
        const Draft referral = stage_.referral(woman_);
        const std::string message = post_message(stage_.department().sign(referral));
        const std::vector<Call> calls = calls_with(message);
        const Stored before = stage_.stored();
        {
            const Stage::Away away(stage_);
            check_ready(503);
            for (const Call& call : calls) check_unavailable(call);
            const RawAnswer services = stage_.call(stage_.department(), get("/v1/services"));
            report_.check(services.status == 200, "what needs no database", services.body);
            // Asked again, as `retry` says, and the database is still not there.
            for (const Call& call : calls) check_unavailable(call);
        }
        report_.check((stage_.stored() - before).empty(), "without a database",
                      "something was stored:" + text(stage_.stored() - before));
        report_.check(stage_.stored_under({referral.says.id}) == 0, "a message without a database",
                      "its id is used up");
        check_ready(200);  // before anybody asked for anything: who is not ready is asked for nothing
        for (const Call& call : calls) {
            const RawAnswer answer = stage_.call(*call.sender, call.request);
            report_.check(answer.status == call.afterwards, call.what + " with the database again",
                          std::to_string(answer.status) + answer.body);
        }
        const RawAnswer again = stage_.call(stage_.department(), message);
        report_.check(again.status == 200 && receipt_verifies(stage_, again.body),
                      "a message that was told unavailable, accepted once", again.body);
        report_.check(stage_.stored_under({referral.says.id}) == 1, "a message that was told unavailable",
                      "it is stored twice");
        report_.holds(std::to_string(calls.size()) +
                      " calls without a database: unavailable without a trace, and taken afterwards");
    }

private:
    [[nodiscard]] std::vector<Call> calls_with(const std::string& message) const {
        const Sender &department = stage_.department(), &health = stage_.health();
        const Woman withdrawing = stage_.woman();
        const Draft known = stage_.referral(withdrawing);
        stage_.accept(department, known);
        const statement::Acks acks{
            health.pins().log_origin(),
            {{tests::drawn<DeliveryId>(), LeafIndex{0}, AckOutcome::held, std::nullopt}}};
        return {
            {"a message", &department, message, 201},
            {"her withdrawal", &department, post_message(department.sign(stage_.revocation(withdrawing))),
             201},
            {"a case", &department, post("/v1/cases", "application/jose", department.case_order()), 201},
            {"a look at a referral", &department, get("/v1/referrals/" + known.says.referral->text()), 200},
            {"a look at the cases", &department, get("/v1/cases"), 200},
            {"a poll", &department, get("/v1/inbox"), 200},  // the hub's word that she withdrew
            {"an acknowledgement", &health,
             post("/v1/inbox/acks", "application/jose",
                  statement::sign_acks(acks, health.keys().signer(), health.today())),
             200},
            {"the log's checkpoint", &health, get("/log/checkpoint"), 200},
        };
    }

    void check_unavailable(const Call& call) {
        const std::string what = call.what + " without a database";
        const auto line = stage_.line_of(*call.sender);
        line->send(call.request);
        const RawAnswer answer = line->answer(20s);
        const bool by_its_code = answer.status == facts_of(Code::unavailable).status &&
                                 member(answer.body, "code") == text(Code::unavailable);
        report_.check(by_its_code, what, std::to_string(answer.status) + answer.body);
        if (by_its_code) report_.saw(Code::unavailable);
        report_.check(answer.has("Content-Type: application/problem+json\r\n"), what, answer.head);
        report_.check(member(answer.body, "side") == "hub", what, "whose side it is: " + answer.body);
        report_.check(answer.has("\r\nRetry-After: 2\r\n") && member(answer.body, "retry") == "after 2", what,
                      "it is not said when to come again");
        report_.check(answer.has("\r\nDate: "), what, "no Date");
        report_.check(!answer.has("\"leaf\"") && !answer.has("\"receipt\"") && !answer.has("\"index\""), what,
                      "a receipt of nothing: " + answer.body);
        report_.check(answer.has("\r\nConnection: close\r\n") && line->ends(), what, "the line stays open");
    }

    // The hub does not ask itself anew within five seconds of the last time.
    void check_ready(int status) {
        const auto end = std::chrono::steady_clock::now() + 20s;
        int said = 0;
        while (said != status && std::chrono::steady_clock::now() < end) {
            RawLine line(stage_.where().local);
            line.send(get("/readyz"));
            said = line.answer(20s).status;
            if (said != status) std::this_thread::sleep_for(100ms);
        }
        report_.check(said == status, "the hub says of itself whether it is ready", std::to_string(said));
    }

    Stage& stage_;
    Report& report_;
    Woman woman_;
};

}  // namespace

void try_without_database(Stage& stage, Report& report) { NoDatabase(stage, report).run(); }

}  // namespace kesher::attacks
