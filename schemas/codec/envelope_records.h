// What carries a message: a submission to the hub, a delivery from it (contract.md 1 and 3).
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "schemas/contract/bytes.h"
#include "schemas/contract/ids.h"
#include "schemas/contract/instant.h"
#include "schemas/contract/vocabulary.h"

namespace kesher::codec {

using Salt = std::array<std::uint8_t, 16>;

// Who acts, opened for the hub alone. A name that is not of its form reads as none: openings are judged
// after the signature and each submission of a basket by itself, so it is `opening_mismatch` there and
// not an undecodable body here. To write a submission all of them must be set.
struct ActorOpening {
    Salt salt{};
    std::optional<contract::OfficerId> id{};
    std::optional<contract::OfficerRole> role{};
    // Kept for officers' own keys: set, it is `opening_mismatch` in this version.
    std::optional<std::string> proof{};
    friend bool operator==(const ActorOpening&, const ActorOpening&) = default;
};

struct CaseOpening {
    Salt salt{};
    std::optional<contract::Pseudonym> pseudonym{};  // the sender's own; none where it is not of its form
    friend bool operator==(const CaseOpening&, const CaseOpening&) = default;
};

// Body of POST /v1/messages.
struct Submission {
    std::string statement{};    // compact JWS, at most 8 KiB
    contract::Bytes payload{};  // single-object Avro, at most 6 MiB; the statement's digest is over these
    ActorOpening actor{};
    std::optional<CaseOpening> case_opening{};  // Avro field `case`
    friend bool operator==(const Submission&, const Submission&) = default;
};

// The basket: 1 to 16 submissions of one case, decided each alone.
struct SubmissionBatch {
    std::vector<Submission> submissions{};
    friend bool operator==(const SubmissionBatch&, const SubmissionBatch&) = default;
};

// One message as the hub releases it; everything but statement and payload is about this release.
struct Delivery {
    contract::DeliveryId delivery;
    std::string statement{};
    contract::Bytes payload{};
    contract::Pseudonym pseudonym;  // the recipient's own
    std::int32_t version = 0;
    std::int32_t attempt = 0;       // from 1
    contract::Instant not_after{};  // release + 60 s: read later, it is not opened
    std::string leaf{};             // the release's two lines
    std::string receipt{};          // c2sp.org/tlog-proof@v1
    friend bool operator==(const Delivery&, const Delivery&) = default;
};

// Body of GET /v1/inbox, at most 100 deliveries.
struct DeliveryBatch {
    std::vector<Delivery> deliveries{};
    friend bool operator==(const DeliveryBatch&, const DeliveryBatch&) = default;
};

}  // namespace kesher::codec
