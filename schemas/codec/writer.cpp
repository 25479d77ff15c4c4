#include "schemas/codec/writer.h"

namespace kesher::codec {

void Writer::number(std::int64_t value) {
    const auto sign = static_cast<std::uint64_t>(value >> 63);
    std::uint64_t rest = (static_cast<std::uint64_t>(value) << 1) ^ sign;
    for (; rest >= 0x80; rest >>= 7) out_.push_back(static_cast<std::uint8_t>(rest | 0x80U));
    out_.push_back(static_cast<std::uint8_t>(rest));
}

void Writer::truth(bool value) { out_.push_back(value ? 1 : 0); }

void Writer::text(std::string_view value) { bytes(contract::bytes_of(value)); }

void Writer::bytes(contract::ByteView value) {
    number(static_cast<std::int64_t>(value.size()));
    raw(value);
}

void Writer::raw(contract::ByteView value) { out_.insert(out_.end(), value.begin(), value.end()); }

void Writer::note_flaw(std::string_view below) {
    if (flaw_) return;
    std::string name;
    for (const std::string_view part : path_) name += (name.empty() ? "" : ".") + std::string(part);
    if (!below.empty()) name += (name.empty() ? "" : ".") + std::string(below);
    flaw_ = std::move(name);
}

}  // namespace kesher::codec
