// What a leaf says, by type: for whoever tells the tables again from the log.
//
// A leaf that lacks what its kind must say was written by a program of before, or was never ours: nothing is
// guessed in its place. Throws LogBroken, which names the leaf and the fact.
#pragma once

#include "audit/log/leaf.h"
#include "gateway/sequencer/ledger.h"
#include "schemas/contract/closed_list.h"

namespace kesher::sequencer {

class Said {
public:
    Said(contract::LeafIndex index, std::string_view leaf);

    [[nodiscard]] contract::LeafIndex index() const { return index_; }
    [[nodiscard]] const log::Record& record() const { return record_; }
    [[nodiscard]] const std::optional<std::string>& statement() const { return statement_; }
    [[nodiscard]] contract::Instant at() const { return record_.at; }
    [[nodiscard]] bool permits() const { return record_.decision == log::Decision::permit; }
    [[nodiscard]] bool of_hub() const { return record_.org == contract::OrganisationId::hub(); }
    [[nodiscard]] std::string_view operation() const;  // empty where there is none

    [[nodiscard]] bool has(std::string_view fact) const { return record_.facts.find(fact) != nullptr; }
    [[nodiscard]] const std::string& word(std::string_view fact) const;
    [[nodiscard]] std::int64_t integer(std::string_view fact) const;
    [[nodiscard]] bool truth(std::string_view fact) const;
    [[nodiscard]] const log::Words& words(std::string_view fact) const;  // none of that name: none
    [[nodiscard]] contract::Instant instant(std::string_view fact) const;
    [[nodiscard]] contract::Digest digest(std::string_view fact) const;
    [[nodiscard]] std::optional<contract::Digest> maybe_digest(std::string_view fact) const;
    [[nodiscard]] contract::Day day(std::string_view fact) const;

    // Of whatever parses itself out of a text: ids of organisations, officers, consents, ...
    template <class T>
    [[nodiscard]] T parsed(std::string_view fact) const {
        return needed(T::parse(word(fact)), fact);
    }
    template <class T>
    [[nodiscard]] std::vector<T> all(std::string_view fact) const {
        std::vector<T> list;
        for (const log::Word& each : words(fact)) list.push_back(needed(T::parse(each.text()), fact));
        return list;
    }
    template <class Enum, std::size_t N>
    [[nodiscard]] Enum one_of(const contract::ClosedList<Enum, N>& list, std::string_view fact) const {
        return needed(list.parse(word(fact)), fact);
    }
    template <class Enum, std::size_t N>
    [[nodiscard]] std::vector<Enum> some_of(const contract::ClosedList<Enum, N>& list,
                                            std::string_view fact) const {
        std::vector<Enum> values;
        for (const log::Word& each : words(fact)) values.push_back(needed(list.parse(each.text()), fact));
        return values;
    }
    template <class T>
    [[nodiscard]] T needed(std::optional<T> value, std::string_view name) const {
        if (!value) lacks(name);
        return *std::move(value);
    }
    [[noreturn]] void lacks(std::string_view name) const;

private:
    contract::LeafIndex index_;
    std::optional<std::string> statement_;
    log::Record record_;
};

}  // namespace kesher::sequencer
