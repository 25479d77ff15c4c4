#include "adapters/social_services/department_side.h"

#include "adapters/social_services/department.h"

namespace kesher::social_services {
namespace {

class DepartmentSide final : public kit::NativeSide {
public:
    DepartmentSide(const DepartmentSettings& settings, DepartmentMeans means)
        : department_(settings, std::move(means)) {}

    [[nodiscard]] kit::NativeAnswer deliver(const kit::ProvenDelivery& proven,
                                            const kit::Opened& opened) override {
        return department_.deliver({proven.statement(), opened.payload, opened.sealed,
                                    proven.delivery().pseudonym, contract::day_of(proven.released_at()),
                                    proven.delivery().not_after});
    }

    [[nodiscard]] kit::TakenBefore already_taken(const contract::OrganisationId& from,
                                                 const contract::MessageId& id) override {
        return department_.already_taken(from, id);
    }

    // R100 has one field for it. Its neutral name is no second one: a record can give a name there, but not
    // say that no other is to be used, and nothing at all where none was given (README.md).
    [[nodiscard]] contract::WordSet<contract::SafetyFlag> honours() const override {
        return {contract::SafetyFlag::contact_prohibited};
    }

    // The directory is asked for where it is needed: it is the same one.
    void work(contract::Instant now, const kit::Directory&) override { department_.work(now); }

private:
    Department department_;
};

}  // namespace

std::unique_ptr<kit::NativeSide> make_department_side(const DepartmentSettings& settings,
                                                      DepartmentMeans means) {
    return std::make_unique<DepartmentSide>(settings, std::move(means));
}

}  // namespace kesher::social_services
