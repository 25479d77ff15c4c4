#include "gateway/http/answers.h"

#include "schemas/json/read.h"

namespace kesher::http {

using namespace contract;

namespace {

edge::Response with_caller(const HubRooms& rooms, const edge::Request& request, const CallerHandler& handler,
                           bool operators_only) {
    if (!request.peer) return refused(Code::certificate_unknown);
    const auto caller = identity::identify(request.peer->fingerprint, rooms.sequencer().registry());
    if (!caller) return refused(caller.error());
    if (operators_only && caller->organisation().row.kind != OrganisationKind::operator_) {
        return refused(Code::not_found);
    }
    return handler(*caller, request);
}

edge::Handler guarded(const HubRooms& rooms, CallerHandler handler, bool operators_only) {
    return [&rooms, handler = std::move(handler), operators_only](const edge::Request& request) {
        try {
            return with_caller(rooms, request, handler, operators_only);
        } catch (const sequencer::StorageLost&) {
            return refused(Code::unavailable);
        }
    };
}

}  // namespace

edge::Handler for_organisations(const HubRooms& rooms, CallerHandler handler) {
    return guarded(rooms, std::move(handler), false);
}

edge::Handler for_operators(const HubRooms& rooms, CallerHandler handler) {
    return guarded(rooms, std::move(handler), true);
}

edge::Response refused(const sequencer::Answer& answer) {
    edge::Problem problem{.code = *answer.code};
    if (*answer.code == Code::not_found) return edge::problem_response(problem);
    problem.at = answer.at;
    if (answer.receipt) {
        problem.extra = {{"index", number(answer.receipt->index)},
                         {"leaf", answer.receipt->leaf},
                         {"receipt", answer.receipt->receipt}};
    }
    return edge::problem_response(problem);
}

edge::Response refused(Code code) { return edge::problem_response({.code = code}); }

edge::Response counted(const HubRooms& rooms, const identity::Caller& caller, Code code) {
    const contract::Instant at = rooms.sequencer().now();
    rooms.identity.refusals.add(caller.id, code, at);
    sequencer::Answer answer;
    answer.code = code;
    answer.at = at;
    return refused(answer);
}

void write_receipt(json::Writer& json, const sequencer::Answer& answer) {
    if (!answer.receipt) return;
    json.number("index", static_cast<std::int64_t>(number(answer.receipt->index)))
        .text("leaf", answer.receipt->leaf)
        .text("receipt", answer.receipt->receipt);
}

edge::Response decided(const sequencer::Answer& answer, const std::function<void(json::Writer&)>& more) {
    if (answer.code) return refused(answer);
    json::Writer json;
    json.open_object();
    if (more) more(json);
    write_receipt(json, answer);
    json.close();
    return edge::json_response(json.take(), answer.repeated ? 200 : 201);
}

insight::Reader reader_of(const identity::Caller& caller) {
    const bool auditor = caller.active() && caller.organisation().row.kind == OrganisationKind::auditor;
    return {caller.id, caller.certificate, auditor};
}

edge::Response read_response(insight::Read read) {
    if (!read) return refused(read.error());
    edge::Response response = edge::json_response(*std::move(read));
    response.headers.push_back({"Cache-Control", "no-store"});
    return response;
}

Result<json::Value, Code> read_body(const edge::Request& request) {
    auto value = json::read(request.text());
    if (!value) return Failure{Code::statement_invalid};
    return *std::move(value);
}

}  // namespace kesher::http
