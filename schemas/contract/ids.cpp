#include "schemas/contract/ids.h"

#include <algorithm>

namespace kesher::contract {
namespace {

constexpr std::size_t kMaxOrganisationId = 32;
constexpr std::size_t kMaxOfficerId = 32;
constexpr std::string_view kCrockford = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

bool is_lower(char c) { return c >= 'a' && c <= 'z'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

// The variant of RFC 9562 and a version that carries no time.
bool is_timeless(const std::array<std::uint8_t, 16>& bytes) {
    const int version = bytes[6] >> 4;
    return (version == 4 || version == 8) && (bytes[8] >> 6) == 2;
}

void set_version(std::array<std::uint8_t, 16>& bytes, unsigned version) {
    bytes[6] = static_cast<std::uint8_t>((bytes[6] & 0x0FU) | (version << 4));
    bytes[8] = static_cast<std::uint8_t>((bytes[8] & 0x3FU) | 0x80U);
}

std::string uuid_text(const std::array<std::uint8_t, 16>& bytes) {
    std::string text = hex(bytes);
    for (const std::size_t dash : {20U, 16U, 12U, 8U}) text.insert(dash, 1, '-');
    return text;
}

std::optional<std::array<std::uint8_t, 16>> parse_uuid(std::string_view text) {
    if (text.size() != 36) return std::nullopt;
    std::string digits;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const bool dash = i == 8 || i == 13 || i == 18 || i == 23;
        if (dash != (text[i] == '-')) return std::nullopt;
        if (!dash) digits.push_back(text[i]);
    }
    const auto bytes = from_hex(digits);
    if (!bytes) return std::nullopt;
    std::array<std::uint8_t, 16> id{};
    std::copy(bytes->begin(), bytes->end(), id.begin());
    if (!is_timeless(id)) return std::nullopt;
    return id;
}

int value_37(char c) {
    if (is_digit(c)) return c - '0';
    if (c >= 'A' && c <= 'Z') return c - 'A' + 10;
    return -1;
}

}  // namespace

template <class Tag>
std::optional<UuidId<Tag>> UuidId<Tag>::parse(std::string_view text) {
    const auto bytes = parse_uuid(text);
    if (!bytes) return std::nullopt;
    return UuidId(*bytes);
}

template <class Tag>
std::optional<UuidId<Tag>> UuidId<Tag>::from_bytes(ByteView bytes) {
    std::array<std::uint8_t, 16> id{};
    if (bytes.size() != id.size()) return std::nullopt;
    std::copy(bytes.begin(), bytes.end(), id.begin());
    if (!is_timeless(id)) return std::nullopt;
    return UuidId(id);
}

template <class Tag>
UuidId<Tag> UuidId<Tag>::of_random(std::array<std::uint8_t, 16> random) {
    set_version(random, 4);
    return UuidId(random);
}

template <class Tag>
UuidId<Tag> UuidId<Tag>::of_keyed_hash(const Digest& hash) {
    std::array<std::uint8_t, 16> id{};
    std::copy_n(hash.bytes.begin(), id.size(), id.begin());
    set_version(id, 8);
    return UuidId(id);
}

template <class Tag>
std::string UuidId<Tag>::text() const {
    return uuid_text(bytes_);
}

template class UuidId<MessageIdTag>;
template class UuidId<ReferralIdTag>;
template class UuidId<ConsentIdTag>;
template class UuidId<AgreementIdTag>;
template class UuidId<DeliveryIdTag>;
template class UuidId<RequestIdTag>;
template class UuidId<IncidentIdTag>;

std::optional<OrganisationId> OrganisationId::parse(std::string_view text) {
    if (text.size() < 2 || text.size() > kMaxOrganisationId || !is_lower(text.front())) return std::nullopt;
    const bool allowed =
        std::all_of(text.begin(), text.end(), [](char c) { return is_lower(c) || is_digit(c) || c == '-'; });
    if (!allowed) return std::nullopt;
    return OrganisationId(std::string(text));
}

const OrganisationId& OrganisationId::hub() {
    static const OrganisationId hub{std::string("hub")};
    return hub;
}

std::optional<OfficerId> OfficerId::parse(std::string_view text) {
    if (text.empty() || text.size() > kMaxOfficerId || is_national_id_number(text)) return std::nullopt;
    const bool allowed = std::all_of(text.begin(), text.end(), [](char c) {
        return is_lower(c) || is_digit(c) || (c >= 'A' && c <= 'Z') || c == '.' || c == '_' || c == '-';
    });
    if (!allowed) return std::nullopt;
    return OfficerId(std::string(text));
}

bool is_national_id_number(std::string_view text) {
    if (text.size() != 9 || !std::all_of(text.begin(), text.end(), is_digit)) return false;
    int sum = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const int product = (text[i] - '0') * (i % 2 == 0 ? 1 : 2);
        sum += product > 9 ? product - 9 : product;
    }
    return sum % 10 == 0;
}

std::optional<char> iso7064_mod37_36(std::string_view text) {
    int product = 36;
    for (const char c : text) {
        const int value = value_37(c);
        if (value < 0) return std::nullopt;
        int sum = (product + value) % 36;
        if (sum == 0) sum = 36;
        product = sum * 2 % 37;
    }
    const int check = (37 - product) % 36;
    return static_cast<char>(check < 10 ? '0' + check : 'A' + check - 10);
}

std::optional<Pseudonym> Pseudonym::parse(std::string_view text) {
    if (text.size() != kLength || text.front() != '1') return std::nullopt;
    const std::string_view random = text.substr(1, 16);
    const bool crockford = std::all_of(random.begin(), random.end(),
                                       [](char c) { return kCrockford.find(c) != std::string_view::npos; });
    if (!crockford || iso7064_mod37_36(text.substr(0, 17)) != text.back()) return std::nullopt;
    return Pseudonym(std::string(text));
}

Pseudonym Pseudonym::of_random(const std::array<std::uint8_t, 10>& random) {
    std::string text = "1";
    std::uint32_t bits = 0;
    unsigned held = 0;
    for (const std::uint8_t byte : random) {
        bits = (bits << 8) | byte;
        held += 8;
        while (held >= 5) {
            held -= 5;
            text.push_back(kCrockford[(bits >> held) & 31U]);
        }
    }
    text.push_back(iso7064_mod37_36(text).value());
    return Pseudonym(std::move(text));
}

std::string text(SchemaFingerprint fingerprint) {
    const auto value = static_cast<std::uint64_t>(fingerprint);
    std::array<std::uint8_t, 8> bytes{};
    for (unsigned i = 0; i < 8; ++i) bytes[i] = static_cast<std::uint8_t>(value >> (56 - 8 * i));
    return hex(bytes);
}

std::optional<SchemaFingerprint> parse_fingerprint(std::string_view text) {
    if (text.size() != 16) return std::nullopt;
    const auto bytes = from_hex(text);
    if (!bytes) return std::nullopt;
    std::uint64_t value = 0;
    for (const std::uint8_t byte : *bytes) value = (value << 8) | byte;
    return SchemaFingerprint{value};
}

}  // namespace kesher::contract
