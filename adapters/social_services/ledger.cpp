#include "adapters/social_services/ledger.h"

#include <algorithm>
#include <cassert>

namespace kesher::social_services {
namespace {

using contract::Digest;

constexpr std::string_view kNone = "-";
constexpr std::string_view kName = "the ledger of files";

template <class T>
T must(std::optional<T> value) {
    if (!value) kit::damaged(kName);
    return *std::move(value);
}

Digest digest_in(std::string_view hex) { return must(Digest::from(must(contract::from_hex(hex)))); }

std::string text_of(const std::optional<contract::ReferralState>& state) {
    return std::string(state ? contract::kReferralStates.text(*state) : kNone);
}

Carried carried_in_words(const std::vector<std::string_view>& words) {
    Carried carried{must(contract::ReferralId::parse(words[3])),
                    must(contract::OrganisationId::parse(words[4])),
                    must(contract::kPurposes.parse(words[5])), must(contract::kLegalBases.parse(words[6]))};
    if (words[7] != kNone) carried.consent = must(contract::ConsentId::parse(words[7]));
    return carried;
}

Sent sent_in(const std::vector<std::string_view>& words) {
    Sent sent{must(contract::ReferralId::parse(words[1])), must(contract::OrganisationId::parse(words[2])),
              must(contract::kPurposes.parse(words[3])), must(contract::kLegalBases.parse(words[4]))};
    if (words[5] != kNone) sent.consent = must(contract::ConsentId::parse(words[5]));
    return sent;
}

Standing standing_in(const std::vector<std::string_view>& words) {
    Standing standing{must(contract::kReferralStates.parse(words[2]))};
    if (words[3] != kNone) standing.held_from = must(contract::kReferralStates.parse(words[3]));
    standing.frozen = words[4] == "frozen";
    return standing;
}

WrittenFile written_in(const std::vector<std::string_view>& words) {
    WrittenFile file{std::string(words[3]), digest_in(words[2])};
    if (words.size() == 4) return file;
    const auto bytes = must(contract::from_hex(words[4]));
    statement::Salt& salt = file.salt.emplace();
    if (bytes.size() != salt.size()) kit::damaged(kName);
    std::copy(bytes.begin(), bytes.end(), salt.begin());
    return file;
}

// How many words a line of each kind has.
constexpr std::array<kit::LedgerFile::Kind, 12> kLines{{{"taken", 2},
                                                        {"waits", 4},
                                                        {"settled", 2},
                                                        {"wrote", 4},  // from before files had a salt
                                                        {"wrote", 5},
                                                        {"stands", 5},
                                                        {"carried", 8},
                                                        {"sent", 6},
                                                        {"revoked", 3},
                                                        {"stopped", 2},
                                                        {"named", 3},
                                                        {"replied", 2}}};

}  // namespace

Ledger::Ledger(const std::filesystem::path& file) : file_(file, std::string(kName)) {
    file_.load([this](std::string_view line) { apply(line); });
}

void Ledger::apply(std::string_view line) {
    const auto words = file_.words_of(line, kLines);
    const std::string_view verb = words[0];
    if (verb == "taken") {
        taken_.insert(digest_in(words[1]));
    } else if (verb == "waits") {
        waiting_.insert_or_assign(digest_in(words[1]),
                                  WaitingFile{std::string(words[2]), must(contract::parse_day(words[3]))});
    } else if (verb == "settled") {
        waiting_.erase(digest_in(words[1]));
    } else if (verb == "wrote") {
        written_.insert_or_assign(std::string(words[1]), written_in(words));
        names_.emplace(words[3]);
        const auto carrier = carriers_.find(words[3]);
        if (carrier != carriers_.end()) written_for_.emplace(words[3], carrier->second);
    } else if (verb == "stands") {
        standings_.insert_or_assign(must(contract::ReferralId::parse(words[1])), standing_in(words));
    } else if (verb == "carried") {
        carried_.insert_or_assign(std::string(words[1]),
                                  CarriedFile{std::string(words[2]), carried_in_words(words)});
        carriers_.insert_or_assign(std::string(words[2]), std::string(words[1]));
    } else if (verb == "sent") {
        const Sent sent = sent_in(words);
        sent_.insert_or_assign(sent.id, sent);
    } else if (verb == "revoked") {
        revocations_.insert_or_assign(must(contract::ConsentId::parse(words[1])),
                                      must(contract::MessageId::parse(words[2])));
    } else if (verb == "named") {
        named_.emplace(digest_in(words[1]), must(contract::OrganisationId::parse(words[2])));
    } else if (verb == "replied") {
        replies_.emplace(words[1]);
    } else {
        stopped_.emplace(words[1]);
    }
}

void Ledger::append(const std::string& line) {
    file_.append(line);
    apply(line);
}

void Ledger::take(const Digest& file) {
    if (!is_taken(file)) append("taken " + contract::hex(file.view()));
}

void Ledger::wait(const Digest& file, const WaitingFile& where) {
    append("waits " + contract::hex(file.view()) + ' ' + where.stored + ' ' + contract::text(where.since));
}

void Ledger::settle(const Digest& file) { append("settled " + contract::hex(file.view())); }

std::optional<WrittenFile> Ledger::written(std::string_view key) const {
    const auto found = written_.find(key);
    return found == written_.end() ? std::nullopt : std::optional(found->second);
}

bool Ledger::is_written(std::string_view name) const { return names_.contains(name); }
bool Ledger::is_used(std::string_view name) const { return is_written(name) || replies_.contains(name); }

void Ledger::reply(std::string_view name) {
    if (!replies_.contains(name)) append("replied " + std::string(name));
}

void Ledger::write(std::string_view key, const WrittenFile& file) {
    assert(key.find(' ') == std::string_view::npos && file.name.find(' ') == std::string::npos);  // ours
    append("wrote " + std::string(key) + ' ' + contract::hex(file.receipt.view()) + ' ' + file.name +
           (file.salt ? ' ' + contract::hex(*file.salt) : std::string()));
}

std::optional<Standing> Ledger::standing(const contract::ReferralId& referral) const {
    const auto found = standings_.find(referral);
    return found == standings_.end() ? std::nullopt : std::optional(found->second);
}

void Ledger::stand(const contract::ReferralId& referral, const Standing& standing) {
    if (this->standing(referral) == standing) return;
    append("stands " + referral.text() + ' ' + text_of(standing.state) + ' ' + text_of(standing.held_from) +
           (standing.frozen ? " frozen" : " free"));
}

const Carried* Ledger::carried(std::string_view native) const {
    const auto found = carried_.find(native);
    return found == carried_.end() ? nullptr : &found->second.carried;
}

const std::string* Ledger::file_of(std::string_view native) const {
    const auto found = carried_.find(native);
    return found == carried_.end() ? nullptr : &found->second.file_name;
}

const std::string* Ledger::carrier_of(std::string_view file_name) const {
    const auto found = carriers_.find(file_name);
    return found == carriers_.end() ? nullptr : &found->second;
}

const std::string* Ledger::written_for(std::string_view file_name) const {
    const auto found = written_for_.find(file_name);
    return found == written_for_.end() ? nullptr : &found->second;
}

bool Ledger::is_written_for(std::string_view native) const {
    const std::string* name = file_of(native);
    const std::string* whose = name == nullptr ? nullptr : written_for(*name);
    return whose != nullptr && *whose == native;
}

std::vector<std::string> Ledger::carried_under(const contract::ConsentId& consent) const {
    std::vector<std::string> natives;
    for (const auto& [native, file] : carried_) {
        if (file.carried.consent == consent) natives.push_back(native);
    }
    return natives;
}

void Ledger::carry(const std::string& native, const std::string& file_name, const Carried& carried) {
    append("carried " + native + ' ' + file_name + ' ' + carried.id.text() + ' ' + carried.from.text() + ' ' +
           std::string(contract::kPurposes.text(carried.purpose)) + ' ' +
           std::string(contract::kLegalBases.text(carried.basis)) + ' ' +
           (carried.consent ? carried.consent->text() : std::string(kNone)));
}

const Sent* Ledger::sent(const contract::ReferralId& referral) const {
    const auto found = sent_.find(referral);
    return found == sent_.end() ? nullptr : &found->second;
}

void Ledger::send(const Sent& sent) {
    if (const Sent* known = this->sent(sent.id); known != nullptr && *known == sent) return;
    append("sent " + sent.id.text() + ' ' + sent.to.text() + ' ' +
           std::string(contract::kPurposes.text(sent.purpose)) + ' ' +
           std::string(contract::kLegalBases.text(sent.basis)) + ' ' +
           (sent.consent ? sent.consent->text() : std::string(kNone)));
}

std::optional<contract::MessageId> Ledger::revocation(const contract::ConsentId& consent) const {
    const auto found = revocations_.find(consent);
    return found == revocations_.end() ? std::nullopt : std::optional(found->second);
}

void Ledger::revoke(const contract::ConsentId& consent, const contract::MessageId& notice) {
    append("revoked " + consent.text() + ' ' + notice.text());
}

void Ledger::stop(const std::string& native) {
    if (!is_stopped(native)) append("stopped " + native);
}

}  // namespace kesher::social_services
