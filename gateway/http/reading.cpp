#include "gateway/http/reading.h"

#include "gateway/insight/reading.h"

namespace kesher::http {
using namespace contract;

edge::Response get_cases(const HubRooms& rooms, const identity::Caller& caller, const edge::Request&) {
    return read_response(insight::cases(rooms.insight, reader_of(caller)));
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
