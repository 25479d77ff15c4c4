#include <exception>
#include <iostream>

#include "audit/verifier/run.h"

int main(int argc, char** argv) {
    try {
        return kesher::verifier::run(argc, argv, std::cout, std::cerr);
    } catch (const std::exception& broken) {
        std::cerr << "kesher-verify: " << broken.what() << '\n';
        return 2;
    }
}
