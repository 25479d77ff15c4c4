// Her withdrawals that are written down here and that the hub has not taken: the first thing that a command
// which reaches the hub sends, whatever else it was given for.
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "adapters/ctl/office.h"
#include "adapters/kit/journal_rows.h"

namespace kesher::ctl {

// ---- which they are: decided from what the journal holds ----

// A consent taken back, or a referral. What is hurried because a withdrawal stands on it is none.
[[nodiscard]] bool is_withdrawal(const kit::Written& written);
[[nodiscard]] bool is_withdrawal(const kit::Message& message);

// What the hub has not decided, as far as this journal knows.
[[nodiscard]] bool is_undecided(const kit::OutgoingRow& row);
// The undecided withdrawals among these.
[[nodiscard]] std::vector<kit::Written> withdrawals_among(const std::vector<kit::OutgoingRow>& rows);
// All that wait, whatever else does, in the order written.
[[nodiscard]] std::vector<kit::Written> withdrawals_in(const kit::Journal& journal);
// What the hub may not know yet and this withdrawal speaks of: the consent that it ends, or its referral.
// `said`: what was written of the same consent or referral.
[[nodiscard]] std::optional<kit::OutgoingRow> undecided_before(const std::vector<kit::OutgoingRow>& said,
                                                               const kit::Written& withdrawal);
// The withdrawal that keeps this message here: it would bring the hub a consent that she has taken back, or a
// referral that she has withdrawn or whose consent she has taken back. Nothing else is kept back.
struct Matter {
    contract::MessageType type;
    std::optional<contract::ReferralId> referral{};
    std::optional<contract::ConsentId> consent{};
};
[[nodiscard]] std::optional<kit::Written> withdrawal_against(const std::vector<kit::Written>& withdrawals,
                                                             const Matter& matter);

// What becomes of a withdrawal whose referral was sent and never answered: it is not brought to the hub only
// to be ended there. `known`: whether the hub has the referral, as it said at `at`; none where it did not
// say.
enum class Doubt {
    has_it,       // the withdrawal goes
    may_have_it,  // a call may still be under way: to be asked again
    never_had,    // neither goes, and nothing is to be withdrawn
};
inline constexpr std::chrono::minutes kUnderWay{2};  // longer than the hub lets any call take
[[nodiscard]] Doubt doubt_of(const kit::OutgoingRow& referral, std::optional<bool> known,
                             contract::Instant at);

// What the hub has not taken of what was said here of this consent (Journal::outgoing_of), for people; empty
// where nothing is missing.
[[nodiscard]] std::string not_taken_of(const std::vector<kit::OutgoingRow>& said,
                                       const contract::ConsentId& consent);

// The message by which this very withdrawal was written down here before; the hub answers it with its first
// receipt. None where it was refused: then it has to be said anew.
[[nodiscard]] std::optional<contract::MessageId> said_before(const kit::Journal& journal,
                                                             const kit::Message& withdrawal);
// The id to say it under: the named one; where none is named, or what it names was refused, that of the
// message by which it was said before; else the message's own.
[[nodiscard]] contract::MessageId id_to_say(const kit::Journal& journal, const kit::Message& withdrawal,
                                            const std::optional<contract::MessageId>& named);
// Whether the hub refused this withdrawal before it knew the consent that it ends: it knew none of that id,
// and the consent is on its way there or was taken later. That answer stands for its message id for ever, and
// for nothing else; so it is said anew under another, lest the consent come after it and stay.
[[nodiscard]] bool came_before_its_consent(const std::vector<kit::OutgoingRow>& said,
                                           const kit::Written& withdrawal, const kit::Sent& refused);

// ---- their way to the hub ----

// `kesherctl.unsent` in the key directory: a withdrawal may wait in the journal. It is there before the
// withdrawal is, so a program that is killed in between leaves a look too many and none too few. Without it a
// command that needs no journal leaves it to the others, who could not open it at the same time.
[[nodiscard]] std::filesystem::path unsent_mark(const std::filesystem::path& directory);
[[nodiscard]] kit::Usable<contract::Done> put_unsent_mark(const std::filesystem::path& directory);

enum class Course { sent, waits, never_left };
struct PassedOn {
    kit::Written message;  // where it had to be said anew, as it waits now
    Course course = Course::sent;
    // With sent, and with waits where an answer keeps it back.
    std::optional<kit::Answered<kit::Sent>> answer{};
};
// What is journaled to the hub, the consent that it ends before it where the hub takes that. The journal
// knows what became of it.
[[nodiscard]] PassedOn pass_on(Office& office, const kit::Written& withdrawal);

struct Passing {
    std::vector<PassedOn> passed{};
    std::string not_looked{};       // why, where the journal could not be opened
    std::optional<PassedOn> own{};  // of the command's own message
};
// Every withdrawal that waits here, the oldest first. Costs nothing where none does; where the hub cannot be
// reached nothing more is tried but `own`, the message of the very command.
[[nodiscard]] Passing pass_on_withdrawals(Office& office, const std::optional<contract::MessageId>& own = {});
// Passes on what waits behind the command's own message, and says what became of that where it is among them.
using PassWaiting = std::function<std::optional<PassedOn>(const kit::Written& own)>;
// Takes the mark away where none waits any more.
void settle_unsent_mark(Office& office);

// It was never at the hub, and never will be: there is nothing to withdraw there.
[[nodiscard]] Report never_left(const contract::ReferralId& referral);
// The answer of another command, with what became of them.
[[nodiscard]] Outcome beside(Outcome outcome, const Passing& passing);

}  // namespace kesher::ctl
