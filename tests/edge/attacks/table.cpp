// contract.md 5, row by row: status, code, what it leaves behind, and whether the line can still be used.
//
// A refusal after the signature held has a leaf whose receipt verifies, and its message's id is used up; one
// before it leaves nothing. `flag_not_honoured` is the sender's own kit's to say (tests/unit/kit),
// `unavailable` is in no_database.cpp and `internal` in tests/edge: none of the three has a request that
// makes it.
#include <thread>

#include "schemas/codec/payload.h"
#include "schemas/codec/records.h"
#include "schemas/contract/codes.h"
#include "schemas/json/object.h"
#include "schemas/json/read.h"
#include "schemas/statement/acks.h"
#include "schemas/statement/commitment.h"
#include "schemas/statement/ecdsa.h"
#include "schemas/statement/officer_entry.h"
#include "tests/edge/attacks/stage.h"

namespace kesher::attacks {
namespace {

using namespace contract;
using namespace std::chrono_literals;

enum class Left { nothing, leaf, leaf_and_id };
enum class LineThen { usable, closed };

struct Row {
    std::string what;
    Code code;
    Left left;
    LineThen line;
    const Sender* sender;
    std::function<std::string()> request;
};

const Stored& expected(Left left) {
    static const Stored kNothing{};
    static const Stored kLeaf{{"log_entry", 1}};
    static const Stored kBoth{{"log_entry", 1}, {"message", 1}};
    return left == Left::nothing ? kNothing : left == Left::leaf ? kLeaf : kBoth;
}

class Table {
public:
    Table(Stage& stage, Report& report) : stage_(&stage), report_(&report) {}

    void run(const Row& row) {
        const std::string request = row.request();
        const Stored made_ready = stage_->stored();  // a row may need a case or a consent of its own
        const auto line = stage_->line_of(*row.sender);
        line->send(request);
        const RawAnswer answer = line->answer(20s);
        report_->check(answer.status == facts_of(row.code).status, row.what,
                       "status " + std::to_string(answer.status));
        const bool by_its_code = member(answer.body, "code") == text(row.code);
        report_->check(by_its_code, row.what, answer.body);
        if (by_its_code) report_->saw(row.code);
        report_->check(answer.has("Date: "), row.what, "no Date");
        // By it the sender mends its own day.
        const bool tells_time =
            row.code != Code::clock_skew || answer.body.find("\"at\":") != std::string::npos;
        report_->check(tells_time, row.what, "it does not say the hub's time: " + answer.body);
        const Stored left = stage_->stored() - made_ready;
        report_->check(left == expected(row.left), row.what, "it left" + text(left));
        // `not_found` is the same bytes whether or not there is such a thing, so it shows no receipt of its
        // leaf.
        const bool says_receipt = answer.has("\"receipt\"");
        const bool should = row.left != Left::nothing && row.code != Code::not_found;
        report_->check(says_receipt == should, row.what, "receipt: " + answer.body);
        if (says_receipt)
            report_->check(receipt_verifies(*stage_, answer.body), row.what, "its receipt does not hold");
        check_line(row, *line);
    }

private:
    void check_line(const Row& row, RawLine& line) {
        if (row.line == LineThen::closed) {
            report_->check(line.ends(), row.what, "the line stays open");
            return;
        }
        line.send(get("/v1/services"));
        report_->check(line.answer().status == 200, row.what, "the line is of no use afterwards");
    }

    Stage* stage_;
    Report* report_;
};

// `text` with one character of the part behind `from` turned into another of the alphabet.
std::string turned(std::string text, std::size_t from) {
    text[from] = text[from] == 'A' ? 'B' : 'A';
    return text;
}

std::string signed_json(const Sender& sender, const codec::Submission& like, const std::string& claims) {
    codec::Submission other = like;
    other.statement =
        statement::sign(sender.keys().signer(), statement::kStatementType, sender.today(), claims);
    return post_message(other);
}

std::string claims_of(const codec::Submission& submission) {
    const std::string& jws = submission.statement;
    const std::size_t first = jws.find('.');
    const auto bytes = from_base64url(jws.substr(first + 1, jws.rfind('.') - first - 1)).value();
    return std::string(text_of(bytes));
}

std::string replaced(std::string text, std::string_view from, std::string_view to) {
    const auto at = text.find(from);
    if (at == std::string::npos) throw std::logic_error("nothing to replace");
    return text.replace(at, from.size(), to);
}

// Without identity: it names no case, no consent and no group. The two bodies agreed on referrals alone.
std::string eligibility_asked(const Stage& stage) {
    const Sender& ours = stage.department();
    const Bytes payload = codec::encode(codec::EligibilityAsked{});
    const auto salt = statement::draw_salt();
    const auto role = OfficerRole::social_worker;
    statement::Statement says{.log = ours.pins().log_origin(),
                              .id = tests::drawn<MessageId>(),
                              .type = MessageType::eligibility_asked,
                              .from = ours.keys().organisation(),
                              .to = Stage::body("health"),
                              .schema = codec::read_fingerprint(payload).value(),
                              .digest = statement::sha256(payload)};
    says.actor = statement::commit_actor(salt, ours.officer(), role);
    says.referral = tests::drawn<ReferralId>();
    says.purpose = Purpose::treatment;
    says.basis = LegalBasis::written_consent_explained;
    return post_message({.statement = statement::sign_statement(says, ours.keys().signer(), ours.today()),
                         .payload = payload,
                         .actor = {salt, ours.officer(), role, std::nullopt},
                         .case_opening = std::nullopt});
}

std::vector<Row> consent_rows(Stage& stage) {
    const Sender& department = stage.department();
    const Sender& health = stage.health();
    const auto refer = [&stage](const std::function<void(Draft&, Woman&)>& change) {
        return [&stage, change] {
            Woman woman = stage.woman();
            Draft draft = stage.referral(woman);
            change(draft, woman);
            return post_message(stage.department().sign(draft));
        };
    };
    const auto consent_of = [&stage](const std::function<void(codec::ConsentGiven&)>& change) {
        return [&stage, change] {
            const Woman woman{stage.open_case(stage.department()), tests::drawn<ConsentId>()};
            auto record = stage.department().consent_record(Stage::body("health"));
            change(record);
            stage.accept(stage.department(), stage.department().consent(woman.name, woman.consent, record));
            return post_message(stage.department().sign(stage.referral(woman)));
        };
    };
    return {
        {"a body without an agreement", Code::agreement_missing, Left::leaf_and_id, LineThen::usable,
         &department,
         [&stage] {
             const Sender& ours = stage.department();
             const Woman woman{stage.open_case(ours), tests::drawn<ConsentId>()};
             auto record = ours.consent_record(Stage::body("labor"));
             record.services = {Service::emp_counsel};
             stage.accept(ours, ours.consent(woman.name, woman.consent, record));
             Draft draft = ours.referral(woman.name, Stage::body("labor"), woman.consent, 1'024);
             draft.says.service = Service::emp_counsel;
             return post_message(ours.sign(draft));
         }},
        {"a question that the agreement of the two bodies does not list", Code::agreement_missing,
         Left::leaf_and_id, LineThen::usable, &department, [&stage] { return eligibility_asked(stage); }},
        {"a consent that she never gave", Code::consent_missing, Left::leaf_and_id, LineThen::usable,
         &department, refer([](Draft& draft, Woman&) { draft.says.consent = tests::drawn<ConsentId>(); })},
        {"a consent that begins tomorrow", Code::consent_lapsed, Left::leaf_and_id, LineThen::usable,
         &department,
         consent_of([](codec::ConsentGiven& record) { record.valid_from += std::chrono::days{1}; })},
        {"a consent that she withdrew", Code::consent_revoked, Left::leaf_and_id, LineThen::usable,
         &department,
         [&stage] {
             const Woman woman = stage.woman();
             stage.accept(stage.department(), stage.revocation(woman));
             return post_message(stage.department().sign(stage.referral(woman)));
         }},
        {"a data group that she did not agree to", Code::consent_groups, Left::leaf_and_id, LineThen::usable,
         &department,
         refer([](Draft& draft, Woman&) { draft.says.groups = {DataGroup::debt, DataGroup::health}; })},
        {"a consent that its own recipient records", Code::consent_recorder, Left::leaf_and_id,
         LineThen::usable, &health,
         [&stage] {
             const Sender& theirs = stage.health();
             auto record = stage.department().consent_record(Stage::body("health"));
             return post_message(
                 theirs.sign(theirs.consent(stage.open_case(theirs), tests::drawn<ConsentId>(), record)));
         }},
        {"the same signed form again", Code::consent_form_reused, Left::leaf_and_id, LineThen::usable,
         &department,
         [&stage] {
             const Sender& ours = stage.department();
             const auto record = ours.consent_record(Stage::body("health"));
             const auto name = stage.open_case(ours);
             stage.accept(ours, ours.consent(name, tests::drawn<ConsentId>(), record));
             return post_message(ours.sign(ours.consent(name, tests::drawn<ConsentId>(), record)));
         }},
        {"an unattended system that refers", Code::actor_not_allowed, Left::leaf_and_id, LineThen::usable,
         &department, refer([](Draft& draft, Woman&) { draft.role = OfficerRole::system; })},
        {"a body that is not yet confirmed", Code::organisation_suspended, Left::leaf_and_id,
         LineThen::usable, &department,
         refer([](Draft& draft, Woman&) { draft.says.to = Stage::body("nii"); })},
        {"a body that is none of this exchange", Code::recipient_unknown, Left::leaf_and_id, LineThen::usable,
         &department, refer([](Draft& draft, Woman&) { draft.says.to = Stage::body("education"); })},
        {"a service that the recipient does not offer", Code::service_not_allowed, Left::leaf_and_id,
         LineThen::usable, &department,
         refer([](Draft& draft, Woman&) { draft.says.service = Service::legal_aid; })},
        {"a service that must know her better", Code::identity_required, Left::leaf_and_id, LineThen::usable,
         &department, refer([](Draft& draft, Woman&) {
             draft.says.to = Stage::body("housing");
             draft.says.service = Service::hous_rent;
         })},
        {"a case that the sender does not have", Code::not_found, Left::leaf_and_id, LineThen::usable,
         &department,
         refer([&stage](Draft& draft, Woman&) { draft.woman = stage.open_case(stage.health()); })},
    };
}

Draft event_of(const Stage& stage, const Draft& referral, ReferralEvent event) {
    codec::ReferralEventPayload payload;
    payload.event = event;
    payload.occurred_on = stage.department().today();
    if (event == ReferralEvent::cancel) payload.reason = Reason::no_longer_needed;
    Draft draft = referral;
    draft.says.id = tests::drawn<MessageId>();
    draft.says.type = MessageType::referral_event;
    draft.says.service.reset();
    draft.says.groups = std::vector<DataGroup>{};
    draft.says.subject_acts = event == ReferralEvent::withdraw;
    draft.payload = codec::encode(payload);
    return draft;
}

std::vector<Row> event_rows(Stage& stage) {
    const Sender& department = stage.department();
    const auto sent = [&stage] {
        const Draft draft = stage.referral(stage.woman());
        stage.accept(stage.department(), draft);
        return draft;
    };
    return {
        {"the sender answers in the recipient's place", Code::event_not_allowed, Left::leaf_and_id,
         LineThen::usable, &department,
         [&stage, sent] {
             return post_message(stage.department().sign(event_of(stage, sent(), ReferralEvent::accept)));
         }},
        {"another version than the one that stands", Code::version_conflict, Left::leaf_and_id,
         LineThen::usable, &department,
         [&stage, sent] {
             // (What she withdraws is withdrawn whatever the version: only other events are held to it.)
             Draft draft = event_of(stage, sent(), ReferralEvent::cancel);
             draft.says.expected_version = 99;
             return post_message(stage.department().sign(draft));
         }},
        {"another message under a used id", Code::id_reused, Left::leaf, LineThen::usable, &department,
         [&stage, sent] {
             const Draft first = sent();
             Draft other = stage.referral(stage.woman());
             other.says.id = first.says.id;
             return post_message(stage.department().sign(other));
         }},
        {"another payload with a statement that was accepted", Code::id_reused, Left::leaf, LineThen::usable,
         &department,
         [&stage] {
             auto submission = stage.department().sign(stage.referral(stage.woman()));
             const RawAnswer answer = stage.call(stage.department(), post_message(submission));
             if (answer.status != 201) throw std::runtime_error("not accepted: " + answer.body);
             submission.payload.back() ^= 1;
             return post_message(submission);
         }},
    };
}

std::vector<Row> document_rows(Stage& stage) {
    const Sender& department = stage.department();
    const auto good = [&stage] { return stage.department().sign(stage.referral(stage.woman())); };
    const auto counted = [&](std::string what, Code code, std::function<std::string()> request) {
        return Row{std::move(what), code, Left::nothing, LineThen::usable, &department, std::move(request)};
    };
    const auto logged = [&](std::string what, Code code, std::function<std::string()> request) {
        return Row{std::move(what),  code,        Left::leaf_and_id,
                   LineThen::usable, &department, std::move(request)};
    };
    return {
        counted("a signature with one character turned", Code::signature_invalid,
                [good] {
                    auto submission = good();
                    submission.statement = turned(submission.statement, submission.statement.rfind('.') + 40);
                    return post_message(submission);
                }),
        counted("a statement of another body's key", Code::certificate_unknown,
                [&stage] {
                    const Draft draft = stage.referral(stage.woman());
                    auto submission = stage.department().sign(draft);
                    submission.statement =
                        statement::sign(stage.health().keys().signer(), statement::kStatementType,
                                        stage.department().today(), claims_of(submission));
                    return post_message(submission);
                }),
        counted("another payload than was signed", Code::digest_mismatch,
                [good] {
                    auto submission = good();
                    submission.payload.back() ^= 1;
                    return post_message(submission);
                }),
        counted("a statement of four days ago", Code::clock_skew,
                [&stage] {
                    Draft draft = stage.referral(stage.woman());
                    const auto today = stage.department().sign(draft);
                    auto old = today;
                    old.statement =
                        statement::sign(stage.department().keys().signer(), statement::kStatementType,
                                        stage.department().today() - std::chrono::days{4}, claims_of(today));
                    return post_message(old);
                }),
        counted("a statement for another hub's log", Code::wrong_log,
                [&stage, good] {
                    const auto submission = good();
                    return signed_json(stage.department(), submission,
                                       replaced(claims_of(submission), "\"log\":\"", "\"log\":\"other."));
                }),
        logged("an officer who is not the one in the statement", Code::opening_mismatch,
               [good] {
                   auto submission = good();
                   submission.actor.id = OfficerId::parse("W9").value();
                   return post_message(submission);
               }),
        logged("a claim that its type does not have", Code::statement_invalid,
               [&stage, good] {
                   const auto submission = good();
                   return signed_json(
                       stage.department(), submission,
                       replaced(claims_of(submission), "\"service\"", "\"note\":1,\"service\""));
               }),
        logged("a payload that is not canonical", Code::payload_invalid,
               [&stage] {
                   Draft draft = stage.referral(stage.woman());
                   draft.payload.push_back(0);
                   return post_message(stage.department().sign(draft));
               }),
        logged("a payload of another type's schema", Code::schema_unknown,
               [&stage] {
                   Draft draft = stage.referral(stage.woman());
                   draft.payload = codec::encode(codec::ConsentRevoked{stage.department().today()});
                   return post_message(stage.department().sign(draft));
               }),
        counted("a submission that is cut short", Code::payload_invalid,
                [good] {
                    const Bytes whole = codec::encode(good());
                    return post("/v1/messages", "avro/binary",
                                text_of(ByteView(whole).first(whole.size() - 1)));
                }),
        counted("a submission of no released schema", Code::schema_unknown,
                [good] {
                    Bytes whole = codec::encode(good());
                    whole[2] ^= 1;
                    return post("/v1/messages", "avro/binary", text_of(whole));
                }),
    };
}

// What a body says of a delivery that there is not, for this log.
statement::Acks acks_of(const Sender& body) {
    return {body.pins().log_origin(),
            {{tests::drawn<DeliveryId>(), LeafIndex{0}, AckOutcome::held, std::nullopt}}};
}

std::vector<Row> ack_rows(Stage& stage) {
    const Sender& health = stage.health();
    const auto row = [&](std::string what, Code code, std::function<std::string()> document) {
        return Row{std::move(what),
                   code,
                   Left::nothing,
                   LineThen::usable,
                   &health,
                   [document = std::move(document)] {
                       return post("/v1/inbox/acks", "application/jose", document());
                   }};
    };
    return {
        row("acknowledgements by another body's key", Code::certificate_unknown,
            [&stage] {
                const Sender& department = stage.department();
                return statement::sign_acks(acks_of(stage.health()), department.keys().signer(),
                                            department.today());
            }),
        row("acknowledgements for another hub's log", Code::wrong_log,
            [&health] {
                statement::Acks acks = acks_of(health);
                acks.log = "other." + acks.log;
                return statement::sign_acks(acks, health.keys().signer(), health.today());
            }),
        row("acknowledgements of four days ago", Code::clock_skew,
            [&health] {
                return statement::sign_acks(acks_of(health), health.keys().signer(),
                                            health.today() - std::chrono::days{4});
            }),
    };
}

statement::OfficerEntry officer_entry(const Stage& stage) {
    const Sender& ours = stage.department();
    return {ours.keys().organisation(),
            ours.pins().log_origin(),
            OfficerId::parse("W7").value(),
            std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now()),
            {OfficerRole::social_worker},
            ours.today()};
}

// By the same key as every other, with one member more in its header.
std::string with_header_member(const std::string& jws, const statement::PrivateKey& key) {
    const auto header = from_base64url(jws.substr(0, jws.find('.'))).value();
    const std::string more = replaced(std::string(text_of(header)), "{", R"({"jwk":{},)");
    const std::string text =
        base64url(bytes_of(more)) + jws.substr(jws.find('.'), jws.rfind('.') - jws.find('.'));
    return text + '.' + base64url(statement::sign_es256(key, text));
}

// Who holds the department's connection, and nothing else of it, makes and suspends none of its officers.
std::vector<Row> officer_rows(Stage& stage) {
    using statement::OfficerEntry;
    const Sender& department = stage.department();
    const std::string path = "/v1/officers/W7";
    const auto row = [&](std::string what, Code code, Left left, std::function<std::string()> document) {
        return Row{
            std::move(what),
            code,
            left,
            LineThen::usable,
            &department,
            [path, document = std::move(document)] { return put(path, "application/jose", document()); }};
    };
    const auto changed = [&stage](const std::function<void(OfficerEntry&)>& change) {
        return [&stage, change] {
            OfficerEntry entry = officer_entry(stage);
            change(entry);
            return statement::sign_officer_entry(entry, stage.department().keys().signer());
        };
    };
    const std::string unsigned_ =
        R"({"roles":["SOCIAL_WORKER"],"training_valid_until":"2027-01-01","suspended":false})";
    return {
        {"an officer's entry that nobody signed, as JSON", Code::bad_framing, Left::nothing, LineThen::closed,
         &department, [=] { return put(path, "application/json", unsigned_); }},
        row("an officer's entry that nobody signed", Code::signature_invalid, Left::nothing,
            [=] { return unsigned_; }),
        row("an officer's entry by another body's key", Code::certificate_unknown, Left::nothing,
            [&stage] {
                return statement::sign_officer_entry(officer_entry(stage), stage.health().keys().signer());
            }),
        row("an officer's entry of another body", Code::statement_invalid, Left::nothing,
            changed([](OfficerEntry& entry) { entry.organisation = Stage::body("health"); })),
        row("an officer's entry whose header has a key in it", Code::signature_invalid, Left::nothing,
            [&stage] {
                const auto& signer = stage.department().keys().signer();
                return with_header_member(statement::sign_officer_entry(officer_entry(stage), signer),
                                          signer.key());
            }),
        row("an officer's entry for another hub's log", Code::wrong_log, Left::nothing,
            changed([](OfficerEntry& entry) { entry.log = "other." + entry.log; })),
        row("an officer's entry of four days ago", Code::clock_skew, Left::nothing,
            changed([](OfficerEntry& entry) { entry.at -= std::chrono::days{4}; })),
        row("an officer's entry handed in for another", Code::statement_invalid, Left::leaf,
            changed([](OfficerEntry& entry) { entry.officer = OfficerId::parse("W8").value(); })),
        row("an officer's entry from before she was suspended", Code::version_conflict, Left::leaf,
            [&stage, path] {
                const auto& signer = stage.department().keys().signer();
                OfficerEntry entry = officer_entry(stage);
                const std::string before = statement::sign_officer_entry(entry, signer);
                entry.at += 1ms;
                entry.suspended = true;
                const RawAnswer answer =
                    stage.call(stage.department(),
                               put(path, "application/jose", statement::sign_officer_entry(entry, signer)));
                if (answer.status != 201) throw std::runtime_error("no suspension: " + answer.body);
                return before;
            }),
    };
}

// Nor opens a case in the department's name, nor makes a code that takes away the one she holds.
std::vector<Row> case_rows(Stage& stage) {
    using statement::CaseOrder;
    const Sender& department = stage.department();
    const Woman woman = stage.woman();
    const std::string path = "/v1/cases/" + woman.name.reveal() + "/claim-code";
    const auto open = [&](std::string what, Code code, std::function<std::string()> document) {
        return Row{
            std::move(what),
            code,
            Left::nothing,
            LineThen::usable,
            &department,
            [document = std::move(document)] { return post("/v1/cases", "application/jose", document()); }};
    };
    const auto changed = [&stage](const std::function<void(CaseOrder&)>& change) {
        return [&stage, change] {
            CaseOrder order = stage.department().case_wish();
            change(order);
            return statement::sign_case_order(order, stage.department().keys().signer());
        };
    };
    const std::string unsigned_ =
        R"({"id":"6f2c1d0e-9a7b-4c3d-8e5f-001122334455","actor":{"id":"W1","role":"SOCIAL_WORKER"},)"
        R"("anonymous":false,"door":"department"})";
    return {
        {"an order of a case that nobody signed, as JSON", Code::bad_framing, Left::nothing, LineThen::closed,
         &department, [=] { return post("/v1/cases", "application/json", unsigned_); }},
        open("an order of a case that nobody signed", Code::signature_invalid, [=] { return unsigned_; }),
        open("an order of a case by another body's key", Code::certificate_unknown,
             [&stage] {
                 return statement::sign_case_order(stage.department().case_wish(),
                                                   stage.health().keys().signer());
             }),
        open("an order of a case of another body", Code::statement_invalid,
             changed([](CaseOrder& order) { order.organisation = Stage::body("health"); })),
        open("an order of a case for another hub's log", Code::wrong_log,
             changed([](CaseOrder& order) { order.log = "other." + order.log; })),
        open("an order of a case of four days ago", Code::clock_skew,
             changed([](CaseOrder& order) { order.at -= std::chrono::days{4}; })),
        {"an order of a code handed in for another case", Code::statement_invalid, Left::leaf,
         LineThen::usable, &department,
         [&stage, path] {
             const Sender& department = stage.department();
             return post(path, "application/jose", department.claim_code_order(stage.open_case(department)));
         }},
        {"an order of a code handed in a second time", Code::version_conflict, Left::leaf, LineThen::usable,
         &department,
         [&stage, path, woman] {
             const std::string request =
                 post(path, "application/jose", stage.department().claim_code_order(woman.name));
             const RawAnswer answer = stage.call(stage.department(), request);
             if (answer.status != 201) throw std::runtime_error("no code: " + answer.body);
             return request;
         }},
    };
}

std::vector<Row> framing_rows(Stage& stage) {
    const Sender& department = stage.department();
    const auto row = [&](std::string what, Code code, std::string request) {
        return Row{std::move(what),  code,        Left::nothing,
                   LineThen::closed, &department, [request] { return request; }};
    };
    const std::string head = "POST /v1/messages HTTP/1.1\r\nHost: localhost\r\nContent-Type: avro/binary\r\n";
    return {
        row("a path that there is not", Code::not_found, get("/v1/women")),
        row("a method that the path does not have", Code::method_not_allowed,
            "DELETE /v1/messages HTTP/1.1\r\nHost: localhost\r\n\r\n"),
        row("a body without its length", Code::length_required, head + "\r\n"),
        row("a body in chunks", Code::length_required, head + "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
        row("a body with two lengths", Code::bad_framing,
            head + "Content-Length: 1\r\nContent-Length: 2\r\n\r\nab"),
        row("a body of another media type", Code::bad_framing,
            post("/v1/messages", "application/json", "{}")),
        row("a body over the limit", Code::too_large, head + "Content-Length: 99999999\r\n\r\n"),
        row("a body that does not come", Code::deadline, head + "Content-Length: 10\r\n\r\nhalf"),
    };
}

std::string upload_of(std::size_t bytes) {
    return "POST /v1/messages HTTP/1.1\r\nHost: localhost\r\nContent-Type: avro/binary\r\nContent-Length: " +
           std::to_string(bytes) + "\r\n\r\n";
}

// While one body's upload fills what large bodies may have, whoever says little is heard: a woman who takes
// her word back through that very body, and another body. A second upload, of 6 MB like the first, does not
// fit the budget of 8 MiB and is told so before a byte of it is read: so the budget was full all the time.
void try_budget(Stage& stage, Report& report) {
    const std::string request = post_message(stage.department().sign(stage.revocation(stage.woman())));
    const auto first = stage.line_of(stage.department());
    first->send(upload_of(6'000'000) + "some");
    std::this_thread::sleep_for(200ms);
    const RawAnswer withdrawn = stage.call(stage.department(), request);
    report.check(withdrawn.status == 201, "a withdrawal while an upload fills the budget", withdrawn.body);
    (void)stage.open_case(stage.health());
    const Stored before = stage.stored();
    for (const Sender* body : {&stage.health(), &stage.department()}) {
        const auto second = stage.line_of(*body);
        second->send(upload_of(6'000'000));
        const RawAnswer answer = second->answer();
        report.check(answer.status == 429 && member(answer.body, "code") == "busy",
                     "bytes in flight beyond the budget", std::to_string(answer.status) + answer.body);
        report.check(second->ends(), "bytes in flight beyond the budget", "the line stays open");
    }
    report.check((stage.stored() - before).empty(), "bytes in flight beyond the budget",
                 "something was stored");
    report.check(first->answer(20s).status == 408, "the first of them is told the deadline");
    report.holds(
        "a body that does not fit the budget is refused before it is read, and a withdrawal always fits");
}

}  // namespace

void try_every_refusal(Stage& stage, Report& report) {
    Table table(stage, report);
    std::size_t rows = 0;
    for (const auto& group : {consent_rows(stage), event_rows(stage), document_rows(stage), ack_rows(stage),
                              officer_rows(stage), case_rows(stage), framing_rows(stage)}) {
        for (const Row& row : group) {
            table.run(row);
            ++rows;
        }
    }
    report.holds(std::to_string(rows) + " refusals: each by its code, with its receipt or without a trace");
    try_budget(stage, report);
}

}  // namespace kesher::attacks
