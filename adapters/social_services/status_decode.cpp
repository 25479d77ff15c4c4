#include <algorithm>

#include "adapters/kit/aliases.h"
#include "adapters/social_services/native_words.h"
#include "adapters/social_services/record_reader.h"
#include "adapters/social_services/status_file.h"

namespace kesher::social_services {
namespace {

using contract::Failure;
using contract::ReferralState;

constexpr std::array kKinds{RecordKind{"M100", kM100}, RecordKind{"S100", kS100}};

std::uint32_t number_in(const std::string& digits) {
    std::uint32_t number = 0;
    for (const char c : digits) number = number * 10 + static_cast<std::uint32_t>(c - '0');
    return number;
}

// HHMMSS of an appointment; 000000 is none, so an appointment is never at midnight.
contract::Result<std::optional<std::chrono::seconds>, Flaw> time_of(const std::string& digits) {
    const std::uint32_t number = number_in(digits);
    const std::uint32_t hours = number / 10'000;
    const std::uint32_t minutes = number / 100 % 100;
    const std::uint32_t seconds = number % 100;
    if (hours > 23 || minutes > 59 || seconds > 59) return Failure{Flaw::time};
    if (number == 0) return std::optional<std::chrono::seconds>{};
    return std::optional{std::chrono::hours{hours} + std::chrono::minutes{minutes} +
                         std::chrono::seconds{seconds}};
}

class StatusReader {
public:
    explicit StatusReader(StatusOrigin origin) : origin_(origin) {}
    contract::Result<StatusFile, FileFaults> read(const Frame& frame) {
        file_.header = frame.header;
        for (const Record& record : frame.records) {
            if (faults_.size() >= kFaultsTold) break;
            record.code() == "M100" ? take_answer(record) : take_status(record);
        }
        if (faults_.empty()) return std::move(file_);
        put_in_order(faults_);
        return Failure{std::move(faults_)};
    }

private:
    void complain(const Record& record, std::string_view field, Flaw flaw) {
        faults_.push_back(record.fault(field, flaw));
    }

    void take_answer(const Record& record) {
        const bool taken = record["outcome"] == "A";
        Answer answer{.taken = taken,
                      .flaw = numbered_word(record["fault"], kFlaws),
                      .line = number_in(record["line"]),
                      .column = number_in(record["column"]),
                      .records = number_in(record["records"]),
                      .words = record["words"]};
        if (!taken && record["outcome"] != "R") complain(record, "outcome", Flaw::answer);
        // Taken without a flaw, or refused with a known one.
        if (taken == answer.flaw.has_value() || (taken && record.has_number("fault"))) {
            complain(record, "fault", Flaw::answer);
        }
        file_.answers.push_back(std::move(answer));
    }

    void take_status(const Record& record) {
        const std::string& number = record["referral"];
        if (number.empty()) complain(record, "referral", Flaw::missing);
        // As in a file of referrals: a record's name is never a person's identity number.
        if (!number.empty() && !kit::is_native_number(number)) complain(record, "referral", Flaw::value);
        const auto state = numbered_word(record["status"], contract::kReferralStates);
        const auto date = contract::parse_day(record["date"]);
        const auto time = time_of(record["time"]);
        if (!state) complain(record, "status", Flaw::status);
        if (!date) complain(record, "date", Flaw::missing);
        if (!time) complain(record, "time", time.error());
        Status status{.pseudonym = {},
                      .referral = number,
                      .state = state.value_or(ReferralState::draft),
                      .reason = numbered_word(record["reason"], contract::kReasons),
                      .date = date.value_or(contract::Day{}),
                      .time = time ? *time : std::nullopt,
                      .worker = {},
                      .outcome = numbered_word(record["note"], contract::kOutcomes),
                      .line = {record.line()}};
        if (record.has_number("reason") && !status.reason) complain(record, "reason", Flaw::reason);
        if (record.has_number("note") && !status.outcome) complain(record, "note", Flaw::outcome);
        take_people(record, status);
        judge(record, status);
        file_.statuses.push_back(std::move(status));
    }

    void take_people(const Record& record, Status& status) {
        if (!record["pseudonym"].empty()) {
            status.pseudonym = contract::Pseudonym::parse(record["pseudonym"]);
            if (!status.pseudonym) complain(record, "pseudonym", Flaw::pseudonym);
        }
        if (!record["worker"].empty()) {
            status.worker = contract::OfficerId::parse(record["worker"]);
            if (!status.worker) complain(record, "worker", Flaw::worker);
        }
    }

    // What must go together: an end has its reason or outcome, and only an appointment has an hour.
    void judge(const Record& record, const Status& status) {
        const bool reasoned =
            status.state == ReferralState::declined || status.state == ReferralState::failed;
        if (reasoned && !status.reason && origin_ == StatusOrigin::department)
            complain(record, "reason", Flaw::reason);
        if ((status.state == ReferralState::completed) != status.outcome.has_value()) {
            complain(record, "note", Flaw::outcome);
        }
        if (status.time && status.state != ReferralState::scheduled) complain(record, "time", Flaw::time);
    }

    StatusOrigin origin_;
    StatusFile file_;
    FileFaults faults_;
};

}  // namespace

contract::Result<StatusFile, FileFaults> decode_status_file(contract::ByteView bytes, Encoding encoding,
                                                            StatusOrigin origin) {
    const auto frame = read_frame(bytes, encoding, kKinds);
    if (!frame) return Failure{frame.error()};
    return StatusReader(origin).read(*frame);
}

}  // namespace kesher::social_services
