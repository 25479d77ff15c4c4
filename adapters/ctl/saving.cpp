#include "adapters/ctl/saving.h"

#include "adapters/kit/organisation_setup.h"
#include "adapters/kit/unverified_jws.h"

namespace kesher::ctl {
namespace {

namespace fs = std::filesystem;
using contract::Done;
using contract::Failure;

constexpr std::string_view kStatement = "statement.jws";

Failure<Refusal> cannot(const fs::path& place, std::string_view why) {
    return {Refusal{"unusable", place.string() + ": " + std::string(why)}};
}

Or<Done> make_folder(const fs::path& folder) {
    std::error_code failed;
    fs::create_directories(folder, failed);
    if (failed) return cannot(folder, "cannot be made");
    fs::permissions(folder, fs::perms::owner_all, failed);
    return Done{};
}

// Whether an earlier try of this message left it. Only to tell it from others, so nothing of it is believed.
bool is_about(const fs::path& statement_file, const contract::MessageId& message) {
    const auto text = kit::read_small_file(statement_file);
    if (!text) return false;
    const json::Value claims = kit::unverified_claims(*text);
    const json::Value* id = claims.find("id");
    return id != nullptr && id->text() != nullptr && *id->text() == message.text();
}

}  // namespace

Or<Done> prepare_new_file(const fs::path& file) {
    if (const auto written = kit::write_new_file(file, ""); !written)
        return Failure{refusal(written.error())};
    std::error_code failed;
    fs::remove(file, failed);
    if (failed) return cannot(file, "cannot be removed");
    return Done{};
}

Or<Done> prepare_folder(const fs::path& folder, const contract::MessageId& message) {
    if (folder.empty()) return Done{};
    if (auto made = make_folder(folder); !made) return made;
    const fs::path probe = folder / ".probe";
    std::error_code failed;
    fs::remove(probe, failed);  // of a program that was killed here
    const bool empty = fs::is_empty(folder, failed);
    if (failed) return cannot(folder, "cannot be read");
    if (!empty && !is_about(folder / kStatement, message)) {
        return Failure{Refusal{"unusable", folder.string() + ": holds something else than this message",
                               "Nothing was sent. Name a folder that is new or empty with --save."}};
    }
    auto writable = prepare_new_file(probe);
    if (!writable) return cannot(folder, "cannot be written; nothing was sent");
    return writable;
}

Or<Done> save_file(const fs::path& file, std::string_view text) {
    if (fs::exists(file)) {
        const auto before = kit::read_small_file(file);
        if (before && *before == text) return Done{};
    }
    const auto written = kit::write_new_file(file, text);
    if (!written) return Failure{refusal(written.error())};
    return Done{};
}

Or<Done> save_evidence(const Evidence& evidence, const fs::path& folder) {
    if (auto made = make_folder(folder); !made) return made;
    std::vector<std::pair<std::string, std::string>> files;
    if (!evidence.statement.empty()) files.emplace_back(kStatement, evidence.statement);
    if (!evidence.payload.empty()) files.emplace_back("payload.avro", contract::text_of(evidence.payload));
    if (evidence.receipt) {
        files.emplace_back("leaf", evidence.receipt->leaf);
        files.emplace_back("receipt.tlog-proof", evidence.receipt->receipt);
    }
    for (const auto& [name, text] : files) {
        if (auto saved = save_file(folder / name, text); !saved) return saved;
    }
    return Done{};
}

}  // namespace kesher::ctl
