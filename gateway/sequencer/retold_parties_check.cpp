// The rows of who takes part, held against what the leaves tell.
#include "gateway/sequencer/retold_parties.h"
#include "gateway/sequencer/tables_differ.h"
#include "schemas/statement/hash.h"

namespace kesher::sequencer {

using namespace contract;

namespace {

std::optional<Digest> digest_of(const std::optional<std::string>& text) {
    return text ? std::optional(statement::sha256(*text)) : std::nullopt;
}

template <class Rows, class Told, class KeyOf, class Check>
void match(std::string_view table, const Rows& rows, const Told& told, KeyOf key_of, Check check) {
    const auto each_row = [&](const auto& take) {
        for (const auto& row : rows) take(row);
    };
    match_each(table, each_row, told, key_of, check);
}

}  // namespace

void RetoldParties::require_same(const store::StoredRegistry& stored) const {
    require_organisations(stored.organisations);
    require_certificates(stored.certificates);
    auto key_lists = stored.past_key_lists;
    key_lists.insert(key_lists.end(), stored.key_lists.begin(), stored.key_lists.end());
    require_key_lists(key_lists);
    require_profiles(stored.profiles);
    require_officers(stored.officers);
    require_officer_documents(stored.officer_documents);
    require_acts(stored.agreement_acts);
    require_tokens(stored.tokens);
}

void RetoldParties::require_organisations(const std::vector<store::OrganisationRow>& rows) const {
    const auto id_of = [](const store::OrganisationRow& row) { return row.id; };
    match("organisation", rows, parties_, id_of, [](const store::OrganisationRow& row, const Party& told) {
        RowCheck("organisation", told.by)
            .holds("kind", row.kind == told.kind)
            .holds("status", row.status == told.status)
            .holds("root_spki", row.root_spki == told.root)
            .holds("root_pem", digest_of(row.root_pem) == told.root_certificate)
            .holds("witness", digest_of(row.witness) == told.witness)
            .holds("desk_of", !row.desk_of)  // no desk can be enrolled yet
            .holds("changed_idx", row.changed == told.by)
            .holds("keys_ended", row.keys_ended == told.keys_ended)
            .holds("confirmed", row.confirmed == told.confirmed)
            .holds("keys_from", row.keys_from == told.keys_from);
    });
}

void RetoldParties::require_certificates(const std::vector<store::TlsCertificateRow>& rows) const {
    const auto key_of = [](const store::TlsCertificateRow& row) { return row.fingerprint; };
    match("tls_certificate", rows, certificates_, key_of,
          [](const store::TlsCertificateRow& row, const Certificate& told) {
              RowCheck("tls_certificate", told.by)
                  .holds("organisation", row.organisation == told.organisation)
                  .holds("not_after", row.not_after == told.not_after)
                  .holds("ended", row.ended == told.ended);
          });
}

// All of them, also of those that are over: a row that is gone would let a stolen key come back.
void RetoldParties::require_key_lists(const std::vector<store::KeyListRow>& rows) const {
    const auto key_of = [](const store::KeyListRow& row) { return row.index; };
    match("key_list", rows, key_lists_, key_of, [](const store::KeyListRow& row, const KeyList& told) {
        RowCheck("key_list", told.by)
            .holds("organisation", row.organisation == told.organisation)
            .holds("serial", row.serial == told.serial)
            .holds("jws", statement::sha256(row.jws) == told.jws)
            .holds("idx", row.index == told.by);
    });
}

// Of each body the last one: older ones are read by nobody.
void RetoldParties::require_profiles(const std::vector<store::ProfileRow>& rows) const {
    const auto key_of = [](const store::ProfileRow& row) { return row.organisation; };
    match("profile", rows, profiles_, key_of, [](const store::ProfileRow& row, const Profile& told) {
        RowCheck("profile", told.by)
            .holds("keys", row.keys == told.keys)
            .holds("serial", row.serial == told.serial)
            .holds("jws", statement::sha256(row.jws) == told.jws)
            .holds("idx", row.index == told.by);
    });
}

void RetoldParties::require_officers(const std::vector<store::OfficerRow>& rows) const {
    const auto key_of = [](const store::OfficerRow& row) { return std::pair{row.organisation, row.id}; };
    match("officer", rows, officers_, key_of,
          [](const store::OfficerRow& row, const store::OfficerRow& told) {
              RowCheck("officer", told.index)
                  .holds("roles", row.roles == told.roles)
                  .holds("training_valid_until", row.training_valid_until == told.training_valid_until)
                  .holds("suspended", row.suspended == told.suspended)
                  .holds("idx", row.index == told.index)
                  .holds("signed_at", row.signed_at == told.signed_at)
                  .holds("document", row.document == told.document);
          });
}

// Of each officer the last document: an older one decides nothing.
void RetoldParties::require_officer_documents(const std::vector<store::OfficerDocumentRow>& rows) const {
    const auto key_of = [](const store::OfficerDocumentRow& row) {
        return std::pair{row.organisation, row.officer};
    };
    auto signed_ = officers_;
    std::erase_if(signed_, [](const auto& entry) { return !entry.second.document; });
    match("officer_document", rows, signed_, key_of,
          [](const store::OfficerDocumentRow& row, const store::OfficerRow& told) {
              RowCheck("officer_document", told.index)
                  .holds("jws", statement::sha256(row.jws) == told.document)
                  .holds("idx", row.index == told.index);
          });
}

void RetoldParties::require_acts(const std::vector<store::AgreementActRow>& rows) const {
    const auto key_of = [](const store::AgreementActRow& row) { return row.index; };
    match("agreement_act", rows, acts_, key_of, [](const store::AgreementActRow& row, const Act& told) {
        RowCheck("agreement_act", row.index)
            .holds("at", row.at == told.at)
            .holds("agreement", row.agreement == told.agreement)
            .holds("organisation", row.organisation == told.organisation)
            .holds("jws", statement::sha256(row.jws) == told.jws)
            .holds("certificate", digest_of(row.certificate) == told.certificate);
    });
}

void RetoldParties::require_tokens(const std::vector<store::TokenRow>& rows) const {
    const auto key_of = [](const store::TokenRow& row) { return row.digest; };
    match("enrolment_token", rows, tokens_, key_of, [](const store::TokenRow& row, const Token& told) {
        RowCheck("enrolment_token", told.by)
            .holds("organisation", row.organisation == told.organisation)
            .holds("expires_at", row.expires_at == told.expires_at)
            .holds("confirmed", row.confirmed == told.confirmed)
            .holds("request", row.request == told.request)
            .holds("answer", digest_of(row.answer) == told.answer)
            .holds("frozen", row.frozen == told.frozen);
    });
}

}  // namespace kesher::sequencer
