// Holds the precompiled standard headers that every room reuses; it has no code of its own.
