// A wrong command line is told by exit code 2, before anything is opened or asked; what does not hold by 1.
#include <sys/wait.h>

#include <catch2/catch.hpp>

#include <cstdio>

#include "tests/unit/keys/own_directory.h"

using namespace kesher;

namespace {

// What a program said, on either stream, and its exit code.
struct Ended {
    int code = -1;
    std::string said;
};
Ended ended(const std::string& program, const std::string& arguments) {
    const std::string command = std::string(KESHER_BINARY_DIR "/bin/") + program + " " + arguments + " 2>&1";
    std::FILE* out = popen(command.c_str(), "r");
    REQUIRE(out != nullptr);
    Ended end;
    for (int c = std::fgetc(out); c != EOF; c = std::fgetc(out)) end.said.push_back(static_cast<char>(c));
    const int status = pclose(out);
    if (WIFEXITED(status)) end.code = WEXITSTATUS(status);
    return end;
}
int run(const std::string& program, const std::string& arguments) { return ended(program, arguments).code; }
int ctl(const std::string& arguments) { return run("kesherctl", arguments); }
int adapter(const std::string& arguments) { return run("kesher-adapter", arguments); }

}  // namespace

TEST_CASE("Help holds and a command without its parts is a wrong command line") {
    CHECK(ctl("--help") == 0);
    CHECK(ctl("") == 2);
    CHECK(ctl("--dir /nowhere") == 2);
    CHECK(ctl("--dir /nowhere case") == 2);
    CHECK(adapter("--help") == 0);
    CHECK(adapter("--dir /nowhere agreement") == 2);
    CHECK(adapter("--dir /nowhere keys") == 2);
}

TEST_CASE("A word that is not published is a wrong command line") {
    CHECK(ctl("--dir /nowhere org add ssd-5000 --kind MINISTRY --token-file /nowhere/t") == 2);
    CHECK(ctl("--dir /nowhere org add SSD --token-file /nowhere/t") == 2);
    CHECK(ctl("--dir /nowhere --role WIZARD case open") == 2);
}

TEST_CASE("Every command of the contract is there and asks for what it needs") {
    for (const char* command :
         {"board", "agenda", "access", "doctor --help", "log recover --help", "log checkpoint"}) {
        CAPTURE(command);
        CHECK(ctl(std::string("--dir /nowhere ") + command) != 2);
    }
    for (const char* command :
         {"org compromise", "org off-board", "user invite W1", "user suspend", "consent show",
          "consent acknowledge", "message draft", "message ask-consent", "case claim-code"}) {
        CAPTURE(command);
        CHECK(ctl(std::string("--dir /nowhere ") + command) == 2);
        CHECK(ctl(std::string(command) + " --help") == 0);
    }
}

TEST_CASE("An officer's number that is an id number is a wrong command line") {
    CHECK(ctl("--dir /nowhere --actor 000000018 --role SOCIAL_WORKER case open") == 2);
}

TEST_CASE("A directory that is not enrolled does not hold") {
    CHECK(ctl("--dir /nowhere case list") == 1);
    CHECK(ctl("--dir /nowhere enrol --token-file /nowhere/t") == 1);
    CHECK(adapter("--dir /nowhere init --token-file /nowhere/t") == 1);
    CHECK(adapter("--dir /nowhere keys rotate") == 1);
    CHECK(ctl("--dir /nowhere enrol") == 2);
}

TEST_CASE("An id or a day that is not of its form is refused with an example and never said again") {
    struct Wrong {
        std::string program, arguments, example;
    };
    for (const Wrong& wrong :
         {Wrong{"kesherctl", "case open --id", "44444444-4444-4444-8444-444444444444"},
          Wrong{"kesherctl", "case show", "1ABCDEFGHJKMNPQRS2"},
          Wrong{"kesherctl", "org suspend", "ssd-5000"}, Wrong{"kesherctl", "case list --actor", "W-17"},
          Wrong{"kesherctl", "consent give --from", "2026-11-21"},
          Wrong{"kesherctl", "org confirm nii --root", "47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU"},
          Wrong{"kesherctl", "consent revoke --number", "H-17"},
          Wrong{"kesher-adapter", "agreement end --role MANAGER --approver L1 --root-key k --agreement",
                "44444444-4444-4444-8444-444444444444"}}) {
        CAPTURE(wrong.arguments);
        // An identity number, typed into the wrong place.
        const Ended end = ended(wrong.program, "--dir /nowhere " + wrong.arguments + " 000000018");
        CHECK(end.code == 2);
        CHECK(end.said.find("such as " + wrong.example) != std::string::npos);
        CHECK(end.said.find("000000018") == std::string::npos);
    }
}

TEST_CASE("A page of the access record is asked for by a whole number, and told so in a few words") {
    for (const char* wrong : {"abc", "1.5", "99999999999999999999", "1e3", "''"}) {
        CAPTURE(wrong);
        const Ended end = ended("kesherctl", std::string("--dir /nowhere access --before ") + wrong);
        CHECK(end.code == 2);
        CHECK(end.said.find("such as 17 (a whole number") != std::string::npos);
        CHECK(end.said.find("000000") == std::string::npos);  // the bounds of a double, in full
    }
    for (const char* right : {"0", "17", "9223372036854775807"}) {
        CHECK(ctl(std::string("--dir /nowhere access --before ") + right) == 1);
    }
}

TEST_CASE("Readings are shown in the four languages that they are written in, and no other is offered") {
    for (const char* reading : {"board", "agenda", "access"}) {
        for (const char* language : {"he", "ar", "ru", "en"}) {
            CHECK(ctl(std::string("--dir /nowhere ") + reading + " --language " + language) == 1);
        }
        for (const char* language : {"other", "fr"}) {
            CAPTURE(reading, language);
            const Ended end =
                ended("kesherctl", std::string("--dir /nowhere ") + reading + " --language " + language);
            CHECK(end.code == 2);
            CHECK(end.said.find("is none of: he ar ru en\n") != std::string::npos);
        }
    }
}

TEST_CASE("The examples of the forms are taken") {
    CHECK(ctl("--dir /nowhere case open --actor W-17 --role MANAGER --id "
              "44444444-4444-4444-8444-444444444444") == 1);
    CHECK(ctl("--dir /nowhere case show 1ABCDEFGHJKMNPQRS2") == 1);
}

TEST_CASE("A wrong command line is told with the command that was meant and the pages of its options") {
    CHECK(ended("kesherctl", "case open").said ==
          "kesherctl case open: --dir is required\n"
          "`kesherctl case open --help` and `kesherctl --help` say what it takes.\n");
    CHECK(ended("kesherctl", "--dir /nowhere inbox take")
              .said.starts_with("kesherctl inbox take: --save is required\n"));
    CHECK(ended("kesherctl", "--dir /nowhere log").said.starts_with("kesherctl log: "));
    CHECK(ended("kesher-adapter", "run").said.starts_with("kesher-adapter run: --config is required\n"));
    // Where the command itself finds what is missing.
    CHECK(ended("kesher-adapter", "init --token-file t")
              .said.starts_with("kesher-adapter init: --dir is required\n"));
    CHECK(ended("kesherctl", "case open --help").said.find("`kesherctl") == std::string::npos);
}

namespace {

const std::string kSend =
    "--dir /nowhere message send --case 1ABCDEFGHJKMNPQRS2 --to health --service HLT-TRAUMA";
const std::string kConsent = " --consent 00000000-0000-4000-8000-000000000001";

// A file of the test's own, with this text.
std::string file_with(const tests::OwnDirectory& own, const std::string& name, const std::string& text) {
    tests::put_text(own / name, text);
    return (own / name).string();
}
void is_wrong(const std::string& arguments, std::string_view named) {
    CAPTURE(arguments);
    const Ended end = ended("kesherctl", arguments);
    CHECK(end.code == 2);
    CHECK(end.said.find(named) != std::string::npos);
}

}  // namespace

TEST_CASE("A referral that stands on a consent names it before anything is sealed") {
    const tests::OwnDirectory own;
    const std::string send = kSend + " --need-file " + file_with(own, "need", "a first conversation\n");
    is_wrong(send, "--consent");
    CHECK(ctl(send + kConsent) == 1);
    // Between public bodies within their powers, and in a rehearsal, there is none to name.
    CHECK(ctl(send + " --basis PPL23C-1A") == 1);
    CHECK(ctl(send + " --purpose REHEARSAL") == 1);
}

TEST_CASE("A referral says what is asked, once, and in a text that can be sent") {
    const tests::OwnDirectory own;
    const std::string send = kSend + kConsent;
    is_wrong(send, "--need-file or --sealed-file is required");
    is_wrong(send + " --need-file " + file_with(own, "empty", ""), "--need-file: says nothing");
    is_wrong(send + " --need-file " + file_with(own, "blank", " \n\n"), "--need-file: says nothing");
    is_wrong(send + " --need-file " + file_with(own, "long", std::string(2'001, 'a')),
             "--need-file: what is asked for is text in UTF-8, of 1 to 2000 characters");
    is_wrong(send + " --need-file " + file_with(own, "latin", "caf\xE9"), "--need-file: what is asked for");
    CHECK(ctl(send + " --need-file " + file_with(own, "longest", std::string(2'000, 'a') + "\n")) == 1);

    const std::string need = " --need-file " + file_with(own, "need", "a first conversation");
    const std::string with_need = " --sealed-file " + file_with(own, "with.json", R"({"need":"another"})");
    const std::string without = " --sealed-file " + file_with(own, "without.json", R"({"worker":"desk 4"})");
    is_wrong(send + need + with_need, "--need-file, --sealed-file: both say what is asked for");
    CHECK(ctl(send + with_need) == 1);
    CHECK(ctl(send + need + without) == 1);
}

TEST_CASE("By what she is known goes with what is told of her") {
    const tests::OwnDirectory own;
    const std::string need = " --need-file " + file_with(own, "need", "a first conversation");
    const std::string identity =
        " --sealed-file " + file_with(own, "i.json", R"({"identity":{"birth_year":1990}})");
    const std::string contact =
        " --sealed-file " +
        file_with(own, "c.json", R"({"contact":{"safe_channel":"none","safe_hours":[]}})");
    const std::string send = kSend + kConsent;
    is_wrong(send + need + " --known-by identified", "--known-by: identified needs `identity`");
    is_wrong(send + contact + " --known-by identified", "--known-by: identified needs `identity`");
    is_wrong(send + need + " --known-by contact", "--known-by: contact needs `contact`");
    is_wrong(send + identity, "--known-by: presents tells nothing that leads to her");
    CHECK(ctl(send + identity + " --known-by identified") == 1);
    CHECK(ctl(send + contact + " --known-by contact") == 1);
}

TEST_CASE("What an event demands is named by its option, and her withdrawal by her word") {
    const std::string event =
        "--dir /nowhere message event --referral 00000000-0000-4000-8000-000000000001 --event ";
    for (const char* word : {"decline", "hold", "cancel", "fail", "mark_error"}) {
        is_wrong(event + word, "--reason: is required with " + std::string(word));
    }
    is_wrong(event + "cancel --reason no-capacity", "--reason: with cancel is one of: no-longer-needed");
    is_wrong(event + "accept --reason no-capacity", "--reason");
    is_wrong(event + "complete", "--outcome: is required with complete");
    is_wrong(event + "accept --outcome partly", "--outcome: goes with complete alone");
    is_wrong(event + "withdraw", "--subject-acts: is required with withdraw");
    is_wrong(event + "withdraw --subject-acts --need-file f", "--need-file, --sealed-file");
    CHECK(ctl(event + "cancel --reason no-longer-needed") == 1);
    CHECK(ctl(event + "withdraw --subject-acts") == 1);
    CHECK(ctl(event + "accept") == 1);
}

TEST_CASE("A consent is taken back by its id, or by its number and its recipient") {
    const std::string revoke = "--dir /nowhere consent revoke --case 1ABCDEFGHJKMNPQRS2";
    for (const char* named : {"", " --number H-17", " --recipient health"}) {
        is_wrong(revoke + named, "--consent, or --number with --recipient");
    }
    CHECK(ctl(revoke + kConsent) == 1);
    CHECK(ctl(revoke + " --number H-17 --recipient health") == 1);
}

TEST_CASE("A hub is not started without its settings, and a migration needs none") {
    for (const char* arguments : {"", "--init", "--renew-certificate", "--config ''"}) {
        CAPTURE(arguments);
        const Ended end = ended("kesher-hub", arguments);
        CHECK(end.code == 2);
        CHECK(end.said.starts_with("--config is required\n"));
    }
    const Ended named = ended("kesher-hub", "--config /nowhere/kesher.toml");
    CHECK(named.code == 1);
    CHECK(named.said.find("/nowhere/kesher.toml") != std::string::npos);
    CHECK(ended("kesher-hub", "--migrate --owner host=/nowhere").said.find("--config") == std::string::npos);
}
