// Writes receipts of a log made here, for the referees to judge: leaf.<i>, proof.<i>.at-<size>.tlog-proof
// and log.vkey, in the folder given.
#include <filesystem>
#include <fstream>
#include <iostream>

#include "audit/log/leaf.h"
#include "audit/log/receipt.h"
#include "audit/merkle/tree.h"

using namespace kesher;

namespace {

constexpr std::uint64_t kLeaves = 600;  // over two full tiles

std::string golden() {
    std::ifstream in(KESHER_SOURCE_DIR "/schemas/golden/leaf.example.txt", std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

// Leaf 0 is the published example, the others are starts of a hub.
std::string leaf(std::uint64_t index) {
    if (index == 0) return golden();
    log::Record record;
    record.at =
        contract::Instant{std::chrono::milliseconds{1'795'245'300'000 + static_cast<std::int64_t>(index)}};
    record.event = log::RecordEvent::start;
    record.actor_type = log::ActorType::system;
    record.facts.add("number", index);
    return log::leaf_text(std::nullopt, record).value();
}

void write(const std::filesystem::path& path, const std::string& bytes) {
    std::ofstream out(path, std::ios::binary);
    out << bytes;
    if (!out.flush()) throw std::runtime_error("cannot write " + path.string());
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 2) return 2;
    const std::filesystem::path folder = argv[1];
    std::filesystem::create_directories(folder);
    const auto signer =
        log::NoteSigner::from_seed("hub.example/log", log::NoteKeyType::ed25519, contract::Bytes(32, 1))
            .value();
    write(folder / "log.vkey", signer.key().vkey() + "\n");

    merkle::Tree tree(
        [](std::uint8_t, std::uint64_t) -> contract::Bytes { throw std::runtime_error("no store"); });
    for (std::uint64_t i = 0; i < kLeaves; ++i) tree.append(log::leaf_hash(leaf(i)));

    for (const std::uint64_t number : {1U, 2U, 3U, 7U, 8U, 255U, 256U, 257U, 512U, 600U}) {
        const contract::TreeSize size{number};
        const std::string checkpoint = log::sign({signer.key().name(), size, tree.root_at(size)}, signer);
        for (const std::uint64_t i : {std::uint64_t{0}, number / 2, number - 1}) {
            const contract::LeafIndex index{i};
            write(folder / ("leaf." + std::to_string(i)), leaf(i));
            write(
                folder / ("proof." + std::to_string(i) + ".at-" + std::to_string(number) + ".tlog-proof"),
                log::write(log::Receipt{std::nullopt, index, tree.prove_inclusion(index, size), checkpoint}));
        }
    }
    return 0;
}
