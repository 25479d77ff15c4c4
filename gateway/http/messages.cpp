#include "gateway/http/messages.h"

#include "schemas/codec/payload.h"
#include "schemas/codec/records.h"
#include "schemas/codec/schema.h"

namespace kesher::http {
namespace {

using namespace contract;

// Whether it is a withdrawal is known before the database is asked for anything.
edge::Response decide(const HubRooms& rooms, const identity::Caller& caller,
                      const codec::Submission& submission) {
    const identity::ReadingMeans means = rooms.identity.reading();
    auto incoming = identity::read_submission(submission, caller, means, rooms.sequencer().now());
    if (!incoming) return counted(rooms, caller, incoming.error());
    const bool ordinary = sequencer::lane_of(*incoming) == sequencer::Lane::ordinary;
    const auto place = ordinary ? rooms.calls.enter(caller.id) : std::nullopt;
    if (ordinary && !place) return refused(Code::busy);
    identity::find_subject(*incoming, submission, means);
    const auto request = std::make_shared<sequencer::MessageRequest>(
        *std::move(incoming), rooms.identity.row_keys, rooms.identity.refusals);
    return decided(rooms.sequencer().run(request));
}

// Each answer is an object already; its HTTP status stands beside it.
edge::Response decide_each(const HubRooms& rooms, const identity::Caller& caller,
                           const codec::SubmissionBatch& basket) {
    json::Writer json;
    json.open_array();
    for (const codec::Submission& submission : basket.submissions) {
        const edge::Response one = decide(rooms, caller, submission);
        json.open_object().number("status", one.status).raw("answer", one.body).close();
    }
    json.close();
    return edge::json_response(json.take());
}

bool is_of_one_case(const codec::SubmissionBatch& basket) {
    const auto pseudonym = [](const codec::Submission& submission) {
        return submission.case_opening ? submission.case_opening->pseudonym : std::nullopt;
    };
    for (const codec::Submission& submission : basket.submissions) {
        if (!pseudonym(submission) || pseudonym(submission) != pseudonym(basket.submissions.front())) {
            return false;
        }
    }
    return true;
}

}  // namespace

edge::Response post_messages(const HubRooms& rooms, const identity::Caller& caller,
                             const edge::Request& request) {
    const auto fingerprint = codec::read_fingerprint(request.body);
    if (fingerprint == codec::newest_schema("SubmissionBatch").fingerprint) {
        const auto basket = codec::decode<codec::SubmissionBatch>(request.body);
        if (!basket) return counted(rooms, caller, basket.error());
        if (!is_of_one_case(*basket)) return counted(rooms, caller, Code::payload_invalid);
        return decide_each(rooms, caller, *basket);
    }
    const auto submission = codec::decode<codec::Submission>(request.body);
    if (!submission) return counted(rooms, caller, submission.error());
    return decide(rooms, caller, *submission);
}

}  // namespace kesher::http
