// Files of ours: named, written, put out once.
#include <algorithm>
#include <cassert>

#include "adapters/kit/native_receipt.h"
#include "adapters/social_services/department.h"
#include "schemas/statement/hash.h"

namespace kesher::social_services {
namespace {

// Of one common file: far below what a file may have (kFileBytes).
constexpr std::size_t kStatusesInOneFile = 20'000;

std::string stem_of(std::string_view name) { return std::string(name.substr(0, name.rfind('.'))); }

// What the log will say of this file. The hub may know all of it but who she is, and of id numbers there are
// not many: without the salt, which stays here, it could try them all.
WrittenFile written_as(const std::string& name, contract::ByteView bytes) {
    const statement::Salt salt = statement::draw_salt();
    return {name, kit::native_commitment(salt, bytes), salt};
}

}  // namespace

// A file that the ledger knows is in out/, or was, or lies whole in writing/: then its last step is done.
std::optional<kit::Taken> Department::finish(std::string_view key) {
    const auto written = ledger_.written(key);
    if (!written) return std::nullopt;
    if (folder_.is_written(written->name) && !folder_.publish(written->name)) return std::nullopt;
    return kit::Taken{written->receipt};
}

// A referral that has ended before the department collected it: who she is stands in that file, and nobody
// there is to read it now. What was collected is gone from here; the status that follows is for both. A name
// that it was only to have may be another woman's file by now: that one stays.
bool Department::take_back(std::string_view native) const {
    const std::string* name = ledger_.file_of(native);
    if (name == nullptr) return true;
    if (ledger_.is_written_for(native)) return folder_.discard(*name);
    return ledger_.is_written(*name) || folder_.discard_unfinished(*name);
}

// The hub's own word is offered again under its old release for days: the names of that day may be used up,
// and those of today are not.
contract::Day Department::naming_day(const Delivered& delivered) const {
    return std::max(delivered.on, today_);
}

// Neither used, nor about to be: by a file of ours, or by the reply to one that the department has dropped.
bool Department::is_free(const FileName& name) const {
    const std::string own = text(name);
    if (ledger_.is_used(own) || folder_.waits_in_out(own)) return false;
    if (name.kind == FileName::Kind::data) return true;
    return !folder_.in_inbox(own) && !folder_.in_inbox(stem_of(own) + ".DAT");
}

// None is given twice. Only the department can bring one back, by dropping a file of its own under it.
std::optional<std::string> Department::free_name(FileUse use, contract::Day day) const {
    const Sequences of = sequences_for(use);
    const int step = of.first < of.last ? 1 : -1;
    for (int sequence = of.first; sequence != of.last + step; sequence += step) {
        const FileName name{settings_.authority, day, static_cast<std::uint16_t>(sequence), of.kind};
        if (is_free(name) && ledger_.carrier_of(text(name)) == nullptr) return text(name);
    }
    return std::nullopt;
}

// The name that it was given before a stop or a full disk, so that what was begun is written over.
std::optional<std::string> Department::name_for(const std::string& native, contract::Day day) const {
    const std::string* given = ledger_.file_of(native);
    const auto name = given == nullptr ? std::nullopt : parse_file_name(*given);
    const std::string* carrier = given == nullptr ? nullptr : ledger_.carrier_of(*given);
    const bool its_own = carrier != nullptr && *carrier == native;  // ledgers from before gave one to two
    if (name && name->day == day && its_own && is_free(*name)) return *given;
    return free_name(FileUse::referral, day);
}

void Department::say_used_up(FileUse use, contract::Day day) {
    const auto said = names_used_up_.find(use);
    if (said != names_used_up_.end() && said->second == day) return;
    names_used_up_[use] = day;
    const bool referrals = use == FileUse::referral;
    means_.log.write(telemetry::Level::warning, "names_used_up",
                     {{"kind", referrals ? telemetry::Word("referrals") : telemetry::Word("statuses")}});
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

std::optional<kit::Taken> Department::put_out(const std::vector<std::string>& keys, const std::string& name,
                                              const EncodedFile& file) {
    if (!folder_.write(name, file.bytes)) return std::nullopt;
    // Each has a salt of its own: that two were told in one file is nobody else's to see.
    for (const std::string& key : keys) ledger_.write(key, written_as(name, file.bytes));
    if (file.replaced + file.cut > 0) {
        means_.log.write(telemetry::Level::warning, "file_with_losses",
                         {{"replaced", file.replaced}, {"cut", file.cut}});
    }
    return finish(keys.front());
}

bool Department::waits_untold(std::string_view key) const {
    return std::any_of(untold_.begin(), untold_.end(), [&](const Untold& each) { return each.key == key; });
}

// What has no name of its own waits for the next common file (day_names.h), and while something waits nothing
// is told in front of it. A step waits there as an end does, and not for tomorrow's names: as long as it is
// held here, the hub keeps what ends its referral back.
kit::NativeAnswer Department::tell(Untold told, contract::Day day) {
    if (ledger_.written(told.key)) {
        const auto taken = finish(told.key);
        if (!taken) return kit::Held{};
        return *taken;
    }
    if (waits_untold(told.key)) return kit::Held{};
    const auto name = untold_.empty() ? free_name(FileUse::status, day) : std::nullopt;
    const FileHeader header = name ? header_of(*name) : FileHeader{settings_.entity, std::string(15, '0')};
    const auto file = encode_status_file({header, {}, told.statuses}, settings_.encoding);
    if (!file) return kit::Declined{contract::Code::payload_invalid};
    if (!name) {
        if (untold_.empty()) say_used_up(FileUse::status, day);
        untold_.push_back(std::move(told));
        return kit::Held{};
    }
    const auto taken = put_out({told.key}, *name, *file);
    if (!taken) return kit::Held{};
    return *taken;
}

// What was sealed was opened under a release: it is not kept here for longer than that. The step itself is no
// secret of hers, and goes on without it.
void Department::forget_sealed(contract::Instant now) {
    std::size_t forgotten = 0;
    for (Untold& each : untold_) {
        if (!each.unsealed || now <= each.until) continue;
        each.statuses = {*std::move(each.unsealed)};
        each.unsealed.reset();
        ++forgotten;
    }
    if (forgotten > 0) {
        means_.log.write(telemetry::Level::warning, "appointments_left_out", {{"steps", forgotten}});
    }
}

std::size_t Department::common_names_used(contract::Day day) const {
    std::size_t used = 0;
    for (std::uint16_t sequence = 1; sequence <= kCommonNames; ++sequence) {
        const FileName name{settings_.authority, day, sequence, FileName::Kind::reply};
        used += ledger_.is_written(text(name)) ? 1 : 0;
    }
    return used;
}

// After a stop in the middle of it one of them may be told twice, never not at all: whoever it came from
// offers it again until it is known to the ledger.
bool Department::tell_together(contract::Instant now) {
    const contract::Day today = contract::day_of(now);
    if (untold_.empty() || !is_common_due(common_names_used(today), now)) return false;
    const auto name = free_name(FileUse::common, today);
    if (!name) {
        means_.log.write(telemetry::Level::error, "no_common_name", {{"waiting", untold_.size()}});
        return false;
    }
    std::vector<std::string> keys;
    std::vector<Status> statuses;
    for (const Untold& each : untold_) {
        if (!keys.empty() && statuses.size() + each.statuses.size() > kStatusesInOneFile) break;
        keys.push_back(each.key);
        statuses.insert(statuses.end(), each.statuses.begin(), each.statuses.end());
    }
    const auto file = encode_status_file({header_of(*name), {}, std::move(statuses)}, settings_.encoding);
    assert(file);  // each of them was written for a trial before it waits
    (void)put_out(keys, *name, *file);
    const std::size_t told =
        std::erase_if(untold_, [&](const Untold& each) { return ledger_.written(each.key).has_value(); });
    if (told == 0) return false;
    means_.log.write(telemetry::Level::warning, "told_in_one_file", {{"told", told}});
    return true;
}

// The answer to a file bears its name. An older answer under that name gives way: it was about a file that
// the department has dropped anew. A later status under it does not: then this waits until it is collected.
bool Department::reply(const std::string& name, const StatusFile& answer) {
    const std::string reply_name = stem_of(name) + ".MSV";
    if (ledger_.is_written(reply_name) && folder_.waits_in_out(reply_name)) return false;
    const auto file = encode_status_file(answer, settings_.encoding);
    assert(file);  // its numbers were read from a file of the same form
    if (!folder_.write(reply_name, file->bytes)) return false;
    const auto parsed = parse_file_name(reply_name);
    if (parsed && parsed->authority == settings_.authority) ledger_.reply(reply_name);
    return folder_.publish(reply_name);
}

void Department::put_away(const std::string& name, Folder::Place place, contract::ByteView bytes) {
    const std::string stored = Folder::stored_name(name, statement::sha256(bytes));
    if (!folder_.put_away(name, place, stored)) {
        means_.log.write(telemetry::Level::warning, "file_not_put_away");
    }
}

}  // namespace kesher::social_services
