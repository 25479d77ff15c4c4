// A reply (משוב, .MSV): what became of a file (M100) and how referrals stand (S100), both ways.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "adapters/social_services/department_file.h"
#include "adapters/social_services/file_fault.h"

namespace kesher::social_services {

// M100: the technical answer to a file. A file that was refused has one for each fault.
struct Answer {
    bool taken = false;
    std::optional<Flaw> flaw;  // none where it was taken
    unsigned line = 0;
    unsigned column = 0;
    std::uint32_t records = 0;  // of the file, where it was taken
    std::string words;          // the fault in Hebrew, at most 80 characters
    friend bool operator==(const Answer&, const Answer&) = default;
};

// S100: how one referral stands.
struct Status {
    std::optional<contract::Pseudonym> pseudonym;
    std::string referral;  // native number
    contract::ReferralState state;
    std::optional<contract::Reason> reason;
    contract::Day date;                         // of the state; of an appointment its day
    std::optional<std::chrono::seconds> time;   // of an appointment, since midnight in Israel
    std::optional<contract::OfficerId> worker;  // never in a file that we write
    std::optional<contract::Outcome> outcome;   // of COMPLETED alone
    FileLine line{};
    friend bool operator==(const Status&, const Status&) = default;
};

struct StatusFile {
    FileHeader header;
    std::vector<Answer> answers;
    std::vector<Status> statuses;
    friend bool operator==(const StatusFile&, const StatusFile&) = default;
};

// A department must name its reason for DECLINED and FAILED. What the exchange writes may lack it: an
// undelivered referral has none, and a redirected one need not.
enum class StatusOrigin { department, exchange };
[[nodiscard]] contract::Result<StatusFile, FileFaults> decode_status_file(
    contract::ByteView bytes, Encoding encoding, StatusOrigin origin = StatusOrigin::department);
[[nodiscard]] contract::Result<EncodedFile, FileFaults> encode_status_file(const StatusFile& file,
                                                                           Encoding encoding);

// The technical answer to a file that was decoded: one record that it was taken, or one a fault.
[[nodiscard]] StatusFile answer_to(const FileHeader& header,
                                   const contract::Result<DepartmentFile, FileFaults>& decoded);

}  // namespace kesher::social_services
