#include "audit/verifier/given_consents.h"

#include <variant>

namespace kesher::verifier {
namespace {

using contract::ConsentState;
using contract::WordSet;

std::string_view word(const log::Record& record, std::string_view fact) {
    const log::FactValue* value = record.facts.find(fact);
    const auto* held = value == nullptr ? nullptr : std::get_if<log::Word>(value);
    return held == nullptr ? std::string_view() : std::string_view(held->text());
}

bool is_true(const log::Record& record, std::string_view fact) {
    const log::FactValue* value = record.facts.find(fact);
    const bool* held = value == nullptr ? nullptr : std::get_if<bool>(value);
    return held != nullptr && *held;
}

template <class Enum, std::size_t N>
WordSet<Enum> words(const log::Record& record, std::string_view fact,
                    const contract::ClosedList<Enum, N>& list) {
    WordSet<Enum> set;
    const log::FactValue* value = record.facts.find(fact);
    const auto* held = value == nullptr ? nullptr : std::get_if<log::Words>(value);
    if (held == nullptr) return set;
    for (const log::Word& each : *held) {
        if (const auto known = list.parse(each.text())) set.add(*known);
    }
    return set;
}

std::optional<consent::Consent> consent_of(std::uint64_t index, const log::Record& record) {
    const auto discloser = contract::OrganisationId::parse(word(record, "discloser"));
    const auto recipient = contract::OrganisationId::parse(word(record, "recipient"));
    const auto direction = contract::kDirections.parse(word(record, "direction"));
    const auto from = contract::parse_day(word(record, "from"));
    const auto to = contract::parse_day(word(record, "to"));
    const auto state = contract::kConsentStates.parse(word(record, "state"));
    const auto form = contract::kConsentForms.parse(word(record, "form"));
    const bool whole =
        record.consent && record.org && discloser && recipient && direction && from && to && state && form;
    if (!whole) return std::nullopt;
    return consent::Consent{.id = *record.consent,
                            .leaf = contract::LeafIndex{index},
                            .recorded_by = *record.org,
                            .discloser = *discloser,
                            .recipient = *recipient,
                            .purposes = words(record, "purposes", contract::kPurposes),
                            .groups = words(record, "groups", contract::kDataGroups),
                            .services = words(record, "services", contract::kServices),
                            .direction = *direction,
                            .valid_from = *from,
                            .valid_to = *to,
                            .state = *state,
                            .form = *form,
                            .harm_veto = is_true(record, "harm_veto")};
}

bool stands_on_statute(const Claims& submission) {
    const auto basis = contract::kLegalBases.parse(submission.basis);
    return basis && contract::needs_no_consent(*basis);
}

// What a claim spells that is no word of its list, nobody agreed to.
std::optional<consent::Question> question_of(const Claims& submission) {
    const auto discloser = contract::OrganisationId::parse(submission.from);
    const auto recipient = contract::OrganisationId::parse(submission.to);
    const auto purpose = contract::kPurposes.parse(submission.purpose);
    const auto service = contract::kServices.parse(submission.service);
    if (!discloser || !recipient || !purpose || !service) return std::nullopt;
    WordSet<contract::DataGroup> groups;
    for (const std::string& each : submission.groups) {
        const auto group = contract::kDataGroups.parse(each);
        if (!group) return std::nullopt;
        groups.add(*group);
    }
    return consent::Question{.named = contract::ConsentId::parse(submission.consent),
                             .discloser = *discloser,
                             .recipient = *recipient,
                             .purpose = *purpose,
                             .groups = groups,
                             .service = *service,
                             .revealing = {}};
}

}  // namespace

void GivenConsents::take(std::uint64_t index, const log::Record& record) {
    auto given = consent_of(index, record);
    if (given) given_.try_emplace(std::string(given->id.text()), *std::move(given));
}

void GivenConsents::put_state(std::string_view consent, ConsentState state) {
    const auto found = given_.find(consent);
    if (found != given_.end()) found->second.state = state;
}

std::optional<std::string> GivenConsents::judge(const Claims& submission, contract::Instant at) const {
    if (submission.purpose == contract::kPurposes.text(contract::Purpose::rehearsal)) return std::nullopt;
    if (submission.consent.empty()) {
        if (stands_on_statute(submission)) return std::nullopt;
        return "it accepts a referral that names neither a consent nor a statute";
    }
    const auto found = given_.find(submission.consent);
    if (found == given_.end())
        return "it accepts a referral under a consent that no entry before it recorded";
    const auto question = question_of(submission);
    const auto carried = question ? consent::evaluate(*question, {&found->second, 1}, at)
                                  : contract::Failure{contract::Code::consent_missing};
    if (carried) return std::nullopt;
    return "it accepts a referral that its consent, recorded at entry " +
           std::to_string(contract::number(found->second.leaf)) + ", does not cover (" +
           std::string(contract::text(carried.error())) + ")";
}

}  // namespace kesher::verifier
