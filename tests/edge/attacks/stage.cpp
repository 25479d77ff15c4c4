#include "tests/edge/attacks/stage.h"

#include <fstream>
#include <iostream>
#include <stdexcept>

#include "audit/log/receipt.h"
#include "schemas/codec/records.h"
#include "schemas/json/object.h"
#include "schemas/json/read.h"

namespace kesher::attacks {
namespace {

using contract::text_of;

constexpr std::size_t kPayload = 1'024;
constexpr std::array kTables{"message",         "payload",   "consent",   "consent_key",      "referral",
                             "delivery",        "case_file", "pseudonym", "case_request",     "organisation",
                             "tls_certificate", "key_list",  "officer",   "officer_document", "agreement_act",
                             "enrolment_token", "profile"};

tests::Issued identity_of(const Sender& body) {
    return {body.tls().certificate_chain_pem, body.tls().private_key_pem.reveal()};
}

}  // namespace

Stored operator-(const Stored& a, const Stored& b) {
    Stored changed;
    for (const auto& [name, count] : a) {
        if (count != b.at(name)) changed[name] = count - b.at(name);
    }
    return changed;
}

std::string text(const Stored& stored) {
    std::string words;
    for (const auto& [name, count] : stored) words += " " + name + " " + std::to_string(count);
    return words.empty() ? " nothing" : words;
}

Stage::Stage(const Where& where)
    : where_(where),
      department_(where.department, "W1"),
      health_(where.health, "W1"),
      department_side_(identity_of(department_)),
      health_side_(identity_of(health_)),
      database_({.conninfo = where.database}, {}) {}

contract::OrganisationId Stage::body(std::string_view id) {
    return contract::OrganisationId::parse(id).value();
}

std::unique_ptr<RawLine> Stage::line_of(const Sender& body, const std::string& session) const {
    const tests::TlsSide& side = &body == &health_ ? health_side_ : department_side_;
    auto line = std::make_unique<RawLine>(where_.port, side, session);
    if (!line->is_open()) throw std::runtime_error("the hub shakes no hands");
    return line;
}

RawAnswer Stage::call(const Sender& body, std::string_view request) const {
    const auto line = line_of(body);
    line->send(request);
    return line->answer(std::chrono::seconds{20});
}

contract::Pseudonym Stage::open_case(const Sender& body) const {
    const RawAnswer answer = call(body, post("/v1/cases", "application/jose", body.case_order()));
    if (answer.status != 201) throw std::runtime_error("no case was opened: " + answer.body);
    const auto opened = json::read(answer.body).value();
    json::Object members(opened);
    return contract::Pseudonym::parse(members.text("pseudonym")).value();
}

void Stage::accept(const Sender& body, const Draft& draft) const {
    const RawAnswer answer = call(body, post_message(body.sign(draft)));
    if (answer.status != 201) throw std::runtime_error("a good message was refused: " + answer.body);
}

Woman Stage::woman() const {
    const Woman one{open_case(department_), tests::drawn<contract::ConsentId>()};
    accept(department_,
           department_.consent(one.name, one.consent, department_.consent_record(body("health"))));
    return one;
}

Draft Stage::referral(const Woman& woman) const {
    return department_.referral(woman.name, body("health"), woman.consent, kPayload);
}

Draft Stage::revocation(const Woman& woman) const {
    Draft draft = department_.consent(woman.name, woman.consent, department_.consent_record(body("health")));
    draft.says.type = contract::MessageType::consent_revoked;
    draft.payload = codec::encode(codec::ConsentRevoked{department_.today()});
    return draft;
}

Stage::Stopped::Stopped(Stage& stage)
    : holding_(
          std::make_unique<store::Connection>(store::ConnectionSettings{.conninfo = stage.where_.database},
                                              std::span<const store::Statement>{})) {
    (void)holding_->query("BEGIN");
    (void)holding_->query("LOCK TABLE log_entry IN SHARE MODE");  // whoever reads goes on
}

void Stage::Stopped::go_on() { holding_.reset(); }

// A superuser is let in whatever the limit.
void Stage::let_in(bool admitted) {
    const std::string name = std::string(database_.query("SELECT current_database()::text").only().text(0));
    (void)database_.query("ALTER DATABASE " + name + " CONNECTION LIMIT " + (admitted ? "-1" : "0"));
}

Stage::Away::Away(Stage& stage) : stage_(stage) {
    stage_.let_in(false);
    (void)stage_.database_.query(
        "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE usename = 'kesher_hub' AND "
        "datname = current_database()");
}

Stage::Away::~Away() { stage_.let_in(true); }

bool Stage::commit_waits() {
    return database_
               .query(
                   "SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = 'log_entry'::regclass AND "
                   "database = (SELECT oid FROM pg_database WHERE datname = current_database())")
               .only()
               .bigint(0) > 0;
}

std::int64_t Stage::queued() const {
    RawLine line(where_.local);
    line.send(get("/metrics"));
    const std::string metrics = line.answer().body;
    constexpr std::string_view kName = "\nkesher_sequencer_queue ";
    const std::size_t at = metrics.find(kName);
    if (at == std::string::npos) throw std::runtime_error("the hub does not say how many wait");
    return std::stoll(metrics.substr(at + kName.size()));
}

std::size_t Stage::stored_under(const std::vector<contract::MessageId>& ids) {
    store::UuidColumn column;
    for (const contract::MessageId& id : ids) column.add(id.bytes());
    return static_cast<std::size_t>(
        database_.query("SELECT count(*) FROM message WHERE id = ANY($1)", store::Parameters().column(column))
            .only()
            .bigint(0));
}

Stored Stage::stored() {
    Stored counts;
    for (const std::string table : kTables) {
        counts[table] = database_.query("SELECT count(*) FROM " + table).only().bigint(0);
    }
    counts["log_entry"] =
        database_
            .query(
                "SELECT count(*) FROM log_entry WHERE position('\"event\":\"counted\"'::bytea "
                "IN data) = 0")
            .only()
            .bigint(0);
    return counts;
}

double Stage::resident_mebibytes() const {
    std::ifstream status("/proc/" + std::to_string(where_.hub) + "/status");
    for (std::string line; std::getline(status, line);) {
        if (line.starts_with("VmRSS:")) return std::stod(line.substr(6)) / 1024;
    }
    throw std::runtime_error("the hub has ended");
}

namespace {

std::string carrying(std::string_view method, std::string_view path, std::string_view type,
                     std::string_view body) {
    std::string request(method);
    request.append(" ").append(path).append(" HTTP/1.1\r\nHost: localhost\r\nContent-Type: ").append(type);
    request.append("\r\nContent-Length: ").append(std::to_string(body.size())).append("\r\n\r\n");
    return request.append(body);
}

}  // namespace

std::string post(std::string_view path, std::string_view type, std::string_view body) {
    return carrying("POST", path, type, body);
}

std::string put(std::string_view path, std::string_view type, std::string_view body) {
    return carrying("PUT", path, type, body);
}

std::string get(std::string_view path) {
    return "GET " + std::string(path) + " HTTP/1.1\r\nHost: localhost\r\n\r\n";
}

std::string post_message(const codec::Submission& submission) {
    return post("/v1/messages", "avro/binary", text_of(codec::encode(submission)));
}

std::string member(const std::string& body, std::string_view name) {
    const auto problem = json::read(body);
    const json::Value* value = problem ? problem->find(name) : nullptr;
    return value != nullptr && value->text() != nullptr ? *value->text() : "";
}

bool receipt_verifies(const Stage& stage, const std::string& body) {
    const auto receipt = log::parse_receipt(member(body, "receipt"));
    return receipt && log::verify_receipt(member(body, "leaf"), *receipt, stage.department().pins().log);
}

void Report::holds(const std::string& sentence) { std::cout << "  " << sentence << std::endl; }

void Report::check(bool holds, const std::string& sentence, const std::string& finding) {
    if (holds) return;
    ++findings_;
    std::cout << "FAILED  " << sentence << (finding.empty() ? "" : ": " + finding) << std::endl;
}

void Report::write_seen(const std::string& file) const {
    std::ofstream out(file);
    for (const contract::Code code : seen_) out << contract::text(code) << "\n";
    if (!out.flush()) throw std::runtime_error("cannot write " + file);
}

}  // namespace kesher::attacks
