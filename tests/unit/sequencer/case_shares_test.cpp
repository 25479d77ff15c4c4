// How much may begin in a case: each share to its last place, under each name for itself.
#include <catch2/catch.hpp>

#include "gateway/keys/pseudonyms.h"
#include "gateway/sequencer/case_shares.h"
#include "schemas/contract/shares.h"
#include "schemas/statement/hash.h"

using namespace kesher;
using namespace kesher::contract;
using sequencer::Begun;
using sequencer::has_share_left;
using sequencer::KnownSlots;

namespace {

const OrganisationId kDepartment = OrganisationId::parse("ssd-5000").value();
const OrganisationId kInstitute = OrganisationId::parse("nii").value();

struct ACase {
    Pseudonym name = keys::new_pseudonym();
    KnownSlots::Used used;

    // So many places of this kind under this name, each in a slot of its own.
    void take(std::size_t count, const OrganisationId& referrer, const Pseudonym& under, bool submitted,
              bool disclosed = false) {
        for (std::size_t n = 0; n < count; ++n) {
            const Digest slot = statement::sha256("slot " + std::to_string(used.size()));
            used.push_back({slot, referrer, under, submitted, disclosed});
        }
    }
    [[nodiscard]] bool may(Begun as) const { return may(as, kDepartment, name); }
    [[nodiscard]] bool may(Begun as, const OrganisationId& referrer, const Pseudonym& under) const {
        return has_share_left(used, {referrer, under, as});
    }
};

}  // namespace

TEST_CASE("A name has so many drafts of a case and beside them so many submissions") {
    ACase it;
    CHECK(it.may(Begun::draft));
    it.take(limits::kDraftsOfOneBody - 1, kDepartment, it.name, false);
    CHECK(it.may(Begun::draft));
    it.take(1, kDepartment, it.name, false);
    CHECK_FALSE(it.may(Begun::draft));
    CHECK(it.may(Begun::submission));
    it.take(limits::kReferralsOfOneBody - 1, kDepartment, it.name, true);
    CHECK(it.may(Begun::submission));
    it.take(1, kDepartment, it.name, true);
    CHECK_FALSE(it.may(Begun::submission));
}

TEST_CASE("Submissions take no place from drafts") {
    ACase it;
    it.take(limits::kReferralsOfOneBody, kDepartment, it.name, true);
    CHECK(it.may(Begun::draft));
}

TEST_CASE(
    "Whatever was not released under other names, of the same body and of others, leaves a name its whole "
    "share") {
    ACase it;
    for (int names = 0; names < 20; ++names) {
        for (const OrganisationId& body : {kDepartment, kInstitute}) {
            const Pseudonym other = keys::new_pseudonym();
            it.take(limits::kDraftsOfOneBody, body, other, false);
            it.take(limits::kReferralsOfOneBody, body, other, true);
            CHECK_FALSE(it.may(Begun::draft, body, other));
        }
    }
    it.take(limits::kDraftsOfOneBody - 1, kDepartment, it.name, false);
    it.take(limits::kReferralsOfOneBody - 1, kDepartment, it.name, true);
    CHECK(it.may(Begun::draft));
    CHECK(it.may(Begun::submission));
}

TEST_CASE("A name that two bodies should have by chance is two names") {
    ACase it;
    it.take(limits::kReferralsOfOneBody, kInstitute, it.name, true);
    CHECK(it.may(Begun::submission));
    CHECK_FALSE(it.may(Begun::submission, kInstitute, it.name));
}

TEST_CASE("So many released referrals fill a case for everybody, and one fewer for nobody") {
    ACase it;
    it.take(limits::kReferralsPerCase - 1, kInstitute, keys::new_pseudonym(), true, true);
    CHECK(it.may(Begun::draft));
    CHECK(it.may(Begun::submission));
    it.take(1, kInstitute, keys::new_pseudonym(), true, true);
    CHECK_FALSE(it.may(Begun::draft));
    CHECK_FALSE(it.may(Begun::submission));
}
