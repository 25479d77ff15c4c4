// Every OpenSSL call of this floor is checked the same way: anything but 1 is a broken world.
#pragma once

namespace kesher::merkle {

// std::runtime_error naming the call unless rc is exactly 1. Nothing a sender influences ends here.
void must(int rc, const char* call);

}  // namespace kesher::merkle
