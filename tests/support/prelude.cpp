// Holds the precompiled headers that every test reuses; it has no code of its own.
