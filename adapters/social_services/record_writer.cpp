#include "adapters/social_services/record_writer.h"

#include <algorithm>

namespace kesher::social_services {
namespace {

using contract::Failure;

bool fits(std::string_view value, const Field& field) {
    if (value.size() > field.width) return false;
    return std::all_of(value.begin(), value.end(), [&](char c) {
        const bool digit = c >= '0' && c <= '9';
        if (field.shape != Shape::word) return digit;
        return digit || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '.' || c == '_' || c == '-';
    });
}

}  // namespace

FrameWriter::FrameWriter(const FileHeader& header, Encoding encoding) : header_(header), encoding_(encoding) {
    record({"A100", kA100}, {{"primary", header.primary}});
}

std::string FrameWriter::own_value(const RecordKind& kind, const Field& field,
                                   const FieldTexts& values) const {
    if (field.name == "code") return std::string(kind.code);
    if (field.name == "constant") return std::string(kConstant);
    if (field.name == "record_no") return std::to_string(line_);
    if (field.name == "entity") return header_.entity;
    const auto found = values.find(field.name);
    return found == values.end() ? std::string() : found->second;
}

void FrameWriter::record(const RecordKind& kind, const FieldTexts& values) {
    ++line_;
    for (const Field& field : kind.fields) write(kind, field, own_value(kind, field, values));
    file_.bytes.insert(file_.bytes.end(), {'\r', '\n'});
}

void FrameWriter::write(const RecordKind& kind, const Field& field, std::string_view value) {
    if (field.shape == Shape::text) return write_text(field, value);
    const bool number = field.shape == Shape::number || field.shape == Shape::day;
    if (field.shape != Shape::constant && !fits(value, field)) {
        faults_.push_back(Record(kind, line_).fault(field.name, Flaw::value));
        return;
    }
    if (number) file_.bytes.insert(file_.bytes.end(), field.width - value.size(), '0');
    file_.bytes.insert(file_.bytes.end(), value.begin(), value.end());
    if (!number) file_.bytes.insert(file_.bytes.end(), field.width - value.size(), ' ');
}

void FrameWriter::write_text(const Field& field, std::string_view value) {
    HebrewBytes written = to_hebrew(value, encoding_);
    file_.replaced += written.replaced;
    if (written.bytes.size() > field.width) {
        ++file_.cut;
        written.bytes.resize(field.width);
    }
    written.bytes.resize(field.width, ' ');
    file_.bytes.insert(file_.bytes.end(), written.bytes.begin(), written.bytes.end());
}

contract::Result<EncodedFile, FileFaults> FrameWriter::finish() {
    record({"Z900", kZ900}, {{"primary", header_.primary}, {"total", std::to_string(line_ + 1)}});
    if (file_.bytes.size() > kFileBytes) faults_.push_back({.flaw = Flaw::file_too_large});
    if (faults_.empty()) return std::move(file_);
    put_in_order(faults_);
    return Failure{std::move(faults_)};
}

}  // namespace kesher::social_services
