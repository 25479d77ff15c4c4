#include "adapters/kit/native_receipt.h"

#include "schemas/statement/hash.h"

namespace kesher::kit {

contract::Digest native_commitment(const statement::Salt& salt, contract::ByteView receipt) {
    return statement::sha256({contract::bytes_of("kesher.native.v1"), salt, receipt});
}

}  // namespace kesher::kit
