// Files of ours: named, written, put out once.
#include <algorithm>
#include <cassert>

#include "adapters/kit/native_receipt.h"
#include "adapters/social_services/department.h"
#include "schemas/statement/hash.h"

namespace kesher::social_services {
namespace {

// It stops, or is over: what the department does for her until it reads this, it should not do.
bool stops(const Status& status) {
    return contract::is_terminal(status.state) || status.state == contract::ReferralState::on_hold;
}

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
// there is to read it now. What was collected is gone from here; the status that follows is for both.
bool Department::take_back(std::string_view native) const {
    const std::string* name = ledger_.file_of(native);
    return name == nullptr || folder_.discard(*name);
}

// None is used twice.
std::optional<std::string> Department::free_name(FileUse use, contract::Day day) const {
    const Sequences of = sequences_for(use);
    const int step = of.first < of.last ? 1 : -1;
    for (int sequence = of.first; sequence != of.last + step; sequence += step) {
        const std::string name =
            text(FileName{settings_.authority, day, static_cast<std::uint16_t>(sequence), of.kind});
        if (ledger_.is_used(name) || folder_.waits_in_out(name)) continue;
        const bool reply = of.kind == FileName::Kind::reply;
        if (!reply || !folder_.in_inbox(stem_of(name) + ".DAT")) return name;
    }
    return std::nullopt;
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

// A step without a name waits for tomorrow's. An end does not: it waits for the next file of all ends that
// wait (day_names.h), and while one waits nothing is told in front of it.
kit::NativeAnswer Department::tell(const std::string& key, std::vector<Status> statuses, contract::Day day) {
    if (ledger_.written(key)) {
        const auto taken = finish(key);
        if (!taken) return kit::Held{};
        return *taken;
    }
    if (waits_untold(key)) return kit::Held{};
    const auto name = untold_.empty() ? free_name(FileUse::status, day) : std::nullopt;
    const FileHeader header = name ? header_of(*name) : FileHeader{settings_.entity, std::string(15, '0')};
    const auto file = encode_status_file({header, {}, statuses}, settings_.encoding);
    if (!file) return kit::Declined{contract::Code::payload_invalid};
    if (!name) {
        if (untold_.empty()) say_used_up(FileUse::status, day);
        if (std::all_of(statuses.begin(), statuses.end(), stops)) {
            untold_.push_back({key, std::move(statuses)});
        }
        return kit::Held{};
    }
    const auto taken = put_out({key}, *name, *file);
    if (!taken) return kit::Held{};
    return *taken;
}

std::size_t Department::names_used_for_ends(contract::Day day) const {
    std::size_t used = 0;
    for (std::uint16_t sequence = 1; sequence <= kNamesForEnds; ++sequence) {
        const FileName name{settings_.authority, day, sequence, FileName::Kind::reply};
        used += ledger_.is_used(text(name)) ? 1 : 0;
    }
    return used;
}

// After a stop in the middle of it one of them may be told twice, never not at all: whoever it came from
// offers it again until it is known to the ledger.
bool Department::tell_ends(contract::Instant now) {
    const contract::Day today = contract::day_of(now);
    if (untold_.empty() || !is_due_for_ends(names_used_for_ends(today), now)) return false;
    const auto name = free_name(FileUse::ends, today);
    if (!name) {
        means_.log.write(telemetry::Level::error, "no_name_for_ends", {{"ends", untold_.size()}});
        return false;
    }
    std::vector<std::string> keys;
    std::vector<Status> statuses;
    for (const Untold& each : untold_) {
        keys.push_back(each.key);
        statuses.insert(statuses.end(), each.statuses.begin(), each.statuses.end());
    }
    const auto file = encode_status_file({header_of(*name), {}, std::move(statuses)}, settings_.encoding);
    assert(file);  // each of them was written for a trial before it waits
    (void)put_out(keys, *name, *file);
    const std::size_t told =
        std::erase_if(untold_, [&](const Untold& each) { return ledger_.written(each.key).has_value(); });
    if (told == 0) return false;
    means_.log.write(telemetry::Level::warning, "ends_in_one_file", {{"ends", told}});
    return true;
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
