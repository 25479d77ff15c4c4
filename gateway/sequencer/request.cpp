#include "gateway/sequencer/request.h"

#include <stdexcept>

#include "audit/log/leaf.h"
#include "gateway/keys/secret.h"
#include "gateway/sequencer/refusal_counts.h"

namespace kesher::sequencer {

contract::LeafIndex Turn::append(const std::optional<std::string>& statement, log::Record record,
                                 const keys::SubjectKey* subject) {
    record.at = at;
    keys::fill_random(record.nonce);
    if (subject != nullptr) {
        std::array<std::uint8_t, 32> key{};
        const contract::ByteView bytes = subject->reveal();
        std::copy(bytes.begin(), bytes.end(), key.begin());
        record.subject = log::subject_tag(log::SubjectKey(key), record.nonce);
        keys::wipe(key);
    }
    std::optional<std::string_view> first_line;
    if (statement) first_line = *statement;
    auto text = log::leaf_text(first_line, record);
    // A statement was verified and is bounded, and a record is ours: a leaf that does not fit is our fault.
    if (!text) throw std::logic_error("a leaf that cannot be written");
    leaves_.push_back(ledger_.append(*std::move(text), at));
    return leaves_.back();
}

bool Turn::only_counted(const contract::OrganisationId& organisation, contract::Code code) const {
    if (means.refusals.may_log(organisation, code, at)) return false;
    means.refusals.add(organisation, code, at);
    return true;
}

}  // namespace kesher::sequencer
