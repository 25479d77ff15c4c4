#include "adapters/ctl/referral_notes.h"

#include "adapters/kit/organisation_setup.h"
#include "adapters/kit/unverified_jws.h"
#include "schemas/codec/records.h"
#include "schemas/json/object.h"
#include "schemas/json/read.h"
#include "schemas/json/writer.h"

namespace kesher::ctl {
namespace {

namespace fs = std::filesystem;

fs::path file_of(const fs::path& directory, const contract::ReferralId& referral) {
    return directory / "referrals" / (referral.text() + ".json");
}

}  // namespace

std::optional<ReferralNote> note_of(const statement::Statement& statement,
                                    const contract::OrganisationId& other,
                                    const contract::Pseudonym& pseudonym) {
    if (!statement.referral || !statement.purpose || !statement.basis) return std::nullopt;
    return ReferralNote{*statement.referral, other,    *statement.purpose, *statement.basis,
                        statement.consent,   pseudonym};
}

std::optional<ReferralNote> note_of(const kit::Written& written) {
    if (written.type != contract::MessageType::referral_submitted || !written.referral) return std::nullopt;
    const auto submission = codec::decode<codec::Submission>(written.submission);
    const bool about_a_case = submission && submission->case_opening && submission->case_opening->pseudonym;
    // Our own words: what we signed is not judged again.
    const json::Value claims = kit::unverified_claims(written.statement);
    const auto word = [&](std::string_view name) {
        const json::Value* value = claims.find(name);
        return value == nullptr || value->text() == nullptr ? std::string() : *value->text();
    };
    const auto purpose = contract::kPurposes.parse(word("purpose"));
    const auto basis = contract::kLegalBases.parse(word("basis"));
    if (!about_a_case || !purpose || !basis) return std::nullopt;
    return ReferralNote{*written.referral, written.to,
                        *purpose,          *basis,
                        written.consent,   *submission->case_opening->pseudonym};
}

std::string write_note(const ReferralNote& note) {
    json::Writer writer;
    writer.open_object()
        .number("v", 1)
        .text("referral", note.referral.text())
        .text("other", note.other.text())
        .text("purpose", contract::kPurposes.text(note.purpose))
        .text("basis", contract::kLegalBases.text(note.basis));
    if (note.consent) writer.text("consent", note.consent->text());
    return writer.text("pseudonym", note.pseudonym.reveal()).close().take();
}

std::optional<ReferralNote> read_note(std::string_view text) {
    const auto document = json::read(text);
    if (!document) return std::nullopt;
    json::Object object(*document);
    const std::int64_t version = object.integer("v");
    const auto referral = contract::ReferralId::parse(object.text("referral"));
    const auto other = contract::OrganisationId::parse(object.text("other"));
    const auto purpose = contract::kPurposes.parse(object.text("purpose"));
    const auto basis = contract::kLegalBases.parse(object.text("basis"));
    const auto consent_text = object.optional_text("consent");
    const auto consent = consent_text ? contract::ConsentId::parse(*consent_text) : std::nullopt;
    const auto pseudonym = contract::Pseudonym::parse(object.text("pseudonym"));
    const bool whole = object.finish() && version == 1 && referral && other && purpose && basis &&
                       pseudonym && consent_text.has_value() == consent.has_value();
    if (!whole) return std::nullopt;
    return ReferralNote{*referral, *other, *purpose, *basis, consent, *pseudonym};
}

kit::Usable<contract::Done> keep_note(const fs::path& directory, const ReferralNote& note) {
    const fs::path file = file_of(directory, note.referral);
    if (fs::exists(file)) return contract::Done{};
    std::error_code failed;
    fs::create_directories(file.parent_path(), failed);
    return kit::write_new_file(file, write_note(note));
}

std::optional<ReferralNote> find_note(const fs::path& directory, const contract::ReferralId& referral) {
    const fs::path file = file_of(directory, referral);
    if (!fs::exists(file)) return std::nullopt;
    const auto text = kit::read_small_file(file);
    return text ? read_note(*text) : std::nullopt;
}

}  // namespace kesher::ctl
