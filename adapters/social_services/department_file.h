// A department's file of referrals (IHUB_<symbol>_<yyyymmdd>_<seq>.DAT), as typed values and as bytes.
//
// Pure: bytes in, values or faults out. A file is taken whole or refused whole, with every fault by
// line, column and field: first those of form; where there is none, those of meaning. What a file may
// say is in README.md; the widths are in fields.h.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "adapters/social_services/file_fault.h"
#include "adapters/social_services/hebrew.h"
#include "schemas/contract/bytes.h"
#include "schemas/contract/ids.h"
#include "schemas/contract/instant.h"
#include "schemas/contract/result.h"
#include "schemas/contract/vocabulary.h"

namespace kesher::social_services {

inline constexpr std::size_t kFileBytes = 8 * 1024 * 1024;  // 40,000 referrals; a department has a few a week
inline constexpr std::size_t kNeedLineCharacters = 80;
inline constexpr std::size_t kNeedLines = 25;  // 2,000 characters, as in the contract

struct FileHeader {
    std::string entity;   // 9 digits: the department's registered number
    std::string primary;  // 15 digits: the file's own number
    friend bool operator==(const FileHeader&, const FileHeader&) = default;
};

// The authority whose department or area it is; its symbol chooses the route.
struct Authority {
    enum class Kind { settlement, regional_council };
    Kind kind;
    std::uint16_t symbol;  // 1 to 9999
    friend bool operator==(const Authority&, const Authority&) = default;
};

// Where a record was read; what it says is the same wherever it stands, so all places are equal.
struct FileLine {
    unsigned number = 0;  // from 1; 0 = it was not read from a file
    friend bool operator==(FileLine, FileLine) { return true; }
};

struct ConsentReference {
    std::string number;  // native, at most 16 characters, never an identity number
    contract::Day to;    // last day
    friend bool operator==(const ConsentReference&, const ConsentReference&) = default;
};

struct Identity {
    std::string id_number;  // 9 digits with a valid check digit, or empty
    std::string given_name, family_name;
    std::optional<std::uint16_t> birth_year;
    std::string phone;  // 9 or 10 digits, or empty
    friend bool operator==(const Identity&, const Identity&) = default;
};

struct Referral {
    std::optional<contract::Pseudonym> pseudonym;  // the department's own; none = the case is not opened yet
    std::string number;  // native, at most 16 characters of A-Z a-z 0-9 . _ -, never an identity number
    contract::Service service;
    contract::Priority priority;
    contract::Day created;
    std::optional<ConsentReference> consent;
    contract::LegalBasis basis;
    std::optional<Authority> authority;
    contract::Language language;
    bool contact_prohibited = false;
    std::optional<contract::OfficerId> worker;  // never in a file that we write
    std::string neutral_name;
    std::optional<Identity> identity;
    std::vector<std::string> need;  // lines of at most 80 characters
    FileLine line{};                // of its R100
    friend bool operator==(const Referral&, const Referral&) = default;
};

struct DepartmentFile {
    FileHeader header;
    std::vector<Referral> referrals;  // in file order
    friend bool operator==(const DepartmentFile&, const DepartmentFile&) = default;
};

// How the recipient will know her: an id number `identified`, only a phone `contact`, neither `presents`.
[[nodiscard]] contract::KnownBy known_by(const Referral& referral);

[[nodiscard]] contract::Result<DepartmentFile, FileFaults> decode_department_file(contract::ByteView bytes,
                                                                                  Encoding encoding);

// What could not be said in the file's letters was replaced, what was too long was cut; both are
// counted, so that the sender can be told.
struct EncodedFile {
    contract::Bytes bytes;
    std::size_t replaced = 0;  // characters
    std::size_t cut = 0;       // fields
};
// Numbers, dates and codes are the caller's to have right; a wrong one is a fault in line 0.
[[nodiscard]] contract::Result<EncodedFile, FileFaults> encode_department_file(const DepartmentFile& file,
                                                                               Encoding encoding);

// Free text as lines of a file: broken at blanks where possible. More than 25 lines are left to the
// caller to refuse.
[[nodiscard]] std::vector<std::string> need_lines(std::string_view text);

}  // namespace kesher::social_services
