// How rows that belong to a case hold it: sealed under K_store and bound to the row itself, so that a
// value moved to another row does not open. Labels and forms are for ever.
#pragma once

#include "gateway/keys/pseudonyms.h"
#include "gateway/keys/sealed_store.h"
#include "gateway/store/cases.h"
#include "gateway/store/consents.h"
#include "gateway/store/messages.h"
#include "gateway/store/referrals.h"

namespace kesher::sequencer {

// "referral-referrer.v1" and "referral-recipient.v1" bound to the referral's id, "consent-case.v1" to the
// consent's, "case-file.v1" to the case's key, "payload.v1" to sender ‖ 00 ‖ id.
[[nodiscard]] contract::Bytes seal_referrer(const keys::SealedStore& store, const contract::ReferralId& id,
                                            const keys::CaseSecrets& secrets);
[[nodiscard]] contract::Bytes seal_recipient(const keys::SealedStore& store, const contract::ReferralId& id,
                                             const keys::CaseSecrets& secrets);
[[nodiscard]] contract::Bytes seal_consent(const keys::SealedStore& store, const contract::ConsentId& id,
                                           const keys::CaseSecrets& secrets);
[[nodiscard]] contract::Bytes seal_case_file(const keys::SealedStore& store, const contract::Digest& key,
                                             const keys::CaseSecrets& secrets);
[[nodiscard]] contract::Bytes seal_payload(const keys::SealedStore& store, const store::MessageKey& key,
                                           contract::ByteView payload);

// Throw store::DatabaseCorrupt where the value is not the one that was sealed for this row.
[[nodiscard]] keys::CaseSecrets referrer_of(const keys::SealedStore& store, const store::ReferralRow& row);
[[nodiscard]] keys::CaseSecrets referrer_of(const keys::SealedStore& store, const store::UsedSlot& slot);
[[nodiscard]] std::optional<keys::CaseSecrets> recipient_of(const keys::SealedStore& store,
                                                            const store::ReferralRow& row);
[[nodiscard]] keys::CaseSecrets case_of(const keys::SealedStore& store, const store::ConsentRow& row);
[[nodiscard]] keys::CaseSecrets case_of(const keys::SealedStore& store, const store::CaseRow& row);
[[nodiscard]] contract::Bytes open_payload(const keys::SealedStore& store, const store::MessageKey& key,
                                           contract::ByteView sealed);

}  // namespace kesher::sequencer
