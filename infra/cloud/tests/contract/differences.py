"""Where somebody answers otherwise than AWS, and why.

Read by report.py, which fails when an answer differs and is not listed, and when a listed difference is gone, unless
chance decides. One of ours is listed only where no code of ours can see it.
"""

# who -> check -> what it does instead
DIFFERENCES = {
    "ours": {
        "the old item is returned and nothing where there was none":
            "the engine of the tables returns the key alone of a row that was not there; the store reads other attributes only",
    },
    "moto": {
        "an attribute out of range is refused": "keeps any value",
        "invalid characters are refused": "keeps any character",
        "an entry with invalid characters fails alone": "keeps any character",
        "visibility of a message not in flight is refused": "changes it without looking",
        "sequence numbers grow": "draws them at random",
        "a known deduplication id delivers nothing even after a delete": "forgets an id with its message",
        "another key than the blobs is refused": "AccessDeniedException instead of IncorrectKeyException",
        "a disabled key refuses until enabled": "disabled keys still work",
        "numbers keep thirty eight digits": "keeps a number as the text it came in",
        "a row of four hundred kibibytes passes and a byte more does not": "weighs a row by its JSON, some bytes heavier",
        "a batch of twenty five is written and counted": "every call costs one unit",
        "a batch of twenty six is refused whole": "takes any number",
        "a batch with a key twice is refused whole": "writes both, the later counts",
        "a write costs a unit for each kibibyte": "every call costs one unit",
        "a full last page names a next one that is empty": "knows that the page was the last",
        "a read costs a unit for four kibibytes and half where it may be old": "every read costs half a unit",
        "a page costs what its rows weigh together": "every call costs one unit",
    },
    "ministack": {
        "attributes are shown and changed": "ignores attribute names it does not know",
        "an entry with an impossible delay fails alone": "accepts any delay in a batch",
        "a message may be deleted twice": "refuses the second delete",
        "visibility of a message not in flight is refused": "changes it without looking",
        "a tampered blob is an invalid ciphertext": "does not authenticate blobs",
        "a blob moves to another key and context": "has no ReEncrypt",
        "another key than the blobs is refused": "opens it with the wrong key",
        "a page costs what its rows weigh together": "every page costs one unit",
    },
}

# The same where chance decides: may differ, need not.
SOMETIMES = {
    "moto": {"of many writers one wins": "looks and writes in two steps, so that two of many threads may win"},
}
