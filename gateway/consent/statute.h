// Decides what her word still stops where a statute carries a disclosure in place of her consent (PPL23C-*).
//
// Between public bodies a statute may stand where she was never asked (Privacy Protection Law s. 23c). Where
// she said no, took her yes back, or a worker was convinced that the disclosure may hurt her (Social Workers
// Law s. 8(a)(1)), naming a statute is no way round it: deny beats permit (domain.md 5.1).
#pragma once

#include <optional>
#include <span>

#include "gateway/consent/consent.h"

namespace kesher::consent {

// What answers for this purpose: the deciding consent, unless it was only proposed to her and nobody was
// convinced of harm. Null where she has not spoken of it.
[[nodiscard]] const Consent* her_answer(std::span<const Consent> consents,
                                        const contract::OrganisationId& discloser,
                                        const contract::OrganisationId& recipient, contract::Purpose purpose);

// Her no, in the words of `evaluate`; none where she agreed, be it within her dates or not, or said nothing:
// then the statute stands by itself. Her answer for the purpose decides. Where she gave none, she has said
// all that she said of these two bodies for other purposes, and her no for any of them holds: a sender that
// names a purpose which nobody asked her about has found no way round it.
//   consent_revoked  she withdrew
//   consent_missing  she refused, or somebody was convinced of harm, whatever she answered
[[nodiscard]] std::optional<contract::Code> her_no(std::span<const Consent> consents,
                                                   const contract::OrganisationId& discloser,
                                                   const contract::OrganisationId& recipient,
                                                   contract::Purpose purpose);

// `consents` are all of the pair, whatever their purposes, here and below.
//
// A submission on a statute: her no, then may_reveal_without_consent. `named`, `groups` and `service` of the
// question are not asked about; no consent grants them here.
[[nodiscard]] contract::Result<contract::Done, contract::Code> evaluate_by_statute(
    const Question& question, std::span<const Consent> consents);

}  // namespace kesher::consent
