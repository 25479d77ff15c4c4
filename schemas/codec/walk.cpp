#include "schemas/codec/walk.h"

#include <array>
#include <limits>

#include "schemas/contract/limits.h"

namespace kesher::codec {
namespace {

using contract::ByteView;
namespace limits = contract::limits;

// Every step returns false once a rule is broken; the first fault stays.
class Walker {
public:
    Walker(ByteView input, std::size_t clear_bytes_max) : input_(input), clear_bytes_max_(clear_bytes_max) {}

    bool all(const Schema& schema) {
        if (!item(schema, 0)) return false;
        return at_ == input_.size() || fail(WalkReason::not_all_used, at_);
    }
    [[nodiscard]] const WalkFault& fault() const { return fault_; }

private:
    bool fail(WalkReason reason, std::size_t offset) {
        fault_ = {reason, offset};
        return false;
    }
    [[nodiscard]] std::size_t left() const { return input_.size() - at_; }

    // Zigzag varint in its shortest form; at most ten bytes, of which the tenth holds one bit.
    bool number(std::int64_t& value) {
        const std::size_t start = at_;
        std::uint64_t raw = 0;
        for (unsigned shift = 0;; shift += 7) {
            if (left() == 0) return fail(WalkReason::truncated, start);
            const std::uint8_t byte = input_[at_++];
            if (shift == 63 && byte > 1) return fail(WalkReason::varint_too_long, start);
            raw |= static_cast<std::uint64_t>(byte & 0x7FU) << shift;
            if ((byte & 0x80U) != 0) continue;
            if (byte == 0 && shift > 0) return fail(WalkReason::varint_not_shortest, start);
            value = static_cast<std::int64_t>((raw >> 1) ^ (~(raw & 1U) + 1U));
            return true;
        }
    }

    // A number from 0 up to but without `end`: the place of a symbol or a branch.
    bool place(std::size_t end, WalkReason otherwise) {
        const std::size_t start = at_;
        std::int64_t value = 0;
        if (!number(value)) return false;
        const bool inside = value >= 0 && static_cast<std::uint64_t>(value) < end;
        place_ = inside ? static_cast<std::size_t>(value) : 0;
        return inside || fail(otherwise, start);
    }

    bool int32() {
        const std::size_t start = at_;
        std::int64_t value = 0;
        if (!number(value)) return false;
        const bool fits = value >= std::numeric_limits<std::int32_t>::min() &&
                          value <= std::numeric_limits<std::int32_t>::max();
        return fits || fail(WalkReason::out_of_range, start);
    }

    bool boolean() {
        if (left() == 0) return fail(WalkReason::truncated, at_);
        if (input_[at_] > 1) return fail(WalkReason::boolean_not_0_or_1, at_);
        ++at_;
        return true;
    }

    bool raw(std::size_t length, ByteView& content) {
        if (length > left()) return fail(WalkReason::truncated, at_);
        content = input_.subspan(at_, length);
        at_ += length;
        return true;
    }

    bool counted(ByteView& content) {
        const std::size_t start = at_;
        std::int64_t length = 0;
        if (!number(length)) return false;
        if (length < 0) return fail(WalkReason::negative_length, start);
        if (static_cast<std::uint64_t>(length) > left()) return fail(WalkReason::truncated, start);
        return raw(static_cast<std::size_t>(length), content);
    }

    // All that is left and is not `bytes` counts as clear: checked as soon as it is certain.
    bool bytes() {
        ByteView content;
        if (!counted(content)) return false;
        bytes_content_ += content.size();
        return true;
    }

    bool string() {
        const std::size_t start = at_;
        ByteView content;
        if (!counted(content)) return false;
        const std::string_view text = contract::text_of(content);
        if (!contract::is_utf8(text)) return fail(WalkReason::not_utf8, start);
        return text.find('\0') == std::string_view::npos || fail(WalkReason::holds_nul, start);
    }

    // Nothing, or one block with its count and then the closing 0; never the negative form with a size.
    bool array(const Schema& of, std::size_t depth) {
        const std::size_t start = at_;
        std::int64_t count = 0;
        if (!number(count)) return false;
        if (count < 0) return fail(WalkReason::block_not_canonical, start);
        if (static_cast<std::uint64_t>(count) > limits::kListItems)
            return fail(WalkReason::too_many_items, start);
        for (std::int64_t i = 0; i < count; ++i) {
            if (!item(of, depth + 1)) return false;
        }
        if (count == 0) return true;
        if (left() == 0) return fail(WalkReason::truncated, at_);
        return input_[at_] == 0 ? (++at_, true) : fail(WalkReason::block_not_canonical, at_);
    }

    bool record(const Schema& schema, std::size_t depth) {
        for (const Schema& field : schema.inner) {
            if (!item(field, depth + 1)) return false;
        }
        return true;
    }

    bool item(const Schema& schema, std::size_t depth) {
        if (depth > limits::kAvroDepth) return fail(WalkReason::too_deep, at_);
        if (at_ - bytes_content_ > clear_bytes_max_) return fail(WalkReason::too_much_clear, at_);
        return content(schema, depth) &&
               (at_ - bytes_content_ <= clear_bytes_max_ || fail(WalkReason::too_much_clear, at_));
    }

    bool content(const Schema& schema, std::size_t depth) {
        ByteView ignored;
        std::int64_t number_of_64 = 0;
        switch (schema.kind) {
            case Kind::boolean:
                return boolean();
            case Kind::int32:
                return int32();
            case Kind::int64:
                return number(number_of_64);
            case Kind::bytes:
                return bytes();
            case Kind::string:
                return string();
            case Kind::fixed:
                return raw(schema.size, ignored);
            case Kind::enumeration:
                return place(schema.names.size(), WalkReason::no_such_symbol);
            case Kind::optional:
                if (!place(2, WalkReason::no_such_branch)) return false;
                return place_ == 0 || item(schema.inner.front(), depth + 1);
            case Kind::array:
                return array(schema.inner.front(), depth);
            case Kind::record:
                return record(schema, depth);
        }
        return fail(WalkReason::out_of_range, at_);
    }

    ByteView input_;
    std::size_t clear_bytes_max_;
    std::size_t at_ = 0;
    std::size_t bytes_content_ = 0;
    std::size_t place_ = 0;
    WalkFault fault_{WalkReason::truncated, 0};
};

}  // namespace

std::string_view text(WalkReason reason) {
    static constexpr std::array<std::string_view, 15> kTexts = {
        "truncated",       "varint_too_long",    "varint_not_shortest", "out_of_range",
        "negative_length", "boolean_not_0_or_1", "no_such_symbol",      "no_such_branch",
        "not_utf8",        "holds_nul",          "too_many_items",      "block_not_canonical",
        "too_deep",        "too_much_clear",     "not_all_used"};
    return kTexts[static_cast<std::size_t>(reason)];
}

contract::Result<contract::Done, WalkFault> walk(const Schema& schema, ByteView binary,
                                                 std::size_t clear_bytes_max) {
    Walker walker(binary, clear_bytes_max);
    if (!walker.all(schema)) return contract::Failure{walker.fault()};
    return contract::Done{};
}

}  // namespace kesher::codec
