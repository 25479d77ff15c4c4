// The same bad input ten thousand times: the hub's resident size after all of them is within 5 MiB of that
// after the first thousand. What leaks a little at each request shows; what grows once and stays does not.
#include <atomic>
#include <thread>

#include "schemas/codec/records.h"
#include "tests/edge/attacks/stage.h"

namespace kesher::attacks {
namespace {

using namespace contract;

constexpr std::size_t kFirst = 1'000;
constexpr std::size_t kAll = 10'000;
constexpr double kGrowth = 5;  // MiB
constexpr std::size_t kLines = 4;
constexpr std::size_t kRequestsALine = 90;  // below the hub's hundred

struct Flood {
    std::string what;
    std::string request;
    bool closes = false;  // the hub closes the line with its answer
};

void send(const Stage& stage, const Flood& flood, std::size_t count, std::atomic<std::size_t>& unanswered) {
    std::vector<std::thread> threads;
    for (std::size_t t = 0; t < kLines; ++t) {
        threads.emplace_back([&stage, &flood, &unanswered, count] {
            std::unique_ptr<RawLine> line;
            std::string session;
            for (std::size_t i = 0; i < count / kLines; ++i) {
                if (line == nullptr || flood.closes || i % kRequestsALine == 0)
                    line = stage.line_of(stage.department(), session);
                line->send(flood.request);
                const int status = line->answer(std::chrono::seconds{20}).status;
                if (status < 400 || status >= 500) ++unanswered;
                if (session.empty()) session = line->session();
            }
        });
    }
    for (std::thread& thread : threads) thread.join();
}

std::vector<Flood> floods(const Stage& stage) {
    const Woman woman = stage.woman();
    const auto good = stage.department().sign(stage.referral(woman));
    const Bytes bytes = codec::encode(good);
    auto forged = good;
    forged.statement[forged.statement.rfind('.') + 40] ^= 1;
    auto nowhere = stage.referral(woman);
    nowhere.says.consent = tests::drawn<ConsentId>();
    const std::string brackets(8'000, '[');
    return {
        {"a submission cut short",
         post("/v1/messages", "avro/binary", text_of(ByteView(bytes).first(bytes.size() / 2)))},
        {"a signature that does not hold", post_message(forged)},
        {"a refusal sent again", post_message(stage.department().sign(nowhere))},
        {"nested JSON", post("/v1/cases", "application/json", brackets)},
        {"acknowledgements that are none", post("/v1/inbox/acks", "application/jose", "a.b.c")},
        {"a referral that is not there", get("/v1/referrals/" + tests::drawn<ReferralId>().text())},
        {"a path that there is not", get("/v1/women"), true},
        {"a body with two lengths",
         "POST /v1/messages HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n", true},
    };
}

}  // namespace

void try_floods(Stage& stage, Report& report) {
    for (const Flood& flood : floods(stage)) {
        const auto began = std::chrono::steady_clock::now();
        std::atomic<std::size_t> unanswered{0};
        send(stage, flood, kFirst, unanswered);
        const double first = stage.resident_mebibytes();
        send(stage, flood, kAll - kFirst, unanswered);
        const double last = stage.resident_mebibytes();
        report.check(unanswered == 0, flood.what, std::to_string(unanswered) + " were not refused");
        report.check(last - first <= kGrowth, flood.what,
                     "the hub grew from " + std::to_string(first) + " to " + std::to_string(last) + " MiB");
        const auto took = std::chrono::steady_clock::now() - began;
        report.holds(flood.what + ", ten thousand times: " + std::to_string(static_cast<long>(first)) +
                     " MiB, then " + std::to_string(static_cast<long>(last)) + " MiB, in " +
                     std::to_string(std::chrono::duration_cast<std::chrono::seconds>(took).count()) + " s");
    }
}

}  // namespace kesher::attacks
