#include "adapters/health/document.h"

#include "schemas/json/read.h"

namespace kesher::health {
namespace {

bool begins_number(char c) { return c == '-' || (c >= '0' && c <= '9'); }
bool in_number(char c) { return begins_number(c) || c == '.' || c == 'e' || c == 'E' || c == '+'; }

std::size_t digits(std::string_view text, std::size_t at) {
    while (at < text.size() && text[at] >= '0' && text[at] <= '9') ++at;
    return at;
}

// RFC 8259 section 6, with a fraction or an exponent.
bool is_decimal(std::string_view number) {
    std::size_t at = number.starts_with('-') ? 1 : 0;
    const std::size_t whole = at;
    at = digits(number, at);
    if (at == whole || (number[whole] == '0' && at > whole + 1)) return false;
    const std::size_t after_whole = at;
    if (at < number.size() && number[at] == '.') {
        const std::size_t fraction = at + 1;
        at = digits(number, fraction);
        if (at == fraction) return false;
    }
    if (at < number.size() && (number[at] == 'e' || number[at] == 'E')) {
        std::size_t exponent = at + 1;
        if (exponent < number.size() && (number[exponent] == '+' || number[exponent] == '-')) ++exponent;
        at = digits(number, exponent);
        if (at == exponent) return false;
    }
    return at == number.size() && at > after_whole;
}

std::size_t end_of_text(std::string_view json, std::size_t at) {
    for (++at; at < json.size(); ++at) {
        if (json[at] == '\\')
            ++at;
        else if (json[at] == '"')
            return at + 1;
    }
    return json.size();
}

}  // namespace

std::string decimals_as_text(std::string_view json) {
    std::string out;
    out.reserve(json.size());
    for (std::size_t at = 0; at < json.size();) {
        std::size_t end = at + 1;
        bool decimal = false;
        if (json[at] == '"') {
            end = end_of_text(json, at);
        } else if (begins_number(json[at])) {
            while (end < json.size() && in_number(json[end])) ++end;
            decimal = is_decimal(json.substr(at, end - at));
        }
        if (decimal) out.push_back('"');
        out += json.substr(at, end - at);
        if (decimal) out.push_back('"');
        at = end;
    }
    return out;
}

contract::Result<json::Value, FhirFaults> open_document(std::string_view text, std::string_view type) {
    const auto refused = [&](std::string_view below, Flaw flaw) {
        return contract::Failure{FhirFaults{{std::string(type) + std::string(below), flaw}}};
    };
    if (text.size() > kForeignBytes) return refused("", Flaw::not_json);
    auto read = json::read(decimals_as_text(text), {2 * kForeignBytes, kForeignDepth});
    if (!read) return refused("", Flaw::not_json);
    const json::Value* found = read->find("resourceType");
    if (found == nullptr) return refused(".resourceType", Flaw::missing);
    if (found->text() == nullptr) return refused(".resourceType", Flaw::wrong_kind);
    if (*found->text() != type) return refused(".resourceType", Flaw::not_the_type);
    return std::move(*read);
}

}  // namespace kesher::health
