#include "tests/unit/record/referrals.h"

#include <algorithm>

#include "schemas/codec/records.h"

namespace kesher::record::samples {
namespace {

using namespace contract;

constexpr auto kFirstOther = static_cast<std::size_t>(DataGroup::locality);

Digest filled(std::uint32_t seed) {
    std::mt19937 bytes(seed);
    Digest digest;
    for (auto& byte : digest.bytes) byte = static_cast<std::uint8_t>(bytes());
    return digest;
}

Pseudonym pseudonym(std::uint32_t seed) {
    std::array<std::uint8_t, 10> random{};
    std::copy_n(filled(seed).bytes.begin(), random.size(), random.begin());
    return Pseudonym::of_random(random);
}

codec::Safety no_flag_but_neutral_name() {
    codec::Safety safety;
    for (std::size_t i = 0; i < kSafetyFlags.size(); ++i) safety.set(static_cast<SafetyFlag>(i), false);
    safety.neutral_name = true;
    return safety;
}

class Draw {
public:
    explicit Draw(std::mt19937& dice) : dice_(dice) {}
    std::size_t below(std::size_t end) {
        return std::uniform_int_distribution<std::size_t>(0, end - 1)(dice_);
    }
    bool coin() { return below(2) == 1; }
    template <class Enum, std::size_t N>
    Enum word(const ClosedList<Enum, N>&) {
        return static_cast<Enum>(below(N));
    }
    // Letters of four scripts, quotes, what JSON escapes, and now and then a control character.
    std::string text(std::size_t most) {
        static const std::vector<std::string> kPieces{"א",  "ם",  "ش", "Ж", "z", "\"",
                                                      "\\", "😀", "/", " ", "9", "|"};
        std::string said;
        for (std::size_t i = 0; i <= below(most); ++i) said += kPieces[below(kPieces.size())];
        return said;
    }
    std::string lines(std::size_t most) { return text(most) + (coin() ? "\n\x01 end" : "\t"); }
    std::optional<std::string> maybe(std::size_t most) {
        return coin() ? std::optional<std::string>(text(most)) : std::nullopt;
    }

private:
    std::mt19937& dice_;
};

codec::Contact contact(Draw& draw, bool phone) {
    codec::Contact contact;
    if (phone && draw.coin()) contact.phone = std::string(draw.coin() ? "+" : "") + "9725000000" + "17";
    contact.neutral_name = draw.maybe(30);
    contact.safe_channel = draw.word(codec::kSafeChannels);
    for (std::size_t i = draw.below(3); i > 0; --i) {
        const auto from = static_cast<std::int32_t>(draw.below(1440));
        contact.safe_hours.push_back(
            {static_cast<std::int32_t>(draw.below(7)), from,
             from + 1 + static_cast<std::int32_t>(draw.below(static_cast<std::size_t>(1440 - from)))});
    }
    return contact;
}

codec::Particulars particulars(Draw& draw) {
    codec::Particulars said;
    if (draw.coin()) said.text = draw.lines(60);
    for (std::size_t i = draw.below(3); i > 0; --i) said.answers.push_back({draw.text(12), draw.text(40)});
    return said;
}

codec::Sealed sealed(Draw& draw) {
    codec::Sealed sealed;
    sealed.known_by = draw.word(kKnownBy);
    if (draw.coin()) sealed.need = draw.lines(200);
    sealed.worker = draw.maybe(12);
    for (std::size_t i = 0; i < kSafetyFlags.size(); ++i)
        sealed.safety.set(static_cast<SafetyFlag>(i), draw.below(3) == 0);
    const bool silence = sealed.safety.contact_prohibited || sealed.safety.address_confidential;
    if (draw.coin()) sealed.consent_until = Day{std::chrono::days{20000 + draw.below(400)}};
    if (draw.coin()) sealed.appointment = codec::Appointment{Instant{}, 30, "room 4"};
    if (sealed.known_by == KnownBy::identified || (sealed.known_by == KnownBy::contact && draw.coin())) {
        sealed.identity = codec::Identity{.id_number = std::string(kIdNumber),
                                          .given_name = draw.maybe(20),
                                          .family_name = draw.maybe(20),
                                          .birth_year = 1900 + static_cast<std::int32_t>(draw.below(299))};
    }
    if (sealed.known_by == KnownBy::contact || draw.coin())
        sealed.contact = contact(draw, !silence && sealed.known_by != KnownBy::presents);
    for (std::size_t i = 0; i < codec::kOtherGroups; ++i) {
        const bool locality = static_cast<DataGroup>(i + kFirstOther) == DataGroup::locality;
        if (draw.below(3) == 0 && !(locality && silence)) sealed.others[i] = particulars(draw);
    }
    for (std::size_t i = draw.below(3); i > 0; --i) {
        sealed.attachments.push_back({"scan " + draw.text(3).substr(0, 0) + std::to_string(i),
                                      "application/pdf", draw.coin() ? DataGroup::health : DataGroup::legal,
                                      Bytes(draw.below(5), std::uint8_t{0xFF})});
    }
    return sealed;
}

}  // namespace

Referral whole() {
    Referral referral{.message = MessageId::of_keyed_hash(filled(1)),
                      .referral = ReferralId::of_keyed_hash(filled(2)),
                      .from = OrganisationId::parse("ssd-5000").value(),
                      .to = OrganisationId::parse("health").value(),
                      .pseudonym = pseudonym(3),
                      .service = Service::hlt_ment,
                      .purpose = Purpose::treatment,
                      .basis = LegalBasis::written_consent_explained,
                      .groups = {},
                      .consent = ConsentId::of_keyed_hash(filled(4)),
                      .priority = Priority::urgent,
                      .language = Language::ar,
                      .occurred_on = parse_day("2026-11-20").value(),
                      .sealed = {},
                      .statement = "eyJhbGciOiJFUzI1NiJ9.e30.c2ln"};
    codec::Sealed& sealed = referral.sealed;
    sealed.known_by = KnownBy::identified;
    sealed.need = "פגישה ראשונה\nבשעות הבוקר";
    sealed.worker = "desk 7";
    sealed.safety = no_flag_but_neutral_name();
    sealed.consent_until = parse_day("2027-02-18");
    sealed.identity = codec::Identity{.id_number = std::string(kIdNumber),
                                      .given_name = std::string(kGivenName),
                                      .family_name = std::string(kFamilyName),
                                      .birth_year = 1990};
    sealed.contact = codec::Contact{.phone = std::string(kPhone),
                                    .neutral_name = "דנה",
                                    .safe_channel = codec::SafeChannel::sms,
                                    .safe_hours = {{0, 480, 720}, {2, 600, 1440}}};
    for (std::size_t i = 0; i < codec::kOtherGroups; ++i)
        sealed.others[i] =
            codec::Particulars{.text = "דבר " + std::to_string(i), .answers = {{"level", "2"}}};
    sealed.attachments = {{"letter.pdf", "application/pdf", DataGroup::health, {0x25, 0x50}}};
    referral.groups = sealed.groups();
    return referral;
}

Referral known_by(KnownBy how) {
    Referral referral = whole();
    codec::Sealed& sealed = referral.sealed;
    sealed.known_by = how;
    if (how != KnownBy::identified) sealed.identity.reset();
    if (how == KnownBy::presents) sealed.contact->phone.reset();
    referral.groups = sealed.groups();
    return referral;
}

Referral drawn(std::mt19937& dice) {
    Draw draw(dice);
    Referral referral = whole();
    const auto seed = static_cast<std::uint32_t>(draw.below(1'000'000));
    referral.message = MessageId::of_keyed_hash(filled(seed));
    referral.referral = ReferralId::of_keyed_hash(filled(seed + 1));
    referral.pseudonym = pseudonym(seed + 2);
    referral.service = draw.word(kServices);
    referral.purpose = draw.word(kPurposes);
    referral.basis = draw.word(kLegalBases);
    if (needs_no_consent(referral.basis)) referral.consent.reset();
    referral.priority = draw.word(kPriorities);
    referral.language = draw.word(kLanguages);
    referral.occurred_on = Day{std::chrono::days{20000 + draw.below(1000)}};
    do referral.sealed = sealed(draw);
    while (codec::flaw(referral.sealed));
    referral.groups = referral.sealed.groups();
    if (draw.coin()) referral.statement.clear();
    return referral;
}

}  // namespace kesher::record::samples
