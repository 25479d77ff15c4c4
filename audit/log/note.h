// Signed notes (c2sp.org/signed-note): a text, an empty line, and one line per signature.
//
//   — <name> <base64(keyID[4] || signature)>          (U+2014, single spaces)
//
// Lines of unknown keys are kept and ignored; a line of a known key that does not hold refuses the
// whole note. Known types: 0x01 Ed25519 over the text, 0x04 Ed25519 cosignature with a time.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "audit/log/flaw.h"
#include "schemas/contract/bytes.h"

namespace kesher::log {

using KeyId = std::array<std::uint8_t, 4>;
using CosignatureTime = std::chrono::sys_seconds;

inline constexpr std::size_t kNoteBytes = 64 * 1024;  // a checkpoint with many ML-DSA lines
inline constexpr std::size_t kNoteSignatures = 64;    // C2SP asks for at least 16
enum class NoteKeyType : std::uint8_t { ed25519 = 0x01, cosignature = 0x04 };

// Not empty, UTF-8, no Unicode space or control character, no `+`.
[[nodiscard]] bool is_key_name(std::string_view name);

struct SignatureLine {
    std::string name;
    KeyId key_id{};
    contract::Bytes signature;  // without the key id
    friend bool operator==(const SignatureLine&, const SignatureLine&) = default;
};
[[nodiscard]] std::string write(const SignatureLine& line);                       // with its LF
[[nodiscard]] Result<SignatureLine> parse_signature_line(std::string_view line);  // without its LF

struct Note {
    std::string text;  // ends in LF
    std::vector<SignatureLine> lines;
    friend bool operator==(const Note&, const Note&) = default;
};
[[nodiscard]] std::string write(const Note& note);
[[nodiscard]] Result<Note> parse_note(std::string_view bytes);  // write(parse_note(x)) == x

// A public key with its name: `name+hex(keyID)+base64(type || key)`.
class NoteKey {
public:
    [[nodiscard]] static Result<NoteKey> parse(std::string_view vkey);
    [[nodiscard]] static Result<NoteKey> make(std::string name, NoteKeyType type,
                                              contract::ByteView public_key);
    [[nodiscard]] std::string vkey() const;
    [[nodiscard]] const std::string& name() const { return name_; }
    [[nodiscard]] const KeyId& id() const { return id_; }
    [[nodiscard]] NoteKeyType type() const { return type_; }
    [[nodiscard]] contract::ByteView public_key() const { return public_; }  // 32 bytes
    // Whether the line names this key (its name and its id).
    [[nodiscard]] bool wrote(const SignatureLine& line) const {
        return line.name == name_ && line.key_id == id_;
    }
    [[nodiscard]] bool holds(const SignatureLine& line, std::string_view text) const;
    friend bool operator==(const NoteKey&, const NoteKey&) = default;

private:
    NoteKey() = default;
    std::string name_;
    KeyId id_{};
    NoteKeyType type_{};
    std::array<std::uint8_t, 32> public_{};
};

// The time in a cosignature/v1 line; none where it is too short to be one.
[[nodiscard]] std::optional<CosignatureTime> time_of(const SignatureLine& cosignature);

struct Verified {
    std::size_t key = 0;                  // position in the keys given
    std::optional<CosignatureTime> time;  // of a cosignature: the newest, if the key signed twice
};
// signature_wrong where a line of a known key does not hold. No line of any key: an empty list.
[[nodiscard]] Result<std::vector<Verified>> verify(const Note& note, std::span<const NoteKey> keys);

// A private Ed25519 key with the name it signs under. Moves, never copies.
class NoteSigner {
public:
    [[nodiscard]] static Result<NoteSigner> from_seed(std::string name, NoteKeyType type,
                                                      contract::ByteView seed);
    [[nodiscard]] static Result<NoteSigner> from_pkcs8(std::string name, NoteKeyType type,
                                                       contract::ByteView der_or_pem);
    NoteSigner(NoteSigner&&) noexcept;
    NoteSigner& operator=(NoteSigner&&) noexcept;
    ~NoteSigner();

    [[nodiscard]] const NoteKey& key() const;
    // Needs a key of type ed25519 (std::logic_error else). The text ends in LF.
    [[nodiscard]] SignatureLine sign(std::string_view text) const;
    // Needs a key of type cosignature. The text is a whole checkpoint body.
    [[nodiscard]] SignatureLine cosign(std::string_view text, CosignatureTime at) const;

private:
    struct Key;
    explicit NoteSigner(std::unique_ptr<Key> key);
    std::unique_ptr<Key> key_;
};

}  // namespace kesher::log
