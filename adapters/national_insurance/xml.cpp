#include "adapters/national_insurance/xml.h"

#include <libxml/parser.h>
#include <libxml/parserInternals.h>
#include <libxml/xmlerror.h>

#include <algorithm>
#include <memory>
#include <optional>

namespace kesher::national_insurance {
namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

std::string_view view(const xmlChar* text) {
    return text == nullptr ? std::string_view{} : reinterpret_cast<const char*>(text);
}

bool is_blank(std::string_view text) { return text.find_first_not_of(" \t\r\n") == std::string_view::npos; }

// What the declaration names, in lower case; empty where there is none.
std::string declared_encoding(std::string_view document) {
    if (!document.starts_with("<?xml")) return {};
    const std::string_view declaration = document.substr(0, document.find("?>"));
    const std::size_t at = declaration.find("encoding");
    if (at == std::string_view::npos) return {};
    const std::size_t open = declaration.find_first_of("'\"", at);
    if (open == std::string_view::npos) return {};
    const std::size_t close = declaration.find(declaration[open], open + 1);
    if (close == std::string_view::npos) return {};
    std::string name(declaration.substr(open + 1, close - open - 1));
    std::transform(name.begin(), name.end(), name.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
    return name;
}

// What the parser's callbacks fill. It stops the parser at the first fault, which stays.
class Builder {
public:
    explicit Builder(xmlParserCtxtPtr parser) : parser_(parser) { open_.push_back(&document_); }

    void fail(XmlFlaw flaw) {
        if (fault_) return;
        fault_ = XmlFault{flaw, line()};
        xmlStopParser(parser_);
    }
    void begin(const xmlChar* name, const xmlChar* space, int attribute_count, const xmlChar** attributes) {
        if (fault_) return;
        if (open_.size() > kXmlDepth || ++elements_ > kXmlElements) return fail(XmlFlaw::too_large);
        Element& parent = *open_.back();
        if (&parent != &document_ && !is_blank(parent.text)) return fail(XmlFlaw::mixed);
        parent.text.clear();
        parent.children.push_back(
            {.space = std::string(view(space)), .name = std::string(view(name)), .line = line()});
        Element& made = parent.children.back();
        for (int i = 0; i < attribute_count; ++i) {
            const xmlChar** each =
                attributes + static_cast<std::ptrdiff_t>(i) * 5;  // name, prefix, URI, value, end
            made.attributes.push_back({std::string(view(each[2])), std::string(view(each[0])),
                                       std::string(reinterpret_cast<const char*>(each[3]),
                                                   static_cast<std::size_t>(each[4] - each[3]))});
        }
        open_.push_back(&made);
    }
    void end() {
        if (!fault_) open_.pop_back();
    }
    void say(const xmlChar* text, int length) {
        if (fault_) return;
        const std::string_view said(reinterpret_cast<const char*>(text), static_cast<std::size_t>(length));
        Element& here = *open_.back();
        if (!here.children.empty()) {
            if (!is_blank(said)) fail(XmlFlaw::mixed);
            return;
        }
        here.text += said;
    }
    [[nodiscard]] const std::optional<XmlFault>& fault() const { return fault_; }
    [[nodiscard]] Element take() { return std::move(document_.children.front()); }
    [[nodiscard]] bool has_root() const { return !document_.children.empty(); }

private:
    [[nodiscard]] unsigned line() const {
        const int line = xmlSAX2GetLineNumber(parser_);
        return line < 0 ? 0 : static_cast<unsigned>(line);
    }
    xmlParserCtxtPtr parser_;
    Element document_;            // holds the root; it is none itself
    std::vector<Element*> open_;  // from it down to where the parser is: none of them moves while it is open
    std::size_t elements_ = 0;
    std::optional<XmlFault> fault_;
};

Builder& builder_of(void* parser) {
    return *static_cast<Builder*>(static_cast<xmlParserCtxtPtr>(parser)->_private);
}

xmlSAXHandler handler() {
    xmlSAXHandler made{};
    made.initialized = XML_SAX2_MAGIC;
    made.startElementNs = [](void* parser, const xmlChar* name, const xmlChar*, const xmlChar* space, int,
                             const xmlChar**, int attribute_count, int, const xmlChar** attributes) {
        builder_of(parser).begin(name, space, attribute_count, attributes);
    };
    made.endElementNs = [](void* parser, const xmlChar*, const xmlChar*, const xmlChar*) {
        builder_of(parser).end();
    };
    made.characters = [](void* parser, const xmlChar* text, int length) {
        builder_of(parser).say(text, length);
    };
    made.ignorableWhitespace = made.characters;
    made.cdataBlock = made.characters;
    made.internalSubset = [](void* parser, const xmlChar*, const xmlChar*, const xmlChar*) {
        builder_of(parser).fail(XmlFlaw::forbidden);
    };
    made.externalSubset = made.internalSubset;
    made.processingInstruction = [](void* parser, const xmlChar*, const xmlChar*) {
        builder_of(parser).fail(XmlFlaw::forbidden);
    };
    made.reference = [](void* parser, const xmlChar*) { builder_of(parser).fail(XmlFlaw::forbidden); };
    // Only the five that every document has; they come as characters.
    made.getEntity = [](void*, const xmlChar* name) { return xmlGetPredefinedEntity(name); };
    made.resolveEntity = [](void*, const xmlChar*, const xmlChar*) -> xmlParserInputPtr { return nullptr; };
    made.serror = [](void* parser, xmlErrorPtr error) {
        if (error->level != XML_ERR_WARNING) builder_of(parser).fail(XmlFlaw::not_xml);
    };
    return made;
}

struct FreeParser {
    void operator()(xmlParserCtxtPtr parser) const {
        if (parser->myDoc != nullptr) xmlFreeDoc(parser->myDoc);
        xmlFreeParserCtxt(parser);
    }
};

}  // namespace

const Element* Element::only(std::string_view wanted_space, std::string_view wanted_name) const {
    const Element* found = nullptr;
    for (const Element& child : children) {
        if (child.name != wanted_name || child.space != wanted_space) continue;
        if (found != nullptr) return nullptr;
        found = &child;
    }
    return found;
}

std::size_t Element::count(std::string_view wanted_space, std::string_view wanted_name) const {
    return static_cast<std::size_t>(std::count_if(
        children.begin(), children.end(),
        [&](const Element& child) { return child.name == wanted_name && child.space == wanted_space; }));
}

const std::string* Element::attribute(std::string_view wanted_space, std::string_view wanted_name) const {
    for (const Attribute& each : attributes) {
        if (each.name == wanted_name && each.space == wanted_space) return &each.value;
    }
    return nullptr;
}

contract::Result<Element, XmlFault> read_xml(std::string_view document) {
    const auto refused = [](XmlFlaw flaw) { return contract::Failure{XmlFault{flaw, 0}}; };
    if (document.size() > kXmlBytes) return refused(XmlFlaw::too_large);
    if (document.starts_with(kByteOrderMark)) document.remove_prefix(kByteOrderMark.size());
    // UTF-16, with its mark or without, and what begins with blanks: the parser would guess an encoding.
    if (!document.starts_with('<') || document.find('\0') != std::string_view::npos) {
        return refused(XmlFlaw::not_xml);
    }
    const std::string encoding = declared_encoding(document);
    const bool hebrew = encoding == "windows-1255" || encoding == "cp1255";
    if (!encoding.empty() && encoding != "utf-8" && !hebrew) return refused(XmlFlaw::encoding);

    static const bool started = [] {
        xmlInitParser();
        return true;
    }();
    static_cast<void>(started);
    const std::unique_ptr<xmlParserCtxt, FreeParser> parser(
        xmlCreateMemoryParserCtxt(document.data(), static_cast<int>(document.size())));
    if (!parser) return refused(XmlFlaw::not_xml);
    xmlCtxtUseOptions(parser.get(), XML_PARSE_NONET | XML_PARSE_NOCDATA);
    xmlSAXHandler sax = handler();
    *parser->sax = sax;
    parser->sax2 = 1;
    parser->userData = parser.get();
    Builder builder(parser.get());
    parser->_private = &builder;
    const bool read = xmlParseDocument(parser.get()) == 0 && parser->wellFormed != 0;
    if (builder.fault()) return contract::Failure{*builder.fault()};
    if (!read || !builder.has_root()) return refused(XmlFlaw::not_xml);
    return builder.take();
}

std::string escaped(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        const std::string_view rest = text.substr(i);
        if (rest.starts_with("\xEF\xBF\xBE") || rest.starts_with("\xEF\xBF\xBF")) {
            out += ' ';
            i += 2;
            continue;
        }
        switch (c) {
            case '&':
                out += "&amp;";
                break;
            case '<':
                out += "&lt;";
                break;
            case '>':
                out += "&gt;";
                break;
            case '"':
                out += "&quot;";
                break;
            case '\'':
                out += "&apos;";
                break;
            case '\r':
                out += "&#13;";
                break;
            case '\n':
            case '\t':
                out += c;
                break;
            default:
                out += static_cast<unsigned char>(c) < 0x20 ? ' ' : c;
        }
    }
    return out;
}

}  // namespace kesher::national_insurance
