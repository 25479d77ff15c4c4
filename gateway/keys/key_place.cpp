#include "gateway/keys/key_place.h"

#include <sys/stat.h>

namespace kesher::keys {
namespace {

using contract::Failure;
using contract::Result;
using statement::KeyFileFault;

std::string_view explain(KeyFileFault fault) {
    switch (fault) {
        case KeyFileFault::absent:
            return "is missing: bring it back from its backup";
        case KeyFileFault::exists:
            return "is already there, and a key is never overwritten";
        case KeyFileFault::open_to_others:
            return "is open to its group or to others: chmod 600 it";
        case KeyFileFault::malformed:
            return "does not hold what its name says";
        case KeyFileFault::passphrase_wrong:
            return "does not open with the passphrase";
        case KeyFileFault::passphrase_missing:
            return "needs a passphrase, and the settings name no file with one";
        case KeyFileFault::plain_not_allowed:
            return "has no passphrase though the settings name one";
        case KeyFileFault::kind:
            return "is a key of another kind than its name says";
    }
    return "cannot be used";
}

}  // namespace

std::string store_file(unsigned number) {
    return number == 1 ? std::string("store.key") : "store-" + std::to_string(number) + ".key";
}

std::string key_file(std::string_view name) { return std::string(name) + ".key"; }

std::string certificate_file(std::string_view name) { return std::string(name) + ".pem"; }

Failure<KeyDirectoryProblem> problem(const std::filesystem::path& file, std::string_view what) {
    return Failure{KeyDirectoryProblem{file.string() + ' ' + std::string(what)}};
}

Failure<KeyDirectoryProblem> problem(const std::filesystem::path& file, KeyFileFault fault) {
    return problem(file, explain(fault));
}

Result<contract::Done, KeyDirectoryProblem> check_directory(const std::filesystem::path& directory) {
    struct stat found{};
    if (::stat(directory.c_str(), &found) != 0 || !S_ISDIR(found.st_mode)) {
        return problem(directory, "is not a directory the hub can enter");
    }
    if ((found.st_mode & (S_IRWXG | S_IRWXO)) != 0) {
        return problem(directory, "is open to its group or to others: chmod 700 it");
    }
    return contract::Done{};
}

Result<statement::Protection, KeyDirectoryProblem> protection_of(const KeyDirectoryPlace& place) {
    if (!place.passphrase_file) return statement::Protection(statement::Plain{});
    std::error_code none;  // of a path that does not exist; read_passphrase says so below
    const auto beside = std::filesystem::absolute(*place.passphrase_file).parent_path();
    if (std::filesystem::equivalent(beside, place.directory, none)) {
        return problem(*place.passphrase_file, "lies beside the keys it protects: move it elsewhere");
    }
    auto passphrase = statement::read_passphrase(*place.passphrase_file);
    if (!passphrase) return problem(*place.passphrase_file, passphrase.error());
    return statement::Protection(std::move(*passphrase));
}

}  // namespace kesher::keys
