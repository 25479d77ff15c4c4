#include "audit/verifier/plain_words.h"

namespace kesher::verifier {

using contract::LegalBasis;
using contract::MessageType;

std::string_view deed(MessageType type) {
    switch (type) {
        case MessageType::referral_submitted:
            return "referred a case to";
        case MessageType::referral_event:
            return "reported an event of a referral to";
        case MessageType::consent_given:
            return "recorded a consent with";
        case MessageType::consent_revoked:
            return "gave notice of a withdrawn consent to";
        case MessageType::consent_revocation_acked:
            return "confirmed what it did about a withdrawn consent to";
        case MessageType::intake_screened:
            return "reported an intake to";
        case MessageType::eligibility_asked:
            return "asked a question of eligibility of";
        case MessageType::eligibility_answered:
            return "answered a question of eligibility of";
        case MessageType::capacity_updated:
            return "reported its capacity to";
        case MessageType::agenda_proposed:
            return "proposed an item of an agenda to";
        case MessageType::headcount_reported:
            return "reported a headcount to";
    }
    return "said something to";
}

std::string_view ground(LegalBasis basis) {
    switch (basis) {
        case LegalBasis::consent:
            return "the person consented (Privacy Protection Law s. 23b)";
        case LegalBasis::between_public_bodies_within_powers:
            return "it is between public bodies, within their powers (Privacy Protection Law s. 23c(1)(a))";
        case LegalBasis::between_public_bodies_needed:
            return "it is between public bodies, as their work needs it (Privacy Protection Law s. "
                   "23c(1)(b))";
        case LegalBasis::entitled_to_demand:
            return "the recipient is entitled to demand it (Privacy Protection Law s. 23c(2))";
        case LegalBasis::written_consent_explained:
            return "the person consented in writing after an explanation (Social Workers Law s. 8, ground 1)";
        case LegalBasis::social_workers_2:
            return "Social Workers Law s. 8, ground 2 holds";
        case LegalBasis::social_workers_3:
            return "Social Workers Law s. 8, ground 3 holds";
        case LegalBasis::harm_prevention:
            return "it is to prevent harm (Social Workers Law s. 8, ground 4)";
        case LegalBasis::social_workers_5:
            return "Social Workers Law s. 8, ground 5 holds";
        case LegalBasis::social_workers_6:
            return "Social Workers Law s. 8, ground 6 holds";
        case LegalBasis::social_workers_7:
            return "Social Workers Law s. 8, ground 7 holds";
        case LegalBasis::social_workers_8:
            return "Social Workers Law s. 8, ground 8 holds";
        case LegalBasis::patient_consent:
            return "the patient consented (Patient's Rights Law s. 20, ground 1)";
        case LegalBasis::treating_clinician:
            return "it goes to a treating clinician (Patient's Rights Law s. 20, ground 3)";
        case LegalBasis::no_personal_data:
            return "it holds no data about a person";
    }
    return "there is one that this program does not know";
}

std::string sentence(const statement::DatedStatement& said) {
    const statement::Statement& what = said.statement;
    std::string text = what.from.text() + ' ';
    text.append(deed(what.type)).append(" ").append(what.to.text());
    text.append(" on ").append(contract::text(said.iat));
    // Its own word: whether there was a consent, the log says (kesher-verify log).
    if (what.basis) text.append(": it states as its ground that ").append(ground(*what.basis));
    return text;
}

}  // namespace kesher::verifier
