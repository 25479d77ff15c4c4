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

void Body::draw_keys(Instant at) {
    signing_ = make_signing(root_, id_, at);
    sealing_key_ = PrivateKey::generate(statement::KeyKind::p256);
    sealing_certificate_ = certify(sealing_key_.public_key(), statement::Use::encryption, at);
}

void Body::renew_root_certificate(Instant at) {
    const PrivateKey key = root_.key();
    root_ =
        statement::Issuer::make(key, statement::issue_root(key, id_, validity(at, std::chrono::days{3'650})))
            .value();
}

statement::Certificate Body::certify(const statement::PublicKey& key, statement::Use use, Instant at) const {
    return root_.issue(key, id_, use, validity(at));
}

std::string Body::key_list(std::int64_t serial, std::vector<statement::Certificate> signing,
                           std::vector<statement::Certificate> encryption, Instant at) const {
    const statement::KeyList list{id_, serial, std::move(signing), std::move(encryption),
                                  std::chrono::floor<std::chrono::seconds>(at + kLife)};
    const auto root_signer = statement::Signer::make(root_.key(), root_.root()).value();
    return statement::sign_key_list(list, root_signer, day_of(at));
}

identity::EnrolmentRequest Body::enrolment(const Digest& token, const std::string& hub, Instant at,
                                           std::int64_t serial) const {
    identity::EnrolmentRequest request{
        .token = token,
        .request = token,
        .tls = statement::make_request(PrivateKey::generate(statement::KeyKind::p256), id_),
        .root = root_.root().pem(),
        .keys = key_list(serial, {signing_.certificate()}, {sealing_certificate_}, at),
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
