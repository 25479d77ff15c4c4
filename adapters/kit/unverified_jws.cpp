#include "adapters/kit/unverified_jws.h"

#include "schemas/contract/bytes.h"
#include "schemas/json/read.h"

namespace kesher::kit {
namespace {

json::Value read_segment(std::string_view segment) {
    const auto bytes = contract::from_base64url(segment);
    if (!bytes) return {};
    auto value = json::read(contract::text_of(*bytes));
    return value ? *std::move(value) : json::Value();
}

}  // namespace

json::Value unverified_header(std::string_view jws) { return read_segment(jws.substr(0, jws.find('.'))); }

json::Value unverified_claims(std::string_view jws) {
    const std::size_t first = jws.find('.');
    if (first == std::string_view::npos) return {};
    const std::string_view rest = jws.substr(first + 1);
    return read_segment(rest.substr(0, rest.find('.')));
}

}  // namespace kesher::kit
