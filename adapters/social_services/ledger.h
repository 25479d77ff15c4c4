// What became of each file and how each referral stands, so that a stop at any point doubles nothing.
//
// Lines are only ever added, each on disk when the call returns; a line cut off by a stop never happened.
// Ids, native numbers, codes and file names: nothing of a file's content, nothing about a person. One
// process, one thread. A ledger that cannot be read or written is a broken world: it throws LedgerBroken.
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/kit/ledger_file.h"
#include "adapters/record/standing.h"
#include "adapters/social_services/to_messages.h"
#include "schemas/statement/commitment.h"

namespace kesher::social_services {

using kit::LedgerBroken;

// The receipt is what the log says of it (`native`): SHA-256("kesher.native.v1" ‖ salt ‖ its bytes). Who has
// the file and the line with the salt can show that it was this one, and nobody else can try whose it was.
struct WrittenFile {
    std::string name;  // in out/
    contract::Digest receipt;
    std::optional<statement::Salt> salt{};  // none in lines from before: then it is of the bytes alone
    friend bool operator==(const WrittenFile&, const WrittenFile&) = default;
};

struct WaitingFile {
    std::string stored;  // its name in taken/
    contract::Day since;
    friend bool operator==(const WaitingFile&, const WaitingFile&) = default;
};

class Ledger {
public:
    explicit Ledger(const std::filesystem::path& file);  // makes it, mode 0600, where there is none

    // A file that was taken, by its bytes: the same again, or under another name, changes nothing.
    [[nodiscard]] bool is_taken(const contract::Digest& file) const { return taken_.contains(file); }
    void take(const contract::Digest& file);
    // Some of its referrals wait for their consents to be recorded.
    [[nodiscard]] const std::map<contract::Digest, WaitingFile>& waiting() const { return waiting_; }
    void wait(const contract::Digest& file, const WaitingFile& where);
    void settle(const contract::Digest& file);

    // The file written for a message (`<sender>/<id>`) or for a step of ours.
    [[nodiscard]] std::optional<WrittenFile> written(std::string_view key) const;
    [[nodiscard]] bool is_written(std::string_view name) const;
    void write(std::string_view key, const WrittenFile& file);
    // The answer to a file that the department dropped, under the name that this gave it.
    void reply(std::string_view name);
    // Whether a file of either kind ever bore this name.
    [[nodiscard]] bool is_used(std::string_view name) const;

    [[nodiscard]] std::optional<Standing> standing(const contract::ReferralId& referral) const;
    void stand(const contract::ReferralId& referral, const Standing& standing);

    // A referral that this department was given: its native number, and the file that is to carry it. That
    // one has this name says not yet that it was written: a stop, or a full disk, may have come between.
    [[nodiscard]] const Carried* carried(std::string_view native) const;      // null where there is none
    [[nodiscard]] const std::string* file_of(std::string_view native) const;  // null where it came by none
    [[nodiscard]] bool is_written_for(std::string_view native) const;         // that file, and for this one
    // The referral that has this name; null where none has.
    [[nodiscard]] const std::string* carrier_of(std::string_view file_name) const;
    // The referral for which the file of this name was written; null where it was for none.
    [[nodiscard]] const std::string* written_for(std::string_view file_name) const;
    [[nodiscard]] std::vector<std::string> carried_under(const contract::ConsentId& consent) const;
    void carry(const std::string& native, const std::string& file_name, const Carried& carried);

    [[nodiscard]] const Sent* sent(const contract::ReferralId& referral) const;  // null where there is none
    void send(const Sent& sent);

    // To whom a neutral name was told, by its mark (AliasMaker::name): lines of ledgers from before
    // kit::ToldNames kept it.
    [[nodiscard]] const auto& named() const { return named_; }

    // The hub's notice of a revocation, until this department has said of each referral that it stopped.
    [[nodiscard]] std::optional<contract::MessageId> revocation(const contract::ConsentId& consent) const;
    void revoke(const contract::ConsentId& consent, const contract::MessageId& notice);
    [[nodiscard]] bool is_stopped(std::string_view native) const { return stopped_.contains(native); }
    void stop(const std::string& native);

private:
    void apply(std::string_view line);
    void append(const std::string& line);
    struct CarriedFile {
        std::string file_name;
        Carried carried;
    };
    kit::LedgerFile file_;
    std::set<contract::Digest> taken_;
    std::map<contract::Digest, WaitingFile> waiting_;
    std::map<std::string, WrittenFile, std::less<>> written_;
    std::set<std::string, std::less<>> names_;
    std::set<std::string, std::less<>> replies_;
    std::map<contract::ReferralId, Standing> standings_;
    std::map<std::string, CarriedFile, std::less<>> carried_;
    // By file name. Ledgers from before let two referrals have one name: whoever had it last when the file
    // was written, for that one it was written.
    std::map<std::string, std::string, std::less<>> carriers_;
    std::map<std::string, std::string, std::less<>> written_for_;
    std::map<contract::ReferralId, Sent> sent_;
    std::map<contract::ConsentId, contract::MessageId> revocations_;
    std::set<std::string, std::less<>> stopped_;
    std::map<contract::Digest, contract::OrganisationId> named_;
};

}  // namespace kesher::social_services
