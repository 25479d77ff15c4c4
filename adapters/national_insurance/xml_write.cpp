#include "adapters/national_insurance/xml_write.h"

#include <stdexcept>

namespace kesher::national_insurance {
namespace {

void begin(std::string& out, std::string_view name, XmlWriter::Attributes attributes) {
    out.append("<").append(name);
    for (const auto& [key, value] : attributes) {
        out.append(" ").append(key).append("=\"").append(escaped(value)).append("\"");
    }
    out += '>';
}

}  // namespace

XmlWriter& XmlWriter::open(std::string_view name, Attributes attributes) {
    begin(out_, name, attributes);
    out_ += '\n';
    open_.emplace_back(name);
    return *this;
}

XmlWriter& XmlWriter::close() {
    if (open_.empty()) throw std::logic_error("an XML element was closed that is not open");
    out_.append("</").append(open_.back()).append(">\n");
    open_.pop_back();
    return *this;
}

XmlWriter& XmlWriter::text(std::string_view name, std::string_view value, Attributes attributes) {
    begin(out_, name, attributes);
    out_.append(escaped(value)).append("</").append(name).append(">\n");
    return *this;
}

XmlWriter& XmlWriter::raw(std::string_view xml) {
    out_ += xml;
    return *this;
}

std::string XmlWriter::take() {
    if (!open_.empty()) throw std::logic_error("an XML element was left open");
    return std::move(out_);
}

}  // namespace kesher::national_insurance
