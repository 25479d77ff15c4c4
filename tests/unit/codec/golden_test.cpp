// Bytes that must decode for ever: schemas/golden/<record>.v<N>.<full|bare>.avro. Written once; a case
// that fails here after a change means that the change breaks what is already stored.
#include <avro.h>

#include <catch2/catch.hpp>
#include <fstream>
#include <iterator>

#include "schemas/codec/schema.h"
#include "tests/unit/codec/samples.h"

using namespace kesher;
using namespace kesher::codec;
using contract::Bytes;

namespace {

Bytes golden(const std::string& name) {
    std::ifstream file(std::string(KESHER_SOURCE_DIR) + "/schemas/golden/" + name + ".avro",
                       std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

// What avro-c writes for the value that it read, behind the ten bytes of the header.
Bytes rewritten_by_avro_c(const ReleasedSchema& released, contract::ByteView binary) {
    avro_schema_t schema = nullptr;
    REQUIRE(avro_schema_from_json_length(released.text.data(), released.text.size(), &schema) == 0);
    avro_value_iface_t* iface = avro_generic_class_from_schema(schema);
    avro_value_t value{};
    REQUIRE(avro_generic_value_new(iface, &value) == 0);
    const std::string_view text = contract::text_of(binary);
    avro_reader_t reader = avro_reader_memory(text.data(), static_cast<std::int64_t>(text.size()));
    REQUIRE(avro_value_read(reader, &value) == 0);
    std::string written(binary.size() + 64, '\0');
    avro_writer_t writer = avro_writer_memory(written.data(), static_cast<std::int64_t>(written.size()));
    REQUIRE(avro_value_write(writer, &value) == 0);
    written.resize(static_cast<std::size_t>(avro_writer_tell(writer)));
    avro_writer_free(writer);
    avro_reader_free(reader);
    avro_value_decref(&value);
    avro_value_iface_decref(iface);
    avro_schema_decref(schema);
    const auto bytes = contract::bytes_of(written);
    return {bytes.begin(), bytes.end()};
}

}  // namespace

TEST_CASE("The golden bytes decode to the values that they were made from and are written again unchanged") {
    samples::each([]<class Record>(const std::string& name, const Record& record) {
        CAPTURE(name);
        const Bytes bytes = golden(name);
        CHECK(contract::hex(encode(record)) == contract::hex(bytes));
        const auto decoded = decode<Record>(bytes);
        REQUIRE(decoded);
        CHECK(decoded.value() == record);
    });
}

TEST_CASE("avro-c writes the same bytes for what it reads from the golden bytes") {
    samples::each([]<class Record>(const std::string& name, const Record&) {
        CAPTURE(name);
        const Bytes bytes = golden(name);
        const ReleasedSchema* released = find_schema(read_fingerprint(bytes).value());
        REQUIRE(released != nullptr);
        const contract::ByteView binary = contract::ByteView(bytes).subspan(10);
        CHECK(contract::hex(rewritten_by_avro_c(*released, binary)) == contract::hex(binary));
    });
}
