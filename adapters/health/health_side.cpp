#include "adapters/health/health_side.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "adapters/health/clinic.h"
#include "adapters/kit/native_receipt.h"

namespace kesher::health {
namespace {

constexpr std::size_t kAuthorizationBytes = 8 * 1024;  // of a header: a signed token is long

class File {
public:
    explicit File(const std::filesystem::path& path)
        : number_(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY)) {}
    ~File() {
        if (number_ >= 0) ::close(number_);
    }
    File(const File&) = delete;
    File& operator=(const File&) = delete;
    [[nodiscard]] int number() const { return number_; }

private:
    int number_;
};

[[noreturn]] void unusable(const std::filesystem::path& file, std::string_view why) {
    throw HealthSideUnusable(file.filename().string() + ": " + std::string(why));
}

std::string first_line(const std::filesystem::path& path) {
    const File file(path);
    struct stat facts{};
    if (file.number() < 0 || ::fstat(file.number(), &facts) != 0 || !S_ISREG(facts.st_mode)) {
        unusable(path, "it cannot be read");
    }
    if ((facts.st_mode & 077) != 0) unusable(path, "others than its owner may use it");
    std::string text(kAuthorizationBytes + 1, '\0');
    const ssize_t got = ::read(file.number(), text.data(), text.size());
    if (got < 0) unusable(path, "it cannot be read");
    text.resize(static_cast<std::size_t>(got));
    text.resize(std::min(text.find('\n'), text.size()));
    if (text.ends_with('\r')) text.pop_back();
    const bool printable = std::all_of(text.begin(), text.end(), [](char c) { return c >= ' ' && c <= '~'; });
    if (text.empty() || text.size() > kAuthorizationBytes || !printable) {
        unusable(path, "its first line is no header's value");
    }
    return text;
}

FhirServerSettings server_settings(const HealthSettings& settings) {
    FhirServerSettings server{.base_url = settings.base_url};
    server.deadline = settings.deadline;
    server.pause = settings.pause;
    if (!settings.authorization_file.empty()) {
        server.authorization = edge::SecretText(first_line(settings.authorization_file));
    }
    if (settings.ca_file.empty()) return server;
    try {
        server.ca_pem = edge::read_pem_file(settings.ca_file.string());
    } catch (const std::runtime_error&) {
        unusable(settings.ca_file, "it cannot be read");
    }
    return server;
}

class HealthSide final : public kit::NativeSide {
public:
    HealthSide(const HealthSettings& settings, HealthMeans means)
        : aliases_(means.aliases), clinic_(settings, std::move(means), server_settings(settings)) {}

    [[nodiscard]] kit::NativeAnswer deliver(const kit::ProvenDelivery& proven,
                                            const kit::Opened& opened) override {
        const statement::Statement& said = proven.statement();
        return committed(
            clinic_.deliver({said, opened.payload, opened.sealed, proven.delivery().pseudonym,
                             proven.delivery().statement, contract::day_of(proven.released_at())}),
            said.from, said.id);
    }

    [[nodiscard]] kit::TakenBefore already_taken(const contract::OrganisationId& from,
                                                 const contract::MessageId& id) override {
        return committed(clinic_.already_taken(from, id), from, id);
    }

    // All of them: each that stands is a coding of ServiceRequest.orderDetail, and where the far side dropped
    // the list, reading it back gives every flag (README.md).
    [[nodiscard]] contract::WordSet<contract::SafetyFlag> honours() const override {
        return contract::WordSet<contract::SafetyFlag>::up_to(contract::SafetyFlag::address_confidential);
    }

    // The directory is asked for where it is needed: it is the same one.
    void work(contract::Instant now, const kit::Directory&) override { clinic_.work(now); }

private:
    // What leaves here of the server's answer, whose SHA-256 the clinic gives.
    template <class Answer>
    Answer committed(Answer answer, const contract::OrganisationId& from,
                     const contract::MessageId& id) const {
        if (auto* taken = std::get_if<kit::Taken>(&answer)) {
            taken->native = kit::native_commitment(aliases_.salt(from, id), taken->native.view());
        }
        return answer;
    }

    const kit::AliasMaker& aliases_;
    Clinic clinic_;
};

}  // namespace

std::unique_ptr<kit::NativeSide> make_health_side(const HealthSettings& settings, HealthMeans means) {
    try {
        return std::make_unique<HealthSide>(settings, std::move(means));
    } catch (const std::invalid_argument&) {
        throw HealthSideUnusable("the FHIR server's URL cannot be used");
    } catch (const HealthSideUnusable&) {
        throw;
    } catch (const std::runtime_error& broken) {  // the ledger, or a CA that is no certificate
        throw HealthSideUnusable(broken.what());
    }
}

}  // namespace kesher::health
