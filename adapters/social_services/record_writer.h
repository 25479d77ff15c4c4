// Records written field by field into the frame of a file; what does not fit is counted or refused.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "adapters/social_services/record_reader.h"

namespace kesher::social_services {

// By field name; a field that is not given is blank or zeros. Code, record number, entity, constant
// and fillers are the writer's own.
using FieldTexts = std::map<std::string_view, std::string>;

class FrameWriter {
public:
    FrameWriter(const FileHeader& header, Encoding encoding);
    void record(const RecordKind& kind, const FieldTexts& values);
    // Ends the file. A number or word of the wrong form or too long is a fault: those are the
    // caller's, and cutting one would make it another.
    [[nodiscard]] contract::Result<EncodedFile, FileFaults> finish();

private:
    void write(const RecordKind& kind, const Field& field, std::string_view value);
    void write_text(const Field& field, std::string_view value);
    std::string own_value(const RecordKind& kind, const Field& field, const FieldTexts& values) const;

    FileHeader header_;
    Encoding encoding_;
    unsigned line_ = 0;
    EncodedFile file_;
    FileFaults faults_;
};

}  // namespace kesher::social_services
