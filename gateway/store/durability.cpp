#include "gateway/store/durability.h"

#include <algorithm>
#include <charconv>
#include <span>
#include <string_view>

namespace kesher::store {
namespace {

struct Rule {
    std::string_view setting;
    std::vector<std::string_view> allowed;  // the first is the one to set
    std::string_view otherwise;             // what happens with any other value
    bool of_extension = false;              // only known to servers that load the extension
};

const std::vector<Rule>& rules() {
    constexpr std::string_view lost = "a power cut could lose what was already answered with a receipt";
    constexpr std::string_view torn = "a page half written in a power cut could not be repaired";
    constexpr std::string_view rot = "a byte changed by the disk would be read as if it were true";
    constexpr std::string_view told = "statements about people would be written to PostgreSQL's log file";
    constexpr std::string_view values = "the values of messages would be written to PostgreSQL's log file";
    static const std::vector<Rule> all{
        {"fsync", {"on"}, lost},
        {"synchronous_commit", {"on", "remote_apply"}, lost},
        {"full_page_writes", {"on"}, torn},
        {"data_checksums", {"on"}, rot},
        {"ignore_checksum_failure", {"off"}, rot},
        {"zero_damaged_pages", {"off"}, rot},
        {"log_statement", {"none"}, told},
        {"log_min_duration_statement", {"-1"}, told},
        {"log_min_duration_sample", {"-1"}, told},
        {"log_transaction_sample_rate", {"0"}, told},
        {"log_min_error_statement", {"panic"}, told},
        {"log_error_verbosity", {"terse"}, values},  // DETAIL repeats the key of a conflict
        {"log_parameter_max_length", {"0"}, values},
        {"log_parameter_max_length_on_error", {"0"}, values},
        {"debug_print_parse", {"off"}, told},
        {"debug_print_rewritten", {"off"}, told},
        {"debug_print_plan", {"off"}, told},
        {"auto_explain.log_min_duration", {"-1"}, told, true},
        {"pgaudit.log", {"none"}, told, true},
    };
    return all;
}

std::string how_to_set(const Rule& rule) {
    if (rule.setting == "data_checksums") {
        return "Stop PostgreSQL and run pg_checksums --enable on its data directory.";
    }
    return "Set " + std::string(rule.setting) + " = " + std::string(rule.allowed.front()) +
           " in postgresql.conf, and remove any ALTER DATABASE or ALTER ROLE that lowers it.";
}

constexpr std::string_view kVersion = "server_version_num";
constexpr int kVersionMin = 150'000;

std::vector<std::string> version_faults(const ServerSettings& settings) {
    const auto found = settings.find(std::string(kVersion));
    int version = 0;
    if (found != settings.end()) {
        std::from_chars(found->second.data(), found->second.data() + found->second.size(), version);
    }
    if (version >= kVersionMin) return {};
    return {"PostgreSQL is older than 15: it was never tried with this program. Use PostgreSQL 15 or newer."};
}

constexpr std::string_view kSettings =
    "SELECT name::text, setting FROM pg_settings WHERE name = ANY ($1::text[])";
constexpr std::string_view kRole =
    "SELECT rolsuper, rolcreaterole, session_user = current_user FROM pg_roles WHERE rolname = session_user";
constexpr std::string_view kTables[] = {"log_origin", "log_entry", "log_tile", "log_checkpoint",
                                        "log_cosignature"};
// Also what the role could do after SET ROLE, on a single column, or as a member of the owner.
constexpr std::string_view kRights =
    "WITH log_table AS (SELECT name, to_regclass('public.' || name) AS id FROM unnest($1::text[]) AS name),"
    "  reach AS (SELECT oid FROM pg_roles WHERE pg_has_role(session_user, oid, 'MEMBER'))"
    " SELECT name, 'is missing' FROM log_table WHERE id IS NULL"
    " UNION SELECT name, 'OWNER' FROM log_table JOIN pg_class ON pg_class.oid = id"
    "   WHERE relowner IN (SELECT oid FROM reach)"
    " UNION SELECT name, privilege"
    "   FROM log_table, reach, unnest(ARRAY['UPDATE', 'DELETE', 'TRUNCATE', 'TRIGGER']) AS privilege"
    "   WHERE id IS NOT NULL AND (has_table_privilege(reach.oid, id, privilege)"
    "     OR (privilege = 'UPDATE' AND has_any_column_privilege(reach.oid, id, 'UPDATE')))"
    " ORDER BY 1, 2";

std::string right_fault(const std::string& table, const std::string& right) {
    if (right == "is missing") return "Table " + table + " is missing: run the migrations first.";
    if (right == "OWNER") {
        return "The hub's role owns " + table +
               " or belongs to its owner, so it could rewrite the audit log. "
               "Connect as kesher_hub.";
    }
    return "The hub's role has " + right + " on " + table + ", so it could rewrite the audit log. REVOKE " +
           right + " ON " + table + " from it and from every role it belongs to.";
}

}  // namespace

std::vector<std::string> faults_of(const ServerSettings& settings) {
    std::vector<std::string> faults = version_faults(settings);
    for (const Rule& rule : rules()) {
        const std::string name(rule.setting);
        const auto found = settings.find(name);
        if (rule.of_extension && found == settings.end()) continue;
        const std::string value = found == settings.end() ? "unknown" : found->second;
        if (std::ranges::find(rule.allowed, value) != rule.allowed.end()) continue;
        faults.push_back(name + " is " + value + ": " + std::string(rule.otherwise) + ". " +
                         how_to_set(rule));
    }
    return faults;
}

ServerSettings read_settings(Connection& connection) {
    TextColumn names;
    names.add(kVersion);
    for (const Rule& rule : rules()) names.add(rule.setting);
    ServerSettings settings;
    const Rows rows = connection.query(kSettings, Parameters{}.column(names));
    for (const Row row : rows) settings.emplace(row.text(0), row.text(1));
    return settings;
}

std::vector<std::string> faults_of_role(Connection& connection) {
    const Rows role = connection.query(kRole);
    const Row facts = role.only();
    // A superuser has every right there is; one sentence says it.
    if (facts.boolean(0)) {
        return {
            "The hub is connected as a superuser, who could rewrite the audit log. Connect as kesher_hub."};
    }
    std::vector<std::string> faults;
    if (facts.boolean(1)) {
        faults.emplace_back(
            "The hub's role may make roles and so could give itself any right. ALTER ROLE kesher_hub "
            "NOCREATEROLE.");
    }
    if (!facts.boolean(2)) {
        faults.emplace_back(
            "The session runs under another role than it signed in with. Connect as kesher_hub without SET "
            "ROLE.");
    }
    TextColumn tables;
    for (const std::string_view table : kTables) tables.add(table);
    const Rows rights = connection.query(kRights, Parameters{}.column(tables));
    for (const Row row : rights) faults.push_back(right_fault(row.text(0), row.text(1)));
    return faults;
}

std::vector<std::string> faults_of_server(Connection& connection) {
    std::vector<std::string> faults = faults_of(read_settings(connection));
    for (std::string& fault : faults_of_role(connection)) faults.push_back(std::move(fault));
    return faults;
}

}  // namespace kesher::store
