// Who takes part, in memory: organisations with their roots and key lists, officers, agreements, tokens.
//
// Only the sequencer changes it; every other thread reads an immutable copy that is replaced after the
// commit. So a suspension counts from its leaf on, for every connection, resumed sessions included.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <vector>

#include "config/catalogue/catalogue.h"
#include "gateway/agreement/agreement.h"
#include "gateway/store/organisations.h"
#include "schemas/contract/ids.h"
#include "schemas/statement/agreement_jws.h"
#include "schemas/statement/key_list.h"
#include "schemas/statement/profile.h"

namespace kesher::sequencer {

// What an organisation declared of its adapter: the newest, and what it says where that could be verified
// when it came or when the hub started.
struct Declared {
    statement::ProfilePlace place;
    std::string jws;
    std::optional<statement::VerifiedProfile> verified;
};

struct Organisation {
    store::OrganisationRow row;
    std::optional<statement::Certificate> root;  // none until enrolled
    std::optional<statement::KeyList> keys;      // the newest
    std::string key_list;                        // as its root signed it
    catalogue::OrganisationTraits traits;
    std::optional<Declared> declared{};
    contract::LeafIndex keys_leaf{};  // of the list's publication
    // Of the lists published under its present root the last one's, run out and ended ones too; 0: none yet.
    std::int64_t last_serial = 0;
    // Of each key that a list of its ever named (SPKI SHA-256), the lowest serial that did; 0 where that was
    // under a root that was replaced. Never changed, so that the registry's copies share it; null: none yet.
    std::shared_ptr<const std::map<contract::Digest, std::int64_t>> named_keys{};

    // What it declared, while a key of its current list vouches for it and its time has not run out; null
    // where it reads and honours nothing that anybody could rely on.
    [[nodiscard]] const statement::Profile* profile(contract::Instant at) const;
    // Whether a list that was ended before its time, or whose root was replaced, named a key of this one.
    // Such a key is over for good, whatever certificate it comes back under and whoever signs that.
    [[nodiscard]] bool has_ended_key_of(const statement::KeyList& list) const;
};

class Registry {
public:
    explicit Registry(const catalogue::Catalogue& catalogue) : catalogue_(&catalogue) {}

    // Throws store::DatabaseCorrupt for a document that was changed. A key list that has run out since is
    // left away: its organisation has no keys until it publishes a new one. What it and the lists before it
    // named is known as it was before the start.
    [[nodiscard]] static Registry from(const store::StoredRegistry& stored,
                                       const catalogue::Catalogue& catalogue, std::string_view log_origin,
                                       contract::Instant at);

    [[nodiscard]] const Organisation* find(const contract::OrganisationId& id) const;
    [[nodiscard]] const std::map<contract::OrganisationId, Organisation>& organisations() const {
        return organisations_;
    }
    // Whose living TLS certificate this is; nothing for an ended or unknown one.
    [[nodiscard]] std::optional<contract::OrganisationId> owner_of(const contract::Digest& certificate) const;
    // Its TLS certificates that have not been ended, run out or not.
    [[nodiscard]] std::vector<store::TlsCertificateRow> certificates_of(
        const contract::OrganisationId& id) const;
    // Its tokens that are not frozen, used or not.
    [[nodiscard]] std::vector<store::TokenRow> tokens_of(const contract::OrganisationId& id) const;
    [[nodiscard]] const store::OfficerRow* officer(const contract::OrganisationId& organisation,
                                                   const contract::OfficerId& id) const;
    [[nodiscard]] std::size_t officer_count(const contract::OrganisationId& organisation) const;
    [[nodiscard]] std::vector<store::OfficerRow> officers_of(
        const contract::OrganisationId& organisation) const;
    [[nodiscard]] const std::map<contract::AgreementId, agreement::Agreement>& agreements() const {
        return agreements_;
    }
    // For agreement::find_agreement.
    [[nodiscard]] const std::vector<agreement::Agreement>& agreement_list() const { return agreement_list_; }
    [[nodiscard]] const store::TokenRow* token(const contract::Digest& digest) const;
    [[nodiscard]] bool token_outstanding(contract::Instant at) const;
    // Whether the catalogue names it as an owner of the service.
    [[nodiscard]] bool offers(const contract::OrganisationId& id, contract::Service service) const;
    [[nodiscard]] const catalogue::Catalogue& catalogue() const { return *catalogue_; }

    // The sequencer's own. An organisation whose row ends its key list has no keys from then on; with a root
    // that is taken away go the keys that its lists named.
    void put(store::OrganisationRow row);
    void put(store::OfficerRow row);
    void put(store::TlsCertificateRow row);
    void put(store::TokenRow row);
    void put_keys(const contract::OrganisationId& id, statement::KeyList keys, std::string jws,
                  contract::LeafIndex leaf);
    void put_profile(const contract::OrganisationId& id, Declared declared);
    void put_agreement(agreement::Agreement agreement);

private:
    void load_keys(const store::KeyListRow& row, contract::Instant at);
    void load_past_keys(const store::KeyListRow& row);
    void load_profile(const store::ProfileRow& row, std::string_view log_origin, contract::Instant at);
    void load_act(const store::AgreementActRow& row);

    const catalogue::Catalogue* catalogue_;
    std::map<contract::OrganisationId, Organisation> organisations_;
    std::map<contract::Digest, store::TlsCertificateRow> certificates_;
    std::map<std::pair<contract::OrganisationId, contract::OfficerId>, store::OfficerRow> officers_;
    std::map<contract::AgreementId, agreement::Agreement> agreements_;
    std::vector<agreement::Agreement> agreement_list_;
    std::map<contract::Digest, store::TokenRow> tokens_;
};

// The signed document as the rules take it.
[[nodiscard]] agreement::Act act_of(const statement::VerifiedAgreement& verified,
                                    const contract::OrganisationId& by,
                                    contract::OrganisationStatus by_status);

}  // namespace kesher::sequencer
