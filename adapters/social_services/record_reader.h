// The frame of a file (A100, records, Z900) taken apart into records, each field judged by its shape.
//
// What a value means is for department_decode.cpp and status_decode.cpp; here only form is known.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/social_services/department_file.h"
#include "adapters/social_services/fields.h"

namespace kesher::social_services {

struct RecordKind {
    std::string_view code;  // "R100"
    std::span<const Field> fields;
};

// One record whose fields have the right form. Blanks after a value are gone; a day reads
// 2026-11-21, or is empty where there is none.
class Record {
public:
    Record(const RecordKind& kind, unsigned line) : kind_(kind), line_(line) {}
    [[nodiscard]] std::string_view code() const { return kind_.code; }
    [[nodiscard]] unsigned line() const { return line_; }
    [[nodiscard]] const std::string& operator[](std::string_view field) const;
    [[nodiscard]] bool has_number(std::string_view field) const;  // other than zeros
    [[nodiscard]] FileFault fault(std::string_view field, Flaw flaw) const;

private:
    friend class FrameReader;
    RecordKind kind_;
    unsigned line_;
    std::vector<std::string> values_;  // in the order of the fields
};

struct Frame {
    FileHeader header;
    std::vector<Record> records;  // without A100 and Z900
};

[[nodiscard]] contract::Result<Frame, FileFaults> read_frame(contract::ByteView bytes, Encoding encoding,
                                                             std::span<const RecordKind> kinds);

// By line and column, at most kFaultsTold.
void put_in_order(FileFaults& faults);

}  // namespace kesher::social_services
