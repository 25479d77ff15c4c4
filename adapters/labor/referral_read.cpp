#include <algorithm>
#include <charconv>
#include <set>

#include "adapters/labor/referral_event.h"

namespace kesher::labor {
namespace {

using contract::DataGroup;
using record::Mapping;

constexpr std::size_t kWord = 64;
constexpr std::size_t kStatement = 64 * 1024;

template <class T>
T must_have(Members& members, std::string_view field, std::optional<T> value, T otherwise) {
    if (!value) static_cast<void>(members.must(field, kWord));  // noted where it is absent
    return value.value_or(std::move(otherwise));
}

codec::Safety read_policy(Members& data, std::size_t& surplus) {
    codec::Safety safety;  // all stand
    auto policy = data.part("data.policy");
    if (!policy) return safety;
    const std::string contact = policy->must("policy.contact", kWord);
    const std::string* word = data.mapping().word("contact", contact);
    if (!contact.empty() && word == nullptr) policy->note("policy.contact", Flaw::unknown_code);
    const auto listed = policy->texts("policy.flags", kWord);
    const auto count = policy->number("policy.count");
    surplus += policy->surplus();
    for (const std::string& each : listed) {
        if (!contract::kSafetyFlags.parse(each)) policy->note("policy.flags", Flaw::unknown_code);
    }
    // One that stands twice stands where another was.
    const std::set<std::string> distinct(listed.begin(), listed.end());
    if (!count || *count != static_cast<std::int64_t>(distinct.size())) return safety;
    if (distinct.size() != listed.size()) return safety;
    for (std::size_t i = 0; i < contract::kSafetyFlags.size(); ++i) {
        const auto flag = static_cast<contract::SafetyFlag>(i);
        safety.set(flag, std::ranges::find(listed, contract::kSafetyFlags.text(flag)) != listed.end());
    }
    // Said in two places: the safer one holds.
    if (word == nullptr || *word == "prohibited") safety.contact_prohibited = true;
    return safety;
}

std::optional<std::int32_t> read_year(Members& participant) {
    const auto said = participant.text("participant.birth_year", 4);
    if (!said) return std::nullopt;
    std::int32_t year = 0;
    const auto [end, fault] = std::from_chars(said->data(), said->data() + said->size(), year);
    if (fault == std::errc{} && end == said->data() + said->size() && year >= 0) return year;
    participant.note("participant.birth_year", Flaw::not_a_number);
    return std::nullopt;
}

std::optional<codec::Contact> read_contact(Members& participant, std::size_t& surplus) {
    auto members = participant.part("participant.contact");
    if (!members) return std::nullopt;
    static_cast<void>(members->raw("contact.kind"));
    codec::Contact contact{.phone = members->text("contact.phone", kWord),
                           .neutral_name = members->text("contact.neutral_name", kShortBytes),
                           .safe_channel = members->word("contact.channel", "channel", codec::kSafeChannels)};
    for (Members& hours : members->parts("contact.hours")) {
        const std::string said = hours.must("hours.weekday", kWord);
        const auto weekday = std::ranges::find(kWeekdays, said);
        if (!said.empty() && weekday == kWeekdays.end()) hours.note("hours.weekday", Flaw::unknown_code);
        const codec::SafeHours read{static_cast<std::int32_t>(weekday - kWeekdays.begin()),
                                    hours.minute("hours.from"), hours.minute("hours.until")};
        if (read.until <= read.from) hours.note("hours.until", Flaw::value);
        contact.safe_hours.push_back(read);
        surplus += hours.surplus();
    }
    surplus += members->surplus();
    return contact;
}

void read_participant(Members& data, record::Referral& to, std::size_t& surplus) {
    auto participant = data.part("data.participant");
    if (!participant) {
        if (data.raw("data.participant")) return;  // noted
        data.note("data.participant", Flaw::missing);
        return;
    }
    static_cast<void>(participant->raw("participant.kind"));
    to.pseudonym = must_have(*participant, "participant.identifier",
                             participant->id<contract::Pseudonym>("participant.identifier"), to.pseudonym);
    to.sealed.known_by = participant->word("participant.known_by", "known_by", contract::kKnownBy);
    codec::Identity identity{.id_number = participant->text("participant.id_number", kWord),
                             .given_name = participant->text("participant.given_name", kShortBytes),
                             .family_name = participant->text("participant.family_name", kShortBytes),
                             .birth_year = read_year(*participant)};
    if (identity != codec::Identity{}) to.sealed.identity = std::move(identity);
    to.sealed.contact = read_contact(*participant, surplus);
    surplus += participant->surplus();
}

void read_particulars(Members& data, codec::Sealed& sealed, std::size_t& surplus) {
    for (Members& members : data.parts("data.particulars")) {
        const auto group = members.plain("particulars.group", contract::kDataGroups);
        if (!group) {
            static_cast<void>(members.must("particulars.group", kWord));
            continue;
        }
        if (*group == DataGroup::identity || *group == DataGroup::contact) {
            members.note("particulars.group", Flaw::value);
            continue;
        }
        if (sealed.other(*group)) members.note("particulars.group", Flaw::twice);
        codec::Particulars read{.text = members.text("particulars.text", kLongBytes)};
        for (Members& answer : members.parts("particulars.answers")) {
            read.answers.push_back(
                {answer.must("answer.code", kWord * 4), answer.must("answer.value", kShortBytes)});
            surplus += answer.surplus();
        }
        surplus += members.surplus();
        sealed.other(*group) = std::move(read);
    }
}

void read_attachments(Members& data, codec::Sealed& sealed, std::size_t& surplus) {
    for (Members& members : data.parts("data.attachments")) {
        codec::Attachment attachment{.name = members.must("attachment.name", kShortBytes),
                                     .media_type = members.must("attachment.type", kShortBytes)};
        attachment.group =
            must_have(members, "attachment.group", members.plain("attachment.group", contract::kDataGroups),
                      DataGroup::health);
        // An empty file is a file.
        const auto content = members.raw("attachment.content");
        auto bytes = content ? contract::from_base64(*content) : std::nullopt;
        if (!bytes) members.note("attachment.content", content ? Flaw::value : Flaw::missing);
        attachment.bytes = std::move(bytes).value_or(contract::Bytes{});
        surplus += members.surplus();
        sealed.attachments.push_back(std::move(attachment));
    }
}

std::optional<contract::Day> read_until(Members& event) {
    const auto said = event.text("attribute.consent_until", kWord);
    if (!said) return std::nullopt;
    constexpr std::string_view kLastSecond = "T23:59:59Z";
    const auto day = said->ends_with(kLastSecond)
                         ? contract::parse_day(said->substr(0, said->size() - kLastSecond.size()))
                         : std::nullopt;
    if (!day) event.note("attribute.consent_until", Flaw::not_a_day);
    return day;
}

contract::Service read_programme(Members& data, std::size_t& surplus) {
    auto object = data.part("data.object");
    if (!object) {
        static_cast<void>(data.must("data.object", kWord));
        return contract::Service{};
    }
    static_cast<void>(object->raw("object.kind"));
    static_cast<void>(object->raw("object.occupation"));  // an answer of EMPLOYMENT says it
    const auto service = object->word("object.service", "service", contract::kServices);
    surplus += object->surplus();
    return service;
}

std::vector<DataGroup> read_groups(Members& data) {
    std::vector<DataGroup> groups;
    for (const std::string& word : data.texts("data.groups", kWord)) {
        const auto group = contract::kDataGroups.parse(word);
        if (group)
            groups.push_back(*group);
        else
            data.note("data.groups", Flaw::unknown_code);
    }
    return groups;
}

}  // namespace

contract::Result<ReferralRead, FieldFaults> read_referral(const CloudEvent& event, const Mapping& mapping,
                                                          const contract::OrganisationId& to) {
    FieldFaults faults;
    std::size_t surplus = 0;
    Members whole(event.whole, "", mapping, faults);
    Members data(event.data(), "/data", mapping, faults);
    const auto message = contract::MessageId::parse(event.id);
    const auto from = organisation_in(event.source);
    if (!message) faults.push_back({0, "/id", Flaw::not_an_id});
    if (!from) faults.push_back({0, "/source", Flaw::not_an_id});
    if (!event.on) faults.push_back({0, "/time", Flaw::missing});
    static_cast<void>(data.raw("data.action"));
    record::Referral read{
        .message = message.value_or(contract::MessageId::of_random({})),
        .referral =
            must_have(whole, "attribute.referral", whole.id<contract::ReferralId>("attribute.referral"),
                      contract::ReferralId::of_random({})),
        .from = from.value_or(to),
        .to = to,
        .pseudonym = contract::Pseudonym::of_random({}),
        .service = read_programme(data, surplus),
        .purpose = must_have(data, "data.purpose", data.plain("data.purpose", contract::kPurposes),
                             contract::Purpose::referral),
        .basis = must_have(whole, "attribute.basis", whole.plain("attribute.basis", contract::kLegalBases),
                           contract::LegalBasis::consent),
        .groups = read_groups(data)};
    read.consent = whole.id<contract::ConsentId>("attribute.consent");
    read.priority = data.word("data.priority", "priority", contract::kPriorities);
    read.language = data.word("data.language", "language", contract::kLanguages);
    read.occurred_on = event.on.value_or(contract::Day{});
    codec::Sealed& sealed = read.sealed;
    read_participant(data, read, surplus);
    sealed.consent_until = read_until(whole);
    sealed.safety = read_policy(data, surplus);
    sealed.need = data.text("data.need", kLongBytes);
    sealed.worker = data.text("data.worker", kShortBytes);
    read_particulars(data, sealed, surplus);
    read_attachments(data, sealed, surplus);
    sealed.appointment = read_schedule(data);
    read.statement = data.text("data.statement", kStatement).value_or("");
    if (!faults.empty()) return contract::Failure{std::move(faults)};
    for (const std::string_view own :
         {"specversion", "id", "source", "type", "time", "datacontenttype", "data"}) {
        whole.pass_over(own);
    }
    data.pass_over("@context");
    return ReferralRead{std::move(read), surplus + whole.surplus() + data.surplus()};
}

}  // namespace kesher::labor
