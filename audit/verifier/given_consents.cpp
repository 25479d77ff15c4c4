#include "audit/verifier/given_consents.h"

#include <algorithm>

#include "audit/verifier/leaf_facts.h"

namespace kesher::verifier {
namespace {

using contract::ConsentState;
using contract::WordSet;

template <class Enum, std::size_t N>
WordSet<Enum> words(const log::Record& record, std::string_view fact,
                    const contract::ClosedList<Enum, N>& list) {
    WordSet<Enum> set;
    const log::Words* held = words_in(record, fact);
    if (held == nullptr) return set;
    for (const log::Word& each : *held) {
        if (const auto known = list.parse(each.text())) set.add(*known);
    }
    return set;
}

std::optional<consent::Consent> consent_of(std::uint64_t index, const log::Record& record) {
    const auto discloser = contract::OrganisationId::parse(word_in(record, "discloser"));
    const auto recipient = contract::OrganisationId::parse(word_in(record, "recipient"));
    const auto direction = contract::kDirections.parse(word_in(record, "direction"));
    const auto from = contract::parse_day(word_in(record, "from"));
    const auto to = contract::parse_day(word_in(record, "to"));
    const auto state = contract::kConsentStates.parse(word_in(record, "state"));
    const auto form = contract::kConsentForms.parse(word_in(record, "form"));
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
    return consent::Question{.named = std::nullopt,  // it is asked of one consent alone
                             .discloser = *discloser,
                             .recipient = *recipient,
                             .purpose = *purpose,
                             .groups = groups,
                             .service = *service,
                             .revealing = {}};
}

contract::Result<contract::ConsentId, contract::Code> carried(const consent::Consent& given,
                                                              const Claims& submission,
                                                              contract::Instant at) {
    const auto question = question_of(submission);
    if (!question) return contract::Failure{contract::Code::consent_missing};
    return consent::evaluate(*question, {&given, 1}, at);
}

std::string entry_of(const consent::Consent& given) { return std::to_string(contract::number(given.leaf)); }

}  // namespace

void GivenConsents::take(std::uint64_t index, const log::Record& record) {
    auto given = consent_of(index, record);
    if (!given) return;
    const auto [place, fresh] = given_.try_emplace(std::string(given->id.text()), *given);
    if (fresh) between_[{given->discloser, given->recipient}].push_back(&place->second);
}

void GivenConsents::put_state(std::string_view consent, ConsentState state) {
    const auto found = given_.find(consent);
    if (found != given_.end()) found->second.state = state;
}

std::optional<std::string> GivenConsents::judge(const Claims& submission, contract::Instant at) const {
    if (submission.rehearses()) return std::nullopt;
    if (submission.consent.empty()) {
        if (stands_on_statute(submission)) return std::nullopt;
        return "it accepts a referral that names neither a consent nor a statute";
    }
    const auto found = given_.find(submission.consent);
    if (found == given_.end())
        return "it accepts a referral under a consent that no entry before it recorded";
    const auto answer = carried(found->second, submission, at);
    if (answer) return std::nullopt;
    return "it accepts a referral that its consent, recorded at entry " + entry_of(found->second) +
           ", does not cover (" + std::string(contract::text(answer.error())) + ")";
}

std::optional<std::string> GivenConsents::judge_release(const Claims& submission,
                                                        contract::Instant at) const {
    const auto named = given_.find(submission.consent);
    if (submission.rehearses() || named == given_.end() || carried(named->second, submission, at))
        return std::nullopt;
    const consent::Consent& own = named->second;
    const auto stands = [&](const consent::Consent* other) {
        return other->leaf > own.leaf && carried(*other, submission, at);
    };
    if (std::ranges::any_of(between_.at({own.discloser, own.recipient}), stands)) return std::nullopt;
    return "it releases a referral that its consent, recorded at entry " + entry_of(own) + ", covers no more";
}

}  // namespace kesher::verifier
