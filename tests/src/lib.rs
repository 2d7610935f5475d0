//! The end-to-end stories: a sample shop, the real chain, a sample back office. One file per story in `tests/stories/`.
