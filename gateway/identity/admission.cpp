#include "gateway/identity/admission.h"

#include "gateway/identity/submissions.h"
#include "gateway/sequencer/witnessed_clock.h"
#include "schemas/json/object.h"
#include "schemas/json/read.h"
#include "schemas/json/writer.h"
#include "schemas/statement/hash.h"

namespace kesher::identity {
namespace {

using namespace contract;

constexpr auto kTokenLife = std::chrono::hours{24};
constexpr std::size_t kTokenBytes = 16;

std::string hub_facts(const Rooms& rooms) {
    json::Writer json;
    json.open_object()
        .text("signing", rooms.keys.signer().certificate().pem())
        .text("log", rooms.log_key.vkey())
        .open_array("witnesses");
    for (const sequencer::Witness& witness : sequencer::witnesses_of(*rooms.sequencer.registry())) {
        json.text(witness.key.vkey());
    }
    json.close().close();
    return json.take();
}

std::optional<EnrolmentRequest> read_enrolment(std::string_view body) {
    const auto value = json::read(body);
    if (!value) return std::nullopt;
    json::Object object(*value);
    const auto token = from_base64url(object.text("token"));
    EnrolmentRequest request{.token = {},
                             .request = statement::sha256(body),
                             .tls = std::string(object.text("tls")),
                             .root = std::string(object.text("root")),
                             .keys = std::string(object.text("keys")),
                             .witness = std::string(object.text("witness"))};
    if (!object.finish() || !token || token->size() != kTokenBytes) return std::nullopt;
    request.token = statement::sha256(*token);
    return request;
}

}  // namespace

OpenedCase open_case(const Rooms& rooms, const Caller& caller, SignedCaseOrder order) {
    const keys::ClaimCode code = keys::new_claim_code();
    NewCase fresh{{keys::new_case_id(), keys::new_subject_key(), keys::new_pseudonym()},
                  rooms.claim_codes.stored(code)};
    const auto open = std::make_shared<OpenCase>(caller, std::move(order), std::move(fresh), rooms.row_keys);
    OpenedCase opened{rooms.sequencer.run(open), {}, {}};
    if (opened.answer.code) return opened;
    opened.pseudonym = open->pseudonym()->reveal();
    if (open->first_time()) opened.claim_code = code.read_aloud();
    return opened;
}

RenewedCode renew_claim_code(const Rooms& rooms, const Caller& caller, const Pseudonym& named,
                             SignedClaimCodeOrder order) {
    RenewedCode renewed;
    auto secrets =
        case_behind(caller.id, named, {rooms.row_keys, rooms.sealed_store, rooms.readers, rooms.log_origin});
    const keys::ClaimCode code = keys::new_claim_code();
    renewed.answer = rooms.sequencer.run(std::make_shared<RenewClaimCode>(
        caller, named, std::move(order), std::move(secrets), rooms.claim_codes.stored(code), rooms.row_keys));
    if (!renewed.answer.code) renewed.claim_code = code.read_aloud();
    return renewed;
}

Token draw_token(const Rooms& rooms, const OrganisationId& organisation) {
    std::array<std::uint8_t, kTokenBytes> bits{};
    keys::fill_random(bits);
    const Instant expires_at = rooms.sequencer.now() + kTokenLife;
    json::Writer json;
    json.open_object()
        .text("hub", rooms.organisations_url)
        .text("enrolment", rooms.newcomers_url)
        .text("hub_name", rooms.hub_name)
        .text("ca_pin", base64url(rooms.keys.authority().pin().view()))
        .text("log", rooms.log_key.vkey())
        .text("organisation", organisation.text())
        .text("token", base64url(bits))
        .text("expires", text(expires_at))
        .close();
    return {statement::sha256(bits), expires_at, json.take()};
}

Enrolled enrol(const Rooms& rooms, std::string_view body) {
    // Where no token is outstanding the listener does not even say what it would take.
    if (!rooms.sequencer.registry()->token_outstanding(rooms.sequencer.now()))
        return {Code::not_found, false, {}};
    auto request = read_enrolment(body);
    if (!request) return {Code::statement_invalid, false, {}};
    const auto enrolment = std::make_shared<Enrol>(*std::move(request), rooms.keys.authority(),
                                                   rooms.hub_name, hub_facts(rooms));
    const sequencer::Answer answer = rooms.sequencer.run(enrolment);
    return {answer.code, answer.repeated, enrolment->answer()};
}

}  // namespace kesher::identity
