#include "gateway/http/reading.h"

#include <set>

#include "audit/log/decimal.h"
#include "gateway/insight/reading.h"
#include "schemas/contract/shares.h"

namespace kesher::http {
using namespace contract;

namespace {

// `limit` and `after`, each at most once, and nothing else.
std::optional<insight::CasesPage> read_page(const edge::Request& request) {
    insight::CasesPage page;
    std::set<std::string> seen;
    for (const auto& [name, value] : request.query) {
        if (!seen.insert(name).second) return std::nullopt;
        if (name == "after") {
            page.after = value;
        } else if (name == "limit") {
            const auto limit = log::parse_decimal(value);
            if (!limit || *limit == 0 || *limit > limits::kCasesPageMax) return std::nullopt;
            page.limit = *limit;
        } else {
            return std::nullopt;
        }
    }
    return page;
}

}  // namespace

edge::Response get_cases(const HubRooms& rooms, const identity::Caller& caller,
                         const edge::Request& request) {
    const auto page = read_page(request);
    if (!page) return refused(Code::statement_invalid);
    return read_response(insight::cases(rooms.insight, reader_of(caller), *page));
}

edge::Response get_case(const HubRooms& rooms, const identity::Caller& caller, const edge::Request& request) {
    const auto pseudonym = Pseudonym::parse(request.capture("pseudonym"));
    if (!pseudonym) return refused(Code::not_found);
    return read_response(insight::one_case(rooms.insight, reader_of(caller), *pseudonym));
}

edge::Response get_message(const HubRooms& rooms, const identity::Caller& caller,
                           const edge::Request& request) {
    const auto id = MessageId::parse(request.capture("id"));
    if (!id) return refused(Code::not_found);
    return read_response(insight::message(rooms.insight, reader_of(caller), *id));
}

edge::Response get_referral(const HubRooms& rooms, const identity::Caller& caller,
                            const edge::Request& request) {
    const auto id = ReferralId::parse(request.capture("id"));
    if (!id) return refused(Code::not_found);
    return read_response(insight::referral(rooms.insight, reader_of(caller), *id));
}

}  // namespace kesher::http
