"""Tasks out: exports, and annotations in the formats of training code."""
