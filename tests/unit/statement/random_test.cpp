// Nonces and ids: drawn ahead for small pieces, never handed out twice.
#include <sys/wait.h>
#include <unistd.h>
#include <catch2/catch.hpp>

#include <array>
#include <mutex>
#include <set>
#include <thread>
#include <vector>

#include "schemas/statement/hash.h"

using kesher::statement::fill_random;

namespace {

using Drawn = std::array<std::uint8_t, 16>;

Drawn draw() {
    Drawn drawn{};
    fill_random(drawn);
    return drawn;
}

}  // namespace

TEST_CASE("No two draws are alike, on one thread and on several") {
    std::set<Drawn> all;
    std::mutex mutex;
    std::vector<std::thread> threads;
    for (int t = 0; t < 4; ++t) {
        threads.emplace_back([&] {
            for (int n = 0; n < 2'000; ++n) {
                const Drawn drawn = draw();
                const std::scoped_lock hold(mutex);
                all.insert(drawn);
            }
        });
    }
    for (std::thread& thread : threads) thread.join();
    CHECK(all.size() == 8'000);
}

TEST_CASE("Every length is filled to its end, whatever was drawn before") {
    for (std::size_t size = 0; size <= 100; ++size) {
        std::vector<std::uint8_t> seen(size, 0);
        for (int n = 0; n < 40; ++n) {
            std::vector<std::uint8_t> drawn(size, 0);
            fill_random(drawn);
            for (std::size_t i = 0; i < size; ++i) seen[i] |= drawn[i];
        }
        CAPTURE(size);
        for (const std::uint8_t byte : seen) CHECK(byte != 0);
    }
}

TEST_CASE("Nothing is handed out twice and nothing is left empty, however large the pieces are") {
    std::set<std::array<std::uint8_t, 4>> seen;
    std::size_t pieces = 0;
    for (std::size_t n = 0; n < 3'000; ++n) {
        std::vector<std::uint8_t> drawn(1 + n % 32, 0);
        fill_random(drawn);
        for (std::size_t at = 0; at + 4 <= drawn.size(); at += 4) {
            std::array<std::uint8_t, 4> piece{};
            std::copy_n(drawn.begin() + static_cast<std::ptrdiff_t>(at), piece.size(), piece.begin());
            seen.insert(piece);
            ++pieces;
        }
    }
    // Of so many pieces of 32 bits a few may be alike by chance, one in thousands never.
    CHECK(seen.size() + 5 >= pieces);
    CHECK_FALSE(seen.contains({}));
}

TEST_CASE("A copy of the process draws its own") {
    (void)draw();  // some is drawn ahead now, and is copied with the process
    std::array<int, 2> ends{};
    REQUIRE(pipe(ends.data()) == 0);
    const pid_t child = fork();
    REQUIRE(child >= 0);
    if (child == 0) {
        const Drawn drawn = draw();
        const bool told = write(ends[1], drawn.data(), drawn.size()) == static_cast<ssize_t>(drawn.size());
        _exit(told ? 0 : 1);
    }
    int status = 0;
    REQUIRE(waitpid(child, &status, 0) == child);
    REQUIRE(status == 0);
    Drawn of_child{};
    REQUIRE(read(ends[0], of_child.data(), of_child.size()) == static_cast<ssize_t>(of_child.size()));
    close(ends[0]);
    close(ends[1]);
    CHECK(of_child != draw());
}
