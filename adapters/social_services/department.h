// What a department's folder and the exchange do to each other, without the kit's proofs: department_side.cpp
// adds those. For this room alone.
//
// A file is judged whole before anything of it is said to anybody. Each file of ours is on disk, and known
// to the ledger, before it appears in out/: after a stop it is found there, never written twice.
#pragma once

#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "adapters/social_services/day_names.h"
#include "adapters/social_services/department_side.h"
#include "adapters/social_services/folder.h"
#include "adapters/social_services/ledger.h"
#include "adapters/social_services/to_records.h"

namespace kesher::social_services {

// A delivery, proven and opened.
struct Delivered {
    const statement::Statement& said;
    const codec::Payload& payload;
    const std::optional<codec::Sealed>& sealed;
    const contract::Pseudonym& pseudonym;
    contract::Day on;  // of the release, which may be an old one: the hub's own word is held under it
    contract::Instant until{};  // from then on nothing sealed is told of it
};

class Department {
public:
    Department(const DepartmentSettings& settings, DepartmentMeans means);

    [[nodiscard]] kit::NativeAnswer deliver(const Delivered& delivered);
    [[nodiscard]] kit::TakenBefore already_taken(const contract::OrganisationId& from,
                                                 const contract::MessageId& id);
    void work(contract::Instant now);

private:
    // department_files.cpp: ours
    [[nodiscard]] bool take_back(std::string_view native) const;
    [[nodiscard]] std::optional<kit::Taken> finish(std::string_view key);
    [[nodiscard]] contract::Day naming_day(const Delivered& delivered) const;
    [[nodiscard]] bool is_free(const FileName& name) const;
    [[nodiscard]] std::optional<std::string> free_name(FileUse use, contract::Day day) const;
    [[nodiscard]] std::optional<std::string> name_for(const std::string& native, contract::Day day) const;
    void say_used_up(FileUse use, contract::Day day);
    [[nodiscard]] FileHeader header_of(const std::string& name) const;
    [[nodiscard]] std::optional<kit::Taken> put_out(const std::vector<std::string>& keys,
                                                    const std::string& name, const EncodedFile& file);
    // What is to be told. Where the day has no name of its own for it, it waits for the next common file, in
    // the order in which it came. In memory alone: whoever it came from offers it again.
    struct Untold {
        std::string key;
        std::vector<Status> statuses;
        // A step is told under this consent, and not when she has withdrawn it: the hub decides on it anew.
        std::optional<contract::ConsentId> step_under{};
        // How it reads without what was sealed, where something was, and from when on it reads so.
        std::optional<Status> unsealed{};
        contract::Instant until{};
    };
    [[nodiscard]] kit::NativeAnswer tell(Untold told, contract::Day day);
    [[nodiscard]] bool waits_untold(std::string_view key) const;
    void forget_sealed(contract::Instant now);
    [[nodiscard]] std::size_t common_names_used(contract::Day day) const;
    [[nodiscard]] bool tell_together(contract::Instant now);  // whether a common file was written
    [[nodiscard]] bool reply(const std::string& name, const StatusFile& answer);
    void put_away(const std::string& name, Folder::Place place, contract::ByteView bytes);

    // department.cpp: what is delivered
    [[nodiscard]] kit::NativeAnswer take_referral(const std::string& key, const Delivered& delivered);
    [[nodiscard]] kit::NativeAnswer take_event(const std::string& key, const Delivered& delivered);
    [[nodiscard]] kit::NativeAnswer take_revocation(const std::string& key, const Delivered& delivered);
    // Under which it stands here; none where its id or that number is another body's referral, or one of
    // ours.
    [[nodiscard]] std::optional<std::string> number_for(const contract::ReferralId& id,
                                                        const contract::OrganisationId& from) const;
    // Who beside the hub may say something of it: who gave it, or who was given it. None: nobody.
    [[nodiscard]] std::optional<contract::OrganisationId> other_side_of(const kit::AliasRow& alias,
                                                                        const contract::ReferralId& id) const;
    [[nodiscard]] Standing standing_of(const contract::ReferralId& referral) const;
    [[nodiscard]] std::optional<contract::ConsentId> consent_of(const statement::Statement& said) const;

    using TakeFile = void (Department::*)(const std::string& name, contract::Instant now);
    void look_at(const std::string& name, TakeFile take, contract::Instant now);
    void say_passed_over();

    // department_data.cpp: referrals that the department drops
    struct Plan;
    void take_data(const std::string& name, contract::Instant now);
    [[nodiscard]] std::optional<FileFault> wrong_name(const std::string& name) const;
    [[nodiscard]] std::optional<FileFault> wrong_entity(const FileHeader& header) const;
    void refuse(const std::string& name, contract::ByteView bytes, const FileHeader& header,
                FileFaults faults);
    [[nodiscard]] Plan plan_of(const DepartmentFile& file, contract::Instant now) const;
    // Where a number of the record stands for something else already.
    [[nodiscard]] std::optional<FileFault> number_taken(const Referral& referral,
                                                        const Outgoing& outgoing) const;
    [[nodiscard]] bool is_told_elsewhere(const Referral& referral, const Outgoing& outgoing,
                                         Plan& plan) const;
    void judge(const Referral& referral, const Outgoing& outgoing, contract::Instant now, Plan& plan) const;
    void open_cases(const DepartmentFile& file, Plan& plan);
    [[nodiscard]] std::optional<contract::Pseudonym> case_of(const Referral& referral);
    [[nodiscard]] bool put_in_outbox(const Outgoing& outgoing, contract::Instant now);
    void remember(const Outgoing& outgoing);
    [[nodiscard]] bool submit(const Outgoing& outgoing, contract::Instant now);
    [[nodiscard]] bool submit_all(const Plan& plan, contract::Instant now);
    [[nodiscard]] contract::ReferralState waiting_state(const Referral& referral) const;
    [[nodiscard]] std::vector<Status> statuses_of(const DepartmentFile& file, contract::Day today);
    void answer_taken(const std::string& name, contract::ByteView bytes, const DepartmentFile& file,
                      contract::Day today);
    void look_at_waiting(contract::Instant now);
    [[nodiscard]] bool still_waits(const Referral& referral, contract::Day since, contract::Instant now);
    void tell_refused(contract::Instant now);

    // What one status file comes to, before any of it is done.
    struct Said {
        std::vector<kit::Message> messages{};
        std::map<contract::ReferralId, Standing> standings{};  // after them
        std::vector<std::string> stopped{};                    // natives whose care ended with the consent
        FileFaults faults{};
        bool not_now = false;
    };

    // department_recalls.cpp: what the department ends of what it sent
    void add_recall(const Status& status, const contract::Digest& digest, contract::Instant now,
                    Said& said) const;
    // A file that waits, as it was judged: nothing where its bytes are no longer those.
    [[nodiscard]] std::optional<contract::Bytes> read_waiting(const contract::Digest& digest,
                                                              const WaitingFile& where) const;
    [[nodiscard]] bool waits_in_a_file(const std::string& native) const;
    void take_back(Said& said);

    // department_replies.cpp: what the department says of referrals it was given
    void take_reply(const std::string& name, contract::Instant now);
    [[nodiscard]] Said said_in(const std::string& name, const StatusFile& file,
                               const contract::Digest& digest, contract::Instant now) const;
    void add_events(const Status& status, const contract::Digest& digest, contract::Instant now,
                    Said& said) const;
    void add_stop(const Status& status, const Carried& carried, contract::Instant now, Said& said) const;
    [[nodiscard]] std::optional<FileFault> make_sendable(const Status& status, kit::Message& message,
                                                         contract::Instant now, Said& said) const;
    void acknowledge_revocation(const std::string& native, contract::Instant now);

    const DepartmentSettings settings_;
    DepartmentMeans means_;
    Folder folder_;
    Ledger ledger_;
    std::vector<Untold> untold_;
    contract::Day today_{};                           // of the last look
    std::map<FileUse, contract::Day> names_used_up_;  // said in the log, once a day
    std::set<std::string> passed_over_;               // in inbox/ and said in the log, once each
};

}  // namespace kesher::social_services
