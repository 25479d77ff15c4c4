// From records to referrals: what each field means, and what must hold between records.
#include <algorithm>
#include <map>

#include "adapters/kit/aliases.h"
#include "adapters/social_services/department_file.h"
#include "adapters/social_services/native_words.h"
#include "adapters/social_services/record_reader.h"
#include "adapters/social_services/settlements.h"

namespace kesher::social_services {
namespace {

using contract::Failure;

constexpr std::array kKinds{RecordKind{"R100", kR100}, RecordKind{"I100", kI100}, RecordKind{"N100", kN100}};
constexpr int kFirstBirthYear = 1900;
constexpr std::size_t kLeastPhoneDigits = 9;

std::uint16_t small(const std::string& digits) {
    unsigned number = 0;
    for (const char c : digits) number = number * 10 + static_cast<unsigned>(c - '0');
    return static_cast<std::uint16_t>(number);
}

bool is_phone(const std::string& text) {
    return text.size() >= kLeastPhoneDigits && text.front() == '0' &&
           std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

class ReferralReader {
public:
    contract::Result<DepartmentFile, FileFaults> read(const Frame& frame) {
        file_.header = frame.header;
        for (const Record& record : frame.records) {
            if (faults_.size() >= kFaultsTold) break;
            if (record.code() == "R100") {
                take_referral(record);
            } else if (Referral* referral = referral_of(record)) {
                record.code() == "I100" ? take_identity(record, *referral) : take_need(record, *referral);
            }
        }
        if (faults_.empty()) return std::move(file_);
        put_in_order(faults_);
        return Failure{std::move(faults_)};
    }

private:
    void complain(const Record& record, std::string_view field, Flaw flaw) {
        faults_.push_back(record.fault(field, flaw));
    }

    // The value, or a fault and any value: a file with a fault is never taken.
    template <class T>
    T must(const std::optional<T>& value, const Record& record, std::string_view field, Flaw flaw,
           T otherwise) {
        if (!value) complain(record, field, flaw);
        return value.value_or(otherwise);
    }

    Referral* referral_of(const Record& record) {
        const auto found = places_.find(record["referral"]);
        if (found != places_.end()) return &file_.referrals.at(found->second);
        complain(record, "referral", Flaw::referral_unknown);
        return nullptr;
    }

    // Numbers name records in the exchange, and a record's name is never a person's identity number.
    void judge_number(const Record& record, std::string_view field) {
        if (!record[field].empty() && !kit::is_native_number(record[field])) {
            complain(record, field, Flaw::value);
        }
    }

    void take_referral(const Record& record) {
        const std::string& number = record["referral"];
        if (number.empty()) complain(record, "referral", Flaw::missing);
        judge_number(record, "referral");
        judge_number(record, "consent");
        if (!places_.emplace(number, file_.referrals.size()).second) {
            complain(record, "referral", Flaw::referral_twice);
        }
        const auto day = contract::parse_day(record["created"]);
        Referral referral{.pseudonym = pseudonym_of(record),
                          .number = number,
                          .service = must(contract::kServices.parse(record["service"]), record, "service",
                                          Flaw::service, {}),
                          .priority = must(numbered_word(record["priority"], contract::kPriorities), record,
                                           "priority", Flaw::priority, {}),
                          .created = must(day, record, "created", Flaw::missing, contract::Day{}),
                          .consent = {},
                          .basis = must(basis_of(record["basis"]), record, "basis", Flaw::basis, {}),
                          .authority = authority_of(record),
                          .language = language_of(record),
                          .contact_prohibited = contact_of(record),
                          .worker = worker_of(record),
                          .neutral_name = record["neutral_name"],
                          .identity = {},
                          .need = {},
                          .line = {record.line()}};
        referral.consent = consent_of(record, referral);
        file_.referrals.push_back(std::move(referral));
    }

    std::optional<contract::Pseudonym> pseudonym_of(const Record& record) {
        if (record["pseudonym"].empty()) return std::nullopt;
        auto pseudonym = contract::Pseudonym::parse(record["pseudonym"]);
        if (!pseudonym) complain(record, "pseudonym", Flaw::pseudonym);
        return pseudonym;
    }

    // A disclosure stands on a consent, or on a law between public bodies; never on both.
    std::optional<ConsentReference> consent_of(const Record& record, const Referral& referral) {
        const auto to = contract::parse_day(record["consent_to"]);
        const bool named = !record["consent"].empty();
        if (named != to.has_value()) {
            complain(record, named ? "consent_to" : "consent", Flaw::consent);
        } else if (named == contract::needs_no_consent(referral.basis)) {
            complain(record, "consent", Flaw::consent);
        }
        if (!named || !to) return std::nullopt;
        if (*to < referral.created) complain(record, "consent_to", Flaw::consent);
        return ConsentReference{record["consent"], *to};
    }

    std::optional<Authority> authority_of(const Record& record) {
        const std::string& kind = record["authority_type"];
        const std::uint16_t symbol = small(record["symbol"]);
        if (kind.empty() && symbol == 0) return std::nullopt;
        if (kind == "S" && settlement(symbol)) return Authority{Authority::Kind::settlement, symbol};
        if (kind == "C" && symbol != 0) return Authority{Authority::Kind::regional_council, symbol};
        complain(record, kind == "S" || kind == "C" ? "symbol" : "authority_type", Flaw::authority);
        return std::nullopt;
    }

    contract::Language language_of(const Record& record) {
        for (const auto& [word, language] : kLanguageWords) {
            if (record["language"] == word) return language;
        }
        complain(record, "language", Flaw::language);
        return contract::Language::other;
    }

    bool contact_of(const Record& record) {
        const char flag = record["contact"].front();
        if (flag != kContactAllowed && flag != kContactProhibited) complain(record, "contact", Flaw::contact);
        return flag != kContactAllowed;
    }

    std::optional<contract::OfficerId> worker_of(const Record& record) {
        if (record["worker"].empty()) return std::nullopt;
        auto worker = contract::OfficerId::parse(record["worker"]);
        if (!worker) complain(record, "worker", Flaw::worker);
        return worker;
    }

    void take_identity(const Record& record, Referral& referral) {
        if (referral.identity) return complain(record, "referral", Flaw::identity_twice);
        Identity identity{.id_number = record.has_number("id_number") ? record["id_number"] : "",
                          .given_name = record["given_name"],
                          .family_name = record["family_name"],
                          .birth_year = {},
                          .phone = record["phone"]};
        if (!identity.id_number.empty() && !contract::is_national_id_number(identity.id_number)) {
            complain(record, "id_number", Flaw::id_number);
        }
        if (record.has_number("birth_year")) {
            identity.birth_year = small(record["birth_year"]);
            const int last = int{std::chrono::year_month_day{referral.created}.year()};
            if (*identity.birth_year < kFirstBirthYear || *identity.birth_year > last) {
                complain(record, "birth_year", Flaw::birth_year);
            }
        }
        if (!identity.phone.empty()) {
            if (!is_phone(identity.phone)) complain(record, "phone", Flaw::phone);
            // The contract: while nobody may try to reach her, no phone travels in any format.
            if (referral.contact_prohibited) complain(record, "phone", Flaw::phone_prohibited);
        }
        referral.identity = std::move(identity);
    }

    void take_need(const Record& record, Referral& referral) {
        if (small(record["need_line"]) != referral.need.size() + 1)
            complain(record, "need_line", Flaw::need_order);
        if (referral.need.size() == kNeedLines) return complain(record, "need_line", Flaw::need_length);
        referral.need.push_back(record["need"]);
    }

    DepartmentFile file_;
    std::map<std::string, std::size_t, std::less<>> places_;
    FileFaults faults_;
};

}  // namespace

contract::KnownBy known_by(const Referral& referral) {
    if (!referral.identity) return contract::KnownBy::presents;
    if (!referral.identity->id_number.empty()) return contract::KnownBy::identified;
    return referral.identity->phone.empty() ? contract::KnownBy::presents : contract::KnownBy::contact;
}

contract::Result<DepartmentFile, FileFaults> decode_department_file(contract::ByteView bytes,
                                                                    Encoding encoding) {
    const auto frame = read_frame(bytes, encoding, kKinds);
    if (!frame) return Failure{frame.error()};
    return ReferralReader().read(*frame);
}

}  // namespace kesher::social_services
