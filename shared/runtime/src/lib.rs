//! The Lambda shell: cold start, event decoding, the one mapping of faults to answers.
