#include "adapters/kit/told_names.h"

#include "adapters/kit/organisation_setup.h"

namespace kesher::kit {

namespace fs = std::filesystem;

std::optional<contract::Digest> ToldNames::mark_in(const Message& message) const {
    const bool says_one = message.sealed && message.sealed->contact &&
                          message.sealed->contact->neutral_name && message.pseudonym;
    if (!says_one) return std::nullopt;
    return aliases_.name(*message.pseudonym, *message.sealed->contact->neutral_name);
}

fs::path ToldNames::file_of(const contract::Digest& mark) const {
    return folder_ / contract::hex(mark.view());
}

bool ToldNames::is_anothers(const contract::Digest& mark, const contract::OrganisationId& to) const {
    std::error_code failed;
    const fs::path file = file_of(mark);
    if (!fs::exists(file, failed)) return static_cast<bool>(failed);
    const auto told = read_small_file(file);
    return !told || *told != to.text() + "\n";
}

bool ToldNames::tell(const contract::Digest& mark, const contract::OrganisationId& to) const {
    std::error_code failed;
    fs::create_directories(folder_, failed);
    if (failed) return false;
    fs::permissions(folder_, fs::perms::owner_all, failed);
    // A file that is there already was written by an earlier try, or by somebody else for another body.
    (void)write_new_file(file_of(mark), to.text() + "\n");
    return fs::exists(file_of(mark), failed) && !is_anothers(mark, to) && sync_folder(folder_);
}

}  // namespace kesher::kit
