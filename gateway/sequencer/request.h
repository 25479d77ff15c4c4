// A request to the single writer, and what it sees while it is decided.
//
// A connection's thread prepares it (signature, parsing, openings, keys of the rows it needs); the
// sequencer's thread decides it on facts that only it changes. A decision reads and changes the turn
// and nothing else: no clock, no I/O.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "audit/log/record.h"
#include "gateway/keys/pseudonyms.h"
#include "gateway/keys/sealed_store.h"
#include "gateway/sequencer/facts.h"
#include "gateway/sequencer/ledger.h"
#include "gateway/sequencer/registry.h"
#include "schemas/contract/codes.h"
#include "schemas/statement/jws.h"

namespace kesher::sequencer {

// Decided first, and never refused `busy`: what protects a person must not wait behind anything.
enum class Lane { first, ordinary };

struct Answer {
    std::optional<contract::Code> code;       // a refusal
    bool repeated = false;                    // the first answer to the same message, given again
    std::optional<contract::LeafIndex> leaf;  // of the decision; none where nothing was logged
    std::optional<Receipted> receipt;         // filled in by the sequencer, after the commit
    std::optional<contract::Instant> at;      // of the decision
};

class RefusalCounts;

// The hub's own means that decisions use: its voice, its names for things, its way to seal rows.
struct Means {
    const keys::RowKeys& row_keys;
    const keys::SealedStore& sealed_store;
    const statement::Signer& signer;           // what the hub itself says
    std::string log_origin;                    // `<hub>/log`
    std::chrono::milliseconds release_spread;  // setting; 0 = off
    RefusalCounts& refusals;
};

class Turn {
public:
    Turn(Facts& working_set, Registry& participants, Ledger& ledger, const Means& own, contract::Instant now)
        : facts(working_set), registry(participants), means(own), at(now), ledger_(ledger) {}

    Facts& facts;
    Registry& registry;
    const Means& means;
    const contract::Instant at;

    [[nodiscard]] contract::LeafIndex next_leaf() const { return ledger_.next(); }
    // Fills in `at` and a fresh nonce, and `subject` where a case is given. The statement is line 1.
    contract::LeafIndex append(const std::optional<std::string>& statement, log::Record record,
                               const keys::SubjectKey* subject = nullptr);
    // Whether this body has had so many refusals by this code within the minute that the present one is only
    // counted (contract.md 5). Asked once a refusal.
    [[nodiscard]] bool only_counted(const contract::OrganisationId& organisation, contract::Code code) const;
    // All leaves of this request, in order: their receipts are handed to Request::committed().
    [[nodiscard]] const std::vector<contract::LeafIndex>& leaves() const { return leaves_; }
    // Whom the commit may have brought something: their waiting polls are woken.
    void wake(const contract::OrganisationId& organisation) { woken_.push_back(organisation); }
    [[nodiscard]] const std::vector<contract::OrganisationId>& woken() const { return woken_; }
    // The registry was changed: readers get a new copy after the commit.
    void registry_changed() { registry_changed_ = true; }
    [[nodiscard]] bool has_changed_registry() const { return registry_changed_; }

private:
    Ledger& ledger_;
    std::vector<contract::LeafIndex> leaves_;
    std::vector<contract::OrganisationId> woken_;
    bool registry_changed_ = false;
};

class Request {
public:
    virtual ~Request() = default;
    [[nodiscard]] virtual Lane lane() const { return Lane::ordinary; }
    [[nodiscard]] virtual std::size_t bytes() const { return 1'024; }  // towards the batch's limit
    virtual void want(Wanted& wanted) const = 0;
    // Rows whose keys are known only once the first ones are here: rare requests only, because it is a round
    // trip more for the whole batch. Asked again after each, until nobody wants what was not loaded yet.
    virtual void want_more(const Facts&, const Means&, Wanted&) const {}
    // May be called again, with other facts: after a fault in its batch each request is decided alone.
    [[nodiscard]] virtual Answer decide(Turn& turn) = 0;
    // After the commit, on the sequencer's thread: the receipts of this request's leaves.
    virtual void committed(std::vector<Receipted>) {}
};

}  // namespace kesher::sequencer
