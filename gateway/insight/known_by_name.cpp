#include "gateway/insight/known_by_name.h"

#include "gateway/sequencer/case_rows.h"
#include "gateway/sequencer/case_slots.h"
#include "gateway/store/stored_words.h"

namespace kesher::insight {
namespace {

using namespace contract;

void add_referral(KnownByName& known, const store::ReferralRow& row, const OrganisationId& body,
                  const keys::CaseSecrets& name, const keys::SealedStore& sealed) {
    const referral::Referral& referral = row.referral;
    const auto recipient = sequencer::recipient_of(sealed, row);
    const bool handed = referral.recipient == body && recipient && recipient->pseudonym == name.pseudonym;
    const bool sent =
        referral.referrer == body && sequencer::referrer_of(sealed, row).pseudonym == name.pseudonym;
    if (!handed && !sent) return;
    if (handed) known.handed = referral.id;
    known.referrals.insert(referral.id);
    if (referral.terms.consent) known.consents.insert(*referral.terms.consent);
}

}  // namespace

std::optional<KnownByName> known_by_name(const Rooms& rooms, const OrganisationId& body,
                                         const Pseudonym& name) {
    return rooms.readers.with([&](store::Connection& connection) -> std::optional<KnownByName> {
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
        if (known.opener) return known;
        const CaseId& id = secrets->case_id;
        for (const auto& referral : sequencer::referrals_of_case(connection, rooms.row_keys, id))
            add_referral(known, referral, body, *secrets, sealed);
        for (const auto& consent : sequencer::consents_of_case(connection, rooms.row_keys, id)) {
            const bool under_this =
                consent.consent.recorded_by == body && sequencer::case_of(sealed, consent).pseudonym == name;
            if (under_this) known.consents.insert(consent.consent.id);
        }
        return known;
    });
}

bool stands_for(const KnownByName& known, const log::Record& record) {
    if (record.referral) return known.referrals.contains(*record.referral);
    return record.consent && known.consents.contains(*record.consent);
}

}  // namespace kesher::insight
