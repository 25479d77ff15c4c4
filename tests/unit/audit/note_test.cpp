// A note holds only with the signatures its readers know, and has one spelling.
// Method: the samples' cosigned checkpoint, with one thing bent in each case.
#include "audit/log/note.h"

#include <catch2/catch.hpp>

#include "samples.h"

using namespace kesher;
using namespace kesher::log;
using contract::Bytes;
using contract::bytes_of;

namespace {

NoteKey key(const char* who) {
    return NoteKey::parse(samples::vectors()["keys"][who]["vkey"].get<std::string>()).value();
}
Bytes seed(const char* who) {
    return contract::from_hex(samples::vectors()["keys"][who]["seed_hex"].get<std::string>()).value();
}
std::string cosigned() { return samples::tlog("checkpoint.300.cosigned"); }
NoteSigner log_signer() {
    return NoteSigner::from_seed("hub.example/audit", NoteKeyType::ed25519, seed("log")).value();
}

std::string replaced(std::string text, const std::string& what, const std::string& with) {
    const std::size_t at = text.find(what);
    REQUIRE(at != std::string::npos);
    return text.replace(at, what.size(), with);
}

}  // namespace

TEST_CASE("A signed note is read and written again to the same bytes") {
    for (const char* name :
         {"checkpoint", "checkpoint.0", "checkpoint.300.cosigned", "checkpoint.300.ed25519+p256"}) {
        const std::string bytes = samples::tlog(name);
        CAPTURE(name);
        CHECK(write(parse_note(bytes).value()) == bytes);
    }
}

TEST_CASE("The text of a note ends at its last empty line") {
    const std::string line = write(log_signer().sign("one\n\ntwo\n"));
    const auto note = parse_note("one\n\ntwo\n\n" + line);
    REQUIRE(note);
    CHECK(note->text == "one\n\ntwo\n");
    CHECK(verify(*note, std::vector{key("log")}).value().size() == 1);
}

TEST_CASE("A malformed note is refused") {
    const std::string good = cosigned();
    const std::string name = "hub.example/audit BMkNm8";
    std::vector<std::string> bad = {
        "",
        "\n",
        "\n\n",
        "text\n",
        "text\n\n",
        good.substr(0, good.size() - 1),
        good + "\n",
        good + "x",
        replaced(good, "\n\n", "\n"),
        "\n" + good.substr(good.find("\xE2")),
        replaced(good, "\xE2\x80\x94 hub", "- hub"),
        replaced(good, "\xE2\x80\x94 hub", "\xE2\x80\x94  hub"),
        replaced(good, "\xE2\x80\x94 hub", "\xE2\x80\x94hub"),
        replaced(good, name, "hub.example/audit  BMkNm8"),
        replaced(good, name, "hub.example/audit"),
        replaced(good, name, "BMkNm8"),
        replaced(good, name, "hub+example BMkNm8"),
        replaced(good, name,
                 "hub\xC2\xA0"
                 "example BMkNm8"),
        replaced(good, name,
                 "hub\xE2\x80\x83"
                 "example BMkNm8"),
        replaced(good, "XWwhazwY=", "XWwhazwY"),
        replaced(good, "XWwhazwY=", "XWwhazwZ="),
        replaced(good, "XWwhazwY=", "XWwhazwY= "),
        replaced(good, "300\n", "300\r\n"),
        replaced(good, "300\n", std::string("300\0\n", 5)),
        replaced(good, "300\n", "300\t\n"),
        replaced(good, "300\n", "300\xFF\n"),
        "text\n\n\xE2\x80\x94 name AAAAAA==\n",  // a key id and no signature
    };
    for (const std::string& text : bad) {
        CAPTURE(text);
        CHECK_FALSE(parse_note(text));
    }
    CHECK(parse_note(good + "\n").error() == Flaw::note_malformed);
}

TEST_CASE("A note may carry 64 signatures and no more") {
    const std::string line = write(SignatureLine{"somebody.example", {1, 2, 3, 4}, Bytes(64, 7)});
    std::string note = "text\n\n";
    for (int i = 0; i < 64; ++i) note += line;
    CHECK(parse_note(note).value().lines.size() == 64);
    CHECK(parse_note(note + line).error() == Flaw::note_malformed);
}

TEST_CASE("A note at the largest size is read and one byte more is not") {
    const std::string line = write(SignatureLine{"a", {1, 2, 3, 4}, Bytes(64, 7)});
    const std::string text(kNoteBytes - line.size() - 2, 'x');
    CHECK(parse_note(text + "\n\n" + line));
    CHECK(parse_note(text + "x\n\n" + line).error() == Flaw::too_large);
}

TEST_CASE("Key names and ids are those of the samples") {
    for (const char* who : {"log", "w1", "w2"}) {
        const auto& vector = samples::vectors()["keys"][who];
        const auto type = NoteKeyType{vector["type"].get<std::uint8_t>()};
        const auto made = NoteKey::make(vector["name"], type,
                                        contract::from_hex(vector["public_hex"].get<std::string>()).value());
        REQUIRE(made);
        CHECK(made->vkey() == vector["vkey"].get<std::string>());
        CHECK(contract::hex(made->id()) == vector["key_id_hex"].get<std::string>());
        CHECK(key(who) == *made);
        CHECK(NoteSigner::from_seed(vector["name"], type, seed(who)).value().key() == *made);
    }
}

TEST_CASE("A key whose id is not the hash of its name and bytes is refused") {
    const std::string good = key("log").vkey();
    for (const std::string& bad : std::vector<std::string>{
             std::string(), std::string("hub.example/audit"), replaced(good, "04c90d9b", "04c90d9c"),
             replaced(good, "04c90d9b", "04C90D9B"), replaced(good, "hub", "hab"),
             replaced(good, "+04", "++04"), replaced(good, "WZKT9", "WZKT8"), good + "\n", good + "=",
             " " + good, replaced(good, "hub.", "hub "), good.substr(good.find('+')),
             good.substr(0, good.size() - 4)}) {
        CAPTURE(bad);
        CHECK_FALSE(NoteKey::parse(bad));
    }
    std::string p256 = samples::tlog("log.p256.vkey");
    while (p256.ends_with('\n')) p256.pop_back();
    CHECK(NoteKey::parse(p256).error() == Flaw::key_type_unsupported);
}

TEST_CASE("Every signature of the samples holds and its time is read") {
    const auto note = parse_note(cosigned()).value();
    const auto verified = verify(note, std::vector{key("log"), key("w1"), key("w2")}).value();
    REQUIRE(verified.size() == 3);
    CHECK_FALSE(verified[0].time);
    CHECK(verified[1].time == CosignatureTime{std::chrono::seconds{1'700'000'000}});
    CHECK(verified[2].time == CosignatureTime{std::chrono::seconds{1'700'000'001}});
}

TEST_CASE("Lines of unknown keys are kept and prove nothing") {
    const auto note = parse_note(samples::tlog("checkpoint.300.ed25519+p256")).value();
    CHECK(note.lines.size() == 2);
    CHECK(verify(note, std::vector{key("log")}).value().size() == 1);
    CHECK(verify(note, std::vector{key("w1")}).value().empty());
    CHECK(verify(note, {}).value().empty());
}

TEST_CASE("One wrong signature of a known key refuses the whole note") {
    const auto good = parse_note(cosigned()).value();
    for (std::size_t line = 0; line < 3; ++line) {
        for (const std::size_t byte : {std::size_t{0}, good.lines[line].signature.size() - 1}) {
            auto bent = good;
            bent.lines[line].signature[byte] ^= 1U;
            CAPTURE(line, byte);
            CHECK(verify(bent, std::vector{key("log"), key("w1"), key("w2")}).error() ==
                  Flaw::signature_wrong);
        }
    }
    auto second_bad_line = good;
    second_bad_line.lines.push_back(good.lines[0]);
    second_bad_line.lines.back().signature[3] ^= 1U;
    CHECK(verify(second_bad_line, std::vector{key("log")}).error() == Flaw::signature_wrong);
    auto other_text = good;
    other_text.text[0] = 'H';
    CHECK(verify(other_text, std::vector{key("log")}).error() == Flaw::signature_wrong);
}

TEST_CASE("A signature of another length does not hold") {
    const auto good = parse_note(cosigned()).value();
    for (const std::size_t line : {0U, 1U}) {
        auto shorter = good.lines[line];
        shorter.signature.pop_back();
        auto longer = good.lines[line];
        longer.signature.push_back(0);
        const NoteKey& of = line == 0 ? key("log") : key("w1");
        CHECK(of.holds(good.lines[line], good.text));
        CHECK_FALSE(of.holds(shorter, good.text));
        CHECK_FALSE(of.holds(longer, good.text));
    }
    auto tiny = good.lines[1];
    tiny.signature.resize(7);
    CHECK_FALSE(time_of(tiny));
    CHECK_FALSE(key("w1").holds(tiny, good.text));
}

TEST_CASE("A cosignature's time is part of what is signed and is a time") {
    const auto signer =
        NoteSigner::from_seed("health.example/witness", NoteKeyType::cosignature, seed("w1")).value();
    const std::string body = parse_note(cosigned()).value().text;
    const auto line = signer.cosign(body, CosignatureTime{std::chrono::seconds{1'700'000'000}});
    CHECK(line == parse_note(cosigned()).value().lines[1]);
    CHECK(write(line) == samples::tlog("add-checkpoint.response.txt"));
    auto later = line;
    later.signature[7] += 1;
    CHECK_FALSE(signer.key().holds(later, body));
    auto never = line;
    never.signature[0] = 0xFF;
    CHECK_FALSE(time_of(never));
    CHECK_FALSE(signer.key().holds(never, body));
}

TEST_CASE("A log's key signs the samples' bytes again") {
    const auto note = parse_note(samples::tlog("checkpoint.300")).value();
    CHECK(log_signer().sign(note.text) == note.lines[0]);
}

TEST_CASE("A log's key never cosigns and a witness's key never signs") {
    const auto witness = NoteSigner::from_seed("w.example", NoteKeyType::cosignature, seed("w1")).value();
    CHECK_THROWS_AS(witness.sign("text\n"), std::logic_error);
    CHECK_THROWS_AS(log_signer().cosign("text\n", {}), std::logic_error);
    CHECK_THROWS_AS(log_signer().sign("no line feed"), std::logic_error);
}

TEST_CASE("A private key is read from PKCS 8 as DER and as PEM") {
    // RFC 8410 section 7: the prefix of an Ed25519 PKCS #8 key, then the seed.
    Bytes der = contract::from_hex("302e020100300506032b657004220420").value();
    const Bytes raw = seed("log");
    der.insert(der.end(), raw.begin(), raw.end());
    const std::string pem =
        "-----BEGIN PRIVATE KEY-----\n" + contract::base64(der) + "\n-----END PRIVATE KEY-----\n";
    for (const contract::ByteView bytes : {contract::ByteView(der), bytes_of(pem)}) {
        const auto signer = NoteSigner::from_pkcs8("hub.example/audit", NoteKeyType::ed25519, bytes);
        REQUIRE(signer);
        CHECK(signer->key() == key("log"));
    }
    Bytes trailing = der;
    trailing.push_back(0);
    CHECK_FALSE(NoteSigner::from_pkcs8("hub.example/audit", NoteKeyType::ed25519, trailing));
    CHECK_FALSE(NoteSigner::from_pkcs8("hub example", NoteKeyType::ed25519, der));
}

TEST_CASE("A file that is no plain Ed25519 key is refused without asking anybody") {
    const std::string x25519 =
        "-----BEGIN PRIVATE "
        "KEY-----\nMC4CAQAwBQYDK2VuBCIEIKQspSgwYBzrhuybIJXmZnl6F12W66fEjz3WxI51veWa\n-----END PRIVATE "
        "KEY-----\n";
    const std::string encrypted =
        "-----BEGIN ENCRYPTED PRIVATE KEY-----\n"
        "MIGbMFcGCSqGSIb3DQEFDTBKMCkGCSqGSIb3DQEFDDAcBAhF041dsgBzTgICCAAw\n"
        "DAYIKoZIhvcNAgkFADAdBglghkgBZQMEASoEEAjgK3q+jNSt5+NmkTBbdSIEQFaV\n"
        "kU0IjzumYbuk4DviEIZehvZ/vNSeHBgPB/96Mz/UotT+zvV/t0hANgLcBqOORdLy\n"
        "Y4hkIh1JCrqQJgm9RTw=\n"
        "-----END ENCRYPTED PRIVATE KEY-----\n";
    for (const std::string& bytes : std::vector<std::string>{std::string(), std::string("-----BEGIN"), x25519,
                                                             encrypted, std::string(48, '\x30')}) {
        CAPTURE(bytes);
        CHECK(NoteSigner::from_pkcs8("hub.example/audit", NoteKeyType::ed25519, bytes_of(bytes)).error() ==
              Flaw::key_malformed);
    }
    CHECK_FALSE(NoteSigner::from_seed("hub.example/audit", NoteKeyType::ed25519, Bytes(31)));
    CHECK_FALSE(NoteSigner::from_seed("hub.example/audit", NoteKeyType::ed25519, Bytes(33)));
}
