#include "schemas/codec/sealed_record.h"

#include <algorithm>
#include <cassert>

namespace kesher::codec {
namespace {

using contract::DataGroup;
using contract::SafetyFlag;

constexpr auto kFirstOther = static_cast<std::size_t>(DataGroup::locality);
static_assert(contract::kDataGroups.size() == kFirstOther + kOtherGroups);

bool& flag_of(Safety& safety, SafetyFlag flag) {
    switch (flag) {
        case SafetyFlag::contact_prohibited:
            return safety.contact_prohibited;
        case SafetyFlag::safe_channel:
            return safety.safe_channel;
        case SafetyFlag::safe_hours:
            return safety.safe_hours;
        case SafetyFlag::no_voicemail:
            return safety.no_voicemail;
        case SafetyFlag::neutral_name:
            return safety.neutral_name;
        case SafetyFlag::do_not_notify_family:
            return safety.do_not_notify_family;
        case SafetyFlag::address_confidential:
            break;
    }
    return safety.address_confidential;
}

std::size_t place_of(DataGroup group) {
    const auto place = static_cast<std::size_t>(group);
    assert(place >= kFirstOther && place < kFirstOther + kOtherGroups);
    return place - kFirstOther;
}

}  // namespace

bool Safety::has(SafetyFlag flag) const {
    Safety copy = *this;
    return flag_of(copy, flag);
}

void Safety::set(SafetyFlag flag, bool value) { flag_of(*this, flag) = value; }

std::optional<Particulars>& Sealed::other(DataGroup group) { return others[place_of(group)]; }

const std::optional<Particulars>& Sealed::other(DataGroup group) const { return others[place_of(group)]; }

std::vector<DataGroup> Sealed::groups() const {
    std::vector<DataGroup> found;
    if (identity) found.push_back(DataGroup::identity);
    if (contact) found.push_back(DataGroup::contact);
    for (std::size_t i = 0; i < kOtherGroups; ++i) {
        if (others[i]) found.push_back(static_cast<DataGroup>(kFirstOther + i));
    }
    for (const Attachment& attachment : attachments) found.push_back(attachment.group);
    const auto before = [](DataGroup a, DataGroup b) {
        return contract::kDataGroups.text(a) < contract::kDataGroups.text(b);
    };
    std::sort(found.begin(), found.end(), before);
    found.erase(std::unique(found.begin(), found.end()), found.end());
    return found;
}

}  // namespace kesher::codec
