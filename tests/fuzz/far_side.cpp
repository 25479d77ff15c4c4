// What native systems send: a department's file and its reply, a FHIR server's Task.
#include <algorithm>

#include "adapters/health/document.h"
#include "adapters/health/task_read.h"
#include "adapters/social_services/department_file.h"
#include "adapters/social_services/status_file.h"
#include "tests/fuzz/target.h"

namespace kesher::fuzz {
namespace {

using namespace social_services;
using contract::text_of;

struct Encoded {
    Encoding encoding;
    contract::ByteView bytes;
};
Encoded encoded(contract::ByteView input) {
    if (input.empty()) return {Encoding::iso_8859_8, input};
    return {static_cast<Encoding>(input[0] % kEncodings.size()), input.subspan(1)};
}

void claim_placed(const FileFaults& faults) { claim(!faults.empty()); }

}  // namespace

// A file that was taken whole says the same when we write it; only the worker is never written, and of the
// letters only the vowel points of Windows-1255 are not. What was written once is written alike again.
void department_files(contract::ByteView input) {
    const auto [encoding, bytes] = encoded(input);
    auto file = decode_department_file(bytes, encoding);
    if (!file) return claim_placed(file.error());
    for (Referral& referral : file->referrals) referral.worker.reset();
    const auto again = encode_department_file(*file, encoding);
    claim(again && again->cut == 0);
    claim(again->replaced == 0 || encoding == Encoding::windows_1255);
    const auto reread = decode_department_file(again->bytes, encoding);
    claim(reread && (again->replaced > 0 || *reread == *file));
    const auto once_more = encode_department_file(*reread, encoding);
    claim(once_more && once_more->replaced == 0 && once_more->bytes == again->bytes);
}

void status_files(contract::ByteView input) {
    const auto [encoding, bytes] = encoded(input);
    for (const StatusOrigin origin : {StatusOrigin::department, StatusOrigin::exchange}) {
        auto file = decode_status_file(bytes, encoding, origin);
        if (!file) {
            claim_placed(file.error());
            continue;
        }
        for (Status& status : file->statuses) status.worker.reset();
        const auto again = encode_status_file(*file, encoding);
        claim(again && again->cut == 0);
        // The words of somebody's answer may bear vowel points; those are read, and never written.
        claim(again->replaced == 0 || !file->answers.empty());
        if (again->replaced > 0) continue;
        const auto reread = decode_status_file(again->bytes, encoding, origin);
        claim(reread && *reread == *file);
    }
}

// Read twice it says the same, and a decimal that became text stays what it was.
void fhir_tasks(contract::ByteView input) {
    const std::string_view text = text_of(input);
    const std::string plain = health::decimals_as_text(text);
    claim(health::decimals_as_text(plain) == plain);
    const auto task = health::read_task(text);
    const auto document = health::open_document(text, "Task");
    claim(document || !task);
    if (document) {
        const auto again = health::read_task(*document);
        claim(task.has_value() == again.has_value());
        if (task) claim(*task == *again);
    }
    (void)health::read_appointment(text);
}

}  // namespace kesher::fuzz
