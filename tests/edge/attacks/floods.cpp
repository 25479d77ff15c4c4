// The same bad input ten thousand times: the hub's resident size after all of them is within 5 MiB of that
// after the first thousand. What leaks a little at each request shows; what grows once and stays does not.
//
// A body that never comes holds a connection for the two seconds of this hub's deadline, so of those there
// are one hundred first and four hundred in all, twenty at once from two bodies; the bound is the same. Few
// at once, and last: each thread that the hub starts keeps what the sanitizer's allocator holds for a thread,
// and that fills over many requests.
#include <atomic>
#include <thread>

#include "schemas/codec/records.h"
#include "schemas/contract/codes.h"
#include "tests/edge/attacks/stage.h"

namespace kesher::attacks {
namespace {

using namespace contract;
using namespace std::chrono_literals;

constexpr double kGrowth = 5;                  // MiB
constexpr std::size_t kRequestsALine = 90;     // below the hub's hundred
constexpr std::chrono::seconds kPatience{20};  // for one answer

// Sends one bad input; false where it was not refused as it must be.
using Client = std::function<bool()>;

struct Flood {
    std::string what;
    std::function<Client(std::size_t number)> client;  // of one thread
    std::size_t first = 1'000;
    std::size_t all = 10'000;
    std::size_t clients = 4;
    bool is_short = true;  // the others are tried by `tests/run full` alone
};

using Request = std::function<std::string()>;

Request always(std::string request) {
    return [request = std::move(request)] { return request; };
}

std::function<Client(std::size_t)> shared(Client client) {
    return [client = std::move(client)](std::size_t) { return client; };
}

bool refused(RawLine& line, const std::string& request, Code code) {
    line.send(request);
    const RawAnswer answer = line.answer(kPatience);
    return answer.status == facts_of(code).status &&
           answer.body.find("\"code\":\"" + std::string(text(code)) + '"') != std::string::npos;
}

// Many on one line: the hub keeps it after such a refusal.
std::function<Client(std::size_t)> on_kept_lines(const Stage& stage, Code code, Request request) {
    return [&stage, code, request = std::move(request)](std::size_t) {
        return [&stage, code, request, line = std::shared_ptr<RawLine>(), sent = std::size_t{0}]() mutable {
            if (sent++ % kRequestsALine == 0) line = stage.line_of(stage.department());
            return refused(*line, request(), code);
        };
    };
}

// A line each: the hub ends it. The first handshake is whole and the others resume its session.
std::function<Client(std::size_t)> on_a_line_each(const Stage& stage, Code code, Request request) {
    return [&stage, code, request = std::move(request)](std::size_t number) {
        const Sender& body = number % 2 == 0 ? stage.department() : stage.health();
        return [&stage, &body, code, request, session = std::string()]() mutable {
            const auto line = stage.line_of(body, session);
            bool holds = refused(*line, request(), code) && (session.empty() || line->was_resumed());
            if (session.empty()) session = line->session();
            // Until the hub has ended it too: it never serves more at once than there are clients here.
            line->finish_sending();
            holds = line->ends(kPatience) && holds;
            return holds;
        };
    };
}

std::vector<Flood> of_requests(const Stage& stage) {
    const Sender& department = stage.department();
    const Woman woman = stage.woman();
    const auto good = department.sign(stage.referral(woman));
    const Bytes bytes = codec::encode(good);
    auto forged = good;
    forged.statement[forged.statement.rfind('.') + 40] ^= 1;
    auto formless = good;
    formless.statement =
        statement::sign(department.keys().signer(), statement::kStatementType, department.today(), "[");
    auto nowhere = stage.referral(woman);
    nowhere.says.consent = tests::drawn<ConsentId>();
    const Draft first = stage.referral(woman);
    stage.accept(department, first);
    Draft other = stage.referral(woman);
    other.says.id = first.says.id;
    const auto unknown = std::make_shared<Sender>(department.folder(), "W9");
    const std::string brackets(8'000, '[');
    const auto kept = [&stage](std::string what, Code code, Request request) {
        return Flood{std::move(what), on_kept_lines(stage, code, std::move(request))};
    };
    std::vector<Flood> floods{
        kept("a submission cut short", Code::payload_invalid,
             always(post("/v1/messages", "avro/binary", text_of(ByteView(bytes).first(bytes.size() / 2))))),
        kept("a signature that does not hold", Code::signature_invalid, always(post_message(forged))),
        kept("claims without form", Code::statement_invalid, always(post_message(formless))),
        kept("a refusal sent again", Code::consent_missing, always(post_message(department.sign(nowhere)))),
        kept("another message under a used id", Code::id_reused,
             always(post_message(department.sign(other)))),
        kept("nested JSON", Code::statement_invalid,
             always(post("/v1/agreements", "application/json", brackets))),
        kept("acknowledgements that are none", Code::signature_invalid,
             always(post("/v1/inbox/acks", "application/jose", "a.b.c"))),
        kept("a referral that is not there", Code::not_found,
             always(get("/v1/referrals/" + tests::drawn<ReferralId>().text()))),
    };
    // Each under an id of its own, or only the first would be decided.
    Flood nobody = kept("an officer whom nobody entered", Code::actor_not_allowed, [&stage, woman, unknown] {
        return post_message(unknown->sign(stage.referral(woman)));
    });
    nobody.is_short = false;
    floods.push_back(std::move(nobody));
    return floods;
}

std::vector<Flood> of_lines(const Stage& stage) {
    const std::string head =
        "POST /v1/messages HTTP/1.1\r\nHost: a\r\nContent-Type: avro/binary\r\nContent-Length: ";
    const std::uint16_t port = stage.where().port;
    const auto each = [&stage](std::string what, Code code, std::string request) {
        return Flood{std::move(what), on_a_line_each(stage, code, always(std::move(request)))};
    };
    std::vector<Flood> floods{
        each("a path that there is not", Code::not_found, get("/v1/women")),
        each("a body that is too large", Code::too_large, head + "99999999\r\n\r\n"),
        {"bytes that are no handshake", shared([port] {
             RawLine line(port);
             line.send("GET / HTTP/1.1\r\n\r\n");
             return line.ends(kPatience);
         })},
        // (With TLS 1.3 it is refused after the client's part is done.)
        {"a handshake without a certificate", shared([port, side = tests::TlsSide(std::nullopt)] {
             RawLine line(port, side);
             return line.ends(kPatience);
         })},
    };
    Flood late = each("a body that never comes", Code::deadline, head + "10\r\n\r\nhalf");
    late.first = 100;
    late.all = 400;
    late.clients = 20;
    floods.push_back(std::move(late));
    for (Flood& flood : floods) flood.is_short = false;
    floods.push_back(
        each("a body with two lengths", Code::bad_framing, head + "1\r\nContent-Length: 2\r\n\r\n"));
    return floods;
}

// How many were not refused as they must be.
std::size_t send(std::vector<Client>& clients, std::size_t count) {
    std::atomic<std::size_t> wrong{0};
    std::vector<std::thread> threads;
    for (Client& client : clients) {
        threads.emplace_back([&wrong, &client, each = count / clients.size()] {
            for (std::size_t i = 0; i < each; ++i) {
                try {
                    if (!client()) ++wrong;
                } catch (const std::exception&) {
                    ++wrong;  // not even a line of its own
                }
            }
        });
    }
    for (std::thread& thread : threads) thread.join();
    return wrong;
}

void try_flood(const Flood& flood, Stage& stage, Report& report) {
    const auto began = std::chrono::steady_clock::now();
    std::vector<Client> clients;
    for (std::size_t i = 0; i < flood.clients; ++i) clients.push_back(flood.client(i));
    std::size_t wrong = send(clients, flood.first);
    const double first = stage.resident_mebibytes();
    wrong += send(clients, flood.all - flood.first);
    const double last = stage.resident_mebibytes();
    report.check(wrong == 0, flood.what, std::to_string(wrong) + " were not refused as they must be");
    report.check(last - first <= kGrowth, flood.what,
                 "the hub grew from " + std::to_string(first) + " to " + std::to_string(last) + " MiB");
    const auto took = std::chrono::steady_clock::now() - began;
    report.holds(flood.what + ", " + std::to_string(flood.all) + " times: " +
                 std::to_string(static_cast<long>(first)) + " MiB after " + std::to_string(flood.first) +
                 ", then " + std::to_string(static_cast<long>(last)) + " MiB, in " +
                 std::to_string(std::chrono::duration_cast<std::chrono::seconds>(took).count()) + " s");
}

// A hub that has just started fills the pools of its threads with the first thousands, whatever they are;
// each of its threads keeps what it verifies signatures with from its first one on; and only a line for each
// request meets all of its threads.
void warm_up(const Flood& flood) {
    constexpr std::size_t kFirst = 5'000;
    std::vector<Client> clients;
    for (std::size_t i = 0; i < flood.clients; ++i) clients.push_back(flood.client(i));
    (void)send(clients, kFirst);
}

}  // namespace

void try_floods(Stage& stage, Report& report, const std::string& named, bool every) {
    const auto requests = of_requests(stage);
    warm_up(requests[0]);
    warm_up(requests[1]);  // the first one whose signature is looked at
    warm_up(of_lines(stage).back());
    for (const auto& floods : {of_requests(stage), of_lines(stage)}) {
        for (const Flood& flood : floods) {
            const bool wanted = (every || flood.is_short) && flood.what.find(named) != std::string::npos;
            if (wanted) try_flood(flood, stage, report);
        }
    }
}

}  // namespace kesher::attacks
