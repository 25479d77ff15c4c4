// What this room works with; built once by gateway/app.
#pragma once

#include "gateway/keys/sealed_store.h"
#include "gateway/sequencer/sequencer.h"
#include "gateway/store/readers.h"

namespace kesher::insight {

struct Rooms {
    sequencer::Sequencer& sequencer;
    store::Readers& readers;
    const keys::RowKeys& row_keys;
    const keys::SealedStore& sealed_store;
};

}  // namespace kesher::insight
