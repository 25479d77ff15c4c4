#include "schemas/codec/avro_value.h"

#include <stdexcept>
#include <string>

namespace kesher::codec {
namespace {

using contract::ByteView;

[[noreturn]] void unlike_its_schema() {
    throw std::logic_error("codec: a value is not what the walk accepted");
}

// Lays the value out in one pass. The walk has judged every byte, so this only reads; it checks its bounds
// all the same, because a step too far would be a read beyond the sender's bytes.
class Layout {
public:
    Layout(std::vector<AvroCell>& cells, ByteView input) : cells_(cells), input_(input) {}

    void all(const Schema& schema) {
        cells_.resize(1);
        value(schema, 0);
        if (!input_.empty()) unlike_its_schema();
    }

private:
    ByteView take(std::size_t count) {
        if (count > input_.size()) unlike_its_schema();
        const ByteView taken = input_.first(count);
        input_ = input_.subspan(count);
        return taken;
    }

    std::int64_t number() {
        std::uint64_t raw = 0;
        for (unsigned shift = 0; shift < 64; shift += 7) {
            const std::uint8_t byte = take(1).front();
            raw |= static_cast<std::uint64_t>(byte & 0x7FU) << shift;
            if ((byte & 0x80U) == 0) return static_cast<std::int64_t>((raw >> 1) ^ (~(raw & 1U) + 1U));
        }
        unlike_its_schema();
    }

    std::size_t count() {
        const std::int64_t value = number();
        if (value < 0) unlike_its_schema();
        return static_cast<std::size_t>(value);
    }

    // Places for `count` values in a row; what they hold comes behind them.
    std::size_t row(std::size_t at, std::size_t count) {
        const std::size_t first = cells_.size();
        cells_.resize(first + count);
        cells_[at].first = first;
        cells_[at].count = count;
        return first;
    }

    void record(const Schema& schema, std::size_t at) {
        const std::size_t first = row(at, schema.inner.size());
        for (std::size_t i = 0; i < schema.inner.size(); ++i) value(schema.inner[i], first + i);
    }

    // One block and its closing 0, or only the 0. Every item has a byte, so a count beyond them is none.
    void array(const Schema& of, std::size_t at) {
        const std::size_t items = count();
        if (items > input_.size()) unlike_its_schema();
        const std::size_t first = row(at, items);
        for (std::size_t i = 0; i < items; ++i) value(of, first + i);
        if (items > 0 && count() != 0) unlike_its_schema();
    }

    void value(const Schema& schema, std::size_t at) {
        cells_[at].schema = &schema;
        switch (schema.kind) {
            case Kind::boolean:
                cells_[at].number = take(1).front();
                return;
            case Kind::int32:
            case Kind::int64:
            case Kind::enumeration:
                cells_[at].number = number();
                return;
            case Kind::bytes:
            case Kind::string:
                cells_[at].content = take(count());
                return;
            case Kind::fixed:
                cells_[at].content = take(schema.size);
                return;
            case Kind::array:
                return array(schema.inner.front(), at);
            case Kind::optional:
                if (count() != 0) value(schema.inner.front(), row(at, 1));
                return;
            case Kind::record:
                return record(schema, at);
        }
    }

    std::vector<AvroCell>& cells_;
    ByteView input_;
};

}  // namespace

DecodedValue::DecodedValue(const Schema& schema, ByteView binary) { Layout(cells_, binary).all(schema); }

const AvroCell& AvroNode::cell(Kind kind) const {
    const AvroCell& found = cells_->at(at_);
    if (found.schema->kind != kind) throw std::logic_error("codec: the schema has another kind here");
    return found;
}

AvroNode AvroNode::below(const AvroCell& cell, std::size_t index) const {
    if (index >= cell.count) throw std::logic_error("codec: there is nothing at this place");
    return {*cells_, cell.first + index};
}

AvroNode AvroNode::field(std::size_t index, std::string_view name) const {
    const AvroCell& record = cell(Kind::record);
    if (index >= record.count || record.schema->names[index] != name)
        throw std::logic_error("codec: the record has no field " + std::string(name) + " here");
    return below(record, index);
}

std::optional<AvroNode> AvroNode::present() const {
    const AvroCell& optional = cell(Kind::optional);
    if (optional.count == 0) return std::nullopt;
    return below(optional, 0);
}

std::size_t AvroNode::items() const { return cell(Kind::array).count; }
AvroNode AvroNode::item(std::size_t index) const { return below(cell(Kind::array), index); }
std::string_view AvroNode::text() const { return contract::text_of(cell(Kind::string).content); }
ByteView AvroNode::bytes() const { return cell(Kind::bytes).content; }
ByteView AvroNode::fixed() const { return cell(Kind::fixed).content; }

std::int64_t AvroNode::number() const {
    const bool is_int = cells_->at(at_).schema->kind == Kind::int32;
    return cell(is_int ? Kind::int32 : Kind::int64).number;
}

bool AvroNode::truth() const { return cell(Kind::boolean).number != 0; }
std::size_t AvroNode::symbol() const { return static_cast<std::size_t>(cell(Kind::enumeration).number); }

}  // namespace kesher::codec
