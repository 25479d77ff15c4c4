#include "tests/store/sequencer/body.h"

#include "audit/log/note.h"
#include "schemas/statement/hash.h"
#include "schemas/statement/key_list.h"

namespace kesher::tests {

using namespace contract;
using statement::PrivateKey;

namespace {

constexpr auto kLife = std::chrono::days{60};

statement::Validity validity(Instant at, std::chrono::days life = kLife) {
    return {at - std::chrono::hours{1}, at + life};
}

statement::Issuer make_root(const OrganisationId& id, Instant at) {
    const PrivateKey key = PrivateKey::generate(statement::KeyKind::p256);
    return statement::Issuer::make(key,
                                   statement::issue_root(key, id, validity(at, std::chrono::days{3'650})))
        .value();
}

statement::Signer make_signing(const statement::Issuer& root, const OrganisationId& id, Instant at) {
    const PrivateKey key = PrivateKey::generate(statement::KeyKind::p256);
    return statement::Signer::make(key,
                                   root.issue(key.public_key(), id, statement::Use::signing, validity(at)))
        .value();
}

}  // namespace

Body::Body(OrganisationId id, OrganisationKind kind, Instant at)
    : id_(std::move(id)),
      kind_(kind),
      root_(make_root(id_, at)),
      signing_(make_signing(root_, id_, at)),
      sealing_key_(PrivateKey::generate(statement::KeyKind::p256)),
      sealing_certificate_(
          root_.issue(sealing_key_.public_key(), id_, statement::Use::encryption, validity(at))),
      witness_seed_(statement::random_bytes<32>()) {}

log::NoteSigner Body::witness(const std::string& hub) const {
    return log::NoteSigner::from_seed(hub + "/witness/" + id_.text(), log::NoteKeyType::cosignature,
                                      witness_seed_)
        .value();
}

const Digest& Body::root_pin() const { return root_.root().key().spki_sha256(); }

identity::EnrolmentRequest Body::enrolment(const Digest& token, const std::string& hub, Instant at,
                                           std::int64_t serial) const {
    const statement::KeyList list{id_,
                                  serial,
                                  {signing_.certificate()},
                                  {sealing_certificate_},
                                  std::chrono::floor<std::chrono::seconds>(at + kLife)};
    const auto root_signer = statement::Signer::make(root_.key(), root_.root()).value();
    identity::EnrolmentRequest request{
        .token = token,
        .request = token,
        .tls = statement::make_request(PrivateKey::generate(statement::KeyKind::p256), id_),
        .root = root_.root().pem(),
        .keys = statement::sign_key_list(list, root_signer, day_of(at)),
        .witness = witness(hub).key().vkey()};
    request.request = statement::sha256(request.tls + request.root + request.keys + request.witness);
    return request;
}

statement::AgreementDocument Body::sign(const statement::Agreement& agreement, Instant at) const {
    const auto root_signer = statement::Signer::make(root_.key(), root_.root()).value();
    return {statement::sign_agreement(agreement, root_signer, day_of(at)), std::nullopt};
}

codec::Submission Body::sign(const Message& message) const {
    return {.statement = statement::sign_statement(message.says, signing_, message.iat),
            .payload = message.payload,
            .actor = message.actor,
            .case_opening = message.case_opening};
}

std::string Body::sign(const statement::Acks& acks, Instant at) const {
    return statement::sign_acks(acks, signing_, day_of(at));
}

}  // namespace kesher::tests
