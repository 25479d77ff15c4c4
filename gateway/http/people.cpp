#include "gateway/http/people.h"

#include <set>

#include "audit/log/decimal.h"
#include "gateway/council/feed.h"
#include "gateway/insight/access.h"
#include "gateway/insight/agenda.h"
#include "gateway/insight/board.h"
#include "schemas/statement/hash.h"

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

using LocalMinutes = std::chrono::local_time<std::chrono::minutes>;

// 2026-12-01T09:30, a time that a clock can show.
std::optional<LocalMinutes> read_start(std::string_view text) {
    if (text.size() != 16 || text[10] != 'T' || text[13] != ':') return std::nullopt;
    const auto day = parse_day(text.substr(0, 10));
    const auto two = [&](std::size_t at, unsigned below) -> std::optional<unsigned> {
        const auto digit = [&](std::size_t i) { return static_cast<unsigned>(text[i] - '0'); };
        if (digit(at) > 9 || digit(at + 1) > 9) return std::nullopt;
        const unsigned value = digit(at) * 10 + digit(at + 1);
        return value < below ? std::optional(value) : std::nullopt;
    };
    const auto hours = two(11, 24);
    const auto minutes = two(14, 60);
    if (!day || !hours || !minutes) return std::nullopt;
    return LocalMinutes{day->time_since_epoch()} + std::chrono::hours{*hours} +
           std::chrono::minutes{*minutes};
}

std::optional<std::chrono::minutes> read_duration(std::string_view text) {
    const auto minutes = log::parse_decimal(text);
    if (!minutes || *minutes < 5 || *minutes > 720) return std::nullopt;
    return std::chrono::minutes{static_cast<std::int64_t>(*minutes)};
}

// The same meeting of the same body has the same number, so that a calendar takes it once.
std::string uid_of(const OrganisationId& body, std::string_view start) {
    const Digest digest = statement::sha256(
        {bytes_of("kesher.meeting.v1"), bytes_of(body.text()), bytes_of(" "), bytes_of(start)});
    std::array<std::uint8_t, 16> bits{};
    std::copy_n(digest.bytes.begin(), bits.size(), bits.begin());
    return RequestId::of_random(bits).text();
}

}  // namespace

edge::Response get_agenda_meeting(const HubRooms& rooms, const identity::Caller& caller,
                                  const edge::Request& request) {
    const auto start = request.query_value("start");
    const auto minutes = request.query_value("minutes");
    if (!start || !minutes || request.query.size() != 2) return refused(Code::statement_invalid);
    const auto at = read_start(*start);
    const auto duration = read_duration(*minutes);
    if (!at || !duration) return refused(Code::statement_invalid);
    const council::FeedMeeting meeting{.uid = uid_of(caller.id, *start),
                                       .changed_at = rooms.sequencer().now(),
                                       .start = *at,
                                       .duration = *duration,
                                       .url = "https://" + rooms.identity.hub_name + "/"};
    json::Writer json;
    json.open_object().text("ics", council::feed(std::span(&meeting, 1))).close();
    return edge::json_response(json.take());
}

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
