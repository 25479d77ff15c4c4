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
    // One spelling is one: what is read as plain we would have written so.
    const auto plain = json::read(contract::text_of(input), {.spelling = json::Spelling::plain});
    claim(plain ? *plain == *value && text == contract::text_of(input)
                : plain.error().fault == json::Fault::not_plain);
    const auto lines =
        json::read(contract::text_of(input), {.spelling = json::Spelling::plain_with_line_ends});
    claim(lines ? *lines == *value && text == contract::text_of(input)
                : !plain && lines.error().fault == json::Fault::not_plain);
}

}  // namespace kesher::fuzz
