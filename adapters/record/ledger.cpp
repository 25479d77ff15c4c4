#include "adapters/record/ledger.h"

#include <array>

#include "adapters/record/told.h"

namespace kesher::record {
namespace {

using contract::ConsentId;
using contract::MessageId;
using contract::ReferralId;
using contract::ReferralState;

constexpr std::string_view kNone = "-";

// How many words a line of each kind has.
constexpr std::array<kit::LedgerFile::Kind, 9> kLines{{{"given", 6},
                                                       {"attempted", 3},
                                                       {"known", 2},
                                                       {"watched", 3},
                                                       {"stands", 5},
                                                       {"intends", 6},
                                                       {"stopped", 3},
                                                       {"acknowledged", 2},
                                                       {"told", 2}}};

std::string or_none(std::string_view text) { return std::string(text.empty() ? kNone : text); }

std::string text_of(const Standing& stood) {
    const auto& before = stood.held_from;
    return std::string(contract::kReferralStates.text(stood.state)) + ' ' +
           or_none(before ? contract::kReferralStates.text(*before) : "") +
           (stood.frozen ? " frozen" : " free");
}

}  // namespace

Standing Ledger::stood_in(const kit::LedgerWords& words, std::size_t at) const {
    Standing stood{must(contract::kReferralStates.parse(words[at])), {}, words[at + 2] == "frozen"};
    if (words[at + 1] != kNone) {
        stood.held_from = must(contract::kReferralStates.parse(words[at + 1]));
    }
    return stood;
}

Given Ledger::given_in(const kit::LedgerWords& words) const {
    Given given{must(ReferralId::parse(words[1])), must(contract::OrganisationId::parse(words[2])),
                must(contract::kPurposes.parse(words[3])), must(contract::kLegalBases.parse(words[4]))};
    if (words[5] != kNone) given.consent = must(ConsentId::parse(words[5]));
    return given;
}

Ledger::Ledger(const std::filesystem::path& file, std::string name)
    : name_(std::move(name)), file_(file, name_), kinds_(kLines.begin(), kLines.end()) {}

void Ledger::load() {
    const auto own = own_kinds();
    kinds_.insert(kinds_.end(), own.begin(), own.end());
    file_.load([this](std::string_view line) { apply(line); });
}

void Ledger::apply(std::string_view line) {
    const auto words = file_.words_of(line, kinds_);
    const std::string_view verb = words[0];
    if (verb == "told") {
        told_.insert(must(MessageId::parse(words[1])));
    } else if (verb == "stopped") {
        stopped_.insert_or_assign(must(ConsentId::parse(words[1])), must(MessageId::parse(words[2])));
    } else if (verb == "acknowledged") {
        acknowledged_.insert(must(ConsentId::parse(words[1])));
    } else if (verb == "given") {
        const Given given = given_in(words);
        given_.emplace(given.id, given);
    } else if (verb == "attempted") {
        const ReferralId referral = must(ReferralId::parse(words[1]));
        attempted_.insert_or_assign(referral, must(MessageId::parse(words[2])));
        unknown_.insert_or_assign(referral, true);
    } else if (verb == "known") {
        unknown_.insert_or_assign(must(ReferralId::parse(words[1])), false);
    } else if (verb == "watched") {
        watched_.insert_or_assign(must(ReferralId::parse(words[1])), must(contract::parse_day(words[2])));
    } else if (verb == "stands") {
        const ReferralId referral = must(ReferralId::parse(words[1]));
        standings_.insert_or_assign(referral, stood_in(words, 2));
        intended_.erase(referral);
        ++steps_[referral];
    } else if (verb == "intends") {
        intended_.insert_or_assign(must(ReferralId::parse(words[1])),
                                   Intended{must(MessageId::parse(words[2])), stood_in(words, 3)});
    } else {
        apply_own(words);
    }
}

void Ledger::append(const std::string& line) {
    file_.append(line);
    apply(line);
}

void Ledger::give(const Given& given) {
    if (given_.contains(given.id)) return;
    append("given " + given.id.text() + ' ' + given.from.text() + ' ' +
           std::string(contract::kPurposes.text(given.purpose)) + ' ' +
           std::string(contract::kLegalBases.text(given.basis)) + ' ' +
           (given.consent ? given.consent->text() : std::string(kNone)));
}

const Given* Ledger::given(const ReferralId& referral) const {
    const auto found = given_.find(referral);
    return found == given_.end() ? nullptr : &found->second;
}

std::vector<Given> Ledger::given_under(const ConsentId& consent) const {
    std::vector<Given> found;
    for (const auto& [id, given] : given_) {
        if (given.consent == consent) found.push_back(given);
    }
    return found;
}

std::vector<Given> Ledger::open() const {
    std::vector<Given> found;
    for (const auto& [id, given] : given_) {
        if (!contract::is_terminal(stood(id).state)) found.push_back(given);
    }
    return found;
}

void Ledger::attempt(const ReferralId& referral, const MessageId& submission) {
    append("attempted " + referral.text() + ' ' + submission.text());
}

void Ledger::know(const ReferralId& referral) { append("known " + referral.text()); }

std::optional<bool> Ledger::is_unknown(const ReferralId& referral) const {
    return value_in(unknown_, referral);
}

std::optional<MessageId> Ledger::attempted(const ReferralId& referral) const {
    return value_in(attempted_, referral);
}

bool Ledger::may_arrive_late(const ReferralId& referral) const {
    return is_end_of_exchange(stood(referral).state) && may_arrive(referral);
}

std::vector<Given> Ledger::may_arrive_late() const {
    std::vector<Given> found;
    for (const auto& [id, given] : given_) {
        if (may_arrive_late(id)) found.push_back(given);
    }
    return found;
}

void Ledger::watch(const ReferralId& referral, contract::Day since) {
    append("watched " + referral.text() + ' ' + contract::text(since));
}

std::optional<contract::Day> Ledger::watched(const ReferralId& referral) const {
    return value_in(watched_, referral);
}

Standing Ledger::stood(const ReferralId& referral) const {
    return value_in(standings_, referral).value_or(Standing{ReferralState::delivered});
}

void Ledger::stand(const ReferralId& referral, const Standing& stood) {
    append("stands " + referral.text() + ' ' + text_of(stood));
}

std::size_t Ledger::steps(const ReferralId& referral) const { return value_in(steps_, referral).value_or(0); }

void Ledger::intend(const ReferralId& referral, const Intended& intended) {
    append("intends " + referral.text() + ' ' + intended.message.text() + ' ' + text_of(intended.then));
}

std::optional<Intended> Ledger::intended(const ReferralId& referral) const {
    return value_in(intended_, referral);
}

void Ledger::stop(const ConsentId& consent, const MessageId& notice) {
    if (!stopped_.contains(consent)) append("stopped " + consent.text() + ' ' + notice.text());
}

void Ledger::acknowledge(const ConsentId& consent) { append("acknowledged " + consent.text()); }

std::map<ConsentId, MessageId> Ledger::unacknowledged() const {
    std::map<ConsentId, MessageId> found;
    for (const auto& [consent, notice] : stopped_) {
        if (!acknowledged_.contains(consent)) found.emplace(consent, notice);
    }
    return found;
}

void Ledger::tell(const MessageId& message) { append("told " + message.text()); }

}  // namespace kesher::record
