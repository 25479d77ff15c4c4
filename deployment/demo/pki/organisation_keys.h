// What an organisation brings to its enrolment, made on one machine for the demo and the scenarios.
//
// In earnest the root is made offline and every passphrase typed (kesher-adapter init); here all keys
// lie plain in one directory, which is why this program is no part of an installation.
#pragma once

#include <filesystem>

#include "schemas/contract/ids.h"
#include "schemas/contract/instant.h"

namespace kesher::demo {

// Makes, in a directory that is missing or empty:
//   root.key root.pem              the organisation's own small CA, ten years
//   signing.key signing.pem        a year
//   encryption.key encryption.pem  90 days
//   tls.key tls.csr                PKCS#10 for POST /v1/enrolment
//   keys.jws                       the key list of serial 1, signed by the root, good as long as
//   encryption.pem
// Throws std::runtime_error with a sentence where it cannot.
void make_organisation_keys(const contract::OrganisationId& organisation,
                            const std::filesystem::path& directory, contract::Instant at);

// Takes care of directory and text files alike: nothing is ever overwritten.
void make_empty_directory(const std::filesystem::path& directory);
void write_text(const std::filesystem::path& file, std::string_view text);

}  // namespace kesher::demo
