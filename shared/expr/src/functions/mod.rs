//! The functions of the language, one file a group. Adding one touches its group's file and nothing else.

mod codec;
mod date;
mod list;
mod logic;
mod number;
mod pattern;
mod text;

use crate::function::Function;

const GROUPS: [&[&Function]; 7] = [text::ALL, pattern::ALL, number::ALL, logic::ALL, date::ALL, list::ALL, codec::ALL];

const COUNT: usize = { let (mut sum, mut at) = (0, 0); while at < GROUPS.len() { sum += GROUPS[at].len(); at += 1; } sum };

/// All of them, in the order of the reference.
pub(crate) const ALL: [&Function; COUNT] = {
    let mut all = [text::ALL[0]; COUNT];
    let (mut group, mut filled) = (0, 0);
    while group < GROUPS.len() {
        let mut at = 0;
        while at < GROUPS[group].len() {
            all[filled] = GROUPS[group][at];
            (filled, at) = (filled + 1, at + 1);
        }
        group += 1;
    }
    all
};
