// One organisation's own key directory, and what its enrolment pinned.
//
//   root.pem                         certificate of the organisation's own root (its key stays offline)
//   signing.key signing.pem          statements and acknowledgements
//   encryption*.key encryption*.pem  the current one, and older ones (encryption-<name>.*) until destroyed
//   keys.jws                         the key list, signed by the root
//   tls.key tls.pem                  tls.pem is the hub's answer to tls.csr
//   witness.key                      Ed25519, PKCS#8: cosigns checkpoints as `<hub>/witness/<organisation>`
//   alias.key                        32 random bytes: names of native records (aliases.h)
//   hub.json                         what enrolment answered (HubPins)
// Private files are readable by their owner alone, or refused (schemas/statement/key_file.h).
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
    [[nodiscard]] const statement::Secret& alias_key() const { return alias_; }
    [[nodiscard]] log::NoteSigner witness(const std::string& hub_name) const;

private:
    OrganisationKeys(contract::OrganisationId organisation, statement::Certificate root,
                     statement::Signer signer)
        : organisation_(std::move(organisation)), root_(std::move(root)), signer_(std::move(signer)) {}
    contract::OrganisationId organisation_;
    statement::Certificate root_;
    statement::Signer signer_;
    statement::OpeningKeys opening_;
    std::string key_list_;
    statement::Secret alias_;
    statement::Secret witness_seed_;
};

// After enrolment.
[[nodiscard]] Usable<HubPins> open_hub_pins(const std::filesystem::path& directory);
[[nodiscard]] Usable<edge::TlsIdentity> open_tls_identity(const std::filesystem::path& directory);

// Makes witness.key and alias.key where they are missing; what is there is left alone.
[[nodiscard]] Usable<contract::Done> make_own_secrets(const std::filesystem::path& directory,
                                                      const statement::Protection& protection);

// The answer of POST /v1/enrolment becomes tls.pem and hub.json; both are written whole or not at all.
// Refused where the answer's log key is not the one that came with the token, or tls.pem is another key's.
struct EnrolmentAnswer {
    std::string json;
    std::string hub_name;
    std::string url;
    log::NoteKey log;  // from the token file
};
[[nodiscard]] Usable<HubPins> save_enrolment(const std::filesystem::path& directory,
                                             const EnrolmentAnswer& answer);

}  // namespace kesher::kit
