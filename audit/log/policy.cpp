#include "audit/log/policy.h"

#include <algorithm>

#include "audit/log/decimal.h"

namespace kesher::log {
namespace {

using Items = std::vector<std::string_view>;

// Items of a line, apart by spaces and tabs only; none for an empty line or a comment.
Items items_of(std::string_view line) {
    Items items;
    while (true) {
        const std::size_t begin = line.find_first_not_of(" \t");
        if (begin == std::string_view::npos) break;
        if (items.empty() && line[begin] == '#') break;
        line.remove_prefix(begin);
        const std::size_t end = std::min(line.find_first_of(" \t"), line.size());
        items.push_back(line.substr(0, end));
        line.remove_prefix(end);
    }
    return items;
}

bool is_policy_text(std::string_view text) {
    return std::none_of(text.begin(), text.end(), [](char c) {
        const auto byte = static_cast<unsigned char>(c);
        return (byte < 0x20 && c != '\t' && c != '\n') || byte == 0x7F;
    });
}

constexpr std::string_view kNobody = "none";

}  // namespace

// Lines are read in order: a name must be defined before it is used, so no group can hold itself.
class Policy::Reading {
public:
    [[nodiscard]] Result<Policy> read(std::string_view text) {
        while (!text.empty()) {
            const std::size_t end = std::min(text.find('\n'), text.size());
            const Items items = items_of(text.substr(0, end));
            if (!items.empty()) {
                const auto flaw = line(items);
                if (flaw) return fail(*flaw);
            }
            text.remove_prefix(std::min(end + 1, text.size()));
        }
        if (!quorum_seen_) return fail(Flaw::policy_malformed);
        return std::move(policy_);
    }

private:
    using Trouble = std::optional<Flaw>;

    Trouble line(const Items& items) {
        if (items[0] == "log") return log(items);
        if (items[0] == "witness") return witness(items);
        if (items[0] == "group") return group(items);
        if (items[0] == "quorum") return quorum(items);
        return Flaw::policy_malformed;
    }

    Trouble log(const Items& items) {
        if (items.size() < 2 || items.size() > 3) return Flaw::policy_malformed;
        return add_key(items[1], NoteKeyType::ed25519, policy_.logs_);
    }

    Trouble witness(const Items& items) {
        if (items.size() < 3 || items.size() > 4 || !is_new(items[1])) return Flaw::policy_malformed;
        policy_.witness_of_.emplace(items[1], policy_.witnesses_.size());
        return add_key(items[2], NoteKeyType::cosignature, policy_.witnesses_);
    }

    // Two lines with the same public key would let one witness count twice.
    static Trouble add_key(std::string_view vkey, NoteKeyType type, std::vector<NoteKey>& keys) {
        auto key = NoteKey::parse(vkey);
        if (!key) return key.error();
        if (key->type() != type) return Flaw::policy_malformed;
        for (const NoteKey& other : keys) {
            if (std::ranges::equal(other.public_key(), key->public_key())) return Flaw::policy_malformed;
        }
        keys.push_back(std::move(*key));
        return std::nullopt;
    }

    Trouble group(const Items& items) {
        if (items.size() < 4 || !is_new(items[1])) return Flaw::policy_malformed;
        Group group;
        for (std::size_t i = 3; i < items.size(); ++i) {
            if (!is_defined(items[i]) || !members_.emplace(items[i]).second) return Flaw::policy_malformed;
            group.members.emplace_back(items[i]);
        }
        std::optional<std::uint64_t> needed = parse_decimal(items[2]);
        if (items[2] == "all") needed = group.members.size();
        if (items[2] == "any") needed = 1;
        if (!needed || *needed < 1 || *needed > group.members.size()) return Flaw::policy_malformed;
        group.needed = static_cast<std::size_t>(*needed);
        policy_.groups_.emplace(items[1], std::move(group));
        return std::nullopt;
    }

    Trouble quorum(const Items& items) {
        if (items.size() != 2 || quorum_seen_) return Flaw::policy_malformed;
        quorum_seen_ = true;
        if (items[1] == kNobody) return std::nullopt;
        if (!is_defined(items[1])) return Flaw::policy_malformed;
        policy_.quorum_ = std::string(items[1]);
        return std::nullopt;
    }

    [[nodiscard]] bool is_defined(std::string_view name) const {
        return policy_.witness_of_.contains(name) || policy_.groups_.contains(name);
    }
    [[nodiscard]] bool is_new(std::string_view name) const { return name != kNobody && !is_defined(name); }

    Policy policy_;
    std::set<std::string, std::less<>> members_;  // a name counts in one group only
    bool quorum_seen_ = false;
};

Result<Policy> Policy::parse(std::string_view text) {
    if (text.size() > kMaxBytes) return fail(Flaw::too_large);
    if (!is_policy_text(text)) return fail(Flaw::policy_malformed);
    return Reading{}.read(text);
}

bool Policy::satisfied_by(const std::set<std::size_t>& witnesses) const {
    return !quorum_ || has(*quorum_, witnesses);
}

bool Policy::has(const std::string& name, const std::set<std::size_t>& witnesses) const {
    if (const auto witness = witness_of_.find(name); witness != witness_of_.end()) {
        return witnesses.contains(witness->second);
    }
    const Group& group = groups_.at(name);
    const auto count = std::count_if(group.members.begin(), group.members.end(),
                                     [&](const std::string& member) { return has(member, witnesses); });
    return static_cast<std::size_t>(count) >= group.needed;
}

std::size_t Policy::least_witnesses() const { return quorum_ ? least(*quorum_) : 0; }

std::size_t Policy::least(const std::string& name) const {
    if (witness_of_.contains(name)) return 1;
    const Group& group = groups_.at(name);
    std::vector<std::size_t> costs;
    for (const std::string& member : group.members) costs.push_back(least(member));
    std::sort(costs.begin(), costs.end());
    std::size_t sum = 0;
    for (std::size_t i = 0; i < group.needed; ++i) sum += costs[i];
    return sum;
}

}  // namespace kesher::log
