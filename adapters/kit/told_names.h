// Which body was told which neutral name of a case: `names/` in the key directory, shared by all programs of
// the organisation. Two bodies that hear one name for her could find each other's records of her, so a name
// goes to one of them alone (contract.md 0).
//
// A file a name, called by its mark (AliasMaker::name), holding the body's id and nothing else: the name
// itself is written down nowhere. The first to create the file decides, so two programs at once tell it once.
#pragma once

#include <filesystem>

#include "adapters/kit/aliases.h"
#include "adapters/kit/message_writer.h"

namespace kesher::kit {

class ToldNames {
public:
    // `aliases` must outlive it.
    ToldNames(const std::filesystem::path& directory, const AliasMaker& aliases)
        : folder_(directory / "names"), aliases_(aliases) {}

    // The mark of the neutral name in this message's sealed part; none where it says none.
    [[nodiscard]] std::optional<contract::Digest> mark_in(const Message& message) const;
    // Also where what stands there cannot be read: it may be anybody.
    [[nodiscard]] bool is_anothers(const contract::Digest& mark, const contract::OrganisationId& to) const;
    // On disk when the call returns, before anything leaves. False where it is another's, or the disk
    // refuses.
    [[nodiscard]] bool tell(const contract::Digest& mark, const contract::OrganisationId& to) const;

private:
    [[nodiscard]] std::filesystem::path file_of(const contract::Digest& mark) const;
    std::filesystem::path folder_;
    const AliasMaker& aliases_;
};

}  // namespace kesher::kit
