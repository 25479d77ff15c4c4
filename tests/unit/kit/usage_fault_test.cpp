// A wrong command line names the command that was meant and where its parts are listed.
#include "adapters/kit/usage_fault.h"

#include <CLI/CLI.hpp>
#include <catch2/catch.hpp>

using namespace kesher;

namespace {

// What is told of `line`, given to a program with the commands `case open --id` and `case list`.
std::string told_of(const std::string& line) {
    CLI::App app{"What it is for", "program"};
    app.require_subcommand(1);
    CLI::App* group = app.add_subcommand("case", "");
    group->require_subcommand(1);
    int id = 0;
    group->add_subcommand("open", "")->add_option("--id", id, "")->required();
    group->add_subcommand("list", "");
    try {
        app.parse(line);
    } catch (const CLI::ParseError& fault) {
        return kit::usage_fault(&app, fault);
    }
    return {};
}

}  // namespace

TEST_CASE("A fault is told with the command in which it was made and the pages of its options") {
    CHECK(told_of("case open") ==
          "program case open: --id is required\n"
          "`program case open --help` and `program --help` say what it takes.\n");
    CHECK(told_of("case open --id x").starts_with("program case open: "));
    CHECK(told_of("case").starts_with("program case: "));
    CHECK(told_of("").starts_with("program: "));
    CHECK(told_of("").ends_with("\n`program --help` says what it takes.\n"));
}

TEST_CASE("A command line that holds is no fault") {
    CHECK(told_of("case open --id 1").empty());
    CHECK(told_of("case list").empty());
}
