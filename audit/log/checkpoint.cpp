#include "audit/log/checkpoint.h"

#include <stdexcept>
#include <utility>
#include <vector>

#include "audit/log/decimal.h"

namespace kesher::log {
namespace {

// Lines of a text that ends in LF; none where a line is empty or the last has no LF.
std::optional<std::vector<std::string_view>> full_lines(std::string_view text) {
    std::vector<std::string_view> lines;
    while (!text.empty()) {
        const std::size_t end = text.find('\n');
        if (end == std::string_view::npos || end == 0) return std::nullopt;
        lines.push_back(text.substr(0, end));
        text.remove_prefix(end + 1);
    }
    return lines;
}

}  // namespace

std::string body(const Checkpoint& checkpoint) {
    return checkpoint.origin + "\n" + std::to_string(contract::number(checkpoint.size)) + "\n" +
           contract::base64(checkpoint.root.view()) + "\n";
}

Result<Checkpoint> parse_body(std::string_view text) {
    const auto lines = full_lines(text);
    if (!lines || lines->size() < 3) return fail(Flaw::checkpoint_malformed);
    const auto size = parse_decimal((*lines)[1]);
    const auto root = contract::digest_from_base64((*lines)[2]);
    if (!size || !root) return fail(Flaw::checkpoint_malformed);
    return Checkpoint{std::string((*lines)[0]), contract::TreeSize{*size}, *root};
}

std::string sign(const Checkpoint& checkpoint, const NoteSigner& log) {
    if (log.key().name() != checkpoint.origin)
        throw std::invalid_argument("a log's key is named as its origin");
    const std::string text = body(checkpoint);
    return write(Note{text, {log.sign(text)}});
}

Result<OpenedCheckpoint> open_checkpoint(std::string_view bytes, const NoteKey& log) {
    auto note = parse_note(bytes);
    if (!note) return fail(note.error());
    auto checkpoint = parse_body(note->text);
    if (!checkpoint) return fail(checkpoint.error());
    if (checkpoint->origin != log.name()) return fail(Flaw::origin_differs);
    // A witness's key proves something else; only a log's own key speaks for the log.
    if (log.type() != NoteKeyType::ed25519) return fail(Flaw::key_type_unsupported);
    const auto verified = verify(*note, {&log, 1});
    if (!verified) return fail(verified.error());
    if (verified->empty()) return fail(Flaw::signature_missing);
    return OpenedCheckpoint{std::move(*checkpoint), std::move(*note)};
}

}  // namespace kesher::log
