#include "gateway/keys/certificate_authority.h"

#include <algorithm>
#include <stdexcept>

namespace kesher::keys {
namespace {

using contract::Instant;
using contract::OrganisationId;
using statement::Certificate;
using statement::Use;

}  // namespace

statement::Validity validity_from(Instant at, std::chrono::seconds life, Instant bound) {
    const auto from = std::chrono::floor<std::chrono::seconds>(at) - kCertificateBackdate;
    // The last second is inclusive (RFC 5280 4.1.2.5), so a life of n seconds ends at the n-1st.
    const auto end = from + life - std::chrono::seconds{1};
    return {from, std::min<Instant>(end, std::chrono::floor<std::chrono::seconds>(bound))};
}

contract::Result<Certificate, statement::CertificateFault> CertificateAuthority::issue_client(
    std::string_view pkcs10, const OrganisationId& organisation, Instant at) const {
    auto request = statement::read_request(pkcs10);
    if (!request) return contract::Failure{request.error()};
    return issue(request->key, organisation, Use::tls_client, kClientCertificateLife, at, {});
}

Certificate CertificateAuthority::issue_server(const statement::PublicKey& key,
                                               const std::vector<std::string>& hosts, Instant at) const {
    return issue(key, OrganisationId::hub(), Use::tls_server, kServerCertificateLife, at, hosts);
}

Certificate CertificateAuthority::issue(const statement::PublicKey& key, const OrganisationId& subject,
                                        Use use, std::chrono::seconds life, Instant at,
                                        const std::vector<std::string>& hosts) const {
    // A certificate that nobody accepts would look like a fault of the connection, far from its cause.
    if (!certificate().valid_at(at)) {
        throw std::runtime_error("the certificate authority's own certificate does not hold at this time");
    }
    return issuer_.issue(key, subject, use, validity_from(at, life, certificate().not_after()), hosts);
}

}  // namespace kesher::keys
