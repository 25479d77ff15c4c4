// What is spoken with National Insurance, as WSDL 1.1 with XML Schema 1.0, in the names and codes of a
// mapping: so that its own tools make client and server of it.
#pragma once

#include <string>
#include <string_view>

#include "adapters/record/mapping.h"

namespace kesher::national_insurance {

// What National Insurance serves: a referral, an update of it, an inquiry.
[[nodiscard]] std::string service_wsdl(const record::Mapping& mapping, std::string_view endpoint);
// What it calls here: feedback B.
[[nodiscard]] std::string feedback_wsdl(const record::Mapping& mapping, std::string_view endpoint);
// The schema alone, of every element in Body in both directions; without the headers' namespaces.
[[nodiscard]] std::string body_schema(const record::Mapping& mapping);

}  // namespace kesher::national_insurance
