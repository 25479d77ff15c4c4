// Keeps every byte that crosses between one organisation and the hub, for those who check afterwards.
//
// For rehearsals and demonstrations: it is asked for by a flag, never by a setting. What it keeps is sealed
// as it crossed; readings of a case are kept as the hub answered. Several organisations may share one folder.
//
//   DIR/NNNNNN/   what we sent and the hub decided, under the index of its leaf (of a second leaf that
//                 the hub shows under that index: NNNNNN-SHA256, as in the other folders):
//                 statement.jws payload.avro leaf receipt.tlog-proof signer.pem
//   DIR/acks/NNNNNN/   what we acknowledged; the leaf names the document by its digest:
//                 acks.jws leaf receipt.tlog-proof signer.pem
//   DIR/orders/NNNNNN/   what we ordered about a case of ours (schemas/statement/case_order.h):
//                 order.jws leaf receipt.tlog-proof signer.pem
//   DIR/recipients/ORG/inbox/NNNNNN/   what was handed to us, under the index of its release:
//                 statement.jws payload.avro leaf receipt.tlog-proof, delivery.avro (a batch of this one)
//   DIR/recipients/ORG/answers/   every other answer about a case, by the SHA-256 of its bytes; never that
//                 to an order, which holds her claim code
//   DIR/keys/ORG/   what a stranger checks signatures of others with: key lists (.jws) and roots
//                 (.root.pem) as the hub showed them, the hub's own certificate (keys/hub, .pem) as enrolment
//                 pinned it; each by the SHA-256 of its bytes, so that two that differ lie side by side
#pragma once

#include <filesystem>
#include <memory>

#include "adapters/kit/hub_client.h"

namespace kesher::kit {

struct EvidenceFolder {
    std::filesystem::path directory;
    contract::OrganisationId self;
    std::string signer_pem;  // of the certificate that our statements name
    std::string hub_pem;     // of the certificate that the hub's statements name
    std::filesystem::path
        keys{};  // the key directory, where each of ours may name another one of its certificates
};

// Throws std::runtime_error where a file cannot be written: evidence with holes is none. Files are there
// whole or not at all, mode 0600, and the same bytes may come again.
[[nodiscard]] std::unique_ptr<Transport> keep_evidence(std::unique_ptr<Transport> transport,
                                                       EvidenceFolder folder);

}  // namespace kesher::kit
