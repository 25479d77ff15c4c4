// One message of an organisation, from what its bytes say to what becomes of it.
//
// The order of checks is contract.md 5's: framing, size, certificate and signature are over when an
// Incoming exists; then duplicate, claims, openings, log and day, schema, rules. What a connection's
// thread can find out by itself it has found out (`flaw`); only the rest is decided here.
#pragma once

#include <optional>
#include <string>

#include "gateway/referral/actors.h"
#include "gateway/sequencer/case_slots.h"
#include "gateway/sequencer/refusal_counts.h"
#include "gateway/sequencer/request.h"
#include "schemas/codec/payload.h"
#include "schemas/statement/statement.h"

namespace kesher::sequencer {

struct Incoming {
    contract::OrganisationId sender;  // whose key signed it, and whose connection it came over
    contract::Digest certificate;     // of the connection
    std::string statement;            // compact JWS, as sent
    contract::Digest claims;          // of its second segment
    contract::Digest payload_digest;  // of the payload's bytes as they came
    std::optional<contract::MessageId> id{};
    // The first check that failed. 401 is not logged with the sender's bytes and does not use up the id.
    std::optional<contract::Code> flaw{};
    // Without a flaw all of these are there.
    std::optional<statement::Statement> says{};
    std::optional<codec::Payload> payload{};
    // For storage, see case_rows.h; sealed here, where nobody else waits for it.
    contract::Bytes sealed_payload{};
    contract::Bytes referrer_sealed{};  // of what begins a referral
    std::optional<contract::OfficerId> officer{};
    std::optional<contract::OfficerRole> role{};
    std::optional<keys::CaseSecrets> subject{};  // the case as the sender knows it, where it names one
    // Of a message about a case, made with its request.
    std::optional<CaseSlots> referral_slots{};
    std::optional<CaseSlots> consent_slots{};
};

// Whether this may take a slot of its case: a submission, or the draft of one. Without a flaw.
[[nodiscard]] bool begins_referral(const Incoming& incoming);
// A withdrawal, a revocation and a freeze: what protects a person.
[[nodiscard]] Lane lane_of(const Incoming& incoming);

class MessageRequest final : public Request {
public:
    MessageRequest(Incoming incoming, const keys::RowKeys& row_keys, RefusalCounts& counts);

    [[nodiscard]] Lane lane() const override { return lane_of(incoming_); }
    [[nodiscard]] std::size_t bytes() const override;
    void want(Wanted& wanted) const override { wanted.add(wanted_); }
    void want_more(const Facts& facts, const Means& means, Wanted& wanted) const override;
    [[nodiscard]] Answer decide(Turn& turn) override;

private:
    [[nodiscard]] std::optional<Answer> earlier_answer(const Turn& turn) const;
    [[nodiscard]] contract::Result<contract::LeafIndex, contract::Code> accept(Turn& turn) const;
    [[nodiscard]] Answer refuse(Turn& turn, contract::Code code) const;
    [[nodiscard]] Wanted what_decides() const;
    // The case's slots that it needs; with facts, those that have turned out to be needed as well.
    void want_slots(const Facts* facts, Wanted& wanted) const;

    Incoming incoming_;
    const keys::RowKeys& row_keys_;
    RefusalCounts& counts_;
    Wanted wanted_;  // hashed by the connection's thread: the sequencer's is the one that everybody awaits
};

// What each kind of message needs and does: one file each. They give the leaf of the acceptance.
using Accepted = contract::Result<contract::LeafIndex, contract::Code>;
[[nodiscard]] Accepted accept_referral(Turn& turn, const Incoming& incoming);
[[nodiscard]] Accepted accept_referral_event(Turn& turn, const Incoming& incoming);
[[nodiscard]] Accepted accept_draft(Turn& turn, const Incoming& incoming);
[[nodiscard]] Accepted accept_consent(Turn& turn, const Incoming& incoming);
[[nodiscard]] Accepted accept_revocation(Turn& turn, const Incoming& incoming);
[[nodiscard]] Accepted accept_report(Turn& turn, const Incoming& incoming);  // what concerns no referral

// Shared by them.
[[nodiscard]] log::Record record_of(const Incoming& incoming, log::RecordEvent event);
[[nodiscard]] referral::Actor actor_of(const Turn& turn, const Incoming& incoming);
void keep_message(Turn& turn, const Incoming& incoming, contract::LeafIndex leaf);
// What she said of this very purpose: whatever replaces a consent has all its purposes, so nothing else of
// the pair can decide a submission.
[[nodiscard]] std::vector<consent::Consent> consents_for_submission(const Turn& turn,
                                                                    const contract::CaseId& case_id,
                                                                    const contract::OrganisationId& discloser,
                                                                    const contract::OrganisationId& recipient,
                                                                    contract::Purpose purpose);
// What she said of this purpose, and of hearing how it goes (STATUS_FEEDBACK).
[[nodiscard]] std::vector<consent::Consent> consents_for(const Turn& turn, const contract::CaseId& case_id,
                                                         const contract::OrganisationId& discloser,
                                                         const contract::OrganisationId& recipient,
                                                         contract::Purpose purpose);
// Rejected, revoked, or vetoed because of harm: what holds under every name that a body has for her.
[[nodiscard]] bool is_her_no(const consent::Consent& consent);
// Of these what the sender has heard by the name that it uses, and her no by whichever: else a body would try
// out by its own records which of its names are one woman.
[[nodiscard]] std::vector<consent::Consent> heard_by_this_name(const Turn& turn, const Incoming& incoming,
                                                               std::vector<consent::Consent> consents);
// Whether the sender recorded it for a woman whom it knows by another name.
[[nodiscard]] bool recorded_under_another_name(const Turn& turn, const Incoming& incoming,
                                               const consent::Consent& consent);
// What she said of the two bodies for any purpose; its keys are `pair_keys`. For what stands on a statute.
[[nodiscard]] std::vector<consent::Consent> consents_of_pair(const Turn& turn,
                                                             const contract::CaseId& case_id,
                                                             const contract::OrganisationId& discloser,
                                                             const contract::OrganisationId& recipient);
[[nodiscard]] std::vector<contract::Digest> pair_keys(const keys::RowKeys& keys,
                                                      const contract::CaseId& case_id,
                                                      const contract::OrganisationId& discloser,
                                                      const contract::OrganisationId& recipient);
[[nodiscard]] consent::Revealing revealing(const Turn& turn, const contract::OrganisationId& from,
                                           const contract::OrganisationId& to, contract::Service service);
// A signed form as it is filed for one recipient: SHA-256("kesher.form.v1" || digest of the form ||
// recipient). One form signed for four bodies is four consents; its own digest would join them in every copy.
[[nodiscard]] contract::Digest form_for(const contract::Digest& form,
                                        const contract::OrganisationId& recipient);
[[nodiscard]] contract::WordSet<contract::DataGroup> groups_of(const statement::Statement& says);

}  // namespace kesher::sequencer
