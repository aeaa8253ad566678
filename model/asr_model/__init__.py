"""What is right: the vocabulary, the lifecycle and everything derived from it. No input or output happens here."""
