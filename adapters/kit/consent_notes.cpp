#include "adapters/kit/consent_notes.h"

#include "adapters/kit/organisation_setup.h"
#include "schemas/codec/records.h"
#include "schemas/json/object.h"
#include "schemas/json/read.h"
#include "schemas/json/writer.h"
#include "schemas/statement/hash.h"

namespace kesher::kit {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kGiven = ".given.json";
constexpr std::string_view kRevoked = ".revoked.json";

Usable<contract::Done> keep(const fs::path& directory, const contract::ConsentId& consent,
                            std::string_view ending, const std::string& text) {
    const fs::path folder = directory / "consents";
    const std::string name = contract::hex(statement::sha256("note " + consent.text()).view()).substr(0, 32);
    const fs::path file = folder / (name + std::string(ending));
    const fs::path part = folder / (name + ".part");
    std::error_code failed;
    fs::create_directories(folder, failed);
    if (failed) return contract::Failure{Unusable{folder.string() + ": cannot be made"}};
    if (fs::exists(file)) {
        const auto before = read_small_file(file);
        if (before && *before == text) return contract::Done{};
    }
    fs::remove(part, failed);  // of a run that was killed
    if (const auto written = write_new_file(part, text); !written) return written;
    fs::rename(part, file, failed);
    if (failed) return contract::Failure{Unusable{file.string() + ": cannot be written"}};
    return contract::Done{};
}

std::optional<contract::ConsentId> read_revocation_note(std::string_view text) {
    const auto document = json::read(text);
    if (!document) return std::nullopt;
    json::Object object(*document);
    const std::int64_t version = object.integer("v");
    const auto id = contract::ConsentId::parse(object.text("consent"));
    return object.finish() && version == 1 ? id : std::nullopt;
}

}  // namespace

std::string write_consent_note(const ConsentNote& note) {
    json::Writer writer;
    return writer.open_object()
        .number("v", 1)
        .text("consent", note.id.text())
        .text("number", note.number)
        .text("given", contract::base64url(codec::encode(note.given)))
        .close()
        .take();
}

std::optional<ConsentNote> read_consent_note(std::string_view text, const AliasMaker& aliases) {
    const auto document = json::read(text);
    if (!document) return std::nullopt;
    json::Object object(*document);
    const std::int64_t version = object.integer("v");
    const auto id = contract::ConsentId::parse(object.text("consent"));
    const std::string number(object.text("number"));
    const auto bytes = contract::from_base64url(object.text("given"));
    if (!object.finish() || version != 1 || !id || !bytes || !is_native_number(number)) return std::nullopt;
    auto given = codec::decode<codec::ConsentGiven>(*bytes);
    if (!given || aliases.consent(number, given->recipient) != *id) return std::nullopt;
    return ConsentNote{*id, number, *std::move(given)};
}

Usable<contract::Done> keep_consent_note(const fs::path& directory, const ConsentNote& note) {
    return keep(directory, note.id, kGiven, write_consent_note(note));
}

Usable<contract::Done> keep_revocation_note(const fs::path& directory, const contract::ConsentId& consent) {
    json::Writer writer;
    const std::string text =
        writer.open_object().number("v", 1).text("consent", consent.text()).close().take();
    return keep(directory, consent, kRevoked, text);
}

ConsentNotes::Read ConsentNotes::read_new(Journal& journal) {
    Read read;
    std::error_code error;
    for (fs::directory_iterator at(folder_, error), end; !error && at != end; at.increment(error)) {
        const std::string name = at->path().filename().string();
        if (!name.ends_with(".json") || seen_.contains(name)) continue;
        if (read_one(name, journal, read)) {
            seen_.insert(name);
        } else {
            ++read.unreadable;
        }
    }
    return read;
}

bool ConsentNotes::read_one(const std::string& name, Journal& journal, Read& read) {
    const auto text = read_small_file(folder_ / name);
    if (name.ends_with(kRevoked)) {
        const auto id = text ? read_revocation_note(*text) : std::nullopt;
        if (!id) return false;
        if (!journal.is_revoked(*id)) {
            journal.apply_revocation(*id);
            ++read.revoked;
        }
        return true;
    }
    const auto note = text ? read_consent_note(*text, aliases_) : std::nullopt;
    if (!note) return false;
    if (journal.consent(note->id)) return true;
    Journal::Step step(journal);
    journal.put_consent(known_from(note->id, note->given));
    if (!journal.put_alias({AliasKind::consent, note->number, note->id.text(), note->given.recipient})) {
        return false;
    }
    step.commit();
    ++read.given;
    return true;
}

}  // namespace kesher::kit
