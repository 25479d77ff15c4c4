// One message by hand: written, sealed, journaled, sent, proven, and its evidence saved.
#pragma once

#include <filesystem>
#include <optional>

#include "adapters/ctl/office.h"

namespace kesher::ctl {

// The same message id again sends the bytes first written, and the hub answers with the first receipt.
// `save`: a folder for the evidence that kesher-verify and stock tools take: statement.jws, payload.avro,
// submission.avro (the body as sent), leaf, receipt.tlog-proof, signer.pem, log.vkey. Files there are never
// written over.
[[nodiscard]] Outcome send(Office& office, const kit::Message& message, const std::filesystem::path& save);

// Evidence of one decision; `statement` and `payload` may be empty.
struct Evidence {
    std::string statement;
    contract::Bytes payload;
    std::optional<kit::Receipted> receipt;
};
[[nodiscard]] Or<contract::Done> save_evidence(const Evidence& evidence, const std::filesystem::path& folder);
// The same bytes again are no fault.
[[nodiscard]] Or<contract::Done> save_file(const std::filesystem::path& file, std::string_view text);

}  // namespace kesher::ctl
