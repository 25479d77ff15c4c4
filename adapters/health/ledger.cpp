#include "adapters/health/ledger.h"

#include <array>

#include "adapters/health/search_read.h"

namespace kesher::health {
namespace {

using contract::MessageId;
using contract::ReferralId;
using record::value_in;

constexpr std::string_view kNone = "-";

// How many words a line of each kind has, beside those of every native half.
constexpr std::array<kit::LedgerFile::Kind, 2> kLines{{{"placed", 5}, {"booked", 3}}};

std::string or_none(std::string_view text) { return std::string(text.empty() ? kNone : text); }

}  // namespace

Ledger::Ledger(const std::filesystem::path& file) : record::Ledger(file, "the ledger of referrals") {
    load();
}

std::span<const kit::LedgerFile::Kind> Ledger::own_kinds() const { return kLines; }

std::string Ledger::location_in(std::string_view word, std::string_view type) const {
    if (word == kNone) return {};
    return must(is_location(word, type) ? std::optional(std::string(word)) : std::nullopt);
}

void Ledger::apply_own(const kit::LedgerWords& words) {
    const ReferralId referral = must(ReferralId::parse(words[1]));
    if (words[0] == "placed") {
        placed_.insert_or_assign(
            referral, Placed{location_in(words[2], "Task"), location_in(words[3], "ServiceRequest"),
                             location_in(words[4], "Consent")});
    } else {
        booked_.insert_or_assign(referral, must(MessageId::parse(words[2])));
    }
}

bool Ledger::may_arrive(const ReferralId& referral) const {
    const bool of_older = given(referral) != nullptr && !placed_.contains(referral);
    return is_unknown(referral).value_or(of_older);
}

void Ledger::place(const ReferralId& referral, const Placed& where) {
    if (placed(referral) == where) return;
    append("placed " + referral.text() + ' ' + or_none(where.task) + ' ' + or_none(where.service_request) +
           ' ' + or_none(where.consent));
}

std::optional<Placed> Ledger::placed(const ReferralId& referral) const { return value_in(placed_, referral); }

void Ledger::book(const ReferralId& referral, const MessageId& appointment) {
    append("booked " + referral.text() + ' ' + appointment.text());
}

std::optional<MessageId> Ledger::booked(const ReferralId& referral) const {
    return value_in(booked_, referral);
}

}  // namespace kesher::health
