#include "gateway/sequencer/ended_certificates.h"

namespace kesher::sequencer {

std::vector<std::string> EndedCertificates::since_last_look(std::shared_ptr<const Registry> now) {
    std::vector<std::string> ended;
    if (now == last_) return ended;
    for (const auto& [id, organisation] : last_->organisations()) {
        for (const store::TlsCertificateRow& certificate : last_->certificates_of(id)) {
            if (!now->owner_of(certificate.fingerprint))
                ended.push_back(contract::hex(certificate.fingerprint.view()));
        }
    }
    last_ = std::move(now);
    return ended;
}

}  // namespace kesher::sequencer
