#include "tests/unit/codec/samples.h"

#include <numeric>

namespace kesher::codec::samples {

using namespace contract;
using std::chrono::minutes;

Digest digest(std::uint8_t fill) {
    Digest value;
    value.bytes.fill(fill);
    return value;
}

Bytes jwe() {
    const ByteView text =
        bytes_of("eyJhbGciOiJFQ0RILUVTIn0..AAAAAAAAAAAAAAAA.c2VhbGVk.AAAAAAAAAAAAAAAAAAAAAA");
    return {text.begin(), text.end()};
}

namespace {

Pseudonym pseudonym(std::uint8_t fill) {
    std::array<std::uint8_t, 10> random{};
    random.fill(fill);
    return Pseudonym::of_random(random);
}

Salt salt() {
    Salt value{};
    std::iota(value.begin(), value.end(), std::uint8_t{0});
    return value;
}

Notice notice() { return {.id = "benefit-claim", .version = 3, .sha256 = digest(0xA5)}; }

Particulars particulars(const char* code) {
    return {.text = "שורה אחת, and a second\nline", .answers = {{code, "yes"}, {"level", "2"}}};
}

}  // namespace

template <>
std::vector<Submission> of() {
    Submission full{.statement = "eyJhbGciOiJFUzI1NiJ9.e30.c2ln",
                    .payload = {0xC3, 0x01, 0x00, 0xFF},
                    .actor = {.salt = salt(),
                              .id = officer("worker.17"),
                              .role = OfficerRole::envelope_sw,
                              .proof = "a.b.c"},
                    .case_opening = CaseOpening{.salt = salt(), .pseudonym = pseudonym(0x5A)}};
    Submission bare = full;
    bare.payload.clear();
    bare.actor.proof.reset();
    bare.case_opening.reset();
    return {full, bare};
}

template <>
std::vector<SubmissionBatch> of() {
    const auto each = of<Submission>();
    return {{.submissions = each}, {.submissions = {each[1]}}};
}

template <>
std::vector<DeliveryBatch> of() {
    Delivery full{.delivery = DeliveryId::parse("f81d4fae-7dec-4bd0-bfff-00a0c91e6bf6").value(),
                  .statement = "eyJhbGciOiJFUzI1NiJ9.e30.c2ln",
                  .payload = {0xC3, 0x01, 0x00, 0xFF},
                  .pseudonym = pseudonym(0x33),
                  .version = 4,
                  .attempt = 2,
                  .not_after = start_of(day("2026-11-21")) + std::chrono::milliseconds{26'100'123},
                  .leaf = "eyJ2IjoxfQ\n{\"v\":1}\n",
                  .receipt = "c2sp.org/tlog-proof@v1\nindex 17\n"};
    Delivery bare = full;
    bare.payload.clear();
    bare.version = 0;
    bare.attempt = 1;
    return {{.deliveries = {full, bare}}, {.deliveries = {bare}}};
}

template <>
std::vector<ReferralSubmitted> of() {
    return {{.known_by = KnownBy::identified,
             .priority = Priority::urgent,
             .language = Language::ru,
             .occurred_on = day("2026-11-21"),
             .sealed = jwe()},
            {.occurred_on = day("1970-01-01"), .sealed = jwe()}};
}

template <>
std::vector<ReferralEventPayload> of() {
    return {{.event = ReferralEvent::complete,
             .outcome = Outcome::not_eligible_found,
             .occurred_on = day("2026-11-21"),
             .expected_on = day("2027-01-31"),
             .synthesized = true,
             .sealed = jwe()},
            {.event = ReferralEvent::withdraw, .occurred_on = day("2026-11-21")}};
}

template <>
std::vector<Draft> of() {
    return {{.event = ReferralEvent::ask_consent,
             .service = Service::ben_income,
             .recipient = organisation("nii"),
             .purposes = {Purpose::benefit_claim, Purpose::status_feedback},
             .groups = {DataGroup::contact, DataGroup::identity, DataGroup::income},
             .notice = notice(),
             .language = Language::ar},
            {.service = Service::group_dig,
             .recipient = organisation("digital-tool"),
             .purposes = {Purpose::referral}}};
}

template <>
std::vector<ConsentGiven> of() {
    ConsentGiven full{.version = 2,
                      .state = GivenState::active,
                      .notice = notice(),
                      .language = Language::he,
                      .explained_by = officer("worker.17"),
                      .licence = "27-12345",
                      .explained_at = day("2026-11-20"),
                      .interpreter = officer("interpreter.3"),
                      .form = ConsentForm::written_ink,
                      .form_sha256 = digest(0x11),
                      .grantor = Grantor::guardian,
                      .court_order = digest(0x22),
                      .discloser = organisation("ssd-5000"),
                      .recipient = organisation("nii"),
                      .purposes = {Purpose::benefit_claim, Purpose::status_feedback},
                      .groups = {DataGroup::contact, DataGroup::identity},
                      .direction = Direction::both,
                      .services = {Service::ben_disab, Service::ben_income},
                      .valid_from = day("2026-11-21"),
                      .valid_to = day("2027-02-19"),
                      .legal_basis = LegalBasis::written_consent_explained,
                      .withdrawal_method = {WithdrawalMethod::claim_code, WithdrawalMethod::worker},
                      .retention = 730,
                      .storage = Storage::israel,
                      .harm_veto = HarmVeto{.by = officer("worker.17"), .harm_to = HarmTo::family}};
    ConsentGiven bare{.notice = notice(),
                      .form = ConsentForm::anonymous_click,
                      .discloser = organisation("hotline-118"),
                      .recipient = organisation("rights-engine"),
                      .purposes = {Purpose::rights_check},
                      .valid_from = day("2026-11-21"),
                      .valid_to = day("2026-11-21"),
                      .legal_basis = LegalBasis::no_personal_data,
                      .withdrawal_method = {WithdrawalMethod::claim_code}};
    return {full, bare};
}

template <>
std::vector<ConsentRevoked> of() {
    return {{.occurred_on = day("2026-11-21")}, {.occurred_on = day("1999-12-31")}};
}

template <>
std::vector<ConsentRevocationAcked> of() {
    return {{.occurred_on = day("2026-11-21"),
             .effect = RevocationEffect::retained_by_law,
             .law = "חוק הביטוח הלאומי, סעיף 383"},
            {.occurred_on = day("2026-11-21"), .effect = RevocationEffect::deleted}};
}

template <>
std::vector<IntakeScreened> of() {
    return {{.fit = ScreeningFit::other_door,
             .language = Language::en,
             .district = District::judea_samaria,
             .occurred_on = day("2026-11-21")},
            {.occurred_on = day("2026-11-21")}};
}

template <>
std::vector<EligibilityAsked> of() {
    return {{.age_band = AgeBand::from_35_to_49,
             .children = Children::three_or_more,
             .income_band = IncomeBand::below_minimum,
             .housing = Housing::temporary,
             .work = Work::seeking,
             .disability = YesNo::no,
             .language = Language::ru},
            {}};
}

template <>
std::vector<EligibilityAnswered> of() {
    return {{.answers = {{.service = Service::ben_disab,
                          .likelihood = Likelihood::no,
                          .reason = Reason::not_eligible,
                          .door = Door::hotline_118},
                         {.service = Service::ben_income, .likelihood = Likelihood::likely}}},
            {}};
}

template <>
std::vector<CapacityUpdated> of() {
    return {{.service = Service::emp_voc,
             .seats_free = 0,
             .waiting_days = 45,
             .modality = Modality::text,
             .languages = {Language::ar, Language::he, Language::ru},
             .starts_on = day("2027-01-03"),
             .as_of = day("2026-11-21")},
            {.service = Service::accomp, .languages = {Language::he}, .as_of = day("2026-11-21")}};
}

template <>
std::vector<AgendaProposed> of() {
    return {{.body = CouncilBody::field_forum,
             .kind = AgendaKind::systemic_barrier,
             .titles = {.he = "חסם חוזר", .en = "A barrier", .ar = "حاجز", .ru = "Препятствие"},
             .service = Service::hous_rent,
             .minutes = 240,
             .visibility = AgendaVisibility::shared},
            {.titles = {.he = "סוגיה"}, .minutes = 1}};
}

template <>
std::vector<HeadcountReported> of() {
    return {{.month = std::chrono::year{2026} / 10,
             .programme = "A-17",
             .count = 63,
             .first_leaf = LeafIndex{0},
             .last_leaf = LeafIndex{4'294'967'296},
             .checkpoint = "hub.example/log\n4294967297\nAAAA\n\n— hub.example/log AAAA\n"},
            {.month = std::chrono::year{2026} / 1, .checkpoint = "x"}};
}

template <>
std::vector<Sealed> of() {
    Sealed full{.known_by = KnownBy::identified,
                .need = "עזרה במילוי טופס",
                .worker = "03-0000000",
                .consent_until = day("2027-02-19"),
                .appointment = Appointment{.slot = start_of(day("2026-12-01")) + minutes{450},
                                           .minutes = 45,
                                           .place = "קומה 2, חדר 4"},
                .identity = Identity{.id_number = "000000018",
                                     .given_name = "פלונית",
                                     .family_name = "אלמונית",
                                     .birth_year = 1990},
                .contact = Contact{.phone = "+972500000000",
                                   .neutral_name = "לשכת הפניות",
                                   .safe_channel = SafeChannel::through_worker,
                                   .safe_hours = {{.weekday = 0, .from = 540, .until = 720},
                                                  {.weekday = 6, .from = 0, .until = 1440}}},
                .attachments = {{.name = "טופס.pdf",
                                 .media_type = "application/pdf",
                                 .group = DataGroup::health,
                                 .bytes = {0x25, 0x50, 0x44, 0x46, 0x00}}}};
    full.safety.contact_prohibited = false;
    full.safety.address_confidential = false;
    for (auto& other : full.others) other = particulars("code");
    return {full, {}};
}

}  // namespace kesher::codec::samples
