// One message by hand: written, sealed, journaled, sent, proven, and its evidence saved.
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "adapters/ctl/office.h"
#include "adapters/ctl/saving.h"
#include "adapters/ctl/waiting_withdrawals.h"

namespace kesher::ctl {

// What is done at home because of a message.
struct AtHome {
    // A folder for the evidence that kesher-verify and stock tools take: statement.jws, payload.avro,
    // submission.avro (the body as sent), leaf, receipt.tlog-proof, signer.pem, log.vkey. Files there are
    // never written over; empty: nothing is saved.
    std::filesystem::path save{};
    // What is noted once the hub has taken it.
    std::function<kit::Usable<contract::Done>(const kit::Written&)> note{};
    std::vector<std::string> warnings{};  // of what failed before
    PassWaiting pass_waiting{};           // once it is written down, and before it is sent
};

// The same message id again sends the bytes first written, and the hub answers with the first receipt; what
// the hub need not be asked for is journaled first and then sent. What the hub took stays taken: what fails
// at home after that stands in the report under `warnings`, and never makes a refusal of it. What she has
// withdrawn is not sent while the hub may not know that (withdrawal_against).
[[nodiscard]] Outcome send(Office& office, const kit::Message& message, AtHome at_home);
[[nodiscard]] inline Outcome send(Office& office, const kit::Message& message,
                                  const std::filesystem::path& save) {
    return send(office, message, AtHome{.save = save});
}

// What is journaled under this id, to the hub. The journal knows the answer when it returns.
[[nodiscard]] kit::Answered<kit::Sent> deliver(Office& office, const contract::MessageId& id);
// Refused, and yet to be taken under the same id: the hub was busy, or there is no leaf that used the id up
// (clock_skew; of a withdrawal every such refusal, so that it stays until the hub has taken it).
[[nodiscard]] bool is_put_back(const kit::Written& written, const kit::Sent& sent);

// One sentence more behind what helps.
void say_also(Refusal& refused, const std::string& sentence);

}  // namespace kesher::ctl
