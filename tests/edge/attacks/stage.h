// A hub that runs, seen from outside and from behind: bodies that speak to it over their own TLS, and what
// its database holds. Every request goes as bytes that the test wrote; nothing of the kit or the client
// stands between.
#pragma once

#include <sys/types.h>

#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "gateway/store/connection.h"
#include "schemas/contract/codes.h"
#include "tests/edge/raw_line.h"
#include "tests/support/sender.h"

namespace kesher::attacks {

using tests::Draft;
using tests::RawAnswer;
using tests::RawLine;
using tests::Sender;

// A woman whom the department serves, and the consents that she gave.
struct Woman {
    contract::Pseudonym name;
    contract::ConsentId consent;
};

struct Where {
    std::string department, health;  // key folders of enrolled bodies
    std::uint16_t port = 0;          // of the hub's listener for organisations
    std::uint16_t local = 0;         // of its metrics
    std::size_t queue = 0;           // limits.queue_requests of its settings
    std::size_t share = 0;           // of ordinary calls of one body
    pid_t hub = 0;
    std::string database;  // conninfo of a superuser
};

// Rows of every table that a message could leave something in. Counting leaves are written by the minute and
// are left out, as are checkpoints, which follow every leaf.
using Stored = std::map<std::string, std::int64_t>;
[[nodiscard]] Stored operator-(const Stored& a, const Stored& b);  // without what did not change
[[nodiscard]] std::string text(const Stored& stored);

class Stage {
public:
    explicit Stage(const Where& where);

    [[nodiscard]] const Sender& department() const { return department_; }
    [[nodiscard]] const Sender& health() const { return health_; }
    [[nodiscard]] const Where& where() const { return where_; }
    [[nodiscard]] static contract::OrganisationId body(std::string_view id);

    // A line of that body, its handshake done; `session` of an earlier one makes it a short one.
    [[nodiscard]] std::unique_ptr<RawLine> line_of(const Sender& body, const std::string& session = {}) const;
    [[nodiscard]] RawAnswer call(const Sender& body, std::string_view request) const;

    // Steps that must be accepted; std::runtime_error with the hub's answer otherwise.
    [[nodiscard]] contract::Pseudonym open_case(const Sender& body) const;
    void accept(const Sender& body, const Draft& draft) const;
    // A woman of the department who agreed that health may know.
    [[nodiscard]] Woman woman() const;
    [[nodiscard]] Draft referral(const Woman& woman) const;
    [[nodiscard]] Draft revocation(const Woman& woman) const;  // of her consent, by the department

    // While it lives no leaf can be stored: the hub's commit waits for this lock and goes on afterwards.
    class Stopped {
    public:
        explicit Stopped(Stage& stage);
        ~Stopped() { go_on(); }
        Stopped(const Stopped&) = delete;
        Stopped& operator=(const Stopped&) = delete;
        void go_on();

    private:
        std::unique_ptr<store::Connection> holding_;
    };
    // While it lives the hub has no database: its sessions are ended and none of its role is let in.
    class Away {
    public:
        explicit Away(Stage& stage);
        ~Away();
        Away(const Away&) = delete;
        Away& operator=(const Away&) = delete;

    private:
        Stage& stage_;
    };
    // Requests that wait for a decision, as the hub's own metrics say.
    [[nodiscard]] std::int64_t queued() const;
    [[nodiscard]] bool commit_waits();  // for the lock of a Stopped

    [[nodiscard]] Stored stored();
    // Rows of `message` under these ids of that sender.
    [[nodiscard]] std::size_t stored_under(const std::vector<contract::MessageId>& ids);
    [[nodiscard]] double resident_mebibytes() const;  // of the hub's process

private:
    void let_in(bool admitted);  // sessions of the hub's role

    Where where_;
    Sender department_;
    Sender health_;
    tests::TlsSide department_side_;
    tests::TlsSide health_side_;
    store::Connection database_;
};

[[nodiscard]] std::string post(std::string_view path, std::string_view type, std::string_view body);
[[nodiscard]] std::string put(std::string_view path, std::string_view type, std::string_view body);
[[nodiscard]] std::string get(std::string_view path);
[[nodiscard]] std::string post_message(const codec::Submission& submission);

// One finding is one line; the run goes on and fails at its end.
class Report {
public:
    void holds(const std::string& sentence);
    void check(bool holds, const std::string& sentence, const std::string& finding = {});
    [[nodiscard]] int findings() const { return findings_; }
    // The hub gave this code where it had to: attacks.py holds README.md to it.
    void saw(contract::Code code) { seen_.insert(code); }
    void write_seen(const std::string& file) const;

private:
    std::set<contract::Code> seen_;
    int findings_ = 0;
};

// Text of a member of a problem; empty where there is none.
[[nodiscard]] std::string member(const std::string& body, std::string_view name);
// Whether leaf and receipt stand in it and hold under the hub's log key.
[[nodiscard]] bool receipt_verifies(const Stage& stage, const std::string& body);

// table.cpp, strangers.cpp, full_queue.cpp, no_database.cpp, mutations.cpp, floods.cpp
void try_every_refusal(Stage& stage, Report& report);
void try_strangers(Stage& stage, Report& report);
void try_full_queue(Stage& stage, Report& report);
void try_without_database(Stage& stage, Report& report);
void try_mutations(Stage& stage, Report& report, std::size_t count);
void try_zoo(Stage& stage, Report& report);
// Those with this in their names; the long ones only where every one is wanted.
void try_floods(Stage& stage, Report& report, const std::string& named, bool every);

}  // namespace kesher::attacks
