// What National Insurance's service and the exchange do to each other, without the kit's proofs:
// national_insurance_side.cpp adds those. For this room alone.
//
// A referral and an update go out under the id of the message that they are about, so that the call may be
// made again.
// Every event of ours is known to the ledger before it is in the outbox. A referral that was sent and not
// answered for may still arrive: the ledger knows it before a byte goes out, and the end of such a one is
// looked after for a week (institute_late.cpp).
#pragma once

#include <chrono>
#include <deque>

#include "adapters/national_insurance/benefit_service.h"
#include "adapters/national_insurance/calls_of_theirs.h"
#include "adapters/national_insurance/ledger.h"
#include "adapters/national_insurance/national_insurance_side.h"
#include "adapters/record/telling.h"

namespace kesher::national_insurance {

// A delivery, proven and opened.
struct Delivered {
    const statement::Statement& said;
    const codec::Payload& payload;
    const std::optional<codec::Sealed>& sealed;
    const contract::Pseudonym& pseudonym;
    const std::string& jws;
    contract::Day on;  // of the release
};

class Institute {
public:
    // All must outlive it.
    Institute(const NationalInsuranceSettings& settings, record::NativeMeans means, BenefitService& service,
              const record::Mapping& mapping);

    [[nodiscard]] kit::NativeAnswer deliver(const Delivered& delivered);
    [[nodiscard]] kit::TakenBefore already_taken(const contract::OrganisationId& from,
                                                 const contract::MessageId& id);
    // institute_heard.cpp: a call of theirs, on the loop's thread.
    [[nodiscard]] CallResult hear(const CallOfTheirs& call, contract::Instant now);
    void work(contract::Instant now);

private:
    using Service = contract::Result<Answered, ServiceFault>;
    using Given = record::Given;

    // institute.cpp: what is referred
    [[nodiscard]] kit::NativeAnswer take_referral(const Delivered& delivered);
    [[nodiscard]] kit::NativeAnswer refuse_referral(const Delivered& delivered, bool earlier);
    [[nodiscard]] Header header(std::string_view call, const contract::OrganisationId& client,
                                const contract::MessageId& id, const contract::ReferralId& referral) const;
    [[nodiscard]] Service call(std::string_view call, const contract::OrganisationId& client,
                               const contract::MessageId& id, const contract::ReferralId& referral,
                               const std::string& body);
    // Whether they have what came under this message's id: `taken`, or `unknown_referral`.
    [[nodiscard]] Service inquire(const Given& given, const contract::MessageId& submission);
    void say(const ServiceFault& fault);
    void say(const CallResult& result);

    // institute_told.cpp: what the referrer, she, or the hub say of it
    [[nodiscard]] kit::NativeAnswer take_event(const Delivered& delivered);
    [[nodiscard]] kit::NativeAnswer take_word(const Given& given, const Delivered& delivered,
                                              const Update& update, const record::Standing& then);
    [[nodiscard]] kit::NativeAnswer take_revocation(const Delivered& delivered);
    // Its end, said under `id`. Without an answer it is not confirmed. `answers` gathers their receipts.
    [[nodiscard]] bool end(const Given& given, const Update& update, const contract::OrganisationId& client,
                           const contract::MessageId& id, std::string& answers);
    void stand(const contract::ReferralId& referral, const record::Standing& then);

    // institute_late.cpp: what ended while it may still arrive, and what of theirs was not told
    // Both false where the turn's time was up before it was through.
    [[nodiscard]] bool look_for_late(contract::Instant now);
    [[nodiscard]] bool is_late_over(const Given& given, contract::Instant now);
    [[nodiscard]] bool tell_refused(contract::Instant now);
    [[nodiscard]] bool is_time_up() const { return std::chrono::steady_clock::now() >= turn_ends_; }

    const NationalInsuranceSettings& settings_;
    record::NativeMeans means_;
    BenefitService& service_;
    const record::Mapping& mapping_;
    Ledger ledger_;
    const kit::Actor actor_;
    bool away_said_ = false;
    contract::Instant next_look_{};
    std::chrono::steady_clock::time_point turn_ends_{};
    std::deque<contract::ReferralId> late_left_;  // of this look
};

}  // namespace kesher::national_insurance
