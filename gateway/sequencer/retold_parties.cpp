#include "gateway/sequencer/retold_parties.h"

namespace kesher::sequencer {

using namespace contract;

void RetoldParties::take(const Said& said) {
    const log::RecordEvent event = said.record().event;
    // The one refusal that changes something: a token that two have used is over.
    if (!said.permits() && !said.has("frozen")) return;
    if (event == log::RecordEvent::organisation) take_organisation(said);
    if (event == log::RecordEvent::keys) take_keys(said);
    if (event == log::RecordEvent::officer) take_officer(said);
    if (event == log::RecordEvent::agreement) take_act(said);
}

RetoldParties::Token& RetoldParties::token(const Said& said) {
    const auto found = tokens_.find(said.digest("token"));
    if (found == tokens_.end()) said.lacks("token");
    return found->second;
}

void RetoldParties::take_organisation(const Said& said) {
    if (said.operation() == "profile") return take_profile(said);
    const auto id = said.parsed<OrganisationId>("organisation");
    if (said.operation() == "add") take_addition(said, id);
    Party& party = parties_[id];
    party.kind = said.one_of(kOrganisationKinds, "kind");
    party.status = said.one_of(kOrganisationStatuses, "status");
    party.root = said.maybe_digest("root");
    party.by = said.index();
    // Who is made active had its root compared.
    if (said.operation() == "status" && party.status == OrganisationStatus::active) party.confirmed = true;
    if (said.operation() != "enrol") return;
    if (said.permits()) return take_enrolment(said, id);
    Token& copied = token(said);
    copied.frozen = true;
    copied.by = said.index();
}

// Who was added without a root begins anew; what a root that was replaced has signed lies before this leaf.
void RetoldParties::take_addition(const Said& said, const OrganisationId& id) {
    Party& party = parties_[id];
    if (!said.has("root")) party = Party{.keys_from = party.keys_from};
    if (said.has("replaces")) party.keys_from = said.index();
    tokens_.insert_or_assign(said.digest("token"), Token{.organisation = id,
                                                         .expires_at = said.instant("token_expires"),
                                                         .confirmed = said.truth("confirmed"),
                                                         .by = said.index()});
}

void RetoldParties::take_profile(const Said& said) {
    profiles_.insert_or_assign(
        said.parsed<OrganisationId>("organisation"),
        Profile{said.integer("keys"), said.integer("serial"), said.digest("digest"), said.index()});
}

void RetoldParties::take_enrolment(const Said& said, const OrganisationId& id) {
    Party& party = parties_[id];
    party.root_certificate = said.digest("root_certificate");
    party.witness = said.digest("witness");
    key_lists_.emplace(said.index(), KeyList{id, said.integer("serial"), said.digest("keys"), said.index()});
    certificates_.insert_or_assign(said.digest("tls"),
                                   Certificate{id, said.instant("tls_until"), false, said.index()});
    Token& used = token(said);
    used.request = said.digest("request");
    used.answer = said.digest("answer");
    used.by = said.index();
    if (used.confirmed) party.confirmed = true;
}

void RetoldParties::take_keys(const Said& said) {
    const auto id = said.parsed<OrganisationId>("organisation");
    if (said.operation() == "publish") {
        key_lists_.emplace(said.index(),
                           KeyList{id, said.integer("serial"), said.digest("digest"), said.index()});
        return;
    }
    if (said.operation() != "end") return;
    Party& party = parties_[id];
    party.keys_ended = said.integer("serial");
    for (auto& [fingerprint, certificate] : certificates_) {
        if (certificate.organisation != id || certificate.ended) continue;
        certificate.ended = true;
        certificate.by = said.index();
    }
    for (auto& [digest, token] : tokens_) {
        if (token.organisation != id || token.frozen) continue;
        token.frozen = true;
        token.by = said.index();
    }
    if (!said.has("officers_suspended")) return;  // of a copied token, and in logs from before
    for (auto& [key, officer] : officers_) {
        if (key.first == id) officer.suspended = true;
    }
}

void RetoldParties::take_officer(const Said& said) {
    const OrganisationId body = said.needed(said.record().org, "org");
    const auto id = said.parsed<OfficerId>("officer");
    store::OfficerRow row{body,
                          id,
                          said.some_of(kOfficerRoles, "roles"),
                          said.day("training_valid_until"),
                          said.truth("suspended"),
                          said.index()};
    // Older logs hold entries that nobody had to sign.
    row.document = said.maybe_digest("document");
    if (row.document) row.signed_at = said.instant("signed_at");
    officers_.insert_or_assign(std::pair{body, id}, std::move(row));
}

void RetoldParties::take_act(const Said& said) {
    acts_.insert_or_assign(said.index(), Act{said.at(), said.needed(said.record().agreement, "agreement"),
                                             said.needed(said.record().org, "org"), said.digest("document"),
                                             said.maybe_digest("certificate")});
}

}  // namespace kesher::sequencer
