#include "adapters/kit/evidence_folder.h"

#include <stdexcept>

#include "adapters/kit/hub_answers.h"
#include "adapters/kit/organisation_setup.h"
#include "audit/log/receipt.h"
#include "schemas/codec/records.h"
#include "schemas/statement/hash.h"

namespace kesher::kit {
namespace {

namespace fs = std::filesystem;

std::string numbered(contract::LeafIndex index) {
    std::string digits = std::to_string(contract::number(index));
    return std::string(digits.size() < 6 ? 6 - digits.size() : 0, '0') + digits;
}

fs::path made(const fs::path& folder) {
    std::error_code failed;
    fs::create_directories(folder, failed);
    if (!failed) fs::permissions(folder, fs::perms::owner_all, failed);
    if (failed) throw std::runtime_error("the evidence folder cannot be written");
    return folder;
}

// The folder of a leaf: what a hub shows under one index is one leaf, and where it shows two, both are kept.
fs::path folder_of_leaf(const fs::path& parent, const std::string& name, std::string_view leaf) {
    const fs::path first = parent / name;
    if (!fs::exists(first / "leaf")) return made(first);
    const auto before = read_small_file(first / "leaf");
    if (before && *before == leaf) return first;
    return made(parent / (name + "-" + contract::base64url(statement::sha256(leaf).bytes)));
}

void keep(const fs::path& file, std::string_view bytes) {
    if (fs::exists(file)) return;  // the same message put again, or the same delivery released again
    // Whole or not at all, also where the program is killed here; two programs never share a temporary name.
    const fs::path part = file.parent_path() / (".part-" + contract::base64url(statement::random_bytes<9>()));
    std::error_code failed;
    if (write_new_file(part, bytes)) fs::rename(part, file, failed);
    if (failed || !fs::exists(file)) throw std::runtime_error("the evidence folder cannot be written");
}

// Under the SHA-256 of its bytes: what is shown to two bodies in two ways stays two files.
void keep_by_digest(const fs::path& folder, std::string_view bytes, std::string_view ending) {
    keep(made(folder) / (contract::base64url(statement::sha256(bytes).bytes) + std::string(ending)), bytes);
}

std::optional<std::string> text_of(const json::Value& object, std::string_view member) {
    const json::Value* found = object.find(member);
    if (found == nullptr || found->text() == nullptr) return std::nullopt;
    return *found->text();
}

class EvidenceTransport final : public Transport {
public:
    EvidenceTransport(std::unique_ptr<Transport> transport, EvidenceFolder folder)
        : transport_(std::move(transport)), folder_(std::move(folder)) {}

    contract::Result<edge::Answer, edge::ClientFault> send(const edge::Call& call) override {
        auto answer = transport_->send(call);
        if (answer && !answer->body.empty()) keep_exchange(call, *answer);
        return answer;
    }
    void abort() override { transport_->abort(); }

private:
    void keep_exchange(const edge::Call& call, const edge::Answer& answer);
    void keep_sent(const edge::Call& call, const json::Value& said);
    void keep_acknowledged(const edge::Call& call, const json::Value& said);
    void keep_ordered(const edge::Call& call, const json::Value& said);
    void keep_inbox(const edge::Answer& answer);
    void keep_answer(const edge::Answer& answer);
    void keep_keys(const json::Value& said);
    std::optional<fs::path> keep_decided(const json::Value& said, const fs::path& parent,
                                         std::string_view jws);
    std::string signer_of(std::string_view jws) const;
    fs::path own() const { return folder_.directory / "recipients" / std::string(folder_.self.text()); }

    std::unique_ptr<Transport> transport_;
    EvidenceFolder folder_;
};

// Keys are rotated while a program runs, and what a former one signed is sent as it is.
std::string EvidenceTransport::signer_of(std::string_view jws) const {
    if (folder_.keys.empty()) return folder_.signer_pem;
    const auto certificate = certificate_named(folder_.keys, jws);
    if (certificate) return certificate->pem();
    throw std::runtime_error(
        "the certificate that signed what is kept as evidence is not in the key directory");
}

// Leaf and proof under the leaf's index; none where the answer has no leaf (it was refused before the
// signature held, and only counted).
std::optional<fs::path> EvidenceTransport::keep_decided(const json::Value& said, const fs::path& parent,
                                                        std::string_view jws) {
    const auto leaf = text_of(said, "leaf");
    const auto receipt = text_of(said, "receipt");
    const json::Value* index = said.find("index");
    const std::int64_t* number = index == nullptr ? nullptr : index->integer();
    if (!leaf || !receipt || number == nullptr || *number < 0) return std::nullopt;
    const fs::path folder =
        folder_of_leaf(parent, numbered(contract::LeafIndex{static_cast<std::uint64_t>(*number)}), *leaf);
    keep(folder / "leaf", *leaf);
    keep(folder / "receipt.tlog-proof", *receipt);
    keep(folder / "signer.pem", signer_of(jws));
    return folder;
}

void EvidenceTransport::keep_sent(const edge::Call& call, const json::Value& said) {
    const auto submission = codec::decode<codec::Submission>(contract::bytes_of(call.body));
    if (!submission) return;
    const auto folder = keep_decided(said, folder_.directory, submission->statement);
    if (!folder) return;
    keep(*folder / "statement.jws", submission->statement);
    keep(*folder / "payload.avro", contract::text_of(submission->payload));
}

void EvidenceTransport::keep_acknowledged(const edge::Call& call, const json::Value& said) {
    const json::Value* list = said.find("acks");
    if (list == nullptr || list->array() == nullptr) return;
    for (const json::Value& each : *list->array()) {
        const auto folder = keep_decided(each, folder_.directory / "acks", call.body);
        if (folder) keep(*folder / "acks.jws", call.body);
    }
}

// The order and its leaf, and not the answer: a case's opening answers with her code, and evidence is shown
// to others; who has the code can be her.
void EvidenceTransport::keep_ordered(const edge::Call& call, const json::Value& said) {
    const auto folder = keep_decided(said, folder_.directory / "orders", call.body);
    if (folder) keep(*folder / "order.jws", call.body);
}

void EvidenceTransport::keep_inbox(const edge::Answer& answer) {
    const auto batch = codec::decode<codec::DeliveryBatch>(contract::bytes_of(answer.body));
    if (!batch) return keep_answer(answer);
    keep_by_digest(folder_.directory / "keys" / "hub", folder_.hub_pem, ".pem");
    for (const codec::Delivery& delivery : batch->deliveries) {
        const auto receipt = log::parse_receipt(delivery.receipt);
        const std::string name = receipt ? numbered(receipt->index) : std::string(delivery.delivery.text());
        const fs::path folder = folder_of_leaf(own() / "inbox", name, delivery.leaf);
        keep(folder / "leaf", delivery.leaf);
        keep(folder / "delivery.avro", contract::text_of(codec::encode(codec::DeliveryBatch{{delivery}})));
        keep(folder / "statement.jws", delivery.statement);
        keep(folder / "payload.avro", contract::text_of(delivery.payload));
        keep(folder / "receipt.tlog-proof", delivery.receipt);
    }
}

void EvidenceTransport::keep_answer(const edge::Answer& answer) {
    keep_by_digest(own() / "answers", answer.body, "");
}

// An id that is none would be a path of the hub's choice.
void EvidenceTransport::keep_keys(const json::Value& said) {
    const json::Value* list = said.find("organisations");
    if (list == nullptr || list->array() == nullptr) return;
    for (const json::Value& each : *list->array()) {
        const auto name = text_of(each, "id");
        const auto id = name ? contract::OrganisationId::parse(*name) : std::nullopt;
        const auto keys = text_of(each, "keys");
        const auto root = text_of(each, "root");
        if (!id || !keys || !root) continue;
        const fs::path folder = folder_.directory / "keys" / std::string(id->text());
        keep_by_digest(folder, *keys, ".jws");
        keep_by_digest(folder, *root, ".root.pem");
    }
}

void EvidenceTransport::keep_exchange(const edge::Call& call, const edge::Answer& answer) {
    const std::string_view path = std::string_view(call.path).substr(0, call.path.find('?'));
    if (path.starts_with("/log/")) return;  // whoever checks fetches it herself
    // An order of the operator may be answered with a token: who has it is the body that it was made for.
    if (path.starts_with("/v1/admin/")) return;
    if (path == "/v1/inbox" && answer.status == 200) return keep_inbox(answer);
    const auto said = object_of(answer.body);
    if (call.method == "POST" && path.starts_with("/v1/cases"))
        return said ? keep_ordered(call, *said) : void();
    if (path == "/v1/organisations") return said && answer.status == 200 ? keep_keys(*said) : void();
    if (said && path == "/v1/messages") return keep_sent(call, *said);
    if (said && path == "/v1/inbox/acks") return keep_acknowledged(call, *said);
    keep_answer(answer);
}

}  // namespace

std::unique_ptr<Transport> keep_evidence(std::unique_ptr<Transport> transport, EvidenceFolder folder) {
    return std::make_unique<EvidenceTransport>(std::move(transport), std::move(folder));
}

}  // namespace kesher::kit
