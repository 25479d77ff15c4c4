#include <algorithm>
#include <set>

#include "adapters/national_insurance/fields.h"
#include "adapters/national_insurance/referral_form.h"

namespace kesher::national_insurance {
namespace {

using contract::DataGroup;
using record::Mapping;

constexpr std::size_t kWord = 64;
constexpr std::size_t kStatement = 64 * 1024;

template <class T>
T must_have(Fields& fields, std::string_view field, std::optional<T> value, T otherwise) {
    if (!value) static_cast<void>(fields.must(field, kWord));  // noted where it is absent
    return value.value_or(std::move(otherwise));
}

codec::Safety read_safety(Fields& fields, const Mapping& mapping) {
    codec::Safety safety;  // all stand
    const std::string contact = fields.must("referral.contact", kWord);
    const std::string* word = mapping.word("contact", contact);
    if (!contact.empty() && word == nullptr) fields.note("referral.contact", Flaw::unknown_code);
    const auto listed = fields.texts("referral.flag", kWord);
    const auto count = fields.number("referral.flags");
    // One that stands twice stands where another was.
    const std::set<std::string> distinct(listed.begin(), listed.end());
    if (!count || *count != static_cast<std::int64_t>(listed.size())) return safety;
    if (distinct.size() != listed.size()) return safety;
    for (std::size_t i = 0; i < contract::kSafetyFlags.size(); ++i) {
        const auto flag = static_cast<contract::SafetyFlag>(i);
        safety.set(flag, std::ranges::find(listed, contract::kSafetyFlags.text(flag)) != listed.end());
    }
    for (const std::string& each : listed) {
        if (!contract::kSafetyFlags.parse(each)) fields.note("referral.flag", Flaw::unknown_code);
    }
    // Said in two places: the safer one holds.
    if (word == nullptr || *word == "prohibited") safety.contact_prohibited = true;
    return safety;
}

std::optional<codec::Identity> read_identity(Fields& fields) {
    codec::Identity identity{.id_number = fields.text("referral.id_number", kWord),
                             .given_name = fields.text("referral.given_name", kShortBytes),
                             .family_name = fields.text("referral.family_name", kShortBytes),
                             .birth_year = fields.small_number("referral.birth_year", 0, 9999)};
    if (identity == codec::Identity{}) return std::nullopt;
    return identity;
}

std::optional<codec::Contact> read_contact(Fields& referral) {
    auto fields = referral.part("contact.element");
    if (!fields) return std::nullopt;
    codec::Contact contact{.phone = fields->text("contact.phone", kWord),
                           .neutral_name = fields->text("contact.neutral_name", kShortBytes),
                           .safe_channel = fields->word("contact.channel", "channel", codec::kSafeChannels)};
    for (Fields& hours : fields->parts("contact.hours")) {
        contact.safe_hours.push_back({hours.must_number("contact.weekday", 0, 6),
                                      hours.must_number("contact.from", 0, 1439),
                                      hours.must_number("contact.until", 1, 1440)});
    }
    return contact;
}

void read_particulars(Fields& referral, codec::Sealed& sealed) {
    for (Fields& fields : referral.parts("particulars.element")) {
        const auto group = fields.plain("particulars.group", contract::kDataGroups);
        if (!group) {
            static_cast<void>(fields.must("particulars.group", kWord));
            continue;
        }
        if (*group == DataGroup::identity || *group == DataGroup::contact) {
            fields.note("particulars.group", Flaw::value);
            continue;
        }
        if (sealed.other(*group)) fields.note("particulars.group", Flaw::twice);
        codec::Particulars read{.text = fields.text("particulars.text", kLongBytes)};
        for (Fields& answer : fields.parts("particulars.answer")) {
            read.answers.push_back(
                {answer.must("particulars.code", kWord * 4), answer.must("particulars.value", kShortBytes)});
        }
        sealed.other(*group) = std::move(read);
    }
}

void read_attachments(Fields& referral, codec::Sealed& sealed) {
    for (Fields& fields : referral.parts("attachment.element")) {
        codec::Attachment attachment{.name = fields.must("attachment.name", kShortBytes),
                                     .media_type = fields.must("attachment.type", kShortBytes)};
        const auto group = fields.plain("attachment.group", contract::kDataGroups);
        attachment.group = must_have(fields, "attachment.group", group, DataGroup::health);
        // An empty file is a file.
        const auto content = fields.raw("attachment.content");
        auto bytes = content ? contract::from_base64(*content) : std::nullopt;
        if (!bytes) fields.note("attachment.content", content ? Flaw::value : Flaw::missing);
        attachment.bytes = std::move(bytes).value_or(contract::Bytes{});
        sealed.attachments.push_back(std::move(attachment));
    }
}

template <class Id>
Id must_id(Fields& fields, std::string_view field, Id otherwise) {
    return must_have(fields, field, fields.id<Id>(field), std::move(otherwise));
}

contract::Day must_day(Fields& fields, std::string_view field) {
    return must_have(fields, field, fields.day(field), contract::Day{});
}

std::vector<DataGroup> read_groups(Fields& fields) {
    std::vector<DataGroup> groups;
    for (const std::string& word : fields.texts("referral.group", kWord)) {
        const auto group = contract::kDataGroups.parse(word);
        if (group)
            groups.push_back(*group);
        else
            fields.note("referral.group", Flaw::unknown_code);
    }
    return groups;
}

}  // namespace

contract::Result<ReferralRead, FieldFaults> read_referral(const Element& body, const Mapping& mapping,
                                                          const contract::OrganisationId& to) {
    FieldFaults faults;
    Fields whole(body, mapping, faults);
    auto opening = whole.part("header.element");
    auto fields = whole.part("referral.element");
    auto closing = whole.part("closing.element");
    if (!opening && faults.empty()) whole.note_missing("header.element");
    if (!fields && faults.empty()) whole.note_missing("referral.element");
    if (!closing && faults.empty()) whole.note_missing("closing.element");
    if (!opening || !fields || !closing) return contract::Failure{std::move(faults)};
    if (closing->number("closing.count") != 1) closing->note("closing.count", Flaw::count);

    record::Referral read{
        .message = must_id(*opening, "header.transfer", contract::MessageId::of_random({})),
        .referral = must_id(*fields, "referral.number", contract::ReferralId::of_random({})),
        .from = must_id(*opening, "header.sender", to),
        .to = to,
        .pseudonym = must_id(*fields, "referral.pseudonym", contract::Pseudonym::of_random({})),
        .service = fields->word("referral.service", "service", contract::kServices),
        .purpose =
            must_have(*fields, "referral.purpose", fields->plain("referral.purpose", contract::kPurposes),
                      contract::Purpose::referral),
        .basis = must_have(*fields, "referral.basis", fields->plain("referral.basis", contract::kLegalBases),
                           contract::LegalBasis::consent),
        .groups = read_groups(*fields)};
    read.consent = fields->id<contract::ConsentId>("referral.consent");
    read.priority = fields->word("referral.priority", "priority", contract::kPriorities);
    read.language = fields->word("referral.language", "language", contract::kLanguages);
    read.occurred_on = must_day(*fields, "referral.on");
    codec::Sealed& sealed = read.sealed;
    sealed.known_by = fields->word("referral.known_by", "known_by", contract::kKnownBy);
    sealed.consent_until = fields->day("referral.consent_until");
    sealed.safety = read_safety(*fields, mapping);
    sealed.need = fields->text("referral.need", kLongBytes);
    sealed.worker = fields->text("referral.worker", kShortBytes);
    sealed.identity = read_identity(*fields);
    sealed.contact = read_contact(*fields);
    read_particulars(*fields, sealed);
    read_attachments(*fields, sealed);
    sealed.appointment = read_appointment(*fields);
    read.statement = fields->text("referral.statement", kStatement).value_or("");
    if (!faults.empty()) return contract::Failure{std::move(faults)};
    return ReferralRead{std::move(read), fields->surplus() + whole.surplus()};
}

}  // namespace kesher::national_insurance
