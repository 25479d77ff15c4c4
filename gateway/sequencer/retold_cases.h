// Cases, consents, referrals and deliveries, told again from the leaves alone: what case_file, consent,
// referral, delivery and message must hold in clear.
//
// A leaf never names a case. What a row holds of its case is sealed and bound to that row, and its tag in the
// row's first leaf is HMAC under the case's own key: whoever has the key files can join the two
// (tables_check.h), and nobody else.
#pragma once

#include <map>
#include <optional>

#include "gateway/sequencer/said.h"
#include "gateway/store/cases.h"
#include "gateway/store/consents.h"
#include "gateway/store/deliveries.h"
#include "gateway/store/messages.h"
#include "gateway/store/referrals.h"

namespace kesher::sequencer {

// Whose case a leaf is about, as far as the leaf says.
struct SubjectMark {
    log::Nonce nonce{};
    std::optional<contract::Digest> tag{};
};

struct ToldCase {
    SubjectMark mark;
    contract::OrganisationId opened_by;
    contract::Digest request;  // keys::request_tag
    bool anonymous = false;
    contract::Door door{};
    contract::Instant opened_at;
    std::optional<contract::Digest> claim{};  // keys::claim_tag of the living code
    std::optional<contract::Day> claim_day{};
    std::int32_t claims_that_day = 0;
    std::optional<contract::Instant> claim_signed_at{};
    contract::LeafIndex by{};
};

struct ToldConsent {
    SubjectMark mark;
    consent::Consent consent;
    contract::LeafIndex by{};  // which decided it last
};

struct ToldReferral {
    SubjectMark mark;
    referral::Referral referral;
    std::optional<contract::LeafIndex> submitted{};
    std::optional<contract::Reason> declined_for{};
    contract::LeafIndex by{};
};

struct ToldDelivery {
    store::DeliveryRow row;
    // The same where it was dropped together with what it belongs to: what stood waiting then is dropped,
    // as far as it had been loaded, and what was not is dropped by its own release.
    std::optional<store::DeliveryRow> dropped{};
    contract::LeafIndex by{};
};

struct ToldMessage {
    contract::Digest claims;
    std::optional<contract::Digest> payload{};  // none where a refused statement does not say it
    std::optional<contract::Code> code{};
    contract::LeafIndex by{};
};

class RetoldCases {
public:
    // Leaves in the order of the log; those about others are passed over.
    void take(const Said& said);

    [[nodiscard]] const std::vector<ToldCase>& cases() const { return cases_; }
    [[nodiscard]] const std::map<contract::ConsentId, ToldConsent>& consents() const { return consents_; }
    [[nodiscard]] const std::map<contract::ReferralId, ToldReferral>& referrals() const { return referrals_; }
    [[nodiscard]] const std::map<contract::DeliveryId, ToldDelivery>& deliveries() const {
        return deliveries_;
    }
    [[nodiscard]] const std::map<store::MessageKey, ToldMessage>& messages() const { return messages_; }

private:
    void take_message(const Said& said);
    void take_case(const Said& said);
    void take_consent(const Said& said);
    void take_ended(const Said& said, contract::ConsentState state);
    void take_submission(const Said& said);
    void take_step(const Said& said);
    void end_deliveries(const Said& said, const referral::Referral& referral);
    void drop(const Said& said, ToldDelivery& told);
    void take_new_delivery(const Said& said);
    void take_answer(const Said& said);
    void take_spread(const Said& said);
    void take_release(const Said& said);
    void take_ack(const Said& said);
    void take_lapse(const Said& said);
    [[nodiscard]] ToldDelivery& delivery(const Said& said);
    [[nodiscard]] ToldCase& case_of_claim(const Said& said);

    std::vector<ToldCase> cases_;
    std::map<contract::Digest, std::size_t> case_of_claim_;
    std::map<contract::ConsentId, ToldConsent> consents_;
    std::map<contract::ReferralId, ToldReferral> referrals_;
    std::map<contract::DeliveryId, ToldDelivery> deliveries_;
    std::multimap<contract::ReferralId, contract::DeliveryId> deliveries_of_referral_;
    std::multimap<contract::ConsentId, contract::DeliveryId> deliveries_of_consent_;
    std::map<store::MessageKey, ToldMessage> messages_;
};

}  // namespace kesher::sequencer
