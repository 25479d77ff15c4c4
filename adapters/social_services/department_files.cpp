// Files of ours: named, written, put out once.
#include <cassert>

#include "adapters/social_services/department.h"
#include "schemas/statement/hash.h"

namespace kesher::social_services {
namespace {

constexpr std::uint16_t kLastSequence = 999;

std::string stem_of(std::string_view name) { return std::string(name.substr(0, name.rfind('.'))); }

}  // namespace

// A file that the ledger knows is in out/, or was, or lies whole in writing/: then its last step is done.
std::optional<kit::Taken> Department::finish(std::string_view key) {
    const auto written = ledger_.written(key);
    if (!written) return std::nullopt;
    if (folder_.is_written(written->name) && !folder_.publish(written->name)) return std::nullopt;
    return kit::Taken{written->digest};
}

// A referral that has ended before the department collected it: who she is stands in that file, and nobody
// there is to read it now. What was collected is gone from here; the status that follows is for both.
bool Department::take_back(std::string_view native) const {
    const std::string* name = ledger_.file_of(native);
    return name == nullptr || folder_.discard(*name);
}

// Files of referrals count up. Those of later statuses count down from 999, because the names from 001 up
// are those of the replies to the department's own files; none is used twice.
std::optional<std::string> Department::free_name(FileName::Kind kind, contract::Day day) const {
    for (std::uint16_t i = 1; i <= kLastSequence; ++i) {
        const bool data = kind == FileName::Kind::data;
        const auto sequence = static_cast<std::uint16_t>(data ? i : kLastSequence + 1 - i);
        const std::string name = text(FileName{settings_.authority, day, sequence, kind});
        const bool foreign = !data && folder_.in_inbox(stem_of(name) + ".DAT");
        if (!foreign && !ledger_.is_used(name) && !folder_.waits_in_out(name)) return name;
    }
    return std::nullopt;
}

// The file's own number: its day and sequence, and 1 for referrals, 2 for statuses.
FileHeader Department::header_of(const std::string& name) const {
    const auto parsed = parse_file_name(name);
    assert(parsed);  // we named it
    std::string number = contract::text(parsed->day);
    std::erase(number, '-');
    const std::string sequence = std::to_string(parsed->sequence);
    number +=
        std::string(3 - sequence.size(), '0') + sequence + (parsed->kind == FileName::Kind::data ? '1' : '2');
    return {settings_.entity, std::string(15 - number.size(), '0') + number};
}

std::optional<kit::Taken> Department::put_out(std::string_view key, const std::string& name,
                                              const EncodedFile& file) {
    if (!folder_.write(name, file.bytes)) return std::nullopt;
    ledger_.write(key, {name, statement::sha256(file.bytes)});
    if (file.replaced + file.cut > 0) {
        means_.log.write(telemetry::Level::warning, "file_with_losses",
                         {{"replaced", file.replaced}, {"cut", file.cut}});
    }
    return finish(key);
}

kit::NativeAnswer Department::tell(std::string_view key, std::vector<Status> statuses, contract::Day day) {
    const auto name = free_name(FileName::Kind::reply, day);
    if (!name) return kit::Held{};  // 999 a day: tomorrow has others
    const auto file = encode_status_file({header_of(*name), {}, std::move(statuses)}, settings_.encoding);
    if (!file) return kit::Declined{contract::Code::payload_invalid};
    const auto taken = put_out(key, *name, *file);
    if (!taken) return kit::Held{};
    return *taken;
}

// The answer to a file bears its name. An older answer under that name gives way: it was about a file that
// the department has dropped anew. A later status under it does not: then this waits until it is collected.
bool Department::reply(const std::string& name, const StatusFile& answer) {
    const std::string reply_name = stem_of(name) + ".MSV";
    if (ledger_.is_used(reply_name) && folder_.waits_in_out(reply_name)) return false;
    const auto file = encode_status_file(answer, settings_.encoding);
    assert(file);  // its numbers were read from a file of the same form
    return folder_.write(reply_name, file->bytes) && folder_.publish(reply_name);
}

void Department::put_away(const std::string& name, Folder::Place place, contract::ByteView bytes) {
    const std::string stored = Folder::stored_name(name, statement::sha256(bytes));
    if (!folder_.put_away(name, place, stored)) {
        means_.log.write(telemetry::Level::warning, "file_not_put_away");
    }
}

}  // namespace kesher::social_services
