// Writes canonical Avro binary, and remembers the first field that breaks its rule. Internal to this
// room: there is one encoding per value, so a writer of our own is shorter than asking avro-c for it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "schemas/contract/bytes.h"

namespace kesher::codec {

class Writer {
public:
    void number(std::int64_t value);  // int and long: zigzag varint in its shortest form
    void truth(bool value);
    void text(std::string_view value);  // and `bytes`: length, then content
    void bytes(contract::ByteView value);
    void raw(contract::ByteView value);  // fixed

    // One field: its rule writes it and says whether the value kept the rule.
    template <class T, class Rule>
    void operator()(std::string_view name, const T& value, const Rule& rule) {
        path_.push_back(name);
        if (!rule.write(*this, value)) note_flaw();
        path_.pop_back();
    }
    void note_flaw(std::string_view below = {});

    [[nodiscard]] const std::optional<std::string>& flaw() const { return flaw_; }
    [[nodiscard]] contract::Bytes take() { return std::move(out_); }

private:
    contract::Bytes out_;
    std::vector<std::string_view> path_;
    std::optional<std::string> flaw_;
};

}  // namespace kesher::codec
