// What the strict reader takes, our writer writes, and the reader takes again as the same value.
#include "schemas/json/read.h"
#include "schemas/json/writer.h"
#include "tests/fuzz/target.h"

namespace kesher::fuzz {
namespace {

std::string written(const json::Value& value) {
    json::Writer writer;
    writer.value(value);
    return writer.take();
}

}  // namespace

void json_documents(contract::ByteView input) {
    const auto value = json::read(contract::text_of(input));
    if (!value) {
        claim(value.error().offset <= input.size());
        return;
    }
    const std::string text = written(*value);
    // Escapes that we do not need were spelled out: never longer than the reader's own bound times six.
    const auto again = json::read(text, {.bytes = 6 * contract::limits::kJsonBytes});
    claim(again && *again == *value);
    claim(written(*again) == text);
}

}  // namespace kesher::fuzz
