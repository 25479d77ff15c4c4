// What an organisation brings to its enrolment: its own small CA, its keys, its first key list.
//
//   root.key root.pem              ten years; root.key is taken off this machine once the list is signed
//   signing.key signing.pem        a year
//   encryption.key encryption.pem  90 days, the most that contract.md 2 allows
//   tls.key tls.csr                PKCS#10 for POST /v1/enrolment
//   keys.jws                       the key list of serial 1, good as long as encryption.pem
//   witness.key alias.key          organisation_keys.h
#pragma once

#include "adapters/kit/organisation_keys.h"
#include "schemas/contract/ids.h"
#include "schemas/contract/instant.h"
#include "schemas/statement/issue.h"

namespace kesher::kit {

// Makes all of it in a directory that is missing or empty (mode 0700); nothing is ever written over.
[[nodiscard]] Usable<contract::Done> make_organisation_keys(const contract::OrganisationId& organisation,
                                                            const std::filesystem::path& directory,
                                                            const statement::Protection& protection,
                                                            contract::Instant at);

// How long a certificate holds that is issued at `at` for this use, signing or encryption: from a little
// before it, and never past `bound`, the end of its root.
[[nodiscard]] statement::Validity validity_of(statement::Use use, contract::Instant at,
                                              contract::Instant bound = contract::Instant::max());

// The root with its key, from wherever it is kept, to sign for a while what only the root signs.
[[nodiscard]] Usable<statement::Issuer> open_root(const std::filesystem::path& key_file,
                                                  const std::filesystem::path& certificate_file,
                                                  const statement::Protection& protection);

// `passphrase_file` empty: the keys lie plain.
[[nodiscard]] Usable<statement::Protection> protection_of(const std::filesystem::path& passphrase_file);

// Text that is on disk, whole and for its owner's eyes alone, when the call returns; never written over.
[[nodiscard]] Usable<contract::Done> write_new_file(const std::filesystem::path& file, std::string_view text);
// The same in the place of what was there: whoever reads the file finds the one or the other.
[[nodiscard]] Usable<contract::Done> place_file(const std::filesystem::path& file, std::string_view text);
// That it is gone is on disk when the call returns; one that is not there is no fault.
[[nodiscard]] Usable<contract::Done> remove_file(const std::filesystem::path& file);
// What a rename or an unlink changed is on disk with the folder that it stands in.
[[nodiscard]] bool sync_folder(const std::filesystem::path& folder);
// At most 1 MiB.
[[nodiscard]] Usable<std::string> read_small_file(const std::filesystem::path& file);

}  // namespace kesher::kit
