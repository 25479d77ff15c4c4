// A program that dies tells the operator where and why, and leaves nothing of its memory behind: in it are
// private keys, her names while something of hers is opened, and a code on its way to her.
#pragma once

namespace kesher::telemetry {

// For the beginning of a program that holds any of it, before anything is read. From then on the kernel
// writes no core file for it, and the limit cannot be raised again. Nor does the kernel hand its memory to a
// collector of crashes, which the limit does not stop, or to another process of the same user: a debugger
// needs root. (With AddressSanitizer only the first: what it knows of leaks it learns by attaching to its own
// process.) Throws std::system_error.
void forbid_core_dumps();

}  // namespace kesher::telemetry
