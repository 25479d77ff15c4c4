// From avro-c's parsed schema to our own tree and to Parsing Canonical Form, so that the walk, the
// fingerprint and the decoder all follow one reading of the file.
#include <array>
#include <set>
#include <stdexcept>

#include "schemas/codec/avro_handle.h"
#include "schemas/codec/schema.h"
#include "schemas/contract/limits.h"

namespace kesher::codec {
namespace {

std::string full_name(avro_schema_t schema) {
    const char* space = avro_schema_namespace(schema);
    const std::string name = avro_schema_name(schema);
    return space == nullptr ? name : std::string(space) + '.' + name;
}

avro_schema_t resolved(avro_schema_t schema) {
    return is_avro_link(schema) ? avro_schema_link_target(schema) : schema;
}

avro_schema_t branch_of(avro_schema_t nullable) {
    const bool null_first = avro_schema_union_size(nullable) == 2 &&
                            avro_typeof(avro_schema_union_branch(nullable, 0)) == AVRO_NULL;
    if (!null_first) throw std::logic_error("schema: a union other than [null, X]");
    return avro_schema_union_branch(nullable, 1);
}

Schema model_of(avro_schema_t link, std::size_t depth);

Schema record_model(avro_schema_t record, std::size_t depth) {
    Schema model{.kind = Kind::record, .name = full_name(record)};
    const auto count = static_cast<int>(avro_schema_record_size(record));
    for (int i = 0; i < count; ++i) {
        model.names.emplace_back(avro_schema_record_field_name(record, i));
        model.inner.push_back(model_of(avro_schema_record_field_get_by_index(record, i), depth + 1));
    }
    return model;
}

Schema enumeration_model(avro_schema_t enumeration) {
    Schema model{.kind = Kind::enumeration, .name = full_name(enumeration)};
    for (int i = 0; i < avro_schema_enum_number_of_symbols(enumeration); ++i) {
        model.names.emplace_back(avro_schema_enum_get(enumeration, i));
    }
    return model;
}

Schema model_of(avro_schema_t link, std::size_t depth) {
    if (depth > contract::limits::kAvroDepth) throw std::logic_error("schema: too deep, or recursive");
    avro_schema_t schema = resolved(link);
    switch (avro_typeof(schema)) {
        case AVRO_BOOLEAN:
            return {.kind = Kind::boolean};
        case AVRO_INT32:
            return {.kind = Kind::int32};
        case AVRO_INT64:
            return {.kind = Kind::int64};
        case AVRO_BYTES:
            return {.kind = Kind::bytes};
        case AVRO_STRING:
            return {.kind = Kind::string};
        case AVRO_FIXED:
            return {.kind = Kind::fixed,
                    .name = full_name(schema),
                    .size = static_cast<std::size_t>(avro_schema_fixed_size(schema))};
        case AVRO_ENUM:
            return enumeration_model(schema);
        case AVRO_ARRAY:
            return {.kind = Kind::array, .inner = {model_of(avro_schema_array_items(schema), depth + 1)}};
        case AVRO_UNION:
            return {.kind = Kind::optional, .inner = {model_of(branch_of(schema), depth + 1)}};
        case AVRO_RECORD:
            return record_model(schema, depth);
        default:
            throw std::logic_error("schema: a type that our schemas do not use");
    }
}

std::string quoted(std::string_view text) { return '"' + std::string(text) + '"'; }

// Parsing Canonical Form of our tree (Avro specification, "Transforming into Parsing Canonical Form"):
// full names, only name, type, fields, symbols, items, size, in that order, no white space. A named
// type is written out where it stands first and by its name afterwards.
class CanonicalText {
public:
    std::string of(const Schema& schema) {
        switch (schema.kind) {
            case Kind::boolean:
                return quoted("boolean");
            case Kind::int32:
                return quoted("int");
            case Kind::int64:
                return quoted("long");
            case Kind::bytes:
                return quoted("bytes");
            case Kind::string:
                return quoted("string");
            case Kind::array:
                return R"({"type":"array","items":)" + of(schema.inner.front()) + '}';
            case Kind::optional:
                return R"(["null",)" + of(schema.inner.front()) + ']';
            case Kind::fixed:
                return named(schema, "fixed", R"("size":)" + std::to_string(schema.size));
            case Kind::enumeration:
                return named(schema, "enum", R"("symbols":[)" + symbols(schema) + ']');
            case Kind::record:
                break;
        }
        if (written_.contains(schema.name)) return quoted(schema.name);
        written_.insert(schema.name);
        std::string fields;
        for (std::size_t i = 0; i < schema.inner.size(); ++i) {
            fields += (fields.empty() ? "" : ",") + (R"({"name":)" + quoted(schema.names[i])) +
                      R"(,"type":)" + of(schema.inner[i]) + '}';
        }
        return head(schema, "record") + R"("fields":[)" + fields + "]}";
    }

private:
    static std::string head(const Schema& schema, std::string_view type) {
        return R"({"name":)" + quoted(schema.name) + R"(,"type":)" + quoted(type) + ',';
    }
    static std::string symbols(const Schema& schema) {
        std::string joined;
        for (const std::string& symbol : schema.names) joined += (joined.empty() ? "" : ",") + quoted(symbol);
        return joined;
    }
    std::string named(const Schema& schema, std::string_view type, const std::string& rest) {
        if (!written_.insert(schema.name).second) return quoted(schema.name);
        return head(schema, type) + rest + '}';
    }

    std::set<std::string> written_;
};

// Avro specification, "Schema Fingerprints": the fingerprint of no bytes, and the polynomial.
constexpr std::uint64_t kEmpty = 0xc15d213aa4d7a795;

constexpr std::array<std::uint64_t, 256> rabin_table() {
    std::array<std::uint64_t, 256> table{};
    for (std::uint64_t i = 0; i < table.size(); ++i) {
        std::uint64_t value = i;
        for (int bit = 0; bit < 8; ++bit) value = (value >> 1) ^ ((value & 1U) != 0 ? kEmpty : 0);
        table[i] = value;
    }
    return table;
}

}  // namespace

Schema parse_schema(std::string_view avsc) { return model_of(avro_schema_of(avsc).get(), 0); }

std::string canonical_form(std::string_view avsc) { return CanonicalText{}.of(parse_schema(avsc)); }

contract::SchemaFingerprint fingerprint_of(std::string_view canonical) {
    static constexpr auto kTable = rabin_table();
    std::uint64_t value = kEmpty;
    for (const std::uint8_t byte : contract::bytes_of(canonical)) {
        value = (value >> 8) ^ kTable[(value ^ byte) & 0xFFU];
    }
    return contract::SchemaFingerprint{value};
}

}  // namespace kesher::codec
