// The log's texts have one spelling each: what is read is written again to the same bytes.
#include "audit/log/leaf.h"
#include "audit/log/policy.h"
#include "audit/log/receipt.h"
#include "audit/merkle/tile.h"
#include "tests/fuzz/target.h"

namespace kesher::fuzz {

using contract::text_of;

void notes(contract::ByteView input) {
    const auto note = log::parse_note(text_of(input));
    if (note) claim(log::write(*note) == text_of(input));
    const auto body = log::parse_body(text_of(input));
    if (!body) return;
    // Extension lines are read past and not kept: the three lines before them are the same.
    claim(text_of(input).starts_with(log::body(*body)));
}

void receipts(contract::ByteView input) {
    const auto receipt = log::parse_receipt(text_of(input));
    if (receipt) claim(log::write(*receipt) == text_of(input));
}

void leaf_records(contract::ByteView input) {
    const auto record = log::parse_record(text_of(input));
    if (record) claim(log::write(*record) == text_of(input));
}

void leaves(contract::ByteView input) {
    const auto leaf = log::split_leaf(text_of(input));
    if (!leaf) return;
    claim(leaf->statement.value_or("-") + "\n" + leaf->record + "\n" == text_of(input));
    claim(log::leaf_hash(text_of(input)) == log::leaf_hash(text_of(input)));
}

// A policy has no writer; that a quorum can be reached by all and by no fewer than it says is its promise.
void policies(contract::ByteView input) {
    const auto policy = log::Policy::parse(text_of(input));
    if (!policy) return;
    std::set<std::size_t> everybody;
    for (std::size_t i = 0; i < policy->witnesses().size(); ++i) everybody.insert(i);
    claim(policy->satisfied_by(everybody));
    claim(policy->least_witnesses() <= everybody.size());
    if (policy->least_witnesses() > 0) claim(!policy->satisfied_by({}));
}

void tile_paths(contract::ByteView input) {
    const auto tile = merkle::parse_tile_path(text_of(input));
    if (tile) claim(merkle::path(*tile) == text_of(input));
    const auto bundle = merkle::parse_bundle_path(text_of(input));
    if (bundle) claim(merkle::path(*bundle) == text_of(input));
    if (input.empty()) return;
    const contract::ByteView entries = input.subspan(1);
    const auto leaves = merkle::parse_bundle(entries, input[0]);
    if (!leaves) return;
    claim(leaves->size() == input[0]);
    claim(text_of(merkle::write_bundle(*leaves)) == text_of(entries));
}

}  // namespace kesher::fuzz
