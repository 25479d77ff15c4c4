#include "schemas/statement/hash.h"

#include <openssl/crypto.h>
#include <openssl/rand.h>
#include <pthread.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <stdexcept>

#include "schemas/statement/evp.h"

namespace kesher::statement {
namespace {

void draw(std::span<std::uint8_t> bytes) {
    // RAND_priv_bytes() asks under a lock, each time, whether an engine took its place: half of its cost.
    evp::must(EVP_RAND_generate(evp::must(RAND_get0_private(nullptr)), bytes.data(), bytes.size(), 0, 0,
                                nullptr, 0));
}

std::atomic<std::uint64_t> copies_of_process{0};

// A copy of the process must not hand out what its parent does.
std::uint64_t copies_made() {
    static const int watched = pthread_atfork(nullptr, nullptr, [] { ++copies_of_process; });
    if (watched != 0) throw std::runtime_error("nobody would say that the process was copied");
    return copies_of_process;
}

// Each draw costs the generator a new state, as much for a nonce as for forty. Nothing stays of what was
// handed out, and who could read what was not could read the generator's state as well.
class DrawnAhead {
public:
    static constexpr std::size_t kMost = 32;  // bytes at once

    DrawnAhead() = default;
    ~DrawnAhead() {
        OPENSSL_cleanse(drawn_.data(), drawn_.size());
        left_ = 0;  // who draws later still, in another destructor, draws anew
    }
    DrawnAhead(const DrawnAhead&) = delete;
    DrawnAhead& operator=(const DrawnAhead&) = delete;

    void fill(std::span<std::uint8_t> bytes) {
        const std::uint64_t copies = copies_made();
        if (left_ < bytes.size() || copies_ != copies) {
            left_ = 0;  // nothing, should the generator fail
            draw(drawn_);
            left_ = drawn_.size();
            copies_ = copies;
        }
        const auto next = std::span(drawn_).subspan(left_ - bytes.size(), bytes.size());
        std::copy(next.begin(), next.end(), bytes.begin());
        OPENSSL_cleanse(next.data(), next.size());
        left_ -= bytes.size();
    }

private:
    std::array<std::uint8_t, 512> drawn_{};
    std::size_t left_ = 0;
    std::uint64_t copies_ = 0;
};

}  // namespace

// Fetched once and reused: a fetch for every hash costs more than the hash itself.
contract::Digest sha256(std::initializer_list<contract::ByteView> parts) {
    static const EVP_MD* const algorithm = evp::must(EVP_MD_fetch(nullptr, "SHA256", nullptr));
    thread_local const evp::HashContext context(evp::must(EVP_MD_CTX_new()));
    contract::Digest digest;
    evp::must(EVP_DigestInit_ex2(context.get(), algorithm, nullptr));
    for (const contract::ByteView part : parts) {
        evp::must(EVP_DigestUpdate(context.get(), part.data(), part.size()));
    }
    evp::must(EVP_DigestFinal_ex(context.get(), digest.bytes.data(), nullptr));
    return digest;
}

contract::Digest sha256(contract::ByteView bytes) { return sha256({bytes}); }
contract::Digest sha256(std::string_view text) { return sha256({contract::bytes_of(text)}); }

std::array<std::uint8_t, 64> sha512(contract::ByteView bytes) {
    static const EVP_MD* const algorithm = evp::must(EVP_MD_fetch(nullptr, "SHA512", nullptr));
    std::array<std::uint8_t, 64> digest{};
    evp::must(EVP_Digest(bytes.data(), bytes.size(), digest.data(), nullptr, algorithm, nullptr));
    return digest;
}

void fill_random(std::span<std::uint8_t> bytes) {
    if (bytes.size() > DrawnAhead::kMost) return draw(bytes);
    thread_local DrawnAhead ahead;
    ahead.fill(bytes);
}

}  // namespace kesher::statement
