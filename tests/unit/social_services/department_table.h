// A department with its folder on a table: real keys, a real journal, real files; no network, no hub.
#pragma once

#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>

#include "adapters/social_services/department.h"
#include "schemas/json/writer.h"
#include "schemas/statement/hash.h"
#include "tests/unit/social_services/file_lines.h"
#include "tests/unit/social_services/samples.h"
#include "tests/unit/statement/parties.h"

namespace kesher::social_services::test {

namespace fs = std::filesystem;
using statement::kNow;
using statement::kToday;

inline std::string folder_of_this_run() {
    static int number = 0;
    const fs::path path = fs::temp_directory_path() / ("kesher-department-" + std::to_string(::getpid()) +
                                                       '-' + std::to_string(++number));
    fs::remove_all(path);
    fs::create_directories(path);
    return path.string();
}

// Every body reads every schema and honours every flag.
inline std::string directory_json(const std::vector<const statement::Party*>& bodies) {
    json::Writer writer;
    writer.open_object().text("at", contract::text(kNow)).open_array("organisations");
    for (const statement::Party* body : bodies) {
        const auto keys = statement::sign_key_list(
            {body->id, 1, {body->signing}, {body->encryption}, kNow + std::chrono::hours{24 * 30}},
            body->root_signer(), kToday);
        writer.open_object().text("id", body->id.text()).text("kind", "PUBLIC_BODY").text("status", "active");
        writer.open_object("names").text("he", "לשכה").close().open_array("services").close();
        codec::ReferralSubmitted submitted;
        const auto jwe =
            contract::bytes_of("eyJhbGciOiJFQ0RILUVTIn0..AAAAAAAAAAAAAAAA.c2VhbGVk.AAAAAAAAAAAAAAAAAAAAAA");
        submitted.sealed.assign(jwe.begin(), jwe.end());
        statement::Profile profile{
            body->id,
            "hub.example/log",
            {1, 1},
            {codec::read_fingerprint(codec::encode(submitted)).value(),
             codec::read_fingerprint(codec::encode(codec::ReferralEventPayload{})).value()},
            contract::WordSet<contract::SafetyFlag>::up_to(contract::SafetyFlag::address_confidential)};
        std::sort(profile.reads.begin(), profile.reads.end());
        writer.text("keys", keys).text("root", body->root().pem());
        writer.text("profile", statement::sign_profile(profile, body->signer(), kToday)).close();
    }
    return writer.close().close().take();
}

class Table {
public:
    Table() { restart(); }
    ~Table() {
        department_.reset();
        journal_.reset();
        fs::remove_all(root);
    }
    Table(const Table&) = delete;
    Table& operator=(const Table&) = delete;

    // As after a kill: everything that is not on disk is gone.
    void restart() {
        department_.reset();
        journal_.reset();
        journal_ = std::make_unique<kit::Journal>(root / "journal.sqlite",
                                                  kit::JournalOwner{self.id, "hub.example/log"});
        outbox_ = std::make_unique<kit::Outbox>(*journal_, writer, told_names);
        department_ = std::make_unique<Department>(
            settings(), DepartmentMeans{*journal_, *outbox_, writer, alias_maker, told_names, log,
                                        [this]() -> const kit::Directory& {
                                            if (before_directory) before_directory();
                                            return directory;
                                        },
                                        [this](const kit::OpenCase& order) { return open(order); }});
    }

    kit::Answered<kit::OpenedCase> open(const kit::OpenCase& order) {
        opened.push_back(order.id);
        if (!hub_is_there) {
            return contract::Failure{kit::HubFault{kit::HubFault::Kind::unreachable, {}, {}, {}, {}, ""}};
        }
        return kit::OpenedCase{pseudonym(8), {}, {}};
    }

    DepartmentSettings settings() const {
        return {.organisation = self.id,
                .keys = {},
                .passphrase_file = {},
                .journal = {},
                .hub = "hub.example",
                .poll_wait = {},
                .folder = root / "files",
                .ledger = root / "ledger",
                .encoding = Encoding::windows_1255,
                .settle = settle,
                .keep = std::chrono::hours{24 * 30},
                .authority = {Authority::Kind::settlement, 5000},
                .entity = "000000018",
                .desk = desk()};
    }

    Department& department() { return *department_; }
    kit::Journal& journal() { return *journal_; }

    void drop(const std::string& name, const std::string& content) {
        fs::create_directories(root / "files/inbox");
        std::ofstream(root / "files/inbox" / name, std::ios::binary) << content;
    }
    std::vector<std::string> names(const std::string& place) const {
        std::vector<std::string> found;
        if (!fs::exists(root / "files" / place)) return found;
        for (const auto& entry : fs::directory_iterator(root / "files" / place)) {
            found.push_back(entry.path().filename().string());
        }
        std::sort(found.begin(), found.end());
        return found;
    }
    contract::Bytes bytes_of(const std::string& place, const std::string& name) const {
        std::ifstream file(root / "files" / place / name, std::ios::binary);
        return {std::istreambuf_iterator<char>(file), {}};
    }
    StatusFile told(const std::string& name) const {
        return decode_status_file(bytes_of("out", name), Encoding::windows_1255, StatusOrigin::exchange)
            .value();
    }
    bool was_said(std::string_view event) const { return times_said(event) > 0; }
    std::size_t times_said(std::string_view event) const {
        const std::string word = "\"event\":\"" + std::string(event) + '"';
        return static_cast<std::size_t>(std::count_if(said.begin(), said.end(), [&](const std::string& line) {
            return line.find(word) != std::string::npos;
        }));
    }
    // These names of a day were used before, each by a line of the ledger.
    void use_up(unsigned first, unsigned last, const std::string& ending,
                contract::Day on = day("2026-11-21")) {
        std::string date = contract::text(on);
        std::erase(date, '-');
        std::ofstream ledger(root / "ledger", std::ios::app);
        for (unsigned sequence = first; sequence <= last; ++sequence) {
            const std::string digits = std::to_string(sequence);
            ledger << "wrote housing/" << ending << digits << ' ' << std::string(64, '0') << " IHUB_5000_"
                   << date << '_' << std::string(3 - digits.size(), '0') << digits << '.' << ending << '\n';
        }
        ledger.close();
        restart();
    }
    // The line of the ledger about what was written for a message, in words.
    std::vector<std::string> wrote(const std::string& key) const {
        std::ifstream ledger(root / "ledger");
        for (std::string line; std::getline(ledger, line);) {
            if (!line.starts_with("wrote " + key + ' ')) continue;
            std::istringstream words(line);
            return {std::istream_iterator<std::string>(words), {}};
        }
        return {};
    }
    void collect(const std::string& name) { fs::remove(root / "files/out" / name); }

    void record_consent(contract::WordSet<contract::DataGroup> groups = {contract::DataGroup::identity,
                                                                         contract::DataGroup::contact}) {
        const auto to = organisation_id("housing");
        kit::KnownConsent consent{alias_maker.consent("H-17", to), self.id, to};
        consent.purposes = {contract::Purpose::referral};
        consent.groups = groups;
        consent.direction = contract::Direction::both;
        consent.valid_from = day("2026-11-01");
        consent.valid_to = day("2027-01-01");
        journal_->put_consent(consent);
    }
    std::size_t sent() const { return journal_->due(kNow, 100).size(); }

    fs::path root = folder_of_this_run();
    std::chrono::milliseconds settle{0};
    bool hub_is_there = true;
    std::vector<contract::RequestId> opened;
    statement::Party self = statement::party("ssd-5000");
    statement::Party housing = statement::party("housing");
    kit::MessageWriter writer{self.id, "hub.example/log", self.signer()};
    kit::AliasMaker alias_maker = aliases();
    kit::ToldNames told_names{root, alias_maker};
    std::vector<std::string> said;  // to the operator
    telemetry::Log log{telemetry::Level::warning, [this](std::string_view line) { said.emplace_back(line); }};
    std::function<void()> before_directory{};  // each time it is asked for
    kit::Directory directory =
        kit::Directory::read(directory_json({&housing}),
                             {{housing.id, {housing.root().key().spki_sha256(), 1}}}, "hub.example/log", kNow)
            .value();

private:
    std::unique_ptr<kit::Journal> journal_;
    std::unique_ptr<kit::Outbox> outbox_;
    std::unique_ptr<Department> department_;
};

}  // namespace kesher::social_services::test
