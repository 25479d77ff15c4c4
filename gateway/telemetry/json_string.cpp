#include <array>

#include "gateway/telemetry/log.h"
#include "schemas/contract/bytes.h"

namespace kesher::telemetry {
namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";  // U+FFFD

void append_escaped(std::string& out, unsigned char byte) {
    static constexpr std::string_view kHex = "0123456789abcdef";
    switch (byte) {
        case '"':
            out += "\\\"";
            return;
        case '\\':
            out += "\\\\";
            return;
        case '\n':
            out += "\\n";
            return;
        case '\r':
            out += "\\r";
            return;
        case '\t':
            out += "\\t";
            return;
        default:
            break;
    }
    if (byte < 0x20 || byte == 0x7F) {
        out += "\\u00";
        out += kHex[byte >> 4];
        out += kHex[byte & 0x0F];
        return;
    }
    out += static_cast<char>(byte);
}

// Bytes that the first character of `rest` may take; 1 where it is none.
std::size_t character_length(std::string_view rest) {
    const auto lead = static_cast<unsigned char>(rest.front());
    const std::size_t claimed = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
    return std::min(claimed, rest.size());
}

// C1 controls and the two Unicode line ends break lines in some terminals and log readers.
bool breaks_lines(std::string_view character) {
    if (character.size() == 2) {
        return character[0] == '\xC2' && static_cast<unsigned char>(character[1]) < 0xA0;
    }
    return character == "\xE2\x80\xA8" || character == "\xE2\x80\xA9";
}

}  // namespace

std::string json_string(std::string_view text) {
    std::string out = "\"";
    while (!text.empty()) {
        const std::string_view character = text.substr(0, character_length(text));
        if (character.size() == 1 && static_cast<unsigned char>(character[0]) < 0x80) {
            append_escaped(out, static_cast<unsigned char>(character[0]));
        } else if (contract::is_utf8(character) && !breaks_lines(character)) {
            out += character;
        } else {
            out += kReplacement;
            // One bad byte is one replacement: the next byte may begin a good character.
            text.remove_prefix(contract::is_utf8(character) ? character.size() : 1);
            continue;
        }
        text.remove_prefix(character.size());
    }
    out += '"';
    return out;
}

}  // namespace kesher::telemetry
