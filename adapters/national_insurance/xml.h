// An XML document from outside as a small tree, read strictly, or refused with the line.
//
// libxml2's SAX2 parser reads it; what it could do beside that is shut: no network, and a document type, an
// entity of its own or a processing instruction ends the reading where it begins, so that nothing is ever
// expanded or fetched (XXE, billion laughs). Bytes, depth and number of elements are bounded before they are
// kept. UTF-8, or Windows-1255 where the declaration says so; every text here is UTF-8.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "schemas/contract/result.h"

namespace kesher::national_insurance {

inline constexpr std::size_t kXmlBytes =
    8 * 1024 * 1024;                          // attachments (4 MiB) as base64, and what stands beside them
inline constexpr std::size_t kXmlDepth = 16;  // envelope, body, record, field: 8 at most
inline constexpr std::size_t kXmlElements = 4096;

struct Attribute {
    std::string space, name, value;  // namespace URI, empty where it has none; local name
    friend bool operator==(const Attribute&, const Attribute&) = default;
};

struct Element {
    std::string space, name;
    std::vector<Attribute> attributes{};  // without the declarations of namespaces
    std::string text{};                   // all of it, joined; blank text beside children is dropped
    std::vector<Element> children{};
    unsigned line = 0;

    // The only child of this name; null where there is none or there are several.
    [[nodiscard]] const Element* only(std::string_view wanted_space, std::string_view wanted_name) const;
    [[nodiscard]] std::size_t count(std::string_view wanted_space, std::string_view wanted_name) const;
    // Null where there is none.
    [[nodiscard]] const std::string* attribute(std::string_view wanted_space,
                                               std::string_view wanted_name) const;
    friend bool operator==(const Element&, const Element&) = default;
};

enum class XmlFlaw {
    not_xml,    // or not UTF-8 or the Windows-1255 that it says
    encoding,   // another one is declared
    forbidden,  // a document type, an entity, a processing instruction
    too_large,  // bytes, depth or elements
    mixed,      // text beside elements: no document of ours has it
};
struct XmlFault {
    XmlFlaw flaw;
    unsigned line;  // 0: the document as a whole
    friend bool operator==(const XmlFault&, const XmlFault&) = default;
};

[[nodiscard]] contract::Result<Element, XmlFault> read_xml(std::string_view document);

// Text and attribute values as XML has them: the five characters escaped, CR as a reference so that it stays
// one. Characters that XML 1.0 cannot hold (controls but tab and line ends, U+FFFE, U+FFFF) become a blank.
[[nodiscard]] std::string escaped(std::string_view text);

}  // namespace kesher::national_insurance
