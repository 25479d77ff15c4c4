#include "audit/log/note.h"

#include <algorithm>

namespace kesher::log {
namespace {

using contract::Bytes;

constexpr std::string_view kDash = "\xE2\x80\x94 ";  // U+2014 and a space
constexpr std::size_t kKeyIdBytes = 4;

bool is_note_text(std::string_view text) {
    const auto is_control = [](char c) { return static_cast<unsigned char>(c) < 0x20 && c != '\n'; };
    return contract::is_utf8(text) && std::none_of(text.begin(), text.end(), is_control);
}

}  // namespace

std::string write(const SignatureLine& line) {
    Bytes payload(line.key_id.begin(), line.key_id.end());
    payload.insert(payload.end(), line.signature.begin(), line.signature.end());
    return std::string(kDash) + line.name + " " + contract::base64(payload) + "\n";
}

Result<SignatureLine> parse_signature_line(std::string_view line) {
    if (!line.starts_with(kDash)) return fail(Flaw::note_malformed);
    line.remove_prefix(kDash.size());
    const std::size_t space = line.find(' ');
    if (space == std::string_view::npos) return fail(Flaw::note_malformed);
    SignatureLine parsed;
    parsed.name = line.substr(0, space);
    if (!is_key_name(parsed.name)) return fail(Flaw::note_malformed);
    const auto payload = contract::from_base64(line.substr(space + 1));
    if (!payload || payload->size() <= kKeyIdBytes) return fail(Flaw::note_malformed);
    std::copy_n(payload->begin(), kKeyIdBytes, parsed.key_id.begin());
    parsed.signature.assign(payload->begin() + kKeyIdBytes, payload->end());
    return parsed;
}

std::string write(const Note& note) {
    std::string bytes = note.text + "\n";
    for (const SignatureLine& line : note.lines) bytes += write(line);
    return bytes;
}

Result<Note> parse_note(std::string_view bytes) {
    if (bytes.size() > kNoteBytes) return fail(Flaw::too_large);
    // The text ends at the last empty line: a text may hold empty lines, signatures may not.
    const std::size_t split = bytes.rfind("\n\n");
    if (!is_note_text(bytes) || split == std::string_view::npos) return fail(Flaw::note_malformed);
    Note note;
    note.text = bytes.substr(0, split + 1);
    std::string_view lines = bytes.substr(split + 2);
    if (lines.empty()) return fail(Flaw::note_malformed);
    while (!lines.empty()) {
        const std::size_t end = lines.find('\n');
        if (end == std::string_view::npos || note.lines.size() == kNoteSignatures)
            return fail(Flaw::note_malformed);
        auto line = parse_signature_line(lines.substr(0, end));
        if (!line) return fail(line.error());
        note.lines.push_back(std::move(*line));
        lines.remove_prefix(end + 1);
    }
    return note;
}

// U+0000 to U+0020 and the spaces of Unicode (White_Space, as Go's unicode.IsSpace), in UTF-8.
bool is_key_name(std::string_view name) {
    if (name.empty() || !contract::is_utf8(name)) return false;
    for (const char c : name) {
        if (static_cast<unsigned char>(c) <= 0x20 || c == '+') return false;
    }
    for (const std::string_view space : {"\xC2\x85", "\xC2\xA0", "\xE1\x9A\x80", "\xE2\x80\xA8",
                                         "\xE2\x80\xA9", "\xE2\x80\xAF", "\xE2\x81\x9F", "\xE3\x80\x80"}) {
        if (name.find(space) != std::string_view::npos) return false;
    }
    for (std::size_t at = name.find("\xE2\x80"); at != std::string_view::npos;
         at = name.find("\xE2\x80", at + 1)) {
        const auto last = static_cast<unsigned char>(name[at + 2]);  // is_utf8: a third byte is there
        if (last >= 0x80 && last <= 0x8A) return false;              // U+2000 to U+200A
    }
    return true;
}

Result<std::vector<Verified>> verify(const Note& note, std::span<const NoteKey> keys) {
    std::vector<Verified> verified;
    for (std::size_t k = 0; k < keys.size(); ++k) {
        std::optional<Verified> by_key;
        for (const SignatureLine& line : note.lines) {
            if (!keys[k].wrote(line)) continue;
            if (!keys[k].holds(line, note.text)) return fail(Flaw::signature_wrong);
            if (!by_key) by_key = Verified{k, std::nullopt};
            if (keys[k].type() == NoteKeyType::cosignature)
                by_key->time = std::max(by_key->time, time_of(line));
        }
        if (by_key) verified.push_back(*by_key);
    }
    return verified;
}

}  // namespace kesher::log
