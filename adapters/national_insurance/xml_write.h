// XML as text, a line for each element, so that a fault has one. Names are ours and well-formed; what stands
// in them is escaped.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "adapters/national_insurance/xml.h"

namespace kesher::national_insurance {

class XmlWriter {
public:
    using Attributes = std::initializer_list<std::pair<std::string_view, std::string_view>>;

    XmlWriter& open(std::string_view name, Attributes attributes = {});
    XmlWriter& close();
    XmlWriter& text(std::string_view name, std::string_view value, Attributes attributes = {});
    // As it is: written by another XmlWriter.
    XmlWriter& raw(std::string_view xml);
    // Of what is closed.
    [[nodiscard]] std::string take();

private:
    std::string out_;
    std::vector<std::string> open_;
};

}  // namespace kesher::national_insurance
