// One organisation's own key directory, and what its enrolment pinned.
//
//   root.pem                         certificate of the organisation's own root (its key stays offline)
//   signing*.key signing*.pem        of statements and acknowledgements
//   encryption*.key encryption*.pem  all that are not destroyed: what is sealed to any of them opens
//   keys.jws                         the key list, signed by the root
//   keys.next.jws                    the next one, while a rotation is under way
//   tls.key tls.pem                  tls.pem is the hub's answer to tls.csr
//   witness.key                      Ed25519, PKCS#8: cosigns checkpoints as `<hub>/witness/<organisation>`
//   alias.key                        32 random bytes: names of native records (aliases.h)
//   hub.json                         what enrolment answered (HubPins)
// keys.jws alone says which keys are in use, the ones that it names first: one rename changes over from some
// to others (key_rotation.h). Private files are readable by their owner alone, or refused
// (schemas/statement/key_file.h).
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "audit/log/note.h"
#include "gateway/edge/tls_material.h"
#include "schemas/contract/result.h"
#include "schemas/statement/jws.h"
#include "schemas/statement/key_file.h"
#include "schemas/statement/key_list.h"
#include "schemas/statement/key_ring.h"
#include "schemas/statement/seal.h"

namespace kesher::kit {

// A file that cannot be used, in one sentence for the operator: which file and why, never its content.
struct Unusable {
    std::string sentence;
};
template <class T>
using Usable = contract::Result<T, Unusable>;

// hub.json: {"v":1,"hub","url","ca","signing","log","witnesses":[vkey]}. Certificates as PEM, keys as vkey.
struct HubPins {
    std::string name;  // "hub.example": its log is `<name>/log` or `<name>/log/<n>`
    std::string url;   // of listener 8443
    std::string ca_pem;
    statement::Certificate signing;  // signs what the hub itself says
    log::NoteKey log;
    std::vector<log::NoteKey> witnesses{};

    [[nodiscard]] const std::string& log_origin() const { return log.name(); }
    [[nodiscard]] statement::KeyRing ring() const { return {contract::OrganisationId::hub(), {signing}}; }
};
[[nodiscard]] std::string write_hub_pins(const HubPins& pins);
[[nodiscard]] Usable<HubPins> read_hub_pins(std::string_view json);

class OrganisationKeys {
public:
    // All but hub.json and tls.pem, which there are only after enrolment.
    [[nodiscard]] static Usable<OrganisationKeys> open(const std::filesystem::path& directory,
                                                       const statement::Protection& protection);

    [[nodiscard]] const contract::OrganisationId& organisation() const { return organisation_; }
    [[nodiscard]] const statement::Certificate& root() const { return root_; }
    [[nodiscard]] const statement::Signer& signer() const { return signer_; }
    [[nodiscard]] const statement::OpeningKeys& opening() const { return opening_; }
    [[nodiscard]] const std::string& key_list() const { return key_list_; }  // the JWS
    // What it says, whether or not it has run out.
    [[nodiscard]] const statement::KeyList& list() const { return list_; }
    // The certificates of keys that signed before the one in use, as far as the list still names them.
    [[nodiscard]] std::vector<statement::Certificate> former() const {
        return {list_.signing.begin() + 1, list_.signing.end()};
    }
    [[nodiscard]] const statement::Secret& alias_key() const { return alias_; }
    [[nodiscard]] log::NoteSigner witness(const std::string& hub_name) const;

private:
    OrganisationKeys(statement::Certificate root, statement::KeyList list, statement::Signer signer)
        : organisation_(list.organisation),
          root_(std::move(root)),
          list_(std::move(list)),
          signer_(std::move(signer)) {}
    contract::OrganisationId organisation_;
    statement::Certificate root_;
    statement::KeyList list_;
    statement::Signer signer_;
    statement::OpeningKeys opening_;
    std::string key_list_;
    statement::Secret alias_;
    statement::Secret witness_seed_;
};

// Which of the directory's signing certificates, the former ones too, this document of ours names. Says
// nothing of its signature.
[[nodiscard]] std::optional<statement::Certificate> certificate_named(const std::filesystem::path& directory,
                                                                      std::string_view jws);

// After enrolment.
[[nodiscard]] Usable<HubPins> open_hub_pins(const std::filesystem::path& directory);
[[nodiscard]] Usable<edge::TlsIdentity> open_tls_identity(const std::filesystem::path& directory);

// Makes witness.key and alias.key where they are missing; what is there is left alone.
[[nodiscard]] Usable<contract::Done> make_own_secrets(const std::filesystem::path& directory,
                                                      const statement::Protection& protection);

// The answer of POST /v1/enrolment becomes tls.pem and then hub.json, each whole or not at all. Refused where
// the answer's log key is not the one that came with the token. Whether tls.pem is of tls.key, the first
// handshake shows.
struct EnrolmentAnswer {
    std::string json;
    std::string hub_name;
    std::string url;
    log::NoteKey log;  // from the token file
};
[[nodiscard]] Usable<HubPins> save_enrolment(const std::filesystem::path& directory,
                                             const EnrolmentAnswer& answer);

}  // namespace kesher::kit
