#include <algorithm>
#include <cassert>

#include "adapters/social_services/record_writer.h"
#include "adapters/social_services/status_file.h"

namespace kesher::social_services {
namespace {

constexpr RecordKind kAnswer{"M100", kM100};
constexpr RecordKind kStatus{"S100", kS100};

template <class Enum>
std::string number_of(const std::optional<Enum>& value) {
    return value ? std::to_string(static_cast<std::size_t>(*value) + 1) : std::string();
}

std::string two(std::int64_t number) { return (number < 10 ? "0" : "") + std::to_string(number); }

std::string digits_of(std::chrono::seconds time) {
    const std::chrono::hh_mm_ss clock(time);
    return two(clock.hours().count()) + two(clock.minutes().count()) + two(clock.seconds().count());
}

FieldTexts texts_of(const Answer& answer) {
    return {{"outcome", answer.taken ? "A" : "R"},       {"fault", number_of(answer.flaw)},
            {"line", std::to_string(answer.line)},       {"column", std::to_string(answer.column)},
            {"records", std::to_string(answer.records)}, {"words", answer.words}};
}

// `worker` stays blank, as in every file that we write.
FieldTexts texts_of(const Status& status) {
    std::string date = contract::text(status.date);
    std::erase(date, '-');
    FieldTexts texts{{"referral", status.referral},
                     {"status", number_of(std::optional(status.state))},
                     {"reason", number_of(status.reason)},
                     {"date", date},
                     {"note", number_of(status.outcome)}};
    if (status.pseudonym) texts["pseudonym"] = status.pseudonym->reveal();
    if (status.time) texts["time"] = digits_of(*status.time);
    return texts;
}

std::uint32_t records_of(const DepartmentFile& file) {
    std::size_t records = 2;  // A100 and Z900
    for (const Referral& referral : file.referrals)
        records += 1 + (referral.identity ? 1 : 0) + referral.need.size();
    return static_cast<std::uint32_t>(records);
}

}  // namespace

contract::Result<EncodedFile, FileFaults> encode_status_file(const StatusFile& file, Encoding encoding) {
    FrameWriter writer(file.header, encoding);
    for (const Answer& answer : file.answers) writer.record(kAnswer, texts_of(answer));
    for (const Status& status : file.statuses) writer.record(kStatus, texts_of(status));
    return writer.finish();
}

StatusFile answer_to(const FileHeader& header, const contract::Result<DepartmentFile, FileFaults>& decoded) {
    StatusFile reply{header, {}, {}};
    if (decoded) {
        reply.answers.push_back({.taken = true, .flaw = {}, .records = records_of(*decoded), .words = {}});
        return reply;
    }
    for (const FileFault& fault : decoded.error()) {
        reply.answers.push_back({.taken = false,
                                 .flaw = fault.flaw,
                                 .line = fault.line,
                                 .column = fault.column,
                                 .records = 0,
                                 .words = short_words_of(fault)});
    }
    return reply;
}

}  // namespace kesher::social_services
