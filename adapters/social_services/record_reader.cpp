#include "adapters/social_services/record_reader.h"

#include <algorithm>
#include <cassert>
#include <tuple>

namespace kesher::social_services {
namespace {

using contract::ByteView;
using contract::Failure;

constexpr std::size_t kCodeCharacters = 4;
constexpr RecordKind kHead{"A100", kA100};
constexpr RecordKind kFoot{"Z900", kZ900};

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_word(char c) {
    return is_digit(c) || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '.' || c == '_' ||
           c == '-';
}

std::size_t place_of(std::span<const Field> fields, std::string_view name) {
    for (std::size_t i = 0; i < fields.size(); ++i) {
        if (fields[i].name == name) return i;
    }
    assert(false && "a field of another record was asked for");
    return fields.size();
}

unsigned column_of(std::span<const Field> fields, std::size_t place) {
    std::size_t column = 1;
    for (std::size_t i = 0; i < place; ++i) column += fields[i].width;
    return static_cast<unsigned>(column);
}

std::string without_blanks_after(std::string text) {
    text.erase(text.find_last_not_of(' ') + 1);
    return text;
}

// The value if it has the shape; else the flaw.
contract::Result<std::string, Flaw> shaped(std::string text, const Field& field) {
    switch (field.shape) {
        case Shape::constant:
            if (field.name == "constant" && text != kConstant) return Failure{Flaw::frame};
            return text;
        case Shape::number:
            if (!std::all_of(text.begin(), text.end(), is_digit)) return Failure{Flaw::not_a_number};
            return text;
        case Shape::word:
            text = without_blanks_after(std::move(text));
            if (!std::all_of(text.begin(), text.end(), is_word)) return Failure{Flaw::not_a_word};
            return text;
        case Shape::text:
            return without_blanks_after(std::move(text));
        case Shape::filler:
            if (!without_blanks_after(std::move(text)).empty()) return Failure{Flaw::blank_missing};
            return std::string();
        case Shape::day:
            break;
    }
    if (text == "00000000") return std::string();
    if (!std::all_of(text.begin(), text.end(), is_digit)) return Failure{Flaw::not_a_day};
    std::string day = text.substr(0, 4) + '-' + text.substr(4, 2) + '-' + text.substr(6, 2);
    if (!contract::parse_day(day)) return Failure{Flaw::not_a_day};
    return day;
}

}  // namespace

const std::string& Record::operator[](std::string_view field) const {
    return values_.at(place_of(kind_.fields, field));
}

bool Record::has_number(std::string_view field) const {
    return (*this)[field].find_first_not_of('0') != std::string::npos;
}

FileFault Record::fault(std::string_view field, Flaw flaw) const {
    const std::size_t place = place_of(kind_.fields, field);
    return {line_, column_of(kind_.fields, place), kind_.fields[place].name, kind_.fields[place].hebrew,
            flaw};
}

void put_in_order(FileFaults& faults) {
    std::ranges::sort(faults, {}, [](const FileFault& fault) {
        return std::tuple(fault.line, fault.column, fault.field, fault.flaw);
    });
    if (faults.size() > kFaultsTold) faults.resize(kFaultsTold);
}

class FrameReader {
public:
    FrameReader(Encoding encoding, std::span<const RecordKind> kinds) : encoding_(encoding), kinds_(kinds) {}

    contract::Result<Frame, FileFaults> read(ByteView bytes) {
        if (bytes.empty()) return Failure{FileFaults{{.flaw = Flaw::file_empty}}};
        if (bytes.size() > kFileBytes) return Failure{FileFaults{{.flaw = Flaw::file_too_large}}};
        while (!bytes.empty() && faults_.size() < kFaultsTold) take_line(bytes);
        if (faults_.empty()) judge_frame();
        if (!faults_.empty()) {
            put_in_order(faults_);
            return Failure{std::move(faults_)};
        }
        Frame frame{{records_.front()["entity"], records_.front()["primary"]}, {}};
        frame.records.assign(records_.begin() + 1, records_.end() - 1);
        return frame;
    }

private:
    void complain(unsigned column, Flaw flaw) { faults_.push_back({line_, column, {}, {}, flaw}); }

    void take_line(ByteView& bytes) {
        ++line_;
        const auto end = std::find(bytes.begin(), bytes.end(), static_cast<std::uint8_t>('\n'));
        const auto length = static_cast<std::size_t>(end - bytes.begin());
        const bool ended = end != bytes.end() && length > 0 && bytes[length - 1] == '\r';
        const ByteView line = bytes.first(ended ? length - 1 : length);
        bytes = bytes.subspan(std::min(length + 1, bytes.size()));
        if (!ended) return complain(static_cast<unsigned>(length + 1), Flaw::line_end);
        const RecordKind* kind = kind_of(line);
        if (kind == nullptr) return complain(1, Flaw::record_unknown);
        if (line.size() != column_of(kind->fields, kind->fields.size()) - 1) {
            return complain(static_cast<unsigned>(line.size() + 1), Flaw::line_length);
        }
        take_record(line, *kind);
    }

    const RecordKind* kind_of(ByteView line) const {
        const std::string_view code = contract::text_of(line.first(std::min(line.size(), kCodeCharacters)));
        if (code == kHead.code) return &kHead;
        if (code == kFoot.code) return &kFoot;
        for (const RecordKind& kind : kinds_) {
            if (kind.code == code) return &kind;
        }
        return nullptr;
    }

    void take_record(ByteView line, const RecordKind& kind) {
        Record record(kind, line_);
        std::size_t start = 0;
        for (const Field& field : kind.fields) {
            std::string text;
            for (std::size_t i = start; i < start + field.width; ++i) {
                const auto character = character_of(line[i], encoding_);
                if (!character) {
                    faults_.push_back(
                        {line_, static_cast<unsigned>(i + 1), field.name, field.hebrew, Flaw::letters});
                }
                text += character.value_or("?");
            }
            start += field.width;
            auto value = shaped(std::move(text), field);
            if (!value) faults_.push_back(record.fault(field.name, value.error()));
            record.values_.push_back(value ? std::move(value).value() : std::string());
        }
        records_.push_back(std::move(record));
    }

    static std::string numbered(std::size_t number, std::size_t width) {
        const std::string digits = std::to_string(number);
        return digits.size() < width ? std::string(width - digits.size(), '0') + digits : digits;
    }

    void judge_frame() {
        const Record& head = records_.front();
        const Record& foot = records_.back();
        if (head.code() != kHead.code) faults_.push_back(head.fault("code", Flaw::frame));
        if (foot.code() != kFoot.code || records_.size() < 2)
            faults_.push_back(foot.fault("code", Flaw::frame));
        if (!faults_.empty()) return;
        for (std::size_t i = 0; i < records_.size(); ++i) {
            const Record& record = records_[i];
            const bool inside = i > 0 && i + 1 < records_.size();
            if (inside && (record.code() == kHead.code || record.code() == kFoot.code)) {
                faults_.push_back(record.fault("code", Flaw::frame));
            }
            if (record["record_no"] != numbered(i + 1, 9)) {
                faults_.push_back(record.fault("record_no", Flaw::record_number));
            }
            if (record["entity"] != head["entity"]) faults_.push_back(record.fault("entity", Flaw::entity));
        }
        if (foot["primary"] != head["primary"]) faults_.push_back(foot.fault("primary", Flaw::frame));
        if (foot["total"] != numbered(records_.size(), 15))
            faults_.push_back(foot.fault("total", Flaw::total));
    }

    Encoding encoding_;
    std::span<const RecordKind> kinds_;
    unsigned line_ = 0;
    std::vector<Record> records_;
    FileFaults faults_;
};

contract::Result<Frame, FileFaults> read_frame(ByteView bytes, Encoding encoding,
                                               std::span<const RecordKind> kinds) {
    return FrameReader(encoding, kinds).read(bytes);
}

}  // namespace kesher::social_services
