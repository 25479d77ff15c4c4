// A place in a foreign FHIR document, with the way to it. Internal to this room.
//
// FHIR documents hold more than we read: an unknown member is skipped, not refused. A known one of another
// kind, or with a code that we do not know, is a fault with its place. Faults are collected in a list that
// outlives the nodes; what a faulty demand answers is empty.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/health/fhir_fault.h"
#include "schemas/contract/closed_list.h"
#include "schemas/contract/instant.h"
#include "schemas/json/value.h"

namespace kesher::health {

class Node {
public:
    Node(const json::Value* value, std::string place, FhirFaults& faults)
        : value_(value), place_(std::move(place)), faults_(&faults) {}

    [[nodiscard]] bool exists() const { return value_ != nullptr; }
    [[nodiscard]] const std::string& place() const { return place_; }
    [[nodiscard]] const json::Value* value() const { return value_; }
    void fault(Flaw flaw) const { faults_->push_back({place_, flaw}); }
    [[nodiscard]] bool required() const;  // a fault where there is none

    [[nodiscard]] Node operator[](std::string_view key) const;
    [[nodiscard]] std::vector<Node> items() const;  // of an array; none where there is none

    [[nodiscard]] std::optional<std::string_view> text() const;
    [[nodiscard]] std::optional<std::int32_t> number() const;
    [[nodiscard]] std::optional<contract::Day> day() const;          // of `date` or `dateTime`, in UTC
    [[nodiscard]] std::optional<contract::Instant> instant() const;  // with its zone

    // The code of that system in a CodeableConcept; a fault where two of the system stand.
    [[nodiscard]] Node code(std::string_view system) const;
    // The value of that system in a list of Identifiers.
    [[nodiscard]] Node identifier(std::string_view system) const;
    // The extension of that url.
    [[nodiscard]] Node extension(std::string_view url) const;

    // The word of a closed list; a fault where it is another.
    template <class Enum, std::size_t N>
    [[nodiscard]] std::optional<Enum> word(const contract::ClosedList<Enum, N>& list) const {
        const auto said = text();
        if (!said) return std::nullopt;
        const auto found = list.parse(*said);
        if (!found) fault(Flaw::unknown_code);
        return found;
    }
    // An id of one of the contract's types.
    template <class Id>
    [[nodiscard]] std::optional<Id> id() const {
        const auto said = text();
        if (!said) return std::nullopt;
        const auto found = Id::parse(*said);
        if (!found) fault(Flaw::not_an_id);
        return found;
    }
    // The same from `urn:uuid:…`.
    template <class Id>
    [[nodiscard]] std::optional<Id> uuid() const {
        constexpr std::string_view kUrn = "urn:uuid:";
        const auto said = text();
        if (!said) return std::nullopt;
        const auto found = said->starts_with(kUrn) ? Id::parse(said->substr(kUrn.size())) : std::nullopt;
        if (!found) fault(Flaw::not_an_id);
        return found;
    }

private:
    [[nodiscard]] Node one_of(const std::vector<Node>& list, std::string_view by, std::string_view value,
                              std::string_view wanted, std::string_view otherwise) const;
    const json::Value* value_;
    std::string place_;
    FhirFaults* faults_;
};

}  // namespace kesher::health
