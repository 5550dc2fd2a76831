"""Bytes to pages: decoding, folding, sentences, tokens."""
