// What this room works with; built once by gateway/app and handed on by gateway/http without a look inside.
#pragma once

#include "gateway/identity/submissions.h"
#include "gateway/keys/claim_codes.h"
#include "gateway/keys/key_files.h"
#include "gateway/sequencer/sequencer.h"

namespace kesher::identity {

struct Rooms {
    sequencer::Sequencer& sequencer;
    sequencer::RefusalCounts& refusals;
    store::Readers& readers;
    const keys::KeyDirectory& keys;
    const keys::RowKeys& row_keys;
    const keys::SealedStore& sealed_store;
    const keys::ClaimCodes& claim_codes;
    const log::NoteKey& log_key;
    std::string hub_name;
    std::string log_origin;
    std::string organisations_url;  // what a token file tells a newcomer: where it will work,
    std::string newcomers_url;      // and where it enrols

    [[nodiscard]] ReadingMeans reading() const { return {row_keys, sealed_store, readers, log_origin}; }
};

}  // namespace kesher::identity
