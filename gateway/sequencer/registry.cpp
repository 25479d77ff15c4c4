#include "gateway/sequencer/registry.h"

#include <algorithm>

#include "gateway/store/stored_words.h"

namespace kesher::sequencer {
namespace {

using namespace contract;

agreement::Terms terms_of(const statement::Agreement& document) {
    agreement::Terms terms{.pair = {document.first, document.second},
                           .roots = {document.first_root, document.second_root},
                           .types = {},
                           .purposes = {},
                           .groups = {},
                           .from = document.from,
                           .to = document.to};
    for (const MessageType type : document.types) terms.types.add(type);
    for (const Purpose purpose : document.purposes) terms.purposes.add(purpose);
    for (const DataGroup group : document.groups) terms.groups.add(group);
    return terms;
}

agreement::ActKind kind_of(statement::AgreementAct act) {
    switch (act) {
        case statement::AgreementAct::propose:
            return agreement::ActKind::propose;
        case statement::AgreementAct::approve:
            return agreement::ActKind::approve;
        case statement::AgreementAct::end:
            return agreement::ActKind::end;
    }
    return agreement::ActKind::end;
}

statement::Certificate stored_certificate(const std::string& pem, std::string_view column) {
    auto certificate = statement::Certificate::from_pem(pem);
    if (!certificate) store::refuse_stored(column);
    return *std::move(certificate);
}

using NamedKeys = std::map<Digest, std::int64_t>;

constexpr std::int64_t kUnderReplacedRoot = 0;  // below every serial: ended, however few lists were

void remember(Organisation& organisation, const std::vector<Digest>& keys, std::int64_t serial) {
    auto named = organisation.named_keys ? *organisation.named_keys : NamedKeys();
    for (const Digest& key : keys) {
        const auto [entry, fresh] = named.try_emplace(key, serial);
        entry->second = std::min(entry->second, serial);
    }
    organisation.named_keys = std::make_shared<const NamedKeys>(std::move(named));
    organisation.last_serial = std::max(organisation.last_serial, serial);
}

// Its root is no more: with another one the count of lists begins anew.
void end_named_keys(Organisation& organisation) {
    organisation.last_serial = 0;
    if (!organisation.named_keys) return;
    NamedKeys named = *organisation.named_keys;
    for (auto& [key, serial] : named) serial = kUnderReplacedRoot;
    organisation.named_keys = std::make_shared<const NamedKeys>(std::move(named));
}

}  // namespace

agreement::Act act_of(const statement::VerifiedAgreement& verified, const OrganisationId& by,
                      OrganisationStatus by_status) {
    const statement::Agreement& document = verified.agreement;
    return {.kind = kind_of(document.act),
            .id = document.id,
            .by = by,
            .by_status = by_status,
            .role = document.role,
            .approver = document.approver,
            .proposal = document.proposal.value_or(verified.document),
            .terms = terms_of(document)};
}

const statement::Profile* Organisation::profile(Instant at) const {
    if (!declared || !declared->verified || !keys) return nullptr;
    const statement::VerifiedProfile& said = *declared->verified;
    const bool vouched = keys->ring().find(said.certificate, at) != nullptr;
    return vouched && !said.has_run_out(at) ? &said.profile : nullptr;
}

bool Organisation::has_ended_key_of(const statement::KeyList& list) const {
    if (!named_keys) return false;
    const std::vector<Digest> asked = list.keys();
    return std::any_of(asked.begin(), asked.end(), [&](const Digest& key) {
        const auto named = named_keys->find(key);
        return named != named_keys->end() && named->second <= row.keys_ended;
    });
}

Registry Registry::from(const store::StoredRegistry& stored, const catalogue::Catalogue& catalogue,
                        std::string_view log_origin, Instant at) {
    Registry registry(catalogue);
    for (const auto& row : stored.organisations) registry.put(row);
    for (const auto& row : stored.certificates) registry.put(row);
    for (const auto& row : stored.officers) registry.put(row);
    for (const auto& row : stored.tokens) registry.put(row);
    for (const auto& row : stored.past_key_lists) registry.load_past_keys(row);
    for (const auto& row : stored.key_lists) registry.load_keys(row, at);
    for (const auto& row : stored.profiles) registry.load_profile(row, log_origin, at);
    for (const auto& row : stored.agreement_acts) registry.load_act(row);
    return registry;
}

void Registry::load_keys(const store::KeyListRow& row, Instant at) {
    const Organisation* organisation = find(row.organisation);
    if (organisation == nullptr) store::refuse_stored("key_list.organisation");
    const bool over = row.index < organisation->row.keys_from || row.serial <= organisation->row.keys_ended;
    if (over) return load_past_keys(row);
    if (!organisation->root) store::refuse_stored("key_list.organisation");
    auto keys = statement::verify_key_list(
        row.jws, *organisation->root,
        {row.organisation, organisation->root->key().spki_sha256(), row.serial, at});
    if (keys) {
        put_keys(row.organisation, *std::move(keys), row.jws, row.index);
    } else if (keys.error() == Code::key_unpinned) {
        load_past_keys(row);
    } else {
        store::refuse_stored("key_list.jws");
    }
}

void Registry::load_past_keys(const store::KeyListRow& row) {
    const auto found = organisations_.find(row.organisation);
    if (found == organisations_.end()) store::refuse_stored("key_list.organisation");
    Organisation& organisation = found->second;
    if (row.index < organisation.row.keys_from) {
        const auto keys = statement::unverified_keys_of(row.jws);
        if (!keys) store::refuse_stored("key_list.jws");
        return remember(organisation, *keys, kUnderReplacedRoot);
    }
    if (!organisation.root) store::refuse_stored("key_list.organisation");
    const auto list = statement::verify_past_key_list(row.jws, *organisation.root);
    if (!list || list->organisation != row.organisation) store::refuse_stored("key_list.jws");
    if (list->serial != row.serial) store::refuse_stored("key_list.serial");
    remember(organisation, list->keys(), list->serial);
}

void Registry::load_profile(const store::ProfileRow& row, std::string_view log_origin, Instant at) {
    const Organisation* organisation = find(row.organisation);
    if (organisation == nullptr) store::refuse_stored("profile.organisation");
    if (row.index < organisation->row.keys_from) return;
    Declared declared{{row.keys, row.serial}, row.jws, std::nullopt};
    if (organisation->keys) {
        auto verified = statement::verify_profile(row.jws, {log_origin, *organisation->keys, at, true});
        // Keys that were renewed or have run out since are no fault; anything else is.
        if (!verified && verified.error() != Code::certificate_unknown) store::refuse_stored("profile.jws");
        if (verified && verified->profile.place != declared.place) store::refuse_stored("profile.serial");
        if (verified) declared.verified = *std::move(verified);
    }
    put_profile(row.organisation, std::move(declared));
}

void Registry::load_act(const store::AgreementActRow& row) {
    const Organisation* body = find(row.organisation);
    if (body == nullptr || !body->root) store::refuse_stored("agreement_act.organisation");
    std::optional<statement::Certificate> approver;
    if (row.certificate) approver = stored_certificate(*row.certificate, "agreement_act.certificate");
    const auto verified =
        statement::verify_agreement(row.jws, row.organisation, *body->root, approver, row.at);
    if (!verified) store::refuse_stored("agreement_act.jws");
    std::optional<agreement::Agreement> current;
    if (const auto found = agreements_.find(row.agreement); found != agreements_.end()) {
        current = found->second;
    }
    auto next = agreement::decide_act(
        current, act_of(*verified, row.organisation, OrganisationStatus::active), row.at);
    if (!next) store::refuse_stored("agreement_act.jws");
    put_agreement(*std::move(next));
}

const Organisation* Registry::find(const OrganisationId& id) const {
    const auto found = organisations_.find(id);
    return found == organisations_.end() ? nullptr : &found->second;
}

std::optional<OrganisationId> Registry::owner_of(const Digest& certificate) const {
    const auto found = certificates_.find(certificate);
    if (found == certificates_.end() || found->second.ended) return std::nullopt;
    return found->second.organisation;
}

std::vector<store::TlsCertificateRow> Registry::certificates_of(const OrganisationId& id) const {
    std::vector<store::TlsCertificateRow> living;
    for (const auto& [fingerprint, row] : certificates_) {
        if (row.organisation == id && !row.ended) living.push_back(row);
    }
    return living;
}

std::vector<store::TokenRow> Registry::tokens_of(const OrganisationId& id) const {
    std::vector<store::TokenRow> living;
    for (const auto& [digest, token] : tokens_) {
        if (token.organisation == id && !token.frozen) living.push_back(token);
    }
    return living;
}

const store::OfficerRow* Registry::officer(const OrganisationId& organisation, const OfficerId& id) const {
    const auto found = officers_.find({organisation, id});
    return found == officers_.end() ? nullptr : &found->second;
}

std::size_t Registry::officer_count(const OrganisationId& organisation) const {
    return static_cast<std::size_t>(std::count_if(officers_.begin(), officers_.end(), [&](const auto& entry) {
        return entry.first.first == organisation;
    }));
}

std::vector<store::OfficerRow> Registry::officers_of(const OrganisationId& organisation) const {
    std::vector<store::OfficerRow> own;
    for (const auto& [key, row] : officers_) {
        if (key.first == organisation) own.push_back(row);
    }
    return own;
}

const store::TokenRow* Registry::token(const Digest& digest) const {
    const auto found = tokens_.find(digest);
    return found == tokens_.end() ? nullptr : &found->second;
}

bool Registry::token_outstanding(Instant at) const {
    for (const auto& [digest, token] : tokens_) {
        if (!token.frozen && at < token.expires_at) return true;
    }
    return false;
}

bool Registry::offers(const OrganisationId& id, Service service) const {
    return catalogue_->offers(id, service);
}

void Registry::put(store::OrganisationRow row) {
    const auto traits = catalogue_->organisation_traits(row.id);
    if (!traits) store::refuse_stored("organisation.id");
    const auto [entry, fresh] = organisations_.try_emplace(
        row.id, Organisation{row, std::nullopt, std::nullopt, std::string(), *traits, std::nullopt});
    entry->second.row = row;
    entry->second.root = std::nullopt;
    if (row.root_pem) entry->second.root = stored_certificate(*row.root_pem, "organisation.root_pem");
    if (!row.root_pem) {
        entry->second.declared.reset();
        end_named_keys(entry->second);
    }
    if (entry->second.keys && (!row.root_pem || entry->second.keys->serial <= row.keys_ended)) {
        entry->second.keys.reset();
        entry->second.key_list.clear();
    }
}

void Registry::put(store::OfficerRow row) {
    const std::pair key{row.organisation, row.id};
    officers_.insert_or_assign(key, std::move(row));
}

void Registry::put(store::TlsCertificateRow row) {
    const Digest fingerprint = row.fingerprint;
    certificates_.insert_or_assign(fingerprint, std::move(row));
}

void Registry::put(store::TokenRow row) {
    const Digest digest = row.digest;
    tokens_.insert_or_assign(digest, std::move(row));
}

void Registry::put_keys(const OrganisationId& id, statement::KeyList keys, std::string jws, LeafIndex leaf) {
    Organisation& organisation = organisations_.at(id);
    organisation.keys_leaf = leaf;
    remember(organisation, keys.keys(), keys.serial);
    organisation.keys = std::move(keys);
    organisation.key_list = std::move(jws);
}

void Registry::put_profile(const OrganisationId& id, Declared declared) {
    organisations_.at(id).declared = std::move(declared);
}

void Registry::put_agreement(agreement::Agreement agreement) {
    const AgreementId id = agreement.id;
    agreements_.insert_or_assign(id, std::move(agreement));
    agreement_list_.clear();
    for (const auto& [key, each] : agreements_) agreement_list_.push_back(each);
}

}  // namespace kesher::sequencer
