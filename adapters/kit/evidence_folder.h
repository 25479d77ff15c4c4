// Keeps every byte that crosses between one organisation and the hub, for those who check afterwards.
//
// For rehearsals and demonstrations: it is asked for by a flag, never by a setting. What it keeps is sealed
// as it crossed; readings of a case are kept as the hub answered. Several organisations may share one folder.
//
//   DIR/NNNNNN/                statement.jws payload.avro leaf receipt.tlog-proof signer.pem: what we sent
//   and
//                              the hub decided, under the index of its leaf
//   DIR/acks/NNNNNN/           acks.jws leaf receipt.tlog-proof signer.pem: what we acknowledged; the leaf
//   names
//                              the document by its digest
//   DIR/recipients/ORG/inbox/  NNNNNN/ statement.jws payload.avro leaf receipt.tlog-proof and delivery.avro,
//                              a batch of this one: what was handed to us, under the index of its release
//   DIR/recipients/ORG/answers/  every other answer about a case, by the SHA-256 of its bytes; never the
//   answer
//                              to a case's opening, which holds her claim code
#pragma once

#include <filesystem>
#include <memory>

#include "adapters/kit/hub_client.h"

namespace kesher::kit {

struct EvidenceFolder {
    std::filesystem::path directory;
    contract::OrganisationId self;
    std::string signer_pem;  // of the certificate that our statements name
};

// Throws std::runtime_error where a file cannot be written: evidence with holes is none. Files are there
// whole or not at all, mode 0600, and the same bytes may come again.
[[nodiscard]] std::unique_ptr<Transport> keep_evidence(std::unique_ptr<Transport> transport,
                                                       EvidenceFolder folder);

}  // namespace kesher::kit
