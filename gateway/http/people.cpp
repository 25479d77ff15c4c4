#include "gateway/http/people.h"

#include <set>

#include "audit/log/decimal.h"
#include "gateway/insight/access.h"
#include "gateway/insight/agenda.h"
#include "gateway/insight/board.h"

namespace kesher::http {
namespace {

using namespace contract;

// Every name known and once, every value of its form; none else.
std::optional<insight::AccessQuestion> read_question(const edge::Request& request) {
    insight::AccessQuestion question;
    std::set<std::string> seen;
    for (const auto& [name, value] : request.query) {
        if (!seen.insert(name).second) return std::nullopt;
        bool holds = false;
        if (name == "officer") {
            question.officer = OfficerId::parse(value);
            holds = question.officer.has_value();
        } else if (name == "org") {
            question.org = OrganisationId::parse(value);
            holds = question.org.has_value();
        } else if (name == "subject") {
            question.subject = Pseudonym::parse(value);
            holds = question.subject.has_value();
        } else if (name == "before") {
            const auto index = log::parse_decimal(value);
            if (index) question.before = LeafIndex{*index};
            holds = index.has_value();
        }
        if (!holds) return std::nullopt;
    }
    return question;
}

}  // namespace

edge::Response get_board(const HubRooms& rooms, const identity::Caller& caller, const edge::Request&) {
    return read_response(insight::board(rooms.insight, reader_of(caller)));
}

edge::Response get_agenda(const HubRooms& rooms, const identity::Caller& caller, const edge::Request&) {
    return read_response(insight::agenda(rooms.insight, reader_of(caller), caller.organisation().row.kind));
}

edge::Response get_access(const HubRooms& rooms, const identity::Caller& caller,
                          const edge::Request& request) {
    const auto question = read_question(request);
    if (!question) return refused(Code::statement_invalid);
    return read_response(insight::access(rooms.insight, reader_of(caller), *question));
}

}  // namespace kesher::http
