#include "adapters/kit/key_rotation.h"

#include <sys/stat.h>
#include <unistd.h>

#include "adapters/kit/hub_answers.h"
#include "adapters/kit/organisation_setup.h"
#include "adapters/kit/own_key_list.h"
#include "adapters/kit/rotation_step.h"
#include "schemas/contract/limits.h"
#include "schemas/json/read.h"
#include "schemas/statement/hash.h"

namespace kesher::kit {
namespace {

namespace fs = std::filesystem;
using contract::Done;
using contract::Failure;
using contract::Instant;
using statement::Certificate;
using statement::PrivateKey;
using statement::Use;

constexpr std::string_view kCallAgain =
    "; the keys in use are the former ones, and the same call again goes on with the list that was signed";
constexpr std::string_view kRootHolder = "whoever keeps this organisation's root";

Failure<Unusable> unusable(std::string sentence) { return {Unusable{std::move(sentence)}}; }

Usable<statement::Issuer> root_at_hand(const Rotation& rotation, const Certificate& root, Instant at) {
    if (rotation.root_key.empty()) {
        return unusable("the next key list is signed by the root, and no --root-key was given: " +
                        std::string(kRootHolder) + " comes with it" + std::string(kNothingChanged));
    }
    auto issuer = open_root(rotation.root_key, rotation.directory / "root.pem", rotation.protection);
    if (!issuer) {
        return unusable(issuer.error().sentence + "; " + std::string(kRootHolder) + " mends it" +
                        std::string(kNothingChanged));
    }
    if (!root.valid_at(at)) {
        return unusable("root.pem does not hold on " + contract::text(contract::day_of(at)) + "; " +
                        std::string(kRootHolder) + " makes a new one and agrees on it with every body" +
                        std::string(kNothingChanged));
    }
    return issuer;
}

// Of the files of a key that the list of this serial names first.
std::string stem_of(Use use, std::int64_t serial) {
    return (use == Use::signing ? "signing-" : "encryption-") + std::to_string(serial);
}

// One call of rotate_keys.
class Call {
public:
    Call(const Rotation& rotation, const OrganisationKeys& keys, HubClient& hub)
        : rotation_(rotation), keys_(keys), hub_(hub) {}
    Usable<Rotated> to_the_end();

private:
    void remove_unnamed_files() const;
    Usable<PrivateKey> drawn(const std::string& stem);
    Usable<Certificate> certified(const statement::Issuer& root, Use use, Instant at);
    Usable<SignedList> draw(Instant at);
    Usable<Done> halves_are_here(const statement::KeyList& list) const;
    Usable<contract::LeafIndex> publish(const SignedList& list);
    Usable<std::vector<std::string>> change_over(const SignedList& to, Instant at);
    Usable<std::vector<std::string>> destroy_what_is_over(const statement::KeyList& list, Instant at);
    void done() const {
        if (rotation_.after_each) rotation_.after_each();
    }
    std::string next_stem(Use use) const { return stem_of(use, keys_.list().serial + 1); }

    const Rotation& rotation_;
    const OrganisationKeys& keys_;
    HubClient& hub_;
};

// Private halves that a killed call had written and not yet named: nobody knows them.
void Call::remove_unnamed_files() const {
    std::vector<fs::path> unnamed;
    for (const auto& entry : fs::directory_iterator(rotation_.directory)) {
        const std::string name = entry.path().filename().string();
        if (name.starts_with("." + next_stem(Use::signing)) ||
            name.starts_with("." + next_stem(Use::encryption)))
            unnamed.push_back(entry.path());
    }
    for (const fs::path& file : unnamed) (void)remove_file(file);
}

// What an earlier call drew is taken as it is.
Usable<PrivateKey> Call::drawn(const std::string& stem) {
    const fs::path file = rotation_.directory / (stem + ".key");
    if (!fs::exists(file)) {
        const auto written = statement::write_private_key(
            file, PrivateKey::generate(statement::KeyKind::p256), rotation_.protection);
        if (!written) return unusable(file.string() + ": " + std::string(statement::word(written.error())));
        done();
    }
    auto key = statement::read_private_key(file, rotation_.protection);
    if (!key) return unusable(file.string() + ": " + std::string(statement::word(key.error())));
    return *std::move(key);
}

// Made anew at each call until a list names it: so long nobody has seen it.
Usable<Certificate> Call::certified(const statement::Issuer& root, Use use, Instant at) {
    const auto key = drawn(next_stem(use));
    if (!key) return Failure{key.error()};
    auto certificate = root.issue(key->public_key(), keys_.organisation(), use,
                                  validity_of(use, at, keys_.root().not_after()));
    const auto placed = place_file(rotation_.directory / (next_stem(use) + ".pem"), certificate.pem());
    if (!placed) return Failure{placed.error()};
    done();
    return certificate;
}

Usable<SignedList> Call::draw(Instant at) {
    const auto root = root_at_hand(rotation_, keys_.root(), at);
    if (!root) return Failure{root.error()};
    // A list that ran out in its place: its certificates are made anew below.
    if (const auto gone = remove_file(begun_list(rotation_.directory)); !gone) return Failure{gone.error()};
    remove_unnamed_files();
    const auto signing = certified(*root, Use::signing, at);
    if (!signing) return Failure{signing.error()};
    const auto encryption = certified(*root, Use::encryption, at);
    if (!encryption) return Failure{encryption.error()};
    statement::KeyList next = next_key_list(keys_.list(), {*signing, *encryption}, at);
    const auto signer = statement::Signer::make(root->key(), root->root()).value();
    std::string jws = statement::sign_key_list(next, signer, contract::day_of(at));
    const auto placed = place_file(begun_list(rotation_.directory), jws);
    if (!placed) return Failure{placed.error()};
    done();
    return SignedList{std::move(next), std::move(jws)};
}

// After the change-over nobody could sign, or open what comes, without them.
Usable<Done> Call::halves_are_here(const statement::KeyList& list) const {
    const fs::path signing = rotation_.directory / stem_of(Use::signing, list.serial);
    const auto certificate = read_small_file(fs::path(signing).replace_extension(".pem"));
    const auto key =
        statement::read_private_key(fs::path(signing).replace_extension(".key"), rotation_.protection);
    const bool signs = certificate && key && *certificate == list.signing.front().pem() &&
                       key->public_key() == list.signing.front().key();
    if (signs && keys_.opening().find(list.encryption.front().thumbprint()) != nullptr) return Done{};
    return unusable(begun_list(rotation_.directory).string() +
                    " names keys that are not here; whoever runs this machine restores " +
                    stem_of(Use::signing, list.serial) + " and " + stem_of(Use::encryption, list.serial) +
                    " from the backup" + std::string(kNothingChanged));
}

// The leaf that says that this very list is ours from now on.
std::optional<contract::LeafIndex> leaf_of(const json::Value& answer, const std::string& jws,
                                           const log::NoteKey& log) {
    const AnswerFacts facts = facts_of(answer, log);
    const auto proven = facts.receipt ? prove(*facts.receipt, log)
                                      : log::Result<ProvenReceipt>(log::fail(log::Flaw::receipt_malformed));
    if (!proven) return std::nullopt;
    const log::FactValue* digest = proven->record.facts.find("digest");
    const auto* word = digest == nullptr ? nullptr : std::get_if<log::Word>(digest);
    const bool ours = proven->record.event == log::RecordEvent::keys &&
                      proven->record.decision == log::Decision::permit && word != nullptr &&
                      word->text() == contract::base64url(statement::sha256(jws).view());
    return ours ? std::optional(proven->index) : std::nullopt;
}

Usable<contract::LeafIndex> Call::publish(const SignedList& list) {
    const auto answer = hub_.put("PUT", "/v1/keys", "application/jose", list.jws);
    if (!answer) return unusable(told_of(answer.error()) + std::string(kCallAgain));
    const auto leaf = leaf_of(*answer, list.jws, hub_.log());
    if (!leaf) {
        return unusable("the hub answered without a receipt for this list; its operator says why" +
                        std::string(kCallAgain));
    }
    done();
    return *leaf;
}

Usable<std::vector<std::string>> Call::destroy_what_is_over(const statement::KeyList& list, Instant at) {
    std::vector<fs::path> over;
    for (const auto& entry : fs::directory_iterator(rotation_.directory)) {
        const std::string name = entry.path().filename().string();
        const bool ours = name.starts_with("signing") || name.starts_with("encryption");
        if (!ours || entry.path().extension() != ".pem") continue;
        const auto text = read_small_file(entry.path());
        const auto certificate = text ? Certificate::from_pem(*text)
                                      : contract::Result<Certificate, statement::CertificateFault>(
                                            Failure{statement::CertificateFault::malformed});
        const fs::path key = fs::path(entry.path()).replace_extension(".key");
        if (certificate && is_over(*certificate, list, at) && fs::exists(key)) over.push_back(key);
    }
    std::vector<std::string> destroyed;
    for (const fs::path& key : over) {
        if (const auto gone = remove_file(key); !gone) return Failure{gone.error()};
        destroyed.push_back(key.filename().string());
        done();
    }
    return destroyed;
}

Usable<std::vector<std::string>> Call::change_over(const SignedList& to, Instant at) {
    if (to.jws != keys_.key_list()) {
        const auto placed = place_file(rotation_.directory / "keys.jws", to.jws);
        if (!placed) return Failure{placed.error()};
        done();
    }
    auto destroyed = destroy_what_is_over(to.list, at);
    if (!destroyed) return destroyed;
    if (const auto gone = remove_file(begun_list(rotation_.directory)); !gone) return Failure{gone.error()};
    return destroyed;
}

Usable<Rotated> Call::to_the_end() {
    auto found = look_at_rotation(rotation_.directory, keys_, hub_);
    if (!found) return Failure{found.error()};
    RotationFacts& facts = *found;
    const Instant at = facts.at;
    const auto step = next_step(facts);
    if (!step) {
        return unusable("the hub holds key list " + std::to_string(step.error().serial) +
                        " of this root, which is not here: another copy of this directory was rotated; " +
                        "use that one" + std::string(kNothingChanged));
    }
    const bool was_begun = *step != RotationStep::draw;
    if (was_begun && facts.begun->jws != facts.own.jws) {
        if (const auto here = halves_are_here(facts.begun->list); !here) return Failure{here.error()};
    }
    auto next = was_begun ? Usable<SignedList>(*std::move(facts.begun)) : draw(at);
    if (!next) return Failure{next.error()};
    std::optional<contract::LeafIndex> leaf;
    if (*step != RotationStep::change_over) {
        const auto published = publish(*next);
        if (!published) return Failure{published.error()};
        leaf = *published;
    }
    auto destroyed = change_over(*next, at);
    if (!destroyed) return Failure{destroyed.error()};
    return Rotated{std::move(next->list), leaf, *std::move(destroyed), was_begun};
}

// What another user writes here, the adapter could not read.
Usable<Done> is_owners_call(const fs::path& directory) {
    struct stat held{};
    const fs::path list = directory / "keys.jws";
    if (::stat(list.c_str(), &held) != 0 || held.st_uid == ::geteuid()) return Done{};
    return unusable(list.string() + " belongs to another user: call it as that one" +
                    std::string(" (sudo -u), so that the adapter can read what is written here") +
                    std::string(kNothingChanged));
}

}  // namespace

Usable<Rotated> rotate_keys(const Rotation& rotation, HubClient& hub) {
    if (const auto owner = is_owners_call(rotation.directory); !owner) return Failure{owner.error()};
    const auto keys = OrganisationKeys::open(rotation.directory, rotation.protection);
    if (!keys) return Failure{keys.error()};
    return Call(rotation, *keys, hub).to_the_end();
}

}  // namespace kesher::kit
