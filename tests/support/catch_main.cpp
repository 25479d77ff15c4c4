// The one object that holds Catch2's main, so that no test file compiles it again.
#define CATCH_CONFIG_MAIN
#include <catch2/catch.hpp>
