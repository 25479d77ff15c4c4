// Evidence of one decision as files, for whoever judges it later: kesher-verify, openssl, any JOSE library.
//
// Where they are to stand is looked at before anything is sent: what the hub took is taken, and a disk that
// refuses afterwards must not look like a message that went nowhere.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "adapters/ctl/report.h"

namespace kesher::ctl {

// Makes the folder where there is none, and tries that it can be written. Refused where it holds anything but
// the evidence of an earlier try of this very message. An empty path asks for none, and is well.
[[nodiscard]] Or<contract::Done> prepare_folder(const std::filesystem::path& folder,
                                                const contract::MessageId& message);
// Whether a file that must not exist yet could be written there; none is left behind.
[[nodiscard]] Or<contract::Done> prepare_new_file(const std::filesystem::path& file);

// `statement` and `payload` may be empty.
struct Evidence {
    std::string statement;
    contract::Bytes payload;
    std::optional<kit::Receipted> receipt;
};
[[nodiscard]] Or<contract::Done> save_evidence(const Evidence& evidence, const std::filesystem::path& folder);
// The same bytes again are no fault; others never take their place.
[[nodiscard]] Or<contract::Done> save_file(const std::filesystem::path& file, std::string_view text);

}  // namespace kesher::ctl
