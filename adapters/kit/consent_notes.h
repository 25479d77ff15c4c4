// What kesherctl recorded of a consent, left where this organisation's adapter finds it: `consents/` in the
// key directory.
//
//   <name>.given.json    {"v":1,"consent","number","given"}: the native number under which the organisation's
//                        own files name it, and the record as it was sent to the hub, once that recorded it
//   <name>.revoked.json  {"v":1,"consent"}
// About nobody: a number, a recipient, purposes, data groups, days. <name> is made of the consent's id and
// leads back to none: names of files stand in listings and backups. Each appears whole, by rename.
#pragma once

#include <filesystem>
#include <optional>
#include <set>
#include <string>

#include "adapters/kit/aliases.h"
#include "adapters/kit/journal.h"
#include "adapters/kit/organisation_keys.h"
#include "schemas/codec/consent_records.h"

namespace kesher::kit {

struct ConsentNote {
    contract::ConsentId id;
    std::string number;  // is_native_number
    codec::ConsentGiven given;
};
[[nodiscard]] std::string write_consent_note(const ConsentNote& note);
// None where it is not one, or where `aliases` leads from its number and recipient to another id.
[[nodiscard]] std::optional<ConsentNote> read_consent_note(std::string_view text, const AliasMaker& aliases);

// The same note again is no fault.
[[nodiscard]] Usable<contract::Done> keep_consent_note(const std::filesystem::path& directory,
                                                       const ConsentNote& note);
[[nodiscard]] Usable<contract::Done> keep_revocation_note(const std::filesystem::path& directory,
                                                          const contract::ConsentId& consent);

// The adapter's side: every note becomes knowledge of its journal once.
class ConsentNotes {
public:
    ConsentNotes(std::filesystem::path directory, const AliasMaker& aliases)
        : folder_(std::move(directory) / "consents"), aliases_(aliases) {}

    struct Read {
        std::size_t given = 0;
        std::size_t revoked = 0;
        std::size_t unreadable = 0;  // looked at again
    };
    // Those that were not read before.
    Read read_new(Journal& journal);

private:
    [[nodiscard]] bool read_one(const std::string& name, Journal& journal, Read& read);
    std::filesystem::path folder_;
    const AliasMaker& aliases_;
    std::set<std::string> seen_;
};

}  // namespace kesher::kit
