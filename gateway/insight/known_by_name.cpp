#include "gateway/insight/known_by_name.h"

#include "gateway/sequencer/case_rows.h"
#include "gateway/sequencer/case_slots.h"
#include "gateway/store/stored_words.h"

namespace kesher::insight {
namespace {

using namespace contract;

// The referral, where it is the body's: of this name, or of another that it has for her.
enum class Whose { this_name, another_name, nobody };
Whose whose(const store::ReferralRow& row, const OrganisationId& body, const keys::CaseSecrets& name,
            const keys::SealedStore& sealed) {
    const referral::Referral& referral = row.referral;
    const auto is_name = [&](const keys::CaseSecrets& each) { return each.pseudonym == name.pseudonym; };
    if (referral.referrer == body) {
        return is_name(sequencer::referrer_of(sealed, row)) ? Whose::this_name : Whose::another_name;
    }
    if (referral.recipient != body) return Whose::nobody;
    const auto recipient = sequencer::recipient_of(sealed, row);
    if (!recipient) return Whose::nobody;  // it was handed nothing yet
    return is_name(*recipient) ? Whose::this_name : Whose::another_name;
}

// What stands under this name and, of consents, what stands under another of the body's.
void add_referrals(KnownByName& known, std::set<ConsentId>& of_others,
                   std::span<const store::ReferralRow> rows, const OrganisationId& body,
                   const keys::CaseSecrets& name, const keys::SealedStore& sealed) {
    for (const store::ReferralRow& row : rows) {
        const referral::Referral& referral = row.referral;
        const Whose side = whose(row, body, name, sealed);
        if (side == Whose::nobody) continue;
        if (side == Whose::another_name) {
            if (referral.terms.consent) of_others.insert(*referral.terms.consent);
            continue;
        }
        if (referral.recipient == body) known.handed = referral.id;
        known.referrals.insert(referral.id);
        if (referral.terms.consent) known.consents.insert(*referral.terms.consent);
    }
}

}  // namespace

std::optional<KnownByName> known_by_name(const Rooms& rooms, const OrganisationId& body,
                                         const Pseudonym& name) {
    return rooms.readers.look([&](store::Connection& connection) -> std::optional<KnownByName> {
        const keys::SealedStore& sealed = rooms.sealed_store;
        const auto row = store::pseudonym(connection, body, rooms.row_keys.lookup(body, name));
        if (!row) return std::nullopt;
        const auto secrets = sealed.open_case(row->organisation, row->lookup, row->sealed);
        if (!secrets) store::refuse_stored("pseudonym.sealed");
        KnownByName known{.subject_key = secrets->subject_key};
        const Digest key = rooms.row_keys.case_key(secrets->case_id);
        const auto files = store::cases(connection, std::span(&key, 1));
        if (files.empty()) return known;
        const store::CaseRow& file = files.front();
        known.opener = file.opened_by == body && sequencer::case_of(sealed, file).pseudonym == name;
        const CaseId& id = secrets->case_id;
        std::set<ConsentId> of_others;
        add_referrals(known, of_others, sequencer::referrals_of_case(connection, rooms.row_keys, id), body,
                      *secrets, sealed);
        // Who opened the case may record and withdraw between any two; but by no other name that it has for
        // her.
        for (const auto& consent : sequencer::consents_of_case(connection, rooms.row_keys, id)) {
            const ConsentId& each = consent.consent.id;
            const bool recorded = consent.consent.recorded_by == body;
            const bool under_this = recorded && sequencer::case_of(sealed, consent).pseudonym == name;
            const bool open_to_opener = known.opener && !recorded && !of_others.contains(each);
            if (under_this || open_to_opener) known.consents.insert(each);
        }
        return known;
    });
}

bool stands_for(const KnownByName& known, const log::Record& record) {
    if (record.referral) return known.referrals.contains(*record.referral);
    if (record.consent) return known.consents.contains(*record.consent);
    // A look at the board has a row for each line, whichever name that is under.
    return known.opener && !(record.event == log::RecordEvent::read && record.operation &&
                             record.operation->text() == "board");
}

}  // namespace kesher::insight
