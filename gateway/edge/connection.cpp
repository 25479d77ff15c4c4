#include "gateway/edge/connection.h"

#include <Poco/Net/NetException.h>
#include <cxxabi.h>
#include <sched.h>

#include <cstdlib>
#include <typeinfo>

#include "gateway/edge/answer_text.h"
#include "gateway/edge/ascii.h"
#include "gateway/edge/caller_address.h"
#include "gateway/edge/tls_context.h"
#include "gateway/telemetry/incident.h"

namespace kesher::edge {
namespace {

constexpr std::size_t kConnectionsOfEnded = 2;

using contract::Code;
using contract::Failure;
using std::chrono::steady_clock;
using telemetry::Level;

contract::Instant now_utc() {
    return std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
}

// Not what(): its text may quote a row or a request, and the log holds nothing about a person.
telemetry::Diagnostic type_of(const std::exception& fault) {
    const char* mangled = typeid(fault).name();
    int status = 0;
    char* readable = abi::__cxa_demangle(mangled, nullptr, nullptr, &status);
    telemetry::Diagnostic diagnostic{status == 0 ? readable : mangled};
    std::free(readable);
    return diagnostic;
}

std::string media_type_of(const Head& head) {
    const auto value = only_header(head.headers, "Content-Type");
    if (!value) return {};
    std::string type{trimmed(value->substr(0, value->find(';')))};
    std::transform(type.begin(), type.end(), type.begin(), lower);
    return type;
}

bool accepts(const Route& route, const std::string& media_type) {
    return std::any_of(route.media_types.begin(), route.media_types.end(),
                       [&](telemetry::Word accepted) { return accepted.text() == media_type; });
}

// When the next byte of a body must have come, so many bytes of it being here.
SteadyTime due_after(SteadyTime began, std::size_t bytes, const ListenerSettings& settings) {
    const std::chrono::duration<double> earned(static_cast<double>(bytes) /
                                               static_cast<double>(settings.body_bytes_per_second));
    return began + settings.body_grace + std::chrono::duration_cast<steady_clock::duration>(earned);
}

bool wants_close(const std::vector<Header>& headers) {
    const auto value = only_header(headers, "Connection");
    return value && equal_case_blind(*value, "close");
}

// Once a thread. Every caller waits for the hub's one writer: a connection that wakes up for its own answer
// takes no core from it (on waking a thread of SCHED_BATCH preempts none of another kind; Linux,
// since 2.6.16). Without it the rest works as well.
void do_not_preempt() {
    thread_local const bool asked = [] {
        const sched_param none{};
        return sched_setscheduler(0, SCHED_BATCH, &none) == 0;
    }();
    static_cast<void>(asked);
}

}  // namespace

CallerShare Listener::share_of(const ListenerSettings& settings) {
    CallerShare share = settings.share;
    if (share.connections == 0) share.connections = settings.threads;
    if (share.without_certificate == 0)
        share.without_certificate = std::max<std::size_t>(settings.threads / 2, 1);
    if (share.with_ended_certificate == 0) share.with_ended_certificate = kConnectionsOfEnded;
    if (share.handshakes == 0) share.handshakes = std::max<std::size_t>(settings.threads / 2, 1);
    if (share.handshakes_of_all == 0)
        share.handshakes_of_all = std::max<std::size_t>(settings.threads / 2, 1);
    if (share.large_bytes == 0)
        share.large_bytes = settings.bytes_in_flight_max / contract::limits::kCallerPartOfBytes;
    if (share.large_bodies == 0) share.large_bodies = std::max<std::size_t>(share.connections / 2, 1);
    return share;
}

void Connection::run() {
    do_not_preempt();
    listener_.metrics.connections.add(1);
    try {
        Sweeper::Watch watch(sweeper_, socket().impl()->sockfd());
        Wire wire(socket(), watch);
        serve(wire, watch);
        if (watch.why_cut() == Cut::late) listener_.metrics.deadline_cuts.add();
        if (watch.why_cut() == Cut::crowded) listener_.metrics.crowded_out.add();
        if (!watch.was_cut()) socket().shutdown();
    } catch (const Poco::IOException&) {
        // The peer is gone, and with it whoever could be told.
    } catch (const std::exception& fault) {
        listener_.log.write(Level::error, "connection-fault", {{"type", type_of(fault)}});
    }
    listener_.metrics.connections.add(-1);
}

void Connection::serve(Wire& wire, Sweeper::Watch& watch) {
    caller_ = caller_of_address(socket().peerAddress().host().toString());
    // Idle until its first byte: a stop need not wait for a caller who has not begun.
    watch.set_idle(true);
    if (listener_.stopping.stop_requested()) return;
    if (listener_.settings.tls && !start_tls(wire, watch)) return;
    if (!has_room(watch)) return;
    begin_request();
    for (std::size_t served = 1;; ++served) {
        const bool last = served >= listener_.settings.requests_per_connection;
        if (serve_one(wire, last) == Next::close) return;
        if (!next_request_came(wire, watch)) return;
        begin_request();
    }
}

void Connection::begin_request() {
    const SteadyTime now = steady_clock::now();
    deadline_ = now + listener_.settings.request_deadline;
    head_deadline_ = std::min(deadline_, now + listener_.settings.head_deadline);
}

// Without an answer where there is none: whoever speaks here may bring a withdrawal, which is never told
// `busy`, and a connection that ends is tried again.
bool Connection::has_room(Sweeper::Watch& watch) {
    if (!listener_.settings.tls) return true;
    const std::size_t most = share_of_caller();
    if (watch.belongs_to(caller_, peer_ ? peer_->fingerprint : std::string{}, most)) return true;
    listener_.metrics.crowded_out.add();
    const auto caller = peer_ && !ended_ ? contract::OrganisationId::parse(caller_) : std::nullopt;
    using telemetry::Value;
    listener_.log.write(
        Level::warning, "connections-over-share",
        {{"listener", listener_.settings.name}, {"organisation", caller ? Value(*caller) : Value("-")}});
    return false;
}

// A certificate outlives its end until its last day, and who stole one may show it as often as he likes: what
// he spends is his address's.
std::size_t Connection::share_of_caller() {
    if (!peer_) return listener_.share.without_certificate;
    const auto& lives = listener_.settings.certificate_lives;
    ended_ = lives && !lives(peer_->fingerprint);
    if (ended_) return listener_.share.with_ended_certificate;
    caller_ = peer_->common_name;
    return listener_.share.connections;
}

bool Connection::start_tls(Wire& wire, Sweeper::Watch& watch) {
    try {
        watch.shakes_hands(caller_, {.of_one_address = listener_.share.handshakes,
                                     .of_all = listener_.share.handshakes_of_all,
                                     .threads = listener_.settings.threads});
        if (!wire.shake_hands(steady_clock::now() + listener_.settings.handshake_deadline)) return false;
    } catch (const Poco::Exception& refused) {
        listener_.metrics.handshake_failures.add();
        listener_.log.write(
            Level::debug, "handshake-refused",
            {{"listener", listener_.settings.name}, {"why", telemetry::Diagnostic{refused.displayText()}}});
        return false;
    }
    peer_ = peer_of(socket());
    watch.has_shaken_hands();
    return true;
}

bool Connection::next_request_came(Wire& wire, Sweeper::Watch& watch) {
    if (!wire.buffered().empty()) return true;
    watch.set_idle(true);
    // After set_idle: whoever stops the listener either sees us idle or is seen here.
    return !listener_.stopping.stop_requested() &&
           wire.fill(steady_clock::now() + listener_.settings.keep_alive) == Got::bytes;
}

Connection::Next Connection::serve_one(Wire& wire, bool last) {
    auto head = read_head(wire);
    if (silent_) return Next::close;
    if (!head) return refuse(wire, head.error());
    auto planned = plan(std::move(head).value());
    if (!planned) return refuse(wire, planned.error());
    Plan& todo = *planned;
    const telemetry::Word route = todo.found.route->path;

    std::optional<ByteBudget::Lease> lease;
    if (ended_ && content_length(todo.head) > listener_.settings.small_body_bytes) {
        return refuse(wire, {Code::certificate_unknown, route});
    }
    if (!listener_.budget.take(caller_, content_length(todo.head), lease)) {
        return refuse(wire, {Code::busy, route});
    }
    auto body = read_body(wire, todo);
    if (!body) return refuse(wire, body.error());

    wire.rest();  // the handler's time is its own: a long poll may outlast the request's deadline
    const Request request{.method = todo.head.method,
                          .route = route,
                          .segments = std::move(todo.target.segments),
                          .captures = std::move(todo.found.captures),
                          .query = std::move(todo.target.query),
                          .headers = std::move(todo.head.headers),
                          .media_type = std::move(todo.media_type),
                          .body = std::move(body).value(),
                          .peer = peer_,
                          .received = steady_clock::now(),
                          .stopping = listener_.stopping.get_token(),
                          .caller_left = [&wire] { return wire.peer_left(); }};
    const bool asked_to_close = wants_close(request.headers);
    const Response response = handled(request, todo.found.route->handler);
    // Asked after the handler: a long poll may have ended because the listener stops.
    const bool close =
        last || asked_to_close || response.status >= 500 || listener_.stopping.stop_requested();
    const bool left = answer(wire, response, {route, request.received, request.method == "HEAD", close});
    return left && !close ? Next::request : Next::close;
}

contract::Result<Head, Connection::Refusal> Connection::read_head(Wire& wire) {
    while (true) {
        const auto end = end_of_head(wire.buffered());
        if (!end) return Failure{Refusal{end.error()}};
        if (*end > 0) {
            auto head = parse_head(wire.buffered().substr(0, *end));
            wire.consume(*end);
            if (!head) return Failure{Refusal{head.error()}};
            return std::move(head).value();
        }
        switch (wire.fill(head_deadline_)) {
            case Got::bytes:
                continue;
            case Got::late:
                return Failure{Refusal{Code::deadline}};
            case Got::closed:
                silent_ = wire.buffered().empty();
                return Failure{Refusal{Code::bad_framing}};
        }
    }
}

contract::Result<Connection::Plan, Connection::Refusal> Connection::plan(Head head) const {
    constexpr std::size_t kAnyLength = static_cast<std::size_t>(-1);
    if (const auto fault = framing_fault(head, kAnyLength)) return Failure{Refusal{*fault}};
    auto target = parse_target(head.target);
    if (!target) return Failure{Refusal{target.error()}};
    Lookup lookup = listener_.routes.find(head.method, target->segments);
    if (const auto* others = std::get_if<OtherMethods>(&lookup)) {
        return Failure{Refusal{Code::method_not_allowed, "unmatched", others->allow}};
    }
    auto* found = std::get_if<Found>(&lookup);
    if (found == nullptr) return Failure{Refusal{Code::not_found}};
    const Route& route = *found->route;
    if (const auto fault = framing_fault(head, route.body_bytes_max))
        return Failure{Refusal{*fault, route.path}};
    std::string media_type = media_type_of(head);
    if (content_length(head) > 0 && !accepts(route, media_type)) {
        return Failure{Refusal{Code::bad_framing, route.path}};
    }
    return Plan{std::move(head), std::move(target).value(), std::move(*found), std::move(media_type)};
}

contract::Result<contract::Bytes, Connection::Refusal> Connection::read_body(Wire& wire, const Plan& plan) {
    const std::size_t length = content_length(plan.head);
    const telemetry::Word route = plan.found.route->path;
    contract::Bytes body;
    const SteadyTime began = steady_clock::now();
    const bool waits = only_header(plan.head.headers, "Expect").has_value() && wire.buffered().empty();
    if (length > 0 && waits && !wire.send("HTTP/1.1 100 Continue\r\n\r\n", deadline_)) {
        return Failure{Refusal{Code::deadline, route}};
    }
    while (true) {
        const std::string_view next = wire.buffered().substr(0, length - body.size());
        body.insert(body.end(), next.begin(), next.end());
        wire.consume(next.size());
        if (body.size() == length) return body;
        switch (wire.fill(std::min(deadline_, due_after(began, body.size(), listener_.settings)))) {
            case Got::bytes:
                continue;
            case Got::late:
                return Failure{Refusal{Code::deadline, route}};
            // Half a request is none: what came is thrown away, whatever it would mean.
            case Got::closed:
                return Failure{Refusal{Code::bad_framing, route}};
        }
    }
}

// The one place where a fault of any room above becomes an answer; it never carries the fault's text.
Response Connection::handled(const Request& request, const Handler& handler) {
    const auto fault_response = [&](telemetry::Diagnostic type) {
        const auto incident = telemetry::new_incident();
        listener_.log.write(Level::error, "handler-fault",
                            {{"listener", listener_.settings.name},
                             {"route", request.route},
                             {"type", std::move(type)},
                             {"incident", incident}});
        return problem_response({.code = Code::internal, .incident = incident});
    };
    try {
        Response response = handler(request);
        // Rendered once to see that it can be, while a fault can still become an answer.
        static_cast<void>(answer_text({response.status, response.content_type, response.headers, {}, {}, {}},
                                      now_utc(), true, false));
        return response;
    } catch (const std::exception& fault) {
        return fault_response(type_of(fault));
    } catch (...) {
        return fault_response({"not a std::exception"});
    }
}

Connection::Next Connection::refuse(Wire& wire, const Refusal& refusal) {
    Problem problem{.code = refusal.code};
    // A 404 of ours must be the same bytes as a handler's, so it carries nothing of its own.
    if (refusal.code != Code::not_found) problem.incident = telemetry::new_incident();
    Response response = problem_response(problem);
    if (!refusal.allow.empty()) response.headers.push_back({"Allow", refusal.allow});
    const bool left = answer(wire, response, {refusal.route, steady_clock::now(), false, true});
    // Who was too slow already had its time; lingering would give a dripping sender more of it.
    if (left && refusal.code != Code::deadline) wire.linger();
    return Next::close;
}

bool Connection::answer(Wire& wire, const Response& response, const Manner& manner) {
    const bool left = wire.send(answer_text(response, now_utc(), manner.without_body, manner.close),
                                steady_clock::now() + listener_.settings.write_deadline);
    if (!left) listener_.metrics.answers_lost.add();
    listener_.metrics.answered(manner.route, response.status, response.refusal,
                               steady_clock::now() - manner.since);
    using telemetry::Value;
    const auto caller = peer_ ? contract::OrganisationId::parse(peer_->common_name) : std::nullopt;
    listener_.log.write(response.status >= 500 ? Level::error : Level::info, "request",
                        {{"listener", listener_.settings.name},
                         {"route", manner.route},
                         {"organisation", caller ? Value(*caller) : Value("-")},
                         {"status", response.status},
                         {"code", response.refusal ? Value(*response.refusal) : Value("-")},
                         {"incident", response.incident ? Value(*response.incident) : Value("-")}});
    return left;
}

}  // namespace kesher::edge
