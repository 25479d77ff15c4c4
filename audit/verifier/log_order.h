// Whether each leaf of a log may follow those in front of it: what every signature and every proof leaves
// open. Given the leaves from the first to the last, finds
//   - a record of a message, a release, an acknowledgement or a consent that is decided neither with permit
//   nor
//     with deny: one reader would take it for a yes, another for a no;
//   - two acceptances of one message of one sender;
//   - an acceptance of a referral's submission that no consent recorded before it covers (given_consents.h);
//     what nobody signed as a consent is none, whatever the record says;
//   - a delivery that is first of one statement and then of another;
//   - a release of a statement that no leaf before it accepted;
//   - a release of a referral's submission behind the leaf that ended its consent or the referral itself;
//   - a release of a referral's submission behind its consent's last day, or behind what replaced it, where
//   no
//     later consent between the same bodies covers it;
//   - a release of an update of a referral behind the leaf that ended the referral's consent, but for
//     what ends a disclosure itself;
//   - the same behind the leaf by which the referral was withdrawn, or said never to have been hers;
//   - a record that says other than the statement it is about, or of what is accepted not all that it says
//     (leaf_claims.h);
//   - an acceptance of a statement whose claims are not in the one spelling: another program may not find in
//     them what this one finds.
// The release table is contract.md 3, how a leaf names what it ends is audit/log/facts.md. Nothing here is
// stricter than the rules: notices of the hub hang on no consent, a submission by statute (PPL23C-*) names
// none, a rehearsal needs none. Not asked: whether a key had been ended before it signed; whether an
// agreement was in force, and the recipient active; whether an update's own way back (STATUS_FEEDBACK) was
// agreed to, because no leaf says whose case it is.
//
// Memory: some 700 bytes a message or consent.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <utility>

#include "audit/log/leaf.h"
#include "audit/log/record.h"
#include "audit/verifier/given_consents.h"
#include "audit/verifier/leaf_claims.h"
#include "schemas/contract/bytes.h"

namespace kesher::verifier {

class LogOrder {
public:
    // The next leaf, and its record as it was read. A sentence about it where it may not stand there.
    [[nodiscard]] std::optional<std::string> take(std::uint64_t index, const log::Leaf& leaf,
                                                  const log::Record& record);

private:
    using Ends = std::map<std::string, std::uint64_t, std::less<>>;  // id -> the first leaf that ended it

    [[nodiscard]] std::optional<std::string> take_delivery(std::uint64_t index, const log::Leaf& leaf,
                                                           const log::Record& record);
    [[nodiscard]] std::optional<std::string> take_message(std::uint64_t index, const log::Record& record,
                                                          const Claims& claims);
    [[nodiscard]] std::optional<std::string> judge_release(const log::Record& record) const;
    [[nodiscard]] std::optional<std::string> judge_submission(const Claims& claims,
                                                              contract::Instant at) const;
    [[nodiscard]] std::optional<std::string> judge_update(const Claims& claims) const;
    void take_ends(std::uint64_t index, const log::Record& record, const Claims& claims);
    void take_consents(std::uint64_t index, const log::Record& record, const Claims& claims);
    void end_consent(const std::string& id, std::uint64_t index);

    struct Accepted {
        Claims claims;
        bool ends_disclosure = false;
    };
    struct Delivered {
        contract::Digest statement;
        std::uint64_t entry = 0;
    };
    std::map<std::string, Delivered, std::less<>> deliveries_;               // by the delivery's id
    std::map<contract::Digest, Accepted> accepted_;                          // by the statement's SHA-256
    std::map<std::string, Claims> submitted_;                                // by the referral, the last
    std::map<std::pair<std::string, std::string>, std::uint64_t> messages_;  // sender and id -> its leaf
    GivenConsents given_;
    Ends consents_;
    Ends referrals_;
    Ends taken_back_;  // of those, the withdrawn and the erroneous: nothing of them leaves any more
};

}  // namespace kesher::verifier
